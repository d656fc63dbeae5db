/** What files are read, how they are found, and what may be chosen. */
import { describe, expect, test } from 'vitest';
import { generate } from '../../../generator/generate.js';
import {
  allFuncs,
  allModules,
  membership,
  optionPayload,
  wireName,
  worldModules,
} from '../../../generator/model/kinds.js';
import type { Func, Unit } from '../../../generator/model/model.js';
import { memoryReader, type FileReader } from '../../../generator/source/loader.js';
import { targets } from '../../../generator/targets/index.js';
import { mustRead, readFrom, type Outcome } from '../reading.js';
import { asLabel, compareVersions, isLabel, isVersion, textValue } from '../../../generator/frontend/wit/literals.js';
import { WitParser } from '../../../generator/frontend/wit/grammar.js';
import { ExpectationRecorder } from '../../../generator/frontend/messages.js';

type Files = Readonly<Record<string, string>>;

const readIn = (files: Files, entries: readonly string[], features: readonly string[] | 'all' = []): Outcome =>
  readFrom(memoryReader(new Map(Object.entries(files))), entries, { features });
const readText = (text: string, features: readonly string[] | 'all' = []): Outcome =>
  readIn({ 't.wit': text }, ['t.wit'], features);
const packagesOf = (outcome: Outcome): readonly string[] =>
  mustRead(outcome).packages.map((each) => `${each.isDependency === true ? '' : '* '}${each.id}`);
const sourcesOf = (outcome: Outcome): readonly string[] => mustRead(outcome).sources.map((file) => file.path);

test('the grammar is sound', () => {
  expect(() => new WitParser(new ExpectationRecorder(), false)).not.toThrow();
});

describe('entries', () => {
  const folder = {
    'wit/b.wit': 'package a:b; interface j { use c:d/k.{t}; }',
    'wit/a.wit': 'interface i { use j.{t}; }',
    'wit/notes.txt': 'no',
    'wit/sub/x.wit': 'package not:read;',
    'wit/deps/d.wit': 'package c:d; interface k { use e:f/l.{t}; }',
    'wit/deps/e/l.wit': 'package e:f; interface l { type t = u8; }',
    'wit/deps/e/m.wit': 'interface m { use l.{t}; }',
    'wit/deps/e/deps/n.wit': 'package not:read;',
  };

  test('a folder, with what it depends on', () => {
    const outcome = readIn(folder, ['./wit/']);
    expect(packagesOf(outcome)).toEqual(['e:f', 'c:d', '* a:b']);
    expect(sourcesOf(outcome)).toEqual([
      'wit/a.wit',
      'wit/b.wit',
      'wit/deps/d.wit',
      'wit/deps/e/l.wit',
      'wit/deps/e/m.wit',
    ]);
    expect(mustRead(outcome).dialect).toBe('wit');
  });

  test('a file alone: nothing beside it is read', () => {
    expect(readIn(folder, ['wit/b.wit']).codes).toEqual(['unknown-package']);
    expect(sourcesOf(readIn(folder, ['wit/deps/e/l.wit']))).toEqual(['wit/deps/e/l.wit']);
  });

  test('several, which may make one package', () => {
    const files = {
      'a/i.wit': 'package a:b; interface i { type t = u8; }',
      'a/batch/j.wit': 'package a:b; interface j { use i.{t}; }',
      'c.wit': 'package c:d; world w { import a:b/j; }',
    };
    expect(packagesOf(readIn(files, ['a', 'a/batch', 'c.wit', './a/i.wit']))).toEqual(['* a:b', '* c:d']);
  });

  test('one that is not there', () => {
    expect(readIn({ 'world.wit': '' }, ['wrold.wit']).found).toMatchObject([
      {
        code: 'file-not-found',
        message: 'cannot find `wrold.wit`',
        hint: 'there is a `world.wit` beside it',
        span: undefined,
      },
    ]);
  });

  test('one that cannot be taken', () => {
    const reader: FileReader = { read: () => ({ why: 'it is locked' }), list: () => undefined, folders: () => [] };
    expect(readFrom(reader, ['a.wit']).found).toMatchObject([
      { code: 'file-unreadable', message: 'cannot read `a.wit`: it is locked' },
    ]);
  });

  test('WITX and WIT are not read together', () => {
    const files = {
      'a.wit': 'package a:b;',
      'b.witx': '(typename $t u8)',
    };
    expect(readIn(files, ['a.wit', 'b.witx']).found).toMatchObject([
      { code: 'unsupported-dialect', message: '`b.witx` is a WITX file, and cannot be read together with WIT' },
    ]);
    expect(readIn(files, ['b.witx', 'a.wit']).codes).toEqual(['unsupported-dialect']);
  });

  test('of a folder with both WITX is read, and the rest told', () => {
    const files = { 'both/a.wit': 'package a:b;', 'both/b.witx': '(typename $t u8)' };
    expect(mustRead(readIn(files, ['both'])).dialect).toBe('witx');
    expect(readIn(files, ['both']).found).toMatchObject([
      { code: 'wit-files-ignored', message: '`both` holds WITX, and so `a.wit` is not read' },
    ]);
    expect(readIn({ ...files, 'both/c.wit': 'package a:b;' }, ['both']).found).toMatchObject([
      { message: '`both` holds WITX, and so what its 2 WIT files say is not read' },
    ]);
  });
});

describe('features', () => {
  const text =
    'package a:b@1.0.0; interface i { @unstable(feature = x) f: func(); @unstable(feature = y) g: func(); h: func(); }';
  const names = (features: readonly string[] | 'all'): readonly string[] =>
    allFuncs(mustRead(readText(text, features))).map((each) => each.name.wire);

  test('are off unless they are named', () => {
    expect(names([])).toEqual(['h']);
    expect(names(['y'])).toEqual(['g', 'h']);
    expect(names('all')).toEqual(['f', 'g', 'h']);
  });

  test('are kept where they are on', () => {
    expect(allFuncs(mustRead(readText(text, ['x'])))[0]?.gates).toEqual({ unstable: 'x' });
  });
});

describe('the model', () => {
  const unit: Unit = mustRead(
    readText(`package a:b@1.0.0;
    interface i { resource r-1 { constructor(); m: func(); s: static func(); } free-one: func(a: option<borrow<r-1>>); }
    world w { resource q { m: func(); } import j: interface { f: func(); } export e: func(); }`),
  );
  const func = (name: string): Func => allFuncs(unit).find((each) => wireName(each) === name) as Func;

  test('knows functions by the names of the ABI', () => {
    expect(allFuncs(unit).map(wireName)).toEqual([
      '[constructor]r-1',
      '[method]r-1.m',
      '[static]r-1.s',
      'free-one',
      '[method]q.m',
      'f',
      'e',
    ]);
  });

  test('knows to which resource they belong', () => {
    const memberOf = (name: string): object => membership(func(name), []);
    expect(memberOf('[method]r-1.m')).toMatchObject({
      owner: { name: { wire: 'r-1' } },
      receiver: 0,
      words: ['m'],
      closes: false,
    });
    expect(memberOf('[static]r-1.s')).toMatchObject({ owner: { name: { wire: 'r-1' } }, receiver: undefined });
    expect(memberOf('free-one')).toMatchObject({ owner: undefined });
  });

  test('knows options of both kinds', () => {
    const type = func('free-one').params[0]?.type ?? { kind: 'bool' };
    expect(optionPayload(type)).toMatchObject({ payload: { kind: 'borrow' }, someTag: 1, noneTag: 0 });
  });

  test('keeps what stands in worlds only apart', () => {
    expect(allModules(unit).map((module) => module.id)).toEqual(['a:b/i@1.0.0']);
    expect(worldModules(unit).map((module) => module.id)).toEqual(['a:b/w@1.0.0', 'j']);
  });
});

describe('targets that take WITX only', () => {
  const files = memoryReader(
    new Map([
      [
        't.wit',
        'package a:b; interface i { resource r; f: func(a: option<borrow<r>>, b: future<u8>, c: map<u8, u8>) -> error-context; }',
      ],
    ]),
  );

  test('are refused for WIT, by name', async () => {
    const options = { importSuffix: '.js', header: undefined, support: undefined, command: '' } as const;
    const { files: emitted, diagnostics } = await generate({ label: 'x', entries: ['t.wit'], targets, options }, files);
    expect(emitted.size).toBe(0);
    const witx = targets.filter((each) => !each.dialects.includes('wit'));
    expect(diagnostics.map((each) => each.message)).toEqual(
      witx.map((each) => `target \`${each.id}\` cannot be made from WIT definitions: it takes WITX`),
    );
  });
});

describe('words', () => {
  test('labels', () => {
    for (const good of ['a', 'a1', 'foo-bar', 'a-1', 'a-1b', 'XML', 'parse-XML-2', 'A1-b2'])
      expect(isLabel(good), good).toBe(true);
    for (const bad of ['', 'A-b-Cd', 'aB', 'Ab', '1a', '-a', 'a-', 'a--b', 'a_b', 'a-bC', 'é'])
      expect(isLabel(bad), bad).toBe(false);
  });

  test('labels that were meant', () => {
    expect(['fooBar', 'foo_bar', 'FooBar', 'HTTPServer2', 'naïve', 'a', '42', '日本'].map(asLabel)).toEqual([
      'foo-bar',
      'foo-bar',
      'foo-bar',
      'httpserver2',
      'naive',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('versions in order', () => {
    const inOrder = [
      '1.0.0-0',
      '1.0.0-1',
      '1.0.0-10',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ];
    for (const [index, version] of inOrder.entries()) {
      expect(isVersion(version), version).toBe(true);
      for (const [other, second] of inOrder.entries())
        expect(Math.sign(compareVersions(version, second)), `${version} ${second}`).toBe(Math.sign(index - other));
    }
    expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0);
  });

  test('strings', () => {
    expect(['"a"', '"\\n\\t\\"\\\\"', '"\\41\\u{1f512}"', '"\\e2\\98\\83"', '""'].map(textValue)).toEqual([
      'a',
      '\n\t"\\',
      'A\u{1f512}',
      '\u2603',
      '',
    ]);
    expect(['"\\q"', '"\\u{110000}"', '"\\u{d800}"', '"\\ff"', '"\\4"'].map(textValue)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
