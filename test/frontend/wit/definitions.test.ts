/** wasi-crypto 0.11, ours and upstream's. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allModules, handleKinds, resolve } from '../../../generator/model/kinds.js';
import type { Func, Type, Unit } from '../../../generator/model/model.js';
import { printModule, printUnit } from '../../../generator/model/print.js';
import { moduleTypes, walk } from '../../../generator/model/visit.js';
import { diskReader } from '../../../generator/source/disk.js';
import { describeWithShared, projectRoot, shared } from '../../shared.js';
import { mustRead, readFrom } from '../reading.js';

const folder = join(projectRoot, 'witx/0.11');
const outcome = readFrom(diskReader, [folder]);
const unit = mustRead(outcome);
const funcs = (of: Unit): readonly Func[] => allModules(of).flatMap((module) => module.funcs);
const worldOf = (of: Unit) => of.packages.flatMap((each) => each.worlds ?? [])[0];

function find(name: string): Func {
  const found = funcs(unit).find((func) => func.name.wire === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

test('is one package, read without a finding', () => {
  expect(outcome.codes).toEqual([]);
  expect(unit.packages).toMatchObject([{ id: 'wasi:crypto', version: '0.11.0', isDependency: false }]);
  expect(unit.errata).toEqual([]);
});

test('has the functions and kinds of 0.10', () => {
  const before = mustRead(readFrom(diskReader, [join(projectRoot, 'witx/0.10')]));
  const words = (of: Unit): readonly string[] =>
    funcs(of)
      .map((func) => func.name.words.join(' '))
      .sort();
  const kinds = (of: Unit): readonly string[] =>
    handleKinds(of)
      .map((kind) => kind.name.words.join(' '))
      .sort();
  expect(words(unit)).toEqual(words(before));
  expect(kinds(unit)).toEqual(kinds(before));
  expect(funcs(unit)).toHaveLength(86);
});

test('documents every type and function', () => {
  const undocumented = allModules(unit)
    .flatMap((module) => [...module.types, ...module.funcs])
    .filter((each) => each.docs === '');
  expect(undocumented.map((each) => each.name.wire)).toEqual([]);
  expect(allModules(unit).map((module) => module.docs === '')).not.toContain(true);
});

test('every function can fail with the errno, and says so in a result', () => {
  const errors = new Set<string>();
  for (const func of funcs(unit)) {
    const type = resolve(func.results[0]?.type ?? { kind: 'bool' });
    errors.add(type.kind === 'result' && type.error?.kind === 'ref' ? type.error.decl.name.wire : func.name.wire);
  }
  expect([...errors]).toEqual(['crypto-errno']);
});

test('owns what it closes and pulls, and borrows the rest', () => {
  const first = (name: string): Type | undefined => find(name).params[0]?.type;
  expect(first('symmetric-state-close')).toMatchObject({ kind: 'ref', decl: { name: { wire: 'symmetric-state' } } });
  expect(first('symmetric-tag-pull')).toMatchObject({ kind: 'ref', decl: { name: { wire: 'symmetric-tag' } } });
  expect(first('symmetric-state-absorb')).toMatchObject({
    kind: 'borrow',
    decl: { name: { wire: 'symmetric-state' } },
  });
  expect(find('keypair-replace-managed').params.map((each) => each.type.kind)).toEqual(['borrow', 'ref', 'borrow']);
  expect(find('symmetric-state-open').params[2]?.type).toMatchObject({ kind: 'option', payload: { kind: 'borrow' } });
});

test('has no buffer and no pointer', () => {
  const kinds = new Set<string>();
  for (const type of allModules(unit).flatMap(moduleTypes)) walk(type, (each) => kinds.add(each.kind));
  expect([...kinds].sort()).toEqual([
    'borrow',
    'enum',
    'handle',
    'list',
    'option',
    'ref',
    'result',
    'scalar',
    'string',
    'tuple',
    'variant',
  ]);
});

test('keeps its gates', () => {
  expect(find('options-set-guest-buffer').gates).toEqual({ since: '0.11.0', deprecated: '0.11.0' });
  const types = allModules(unit).flatMap((module) => module.types);
  expect(types.filter((each) => each.gates !== undefined).map((each) => each.name.wire)).toEqual([
    'opt-options',
    'opt-symmetric-key',
  ]);
});

test('its world imports all but the batch interfaces', () => {
  const world = worldOf(unit);
  expect(world?.id).toBe('wasi:crypto/imports@0.11.0');
  expect(world?.exports).toEqual([]);
  const names = world?.imports.map((item) =>
    item.name.replace(/^wasi:crypto\/wasi-ephemeral-crypto-(.*)@0.11.0$/, '$1'),
  );
  expect(names).toEqual(['common', 'asymmetric-common', 'external-secrets', 'kx', 'signatures', 'symmetric']);
});

test('is the same when read again', () => {
  expect(printUnit(mustRead(readFrom(diskReader, [folder])))).toBe(printUnit(unit));
});

describeWithShared('upstream', () => {
  const upstream = mustRead(readFrom(diskReader, [shared('spec/wit-0.11'), shared('spec/wit-0.11/batch')]));

  test('ours has its model, docs aside', () => {
    const texts = (of: Unit): readonly string[] =>
      allModules(of)
        .map((module) => printModule(module, { docs: false }))
        .sort();
    expect(texts(unit)).toEqual(texts(upstream));
    expect(worldOf(unit)?.imports.map((item) => item.name)).toEqual(
      worldOf(upstream)?.imports.map((item) => item.name),
    );
    expect(unit.packages.map(({ id, version }) => `${id}@${version}`)).toEqual(
      upstream.packages.map(({ id, version }) => `${id}@${version}`),
    );
  });

  describe('is read without a finding', () => {
    test.for([['spec/wit-0.11'], ['spec/wit-0.11', 'spec/wit-0.11/batch']])('%s', (paths) => {
      expect(readFrom(diskReader, paths.map(shared)).codes).toEqual([]);
    });
  });
});
