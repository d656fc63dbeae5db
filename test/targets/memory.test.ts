/** The generator on files in memory: what programs get that have no disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  check,
  ConfigurationError,
  diff,
  generate,
  parse,
  plan,
  renderDiagnostic,
  shippedDefinitions,
  type Files,
  type Target,
} from '../../generator/memory.js';
import { projectRoot } from '../shared.js';

const vault = `(typename $errno (enum (@witx tag u16) $success $guest_error $not_implemented $invalid_handle $too_many_handles $internal_error))
(typename $secret (handle))
(module $vault
  (@interface func (export "secret_put") (param $name string) (result $error (expected $secret (error $errno))))
  (@interface func (export "secret_close") (param $secret $secret) (result $error (expected (error $errno)))))`;
const files = { 'vault.witx': vault };

/** All files of a folder, by their paths below it. */
function filesIn(folder: string): Files {
  const found = readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    found
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
      .map((path) => [path.slice(join(projectRoot, folder).length + 1), readFileSync(path, 'utf8')]),
  );
}

describe('generate', () => {
  it('makes what the command makes of the same definitions', async () => {
    const targets = ['assemblyscript-guest', 'c-guest'];
    const { files: made, diagnostics } = await generate(filesIn('witx/0.10'), { label: '0.10', targets });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const committed = filesIn('generated/0.10');
    expect(Object.keys(made).sort()).toEqual(
      Object.keys(committed)
        .filter((path) => targets.includes(path.split('/')[0] ?? ''))
        .sort(),
    );
    expect(Object.keys(made).filter((path) => made[path] !== committed[path])).toEqual([]);
  });

  it('takes a folder of WIT, with the packages that come with this one', async () => {
    const world =
      'package app:demo; world app { import wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0; import ping: func(); }';
    const { files: made, diagnostics } = await generate(
      { 'app.wit': world, 'deps/x/x.wit': 'package app:other; interface i { f: func(); }' },
      { targets: ['component-host'], header: 'Ours.' },
    );
    expect(diagnostics).toEqual([]);
    const symmetric = Object.keys(made).filter((path) => path.endsWith('symmetric.ts'));
    expect(symmetric.map((path) => made[path]?.slice(0, 8))).toEqual(['// Ours.']);
  });

  it('makes targets of somebody else, alone or beside its own', async () => {
    const names: Target = {
      id: 'names',
      summary: 'the functions, a line each',
      dialects: ['witx', 'wit'],
      emit: async ({ plans }) => new Map([['names.txt', [...plans.keys()].map((func) => func.name.wire).join('\n')]]),
    };
    expect((await generate(files, { targets: [names] })).files).toEqual({
      'names/names.txt': 'secret_put\nsecret_close',
    });
    const both = await generate(files, { targets: ['c-guest', names] });
    expect(Object.keys(both.files).map((path) => path.split('/')[0])).toEqual(['c-guest', 'names']);
  });

  it('refuses a target of somebody else with an id of its own', async () => {
    const impostor: Target = { id: 'c-guest', summary: '', dialects: ['witx'], emit: async () => new Map() };
    await expect(generate(files, { targets: [impostor] })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'target `c-guest` is there already',
    });
  });

  it.each([
    [['typescript-hots'], 'there is no target `typescript-hots`'],
    [['component-host'], 'target `component-host` cannot be made from WITX definitions'],
  ])('of %s throws', async (targets, message) => {
    const thrown: unknown = await generate(files, { targets }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect((thrown as ConfigurationError).message).toBe(message);
  });

  it('gives no files of definitions with errors, and says where they are', async () => {
    const { files: made, model, diagnostics } = await generate({ 'vault.witx': vault.replace('(handle)', '(handel)') });
    expect([made, model]).toEqual([{}, undefined]);
    expect(diagnostics.map((each) => renderDiagnostic(each)).join('\n')).toContain('vault.witx:2:20');
  });
});

it('parse tells what definitions mean', () => {
  const { model, diagnostics } = parse(files);
  expect(diagnostics).toEqual([]);
  expect(model?.modules.flatMap((each) => each.functions.map(({ name }) => name))).toEqual([
    'secret_put',
    'secret_close',
  ]);
  expect(parse({}).diagnostics.map(({ code }) => code)).toEqual(['empty-spec']);
});

it('plan tells how functions cross the boundary', () => {
  const { functions } = plan(files);
  const cores = Object.fromEntries(functions.map(({ name, core }) => [name, core?.params.map((each) => each.name)]));
  expect(cores).toEqual({ secret_put: ['name_ptr', 'name_len', 'secret_out'], secret_close: ['secret'] });
});

it('check finds what is missing, stale and unknown', async () => {
  const { files: made } = await generate(files, { targets: ['c-guest'] });
  const options = { targets: ['c-guest'] };
  expect(await check(files, made, options)).toEqual({ ok: true, findings: [], diagnostics: [] });
  const [path = ''] = Object.keys(made);
  expect((await check(files, { [path]: '', other: '' }, options)).findings).toEqual([
    { path, problem: 'stale' },
    { path: 'other', problem: 'unknown' },
  ]);
  expect((await check(files, {}, options)).findings).toEqual([{ path, problem: 'missing' }]);
});

it('diff tells what changed, and whom it breaks', () => {
  const { comparison } = diff(files, { 'vault.witx': vault.replace('"secret_close"', '"secret_drop"') });
  expect(comparison?.changes.map(({ kind, subject }) => `${kind} ${subject}`)).toContain('renamed function');
  expect(diff(files, { 'vault.witx': '(' }).comparison).toBeUndefined();
});

it.for([
  ['an option nobody knows', () => parse(files, { wrold: 'w' } as object), '`parse` has no option `wrold`'],
  ['an option of another type', () => plan(files, { include: 'a' } as object), '`include` that `plan` is given'],
  ['a file that is no text', () => parse({ 'a.witx': 1 } as never), '`a.witx` should be a text'],
] as const)('%s is a mistake that is told', ([, call, message]) => {
  expect(call).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining(message) as string }),
  );
});

it('knows the definitions that come with this package', () => {
  expect(shippedDefinitions()).toEqual(expect.arrayContaining(['0.9', '0.10', '0.11', 'extension-0.1/wit']));
});
