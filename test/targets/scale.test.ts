/** Definitions that are long, deep or wrong in many places take a time that grows as they do, and nothing ends in an exception. */
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { inReadingOrder, render } from '../../generator/diagnostics/render.js';
import { readUnit } from '../../generator/frontend/read.js';
import { planUnit } from '../../generator/generate.js';
import { memoryReader } from '../../generator/source/loader.js';
import { targets } from '../../generator/targets/index.js';
import { plainOptions } from '../generated.js';

const numbered = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('\n');

const wit = (items: string): string => `package a:b;\ninterface i {\n${items}\n}`;

/** What was found, after the targets have made what can be made. */
async function run(path: string, text: string): Promise<readonly string[]> {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'x', entries: [path] }, memoryReader(new Map([[path, text]])), bag);
  if (unit !== undefined) {
    const planned = planUnit(unit, bag);
    for (const target of targets.filter(({ dialects }) => dialects.includes(unit.dialect)))
      await target.emit(planned, plainOptions, bag);
  }
  for (const each of inReadingOrder(bag.all)) render(each);
  return bag.all.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

/** Each took minutes, or for ever, when a stage was quadratic or worse: the limit is far above what they take now. */
const patience = 30_000;

describe('long definitions', () => {
  it('with as many mistakes are read and shown', { timeout: patience }, async () => {
    const unknown = await run(
      't.witx',
      numbered(10_000, (each) => `(typename $t${each} $unknown_${each})`),
    );
    expect(unknown).toHaveLength(10_000);
    expect(await run('t.wit', wit(numbered(5_000, (each) => `type ty${each} = unknown-x${each};`)))).toHaveLength(
      5_000,
    );
    expect(await run('t.witx', `${' '.repeat(100_000)}(typename $a $b)`)).toEqual(['unknown-name']);
    const oneLine = numbered(1_000, (each) => `(typename $t${each} $u${each})`).replaceAll('\n', ' ');
    expect(await run('t.witx', oneLine)).toHaveLength(1_000);
    expect(await run('t.witx', '('.repeat(100_000))).toContain('nesting-too-deep');
  });

  it('become bindings', { timeout: patience }, async () => {
    const funcs = numbered(2_000, (each) => `fun${each}: func(p: string, q: option<u32>) -> result<list<u8>, err>;`);
    expect(await run('t.wit', wit(`enum err { ok, bad }\n${funcs}`))).toEqual([]);
    const worlds = numbered(
      120,
      (each) =>
        `interface i${each} { f: func(); }\nworld w${each} { import i${each}; ${each > 0 ? `include w${each - 1};` : ''} }`,
    );
    expect(await run('t.wit', `package a:b;\n${worlds}`)).toEqual([]);
  });
});

describe('deep definitions', () => {
  const chain = (length: number): string =>
    wit(
      `type ty0 = u32;\n${numbered(length, (each) => `record ty${each + 1} { a: option<ty${each}> }`)}\nf: func(x: ty${length}) -> ty${length};`,
    );
  const doubled = (times: number): string =>
    wit(
      `type ty0 = u32;\n${numbered(times, (each) => `type ty${each + 1} = tuple<ty${each}, ty${each}>;`)}\nf: func(x: ty${times});`,
    );

  it('become bindings as far as they make sense', { timeout: patience }, async () => {
    expect(await run('t.wit', chain(45))).toEqual([]);
    expect(await run('t.wit', doubled(9))).toEqual([]);
  });

  it('are refused beyond that, where they go beyond it', { timeout: patience }, async () => {
    for (const length of [60, 500, 20_000])
      expect(new Set(await run('t.wit', chain(length)))).toEqual(new Set(['type-too-deep']));
    for (const times of [12, 30])
      expect(new Set(await run('t.wit', doubled(times)))).toEqual(new Set(['type-too-large']));
  });
});

describe('long names', () => {
  it('are refused', async () => {
    const name = 'x'.repeat(10_000);
    expect(await run('t.wit', `package a:b; interface ${name} { f: func(); }`)).toEqual(['name-too-long']);
    expect(await run('t.witx', `(typename $e (enum (@witx tag u8) $${name}))`)).toEqual(['name-too-long']);
  });
});
