import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isCanonical, type PlannedUnit } from '../../../generator/abi/plan.js';
import { DiagnosticBag } from '../../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../../generator/generate.js';
import type { Func, World } from '../../../generator/model/model.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { mustRead, readFrom } from '../../frontend/reading.js';
import { snippets } from '../../frontend/wit/snippets.js';
import { dummyModule } from '../../frontend/wit/reference.js';
import { plannedUnit } from '../../generated.js';
import { describeWithShared, shared } from '../../shared.js';
import { readCoreModule } from './core-module.js';
import { printCanonicalPlans, signature } from './print-plan.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function planText(text: string, features: readonly string[] | 'all' = 'all'): PlannedUnit {
  return planUnit(
    mustRead(readFrom(memoryReader(new Map([['t.wit', text]])), ['t.wit'], { features })),
    new DiagnosticBag(),
  );
}

describe('canonical plans', () => {
  it('of one of everything are as recorded', async () => {
    await expect(printCanonicalPlans(plannedUnit('everything', here('everything.wit')))).toMatchFileSnapshot(
      here('everything.plan.txt'),
    );
  });

  it('of wasi-crypto 0.11 are as recorded, every function among them', async () => {
    const planned = plannedUnit('0.11', here('../../../witx/0.11'));
    await expect(printCanonicalPlans(planned)).toMatchFileSnapshot(here('wasi-crypto-0.11.plan.txt'));
    expect([...planned.canonical.values()].every(isCanonical)).toBe(true);
  });

  it.each([
    ['f: async func();', 'it is `async`'],
    ['f: func(a: stream<u8>);', 'it takes or returns `stream`'],
    ['f: func() -> future<u8>;', 'it takes or returns `future`'],
    ['f: func(a: list<map<string, u8>>);', 'it takes or returns `map`'],
    ['f: func(a: error-context);', 'it takes or returns `error-context`'],
    ['f: func(a: list<tuple<>>);', 'it takes or returns a tuple of nothing, which components cannot encode'],
  ])('say why `%s` has none', (func, why) => {
    const bag = new DiagnosticBag();
    const unit = mustRead(
      readFrom(
        memoryReader(new Map([['t.wit', `package a:b; interface i { ${func} } world w { import i; }`]])),
        ['t.wit'],
        { features: 'all' },
      ),
    );
    planUnit(unit, bag);
    expect(bag.all.map((each) => [each.code, each.message])).toEqual([
      ['no-component-abi', `no target can express \`f\` yet: ${why}`],
    ]);
  });
});

it('functions of an interface that is imported under several names: each has a plan, or one reason for all', () => {
  const bag = new DiagnosticBag();
  const text =
    'package a:b; interface i { f: async func(); g: func(); } world w { import i; import one: i; import two: i; }';
  const { canonical } = planUnit(mustRead(readFrom(memoryReader(new Map([['t.wit', text]])), ['t.wit'])), bag);
  expect([...canonical.values()].filter(isCanonical).map(({ func }) => func.name.wire)).toEqual(['g', 'g', 'g']);
  expect(bag.all.map(({ code }) => code)).toEqual(['no-component-abi']);
});

/** What jco's encoder makes of a world is the judge: a module that imports and exports all of it, with nothing inside. */
describe('the core signatures of canonical plans are those of the reference encoder', () => {
  it('for one of everything', async () => {
    const text = readFileSync(here('everything.wit'), 'utf8');
    expect(await compare(text, 'all')).toBe(39);
  });

  const cases = snippets('accepted').filter(
    ({ text }) => /\bfunc\b/.test(text) && !/\b(async|stream|future|error-context|map)\b/.test(text),
  );
  it.each(cases.map((each) => [each.title, each] as const))('for: %s', async (_, { text, features }) => {
    await compare(text, features);
  });
});

describeWithShared('canonical plans of the upstream definitions', () => {
  it('have the core signatures of the reference encoder', async () => {
    const folder = shared('spec/wit-0.11');
    const files = readdirSync(folder).filter((name) => name.endsWith('.wit'));
    const text = files
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8').replace(/^package [^;]*;/m, ''))
      .join('\n');
    expect(await compare(`package wasi:crypto@0.11.0;\n${text}`, 'all')).toBeGreaterThan(70);
  });
});

/** Compares every world of a text. Returns the number of functions that were compared. */
async function compare(text: string, features: readonly string[] | 'all'): Promise<number> {
  const planned = planText(text, features);
  let compared = 0;
  for (const world of planned.unit.packages
    .filter((each) => each.isDependency !== true)
    .flatMap((each) => each.worlds ?? [])) {
    const module = readCoreModule(await dummyModule(text, world.name.wire, features));
    const imports = expected(
      planned,
      world.imports,
      'imported',
      (from, name) => `cm32p2${from === undefined ? '' : `|${from}`} ${name}`,
    );
    const exports = expected(planned, world.exports, 'exported', (from, name) => `cm32p2|${from ?? ''}|${name}`);
    compared += imports.size + exports.size;
    expect(Object.fromEntries(imports)).toEqual(Object.fromEntries(known(module.imports, imports)));
    expect(Object.fromEntries(exports)).toEqual(Object.fromEntries(known(module.exports, exports)));
  }
  return compared;
}

/** Without versions, which the encoder shortens. */
function plain(name: string): string {
  return name.replace(/@[^| ]*/, '');
}

function known(actual: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...actual].map(([name, type]) => [plain(name), type] as const).filter(([name]) => wanted.has(name)));
}

function expected(
  planned: PlannedUnit,
  items: World['imports'],
  side: 'imported' | 'exported',
  nameOf: (from: string | undefined, name: string) => string,
): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const add = (from: string | undefined, func: Func, name?: string): void => {
    const plan = planned.canonical.get(func);
    if (plan === undefined || !isCanonical(plan)) throw new Error(`${func.name.wire} has no plan`);
    all.set(plain(nameOf(from, name ?? plan.wire)), signature(plan[side]));
  };
  for (const item of items) {
    // An included function may have another name here.
    if (item.kind === 'func') add(undefined, item.func, item.name);
    else for (const func of item.module.funcs) add(item.name, func);
  }
  return all;
}
