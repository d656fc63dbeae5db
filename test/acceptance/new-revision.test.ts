/**
 * The drill for a new revision in WIT: 0.12 is 0.11 with one function and one errno. It takes a file of its own
 * for what is particular to it, and no copy of any other.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { emit, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';
import { RuntimeProgram } from './runtime-program.js';

const revision = `
import { bindComponent, CryptoErrno, fail, type Hosts } from '../../../generated/0.12/component-host/index.js';
import type { RuntimeContext } from '../../context.js';
import type { RuntimeKinds } from '../../objects/kinds.js';
import { witHosts, witOptions } from './interfaces.js';

export function bindComponents(context: RuntimeContext, fastPath: boolean) {
  const hosts: Hosts<RuntimeKinds> = witHosts<CryptoErrno>(context, CryptoErrno);
  return bindComponent<RuntimeKinds>(hosts, witOptions(context, fail, fastPath));
}

export type ComponentImports = ReturnType<typeof bindComponents>['imports'];
`;

let folder: string;
let program: RuntimeProgram;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-revision-')));
  program = new RuntimeProgram(folder);
  for (const part of [
    'generator',
    'runtime',
    'templates',
    'generated/0.10/typescript-host',
    'generated/0.11/component-host',
    'generated/extension-0.1/witx/typescript-host',
    'generated/extension-0.1/wit/component-host',
  ])
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', '{"type":"module","version":"0.1.0"}');
  for (const copy of ['0.11', '0.12'])
    cpSync(join(projectRoot, 'witx/0.11'), join(folder, 'witx', copy), { recursive: true });
  for (const name of readdirSync(join(folder, 'witx/0.12'))) change(`witx/0.12/${name}`, '@0.11.0', '@0.12.0');
  change('witx/0.12/wasi_ephemeral_crypto_common.wit', '    expired,\n', '    expired,\n    quota-exceeded,\n');
  change(
    'witx/0.12/wasi_ephemeral_crypto_symmetric.wit',
    '  symmetric-state-ratchet: func',
    '  symmetric-state-budget: func(state: borrow<symmetric-state>) -> result<u64, crypto-errno>;\n\n$&',
  );
  const planned = plannedUnit('0.12', join(folder, 'witx/0.12'));
  for (const [path, text] of await emit(componentHost, planned, { support: '../../../templates' }))
    write(join('generated/0.12/component-host', path), text);
  write('runtime/hosts/wit/0.12.ts', revision);
  change('runtime/index.ts', /wit\/0\.11\.js/g, 'wit/0.12.js');
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A drill whose edit hit nothing would prove nothing. */
function change(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${path} lacks what the drill changes`);
  write(path, changed);
}

it('the package is there for definitions that refer to it, as that of the older revision is', () => {
  write(
    'wit/app.wit',
    `package test:app;
    interface older { use wasi:crypto/wasi-ephemeral-crypto-common@0.11.0.{crypto-errno}; f: func() -> crypto-errno; }
    interface newer { use wasi:crypto/wasi-ephemeral-crypto-common@0.12.0.{crypto-errno}; f: func() -> crypto-errno; }
    world app { import older; import newer; }`,
  );
  const command = ['generator/cli/main.ts', 'generate', '--spec', 'wit/app.wit', '--target', 'component-host'];
  const made = spawnSync(join(projectRoot, 'node_modules/.bin/tsx'), [...command, '--out', 'app'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(made).toMatchObject({ status: 0, stderr: '' });
  const { inputs } = JSON.parse(readFileSync(join(folder, 'app/manifest.json'), 'utf8')) as { readonly inputs: object };
  for (const revision of ['0.11', '0.12'])
    expect(Object.keys(inputs)).toContain(`<wasi-crypto-gen>/${revision}/world.wit`);
});

it('the type checker names the one missing method, in the file of the revision', () => {
  const [only, ...others] = program.problems();
  expect(others).toEqual([]);
  expect(only).toEqual({
    file: 'runtime/hosts/wit/0.12.ts',
    text: expect.stringContaining("'symmetricStateBudget' is missing") as string,
  });
});

it('with the method, and a row for the errno, what the runtime throws reaches the guest by its name', async () => {
  change('runtime/failures.ts', `  ['TooManyHandles', 'Overflow'],`, `$&\n  ['QuotaExceeded', 'TooManyHandles'],`);
  change(
    'runtime/interfaces/symmetric.ts',
    '    symmetricStateRatchet(',
    '    symmetricStateBudget(_state: SymmetricState): bigint {\n      throw fail.QuotaExceeded;\n    },\n\n$&',
  );
  expect(program.problems()).toEqual([]);
  program.emit();
  const { createWasiCrypto } = (await import(pathToFileURL(join(folder, 'dist/runtime/index.js')).href)) as {
    createWasiCrypto(): { readonly component: Readonly<Record<string, Readonly<Record<string, Method>>>> };
  };
  const symmetric = createWasiCrypto().component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
  const opened = symmetric?.['symmetricStateOpen']?.('SHA-256', undefined, undefined);
  expect(symmetric?.['symmetricStateBudget']?.(opened?.val)).toEqual({ tag: 'err', val: { tag: 'quota-exceeded' } });
});

type Method = (...args: readonly unknown[]) => { readonly tag: string; readonly val: unknown };
