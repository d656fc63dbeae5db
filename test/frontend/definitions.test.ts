/** The published definitions, ours and upstream's. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errata } from '../../generator/frontend/errata.js';
import { allModules, handleKinds, resolve } from '../../generator/model/kinds.js';
import type { BufferType, Func, Param, Type, Unit } from '../../generator/model/model.js';
import { printUnit } from '../../generator/model/print.js';
import { moduleTypes, walk } from '../../generator/model/visit.js';
import { diskReader } from '../../generator/source/disk.js';
import { describeWithShared, projectRoot, shared } from '../shared.js';
import { mustRead, readFrom, type Outcome } from './reading.js';
import { revisionsIn } from '../revisions.js';

const ours = (revision: string): string => join(projectRoot, 'witx', revision);
const read = (folder: string, corrected = true): Outcome =>
  readFrom(diskReader, [folder], { label: 'wasi-crypto', errata: corrected });

const funcs = (unit: Unit): readonly Func[] => allModules(unit).flatMap((module) => module.funcs);
const params = (unit: Unit): readonly Param[] => funcs(unit).flatMap((func) => func.params);

function types(unit: Unit): readonly Type[] {
  const found: Type[] = [];
  for (const type of allModules(unit).flatMap(moduleTypes)) walk(type, (each) => found.push(each));
  return found;
}

const buffers = (unit: Unit): readonly BufferType[] =>
  params(unit).flatMap((param) => (param.type.kind === 'buffer' ? [param.type] : []));

function find(unit: Unit, name: string): Func {
  const found = funcs(unit).find((func) => func.name.wire === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

const kinds = [
  'array_output',
  'options',
  'secrets_manager',
  'keypair',
  'signature_state',
  'signature',
  'publickey',
  'secretkey',
  'signature_verification_state',
  'symmetric_state',
  'symmetric_key',
  'symmetric_tag',
];

describe.for([
  { revision: '0.9', functions: 78, everyBuffer: 40 },
  // Thirteen more: three types of the batch modules, ten in their lists of tuples.
  { revision: '0.10', functions: 86, everyBuffer: 53 },
])('wasi-crypto $revision', ({ revision, functions, everyBuffer }) => {
  const outcome = read(ours(revision));
  const unit = mustRead(outcome);

  test('is read without a finding', () => {
    expect(outcome.codes).toEqual([]);
  });

  test('has its functions and handle kinds', () => {
    expect(funcs(unit)).toHaveLength(functions);
    expect(handleKinds(unit).map((kind) => kind.name.wire)).toEqual(kinds);
  });

  test('has no pointer left', () => {
    expect(buffers(unit)).toHaveLength(40);
    expect(types(unit).filter((type) => type.kind === 'buffer')).toHaveLength(everyBuffer);
    expect(types(unit).filter((type) => type.kind === 'address')).toEqual([]);
  });

  test('names buffers after their stem, and keeps the names of both halves', () => {
    const [, tag] = find(unit, 'symmetric_tag_verify').params;
    expect(tag?.name.wire).toBe('expected_raw_tag');
    expect(tag?.type).toMatchObject({
      kind: 'buffer',
      access: 'in',
      halves: ['expected_raw_tag_ptr', 'expected_raw_tag_len'],
    });
    const [, , id] = find(unit, 'keypair_store_managed').params;
    expect(id?.name.wire).toBe('kp_id');
    expect(id?.type).toMatchObject({ kind: 'buffer', access: 'out', halves: ['kp_id', 'kp_id_max_len'] });
  });

  test('has the tags and options of the ABI', () => {
    const options = allModules(unit)
      .flatMap((module) => module.types)
      .find((decl) => decl.name.wire === 'opt_options');
    expect(options?.type).toMatchObject({
      kind: 'variant',
      tag: 'u8',
      cases: [{ name: { wire: 'some' } }, { name: { wire: 'none' }, payload: undefined }],
    });
  });

  test('documents every function', () => {
    expect(
      funcs(unit)
        .filter((func) => func.docs === '')
        .map((func) => func.name.wire),
    ).toEqual([]);
  });

  test('is the same when read again', () => {
    expect(printUnit(mustRead(read(ours(revision))))).toBe(printUnit(unit));
  });
});

test('0.9 is entered by its umbrella file too, which leaves out what it does not use', () => {
  const unit = mustRead(readFrom(diskReader, [join(ours('0.9'), 'wasi_ephemeral_crypto.witx')]));
  expect(funcs(unit)).toHaveLength(72);
  expect(handleKinds(unit)).toHaveLength(12);
});

describe('errata', () => {
  const applied = (revision: string): string[] => mustRead(read(ours(revision))).errata.map((each) => each.func);
  const resultOf = (unit: Unit, func: string): Type => resolve(find(unit, func).results[0]?.type ?? { kind: 'bool' });

  test('apply to the revisions they were found in', () => {
    expect(applied('0.9')).toEqual(['signature_state_sign']);
    expect(applied('0.10')).toEqual(['signature_state_sign', 'batch_symmetric_state_squeeze']);
    expect(errata).toHaveLength(2);
  });

  test('signing returns a signature', () => {
    const ok = (corrected: boolean): unknown =>
      resultOf(mustRead(read(ours('0.10'), corrected)), 'signature_state_sign');
    expect(ok(true)).toMatchObject({ ok: { kind: 'ref', decl: { name: { wire: 'signature' } } } });
    expect(ok(false)).toMatchObject({ ok: { kind: 'ref', decl: { name: { wire: 'array_output' } } } });
  });

  test('a batch squeezes into its buffer', () => {
    const batch = (corrected: boolean): Type | undefined =>
      find(mustRead(read(ours('0.10'), corrected)), 'batch_symmetric_state_squeeze').params[0]?.type;
    const squeezed = (access: string): object => ({
      kind: 'list',
      element: { kind: 'tuple', items: [{ kind: 'ref' }, { kind: 'buffer', access }] },
    });
    expect(batch(true)).toMatchObject(squeezed('out'));
    expect(batch(false)).toMatchObject(squeezed('in'));
  });
});

describeWithShared('upstream', () => {
  const witx = revisionsIn('witx');

  test.for(witx)('our $revision has the model of upstream, docs aside', ({ revision }) => {
    const text = (folder: string): string => printUnit(mustRead(read(folder, false)), { docs: false });
    expect(text(ours(revision))).toBe(text(shared(`spec/witx-${revision}`)));
  });

  test.for(witx)('$revision is read without a finding', ({ revision }) => {
    expect(read(shared(`spec/witx-${revision}`)).codes).toEqual([]);
  });
});

describeWithShared('preview 1', () => {
  const outcome = read(shared('spec/witx-preview1'));
  const unit = mustRead(outcome);

  test('is accepted, with a warning for each pointer that has no length', () => {
    const pointers = outcome.found.map((each) => each.message.replace(/ is a pointer.*/, ''));
    expect(new Set(outcome.codes)).toEqual(new Set(['single-pointer']));
    expect(pointers).toEqual([
      'parameter `$argv` of `args_get`',
      'parameter `$argv_buf` of `args_get`',
      'parameter `$environ` of `environ_get`',
      'parameter `$environ_buf` of `environ_get`',
      'parameter `$in` of `poll_oneoff`',
      'parameter `$out` of `poll_oneoff`',
    ]);
  });

  test('has its functions, one handle kind, and buffers where lengths follow', () => {
    expect(funcs(unit)).toHaveLength(46);
    expect(handleKinds(unit).map((kind) => kind.name.wire)).toEqual(['fd']);
    expect(buffers(unit).map((each) => each.halves[0])).toEqual(['path', 'buf', 'buf', 'buf']);
    expect(find(unit, 'proc_exit').noreturn).toBe(true);
  });

  test('is entered by its main file too', () => {
    const entry = readFrom(diskReader, [shared('spec/witx-preview1/wasi_snapshot_preview1.witx')], {
      label: 'wasi-crypto',
    });
    expect(printUnit(mustRead(entry))).toBe(printUnit(unit));
  });
});
