/**
 * What the reference parser accepts is accepted, and understood the same way; what it refuses is
 * refused, with a place and a message of our own. Its answers come from jco, in this run.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isReserved } from '../../../generator/frontend/wit/tokens.js';
import type { Unit, World } from '../../../generator/model/model.js';
import { diskReader } from '../../../generator/source/disk.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { describeWithShared, projectRoot, shared } from '../../shared.js';
import { mustRead, readFrom, type Outcome } from '../reading.js';
import { Reference, type Definitions } from './reference.js';
import { accepted, refused, snippets, type Snippet } from './snippets.js';
import { blocksOfWorld } from './wit-text.js';

const reference = await Reference.load();

type Features = readonly string[] | 'all';

function readOurs(definitions: Definitions, features: Features): Outcome {
  if ('folder' in definitions) return readFrom(diskReader, [definitions.folder], { features });
  return readFrom(memoryReader(new Map([['t.wit', definitions.text]])), ['t.wit'], { features });
}

/** The package that was asked for: of a text, the one of its header. */
function rootWorlds(unit: Unit): readonly World[] {
  return unit.packages.filter((each) => each.isDependency !== true).flatMap((each) => each.worlds ?? []);
}

const escaped = (name: string): string => (isReserved(name) ? `%${name}` : name);

/** A world that imports every interface of the package, so that none goes unseen. */
function worldOfEverything(unit: Unit): string {
  const modules = unit.packages.filter((each) => each.isDependency !== true).flatMap((each) => each.modules);
  const names = modules.map((module) => escaped(module.name.wire));
  return `\nworld all-of-it-for-comparison {\n${names.map((name) => `  import ${name};\n`).join('')}}\n`;
}

function withMore(definitions: Definitions, more: string): Definitions {
  if ('text' in definitions) return { text: definitions.text + more };
  const folder = mkdtempSync(join(temporary, 'case-'));
  cpSync(definitions.folder, folder, { recursive: true });
  writeFileSync(join(folder, 'added-for-comparison.wit'), more);
  return { folder };
}

const temporary = mkdtempSync(join(tmpdir(), 'wit-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** Compares all worlds of a package, and one more. */
function expectSame(definitions: Definitions, features: Features): void {
  const whole = withMore(definitions, worldOfEverything(mustRead(readOurs(definitions, features))));
  const unit = mustRead(readOurs(whole, features));
  const worlds = rootWorlds(unit);
  expect(worlds).not.toEqual([]);
  for (const world of worlds) {
    const judgement = reference.judge(whole, escaped(world.name.wire), features);
    expect(judgement.accepted ? '' : judgement.why, world.name.wire).toBe('');
    if (judgement.accepted) expect(blocksOfWorld(unit, world)).toEqual(judgement.blocks);
  }
}

/** Both refuse, and we say where. A world is added for the reference to be asked about. */
function expectRefused(definitions: Definitions, features: Features): void {
  const { unit, found } = readOurs(definitions, features);
  expect(unit).toBeUndefined();
  expect(found.filter((each) => each.severity === 'error' && each.span === undefined)).toEqual([]);
  const text = 'text' in definitions ? definitions.text : '';
  const names = [
    ...text.matchAll(/^\s*(?:package .*?; *)?(?:@[^)]*\) *)?world (%?[\w-]+) \{|\bworld (%?[\w-]+) \{/gm),
  ].map((match) => (match[1] ?? match[2] ?? '').replace('%', ''));
  const added = withMore(definitions, '\nworld added-for-comparison { }\n');
  // Some mistakes show in the world that has them only.
  const answers = [...new Set([...names, 'added-for-comparison'])].map((name) =>
    reference.judge(added, name, features),
  );
  expect(
    answers.some((each) => !each.accepted),
    'refused by the reference',
  ).toBe(true);
}

const all = (name: 'accepted' | 'refused', odd: readonly Snippet[]): readonly (readonly [string, Snippet])[] =>
  [...snippets(name), ...odd].map((each) => [each.title, each] as const);

describe('accepted', () => {
  test.for(all('accepted', accepted))('%s', ([, { text, features }]) => expectSame({ text }, features));
});

describe('refused', () => {
  test.for(all('refused', refused))('%s', ([, { text, features }]) => expectRefused({ text }, features));
});

describe('goldens', () => {
  const folder = join(projectRoot, 'test/frontend/wit/cases');
  const cases = readdirSync(folder)
    .filter((name) => !name.endsWith('.txt'))
    .map((name): readonly [string, Definitions, boolean] => {
      const isText = name.endsWith('.wit');
      const definitions: Definitions = isText
        ? { text: readFileSync(join(folder, name), 'utf8') }
        : { folder: join(folder, name) };
      return [name, definitions, readOurs(definitions, []).unit !== undefined];
    });
  // The reference parser traps on an empty block comment, which is a doc comment to it. And of a type
  // with two names the model keeps not by which of them it was meant. What components cannot encode it reads, and fails to encode.
  const apart = ['comments-and-docs.wit', 'use-names.wit', 'what-components-cannot-encode.wit'];
  const placeless = ['folder-with-nothing', 'empty-folder-in-deps', 'binary-package-in-deps'];

  test.for(cases.filter(([name, , isGood]) => isGood && !apart.includes(name)))('%s', ([, definitions]) =>
    expectSame(definitions, []),
  );
  test.for(cases.filter(([name, , isGood]) => !isGood && !placeless.includes(name)))('%s', ([, definitions]) =>
    expectRefused(definitions, []),
  );
});

describe('where the reference has no answer of its own', () => {
  const outcome = (body: string): readonly string[] =>
    readOurs({ text: `package a:b; interface i { ${body} }` }, []).codes;

  test('it traps', () => {
    expect(outcome('type l = list<u8, 0>;')).toEqual(['bad-list-length']);
    expect(outcome('type l = list<u8, 4294967295>;')).toEqual([]);
    expect(outcome('resource r; type s = borrow<r>; f: func(s: s);')).toEqual([]);
    expect(outcome('/**/ f: func();')).toEqual([]);
  });

  test.for([
    ['record t { }', 'record type must have at least one field'],
    ['flags t { }', 'flags must have at least one entry'],
    [`flags t { ${Array.from({ length: 33 }, (_, index) => `x${index}`).join(', ')} }`, 'more than 32 flags'],
    ['type t = tuple<>;', 'tuple type must have at least one type'],
  ] as const)('it reads `%s`, as this does, and cannot encode it', ([type, why]) => {
    const judgement = reference.judge({ text: `package a:b; interface i { ${type} } world w { import i; }` }, 'w', []);
    expect(judgement).toEqual({ accepted: false, why: expect.stringContaining(why) as string });
    expect(outcome(type)).toEqual([]);
  });

  test('it takes a version that Semantic Versioning does not', () => {
    expect(reference.judge({ text: 'package a:b@1.0.0-; world w { }' }, 'w', []).accepted).toBe(true);
    expect(readOurs({ text: 'package a:b@1.0.0-; world w { }' }, []).codes).toEqual(['bad-version']);
  });
});

describe('wasi-crypto 0.11', () => {
  test('ours', () => expectSame({ folder: join(projectRoot, 'witx/0.11') }, []));
});

describeWithShared('wasi-crypto 0.11 upstream', () => {
  test('as it is', () => expectSame({ folder: shared('spec/wit-0.11') }, []));
});
