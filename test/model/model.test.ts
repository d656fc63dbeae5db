/** The model's own tools: order, graphs, walking, printing, classes. */
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { newModule, type ModuleDraft } from '../../generator/model/build.js';
import { circles, targetsFirst } from '../../generator/model/graph.js';
import {
  allModules,
  founder,
  handleKind,
  handleKinds,
  membership,
  optionPayload,
  resolve,
} from '../../generator/model/kinds.js';
import type { Func, Type, TypeDecl, Unit } from '../../generator/model/model.js';
import { camel, kebab, nameOf, pascal, snake } from '../../generator/model/name.js';
import { orderModules } from '../../generator/model/order.js';
import { printModule, printType, printUnit } from '../../generator/model/print.js';
import { parts, walk, withParts } from '../../generator/model/visit.js';
import { SourceFile } from '../../generator/source/source.js';
import { select } from '../../generator/model/select.js';
import { mustRead, readText, readTexts } from '../frontend/reading.js';
import { plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';

const file = new SourceFile('test', '');
const name = (wire: string): ReturnType<typeof nameOf> => nameOf(wire, { file, start: 0, end: 0 });
const module = (wire: string, uses: readonly ModuleDraft[] = []): ModuleDraft => {
  const made = newModule(name(wire), '', file, false);
  made.uses.push(...uses);
  return made;
};
const declOf = (unit: Unit, wire: string): TypeDecl => {
  const found = allModules(unit)
    .flatMap((each) => each.types)
    .find((decl) => decl.name.wire === wire);
  if (found === undefined) throw new Error(`no type ${wire}`);
  return found;
};
const funcOf = (unit: Unit, wire: string): Func => {
  const found = allModules(unit)
    .flatMap((each) => each.funcs)
    .find((func) => func.name.wire === wire);
  if (found === undefined) throw new Error(`no function ${wire}`);
  return found;
};

describe('graphs', () => {
  const edges: Readonly<Record<string, string>> = { a: 'bc', b: 'd', c: 'd', d: '', e: 'f', f: 'ge', g: 'g' };
  const edgesOf = (node: string): string[] => [...(edges[node] ?? '')];

  test('targets come first, each once', () => {
    expect(targetsFirst(['a', 'b'], edgesOf)).toEqual(['d', 'b', 'c', 'a']);
    expect(targetsFirst(['d', 'c', 'b', 'a'], edgesOf)).toEqual(['d', 'c', 'b', 'a']);
  });

  test('circles are found, those that share a node as one', () => {
    expect(circles(['a', 'b', 'c', 'd'], edgesOf)).toEqual([]);
    expect(circles(['e'], edgesOf)).toEqual([['g'], ['e', 'f']]);
    expect(targetsFirst(['e'], edgesOf)).toEqual(['g', 'f', 'e']);
  });

  test('long chains', () => {
    const next = (node: number): number[] => (node < 100_000 ? [node + 1] : []);
    expect(targetsFirst([0], next).slice(0, 2)).toEqual([100_000, 99_999]);
    expect(circles([0], (node) => [(node + 1) % 100_000])).toHaveLength(1);
  });
});

describe('order', () => {
  test('what is used comes first, the rest stays', () => {
    const base = module('base');
    const user = module('user', [base]);
    const other = module('other');
    expect(orderModules([other, user, base]).map((each) => each.name.wire)).toEqual(['other', 'base', 'user']);
    expect(orderModules([base, other, user]).map((each) => each.name.wire)).toEqual(['base', 'other', 'user']);
  });

  test('types count as uses', () => {
    const unit = mustRead(
      readText('(module $a (use * from $b) (typename $t $u)) (module $b (use * from $c)) (module $c (typename $u u8))'),
    );
    expect(allModules(unit).map((each) => each.name.wire)).toEqual(['c', 'b', 'a']);
  });
});

describe('walking types', () => {
  const leaf: Type = { kind: 'bool' };
  const label = { name: name('x'), docs: '' };
  const every: readonly Type[] = [
    { kind: 'scalar', scalar: 'u8' },
    leaf,
    { kind: 'string' },
    { kind: 'handle', resource: undefined },
    { kind: 'enum', tag: 'u8', cases: [label] },
    { kind: 'flags', repr: 'u8', flags: [label] },
    {
      kind: 'record',
      fields: [
        { ...label, type: leaf },
        { ...label, type: leaf },
      ],
    },
    { kind: 'tuple', items: [leaf, leaf] },
    {
      kind: 'variant',
      tag: 'u8',
      tagDecl: undefined,
      cases: [
        { ...label, payload: leaf },
        { ...label, payload: undefined },
      ],
    },
    { kind: 'list', element: leaf },
    { kind: 'buffer', access: 'in', element: leaf, halves: ['a', 'b'] },
    { kind: 'address', access: 'out', pointee: leaf },
    { kind: 'result', ok: leaf, error: leaf },
    { kind: 'result', ok: undefined, error: undefined },
  ];

  test('all parts are seen', () => {
    expect(every.map((type) => parts(type).length)).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 1, 1, 1, 1, 2, 0]);
    const seen: string[] = [];
    walk({ kind: 'tuple', items: [{ kind: 'list', element: leaf }, leaf] }, (type) => seen.push(type.kind));
    expect(seen).toEqual(['tuple', 'list', 'bool', 'bool']);
  });

  test('all parts are replaced, and nothing else', () => {
    for (const type of every) {
      expect(withParts(type, (part) => part)).toEqual(type);
      expect(parts(withParts(type, () => ({ kind: 'string' }))).every((part) => part.kind === 'string')).toBe(true);
    }
  });

  test('every kind has its text', () => {
    expect(every.map(printType)).toEqual([
      'u8',
      'bool',
      'string',
      'handle',
      'enum u8 { x }',
      'flags u8 { x }',
      'record { x: bool x: bool }',
      'tuple(bool, bool)',
      'variant u8 { x: bool x }',
      'list(bool)',
      'buffer in bool [a, b]',
      'address out bool',
      'result(bool, bool)',
      'result(_, _)',
    ]);
  });
});

describe('printing', () => {
  const unit = mustRead(readText(';;; docs of t\n(typename $t u8)\n(module $m)'));

  test('docs can be left out', () => {
    expect(printUnit(unit)).toBe(
      'package test\n\ntypes test {\n  ;;; docs of t\n  type t = u8\n}\n\nmodule m {\n  use test\n}\n',
    );
    expect(printUnit(unit, { docs: false })).toBe(
      'package test\n\ntypes test {\n  type t = u8\n}\n\nmodule m {\n  use test\n}\n',
    );
  });

  test('one module', () => {
    expect(allModules(unit).map((each) => printModule(each, { docs: false }))).toEqual([
      'types test {\n  type t = u8\n}\n',
      'module m {\n  use test\n}\n',
    ]);
  });
});

describe('names', () => {
  test('words are split at separators only', () => {
    expect(name('Opt__pkcs8-key_').words).toEqual(['opt', 'pkcs8', 'key']);
    const { words } = name('symmetric_state-2');
    expect([pascal(words), camel(words), kebab(words), snake(words)]).toEqual([
      'SymmetricState2',
      'symmetricState2',
      'symmetric-state-2',
      'symmetric_state_2',
    ]);
  });
});

describe('kinds', () => {
  const unit = mustRead(
    readText(`
      (typename $key (handle)) (typename $key_state (handle)) (typename $box (handle)) (typename $my_key $key) (typename $size u32)
      (typename $opt_u (enum (@witx tag u8) $some $none))
      (typename $opt_key (variant (@witx tag $opt_u) (case $some $my_key) (case $none)))
      (module $m
        (@interface func (export "key_state_open") (param $n $size) (param $k $key) (param $s $key_state))
        (@interface func (export "key_open") (param $n $size) (result $k $key))
        (@interface func (export "key_close") (param $k $my_key))
        (@interface func (export "mix") (param $n $size) (param $b $box) (param $k $key))
        (@interface func (export "key") (param $n $size)))`),
  );
  const all = handleKinds(unit);
  const memberOf = (wire: string): object => {
    const { owner, receiver, words, closes } = membership(funcOf(unit, wire), all);
    return { owner: owner?.name.wire, receiver, words: words.join('_'), closes };
  };

  test('a name over a handle founds one, a name over that does not', () => {
    expect(all.map((kind) => kind.name.wire)).toEqual(['key', 'key_state', 'box']);
    expect(founder(declOf(unit, 'my_key'))).toBe(declOf(unit, 'key'));
    expect(handleKind({ kind: 'ref', decl: declOf(unit, 'my_key') })).toBe(declOf(unit, 'key'));
    expect(handleKind({ kind: 'ref', decl: declOf(unit, 'size') })).toBeUndefined();
    expect(resolve({ kind: 'ref', decl: declOf(unit, 'my_key') }).kind).toBe('handle');
  });

  test('functions belong to the longest kind that prefixes their name, or to their first handle', () => {
    expect(memberOf('key_state_open')).toEqual({ owner: 'key_state', receiver: 2, words: 'open', closes: false });
    expect(memberOf('key_open')).toEqual({ owner: 'key', receiver: undefined, words: 'open', closes: false });
    expect(memberOf('key_close')).toEqual({ owner: 'key', receiver: 0, words: 'close', closes: true });
    expect(memberOf('mix')).toEqual({ owner: 'box', receiver: 1, words: 'mix', closes: false });
    expect(memberOf('key')).toEqual({ owner: undefined, receiver: undefined, words: 'key', closes: false });
  });

  test('optional values', () => {
    expect(optionPayload({ kind: 'ref', decl: declOf(unit, 'opt_key') })).toMatchObject({
      payload: { kind: 'ref' },
      someTag: 0,
      noneTag: 1,
    });
    expect(optionPayload({ kind: 'ref', decl: declOf(unit, 'opt_u') })).toBeUndefined();
  });
});

describe('the package that guests import', () => {
  const named = (...modules: readonly string[]): string | undefined =>
    mustRead(
      readTexts({
        'a.witx': modules.map((each) => `(module $${each} (@interface func (export "f_${each}")))`).join('\n'),
      }),
    ).packages[0]?.name;

  it.each([
    ['wasi-crypto', ['wasi_ephemeral_crypto_common', 'wasi_ephemeral_crypto_kx', 'wasi_ephemeral_crypto_symmetric']],
    ['wasi-crypto', ['wasi_ephemeral_crypto_symmetric', 'wasi_ephemeral_crypto_symmetric_batch']],
    ['wasi-crypto-ext', ['wasi_crypto_ext_random', 'wasi_crypto_ext_bytes', 'wasi_crypto_ext_group']],
    [
      'wasi-crypto-ext',
      ['wasi_crypto_ext_random', 'wasi_crypto_ext_bytes', 'wasi_crypto_other', 'wasi_crypto_ext_group'],
    ],
    ['wasi-preview1', ['wasi_snapshot_preview1']],
    ['one-two', ['one_two_three']],
    ['thing', ['thing']],
  ])('is `%s` for %j', (name, modules) => {
    expect(named(...modules)).toBe(name);
  });

  it('is the same for a part of the definitions', () => {
    const unit = plannedUnit('extension', join(projectRoot, 'witx/extension-0.1/witx')).unit;
    expect(select(unit, { include: ['wasi_crypto_ext_random'] }, new DiagnosticBag()).packages[0]?.name).toBe(
      'wasi-crypto-ext',
    );
  });
});
