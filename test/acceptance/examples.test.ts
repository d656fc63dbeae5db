/** What newcomers do first: the examples, compiled as told there and run. */
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey, hkdfSync, sign } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, vi } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { builtMain, it, asProcess } from '../cli/command-line.js';
import { emit, plannedUnit } from '../generated.js';
import { softhsmMissing } from '../runtime/managed/softhsm.js';
import { projectRoot } from '../shared.js';
import { ascIn } from '../targets/assemblyscript-guest/asc.js';

// Whole compilers run here, one after another.
vi.setConfig({ testTimeout: 240_000 });

/** The bindings of all examples. */
let bindings: ReturnType<typeof emit> | undefined;

/** A project as a user has it, with the bindings where the package puts them. */
async function project(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  for (const name of ['@assemblyscript', 'wasi-crypto-gen']) mkdirSync(join(modules, name), { recursive: true });
  for (const name of ['@assemblyscript/wasi-shim', 'assemblyscript'])
    symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  if (softhsmMissing === undefined) symlinkSync(join(projectRoot, 'node_modules/pkcs11js'), join(modules, 'pkcs11js'));
  symlinkSync(resolve(await builtMain(), '../../..'), join(modules, 'wasi-crypto-gen/dist'));
  cpSync(join(projectRoot, 'package.json'), join(modules, 'wasi-crypto-gen/package.json'));
  bindings ??= emit(assemblyscriptGuest, plannedUnit('0.10', `${projectRoot}witx/0.10`));
  for (const [path, text] of await bindings)
    write(join(modules, 'wasi-crypto-gen/generated/0.10/assemblyscript-guest', path), text);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** An example beside a package of bindings, as it lies in this repository, without what it has built there. */
async function example(folder: string, name: string): Promise<string> {
  await project(folder);
  const copy = join(folder, 'examples', name);
  cpSync(join(projectRoot, 'examples', name), copy, { recursive: true, filter: (path) => basename(path) !== 'dist' });
  symlinkSync(join(folder, 'node_modules/wasi-crypto-gen/generated'), join(folder, 'generated'));
  return copy;
}

/** The guest of an example, compiled. */
async function exampleGuest(folder: string, name: string): Promise<string> {
  const copy = await example(folder, name);
  await compile(copy);
  return join(copy, 'dist/guest.wasm');
}

/** Whatever asc says is a warning at least. */
async function compile(folder: string): Promise<void> {
  expect(await ascIn(folder, [])).toBe('');
}

/** What the host program of an example prints. */
async function hosted(guest: string, args: readonly string[], cwd: string): Promise<string> {
  return (
    await promisify(execFile)(process.execPath, ['--no-warnings', join(dirname(guest), '../host.mjs'), ...args], {
      cwd,
    })
  ).stdout;
}

describe('examples', () => {
  it('hash-file prints what sha256sum prints, for a file and for the standard input', async ({ folder }) => {
    const guest = await exampleGuest(folder, 'hash-file');
    const data = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
    writeFileSync(join(folder, 'input.bin'), data);
    const digest = createHash('sha256').update(data).digest('hex');
    expect(await asProcess(['run', '--dir', '.', guest, 'input.bin'], { cwd: folder })).toEqual({
      code: 0,
      stdout: `${digest}  input.bin\n`,
      stderr: '',
    });
    expect(await hosted(guest, ['input.bin'], folder)).toBe(`${digest}  input.bin\n`);
    const abc = createHash('sha256').update('abc').digest('hex');
    expect(await asProcess(['run', guest], { cwd: folder, input: 'abc' })).toEqual({
      code: 0,
      stdout: `${abc}  -\n`,
      stderr: '',
    });
    const missing = await asProcess(['run', '--dir', '.', guest, 'no-such-file'], { cwd: folder });
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('no-such-file: NOENT');
  });

  it('seal-and-sign accepts what is whole and refuses what is not', async ({ folder }) => {
    const guest = await exampleGuest(folder, 'seal-and-sign');
    const { code, stdout, stderr } = await asProcess(['run', guest, 'grüße 🔑'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    const expected =
      'sealed    …\nopened    grüße 🔑\ntampered  refused: invalid_tag\nsignature …\nverified  accepted\naltered   refused: verification_failed\n';
    for (const output of [stdout, await hosted(guest, ['grüße 🔑'], folder)])
      expect(output.replace(/[0-9a-f]{50,}/g, '…')).toBe(expected);
  });

  it('password-login accepts the right password alone, and raises its cost', async ({ folder }) => {
    const guest = await exampleGuest(folder, 'password-login');
    const { code, stdout, stderr } = await asProcess(['run', guest, 'grüße 🔑'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    const expected =
      'stored    $argon2id$v=19$m=8192,t=1,p=1$…\nwrong     refused\nright     accepted\nstored    $argon2id$v=19$m=19456,t=2,p=1$…\nagain     accepted, and stays as it is\n';
    for (const output of [stdout, await hosted(guest, ['grüße 🔑'], folder)])
      expect(output.replace(/[\w+/]{22}\$[\w+/]{43}/g, '…')).toBe(expected);
  });

  it('managed-keys rotates the key that its host keeps, and what was signed before still verifies', async ({
    folder,
  }) => {
    const guest = await exampleGuest(folder, 'managed-keys');
    for (const version of [2, 3]) {
      const output = await hosted(guest, [], folder);
      expect(output).toContain(
        "signed    by the key named signing\nrotated   the latest key accepts today's signature: accepted\n" +
          'yesterday the latest key: refused, the one before: accepted\nversion 1 is still there\n' +
          'log 1: owner create\nlog 2: owner provision version 1\nlog 3: guest replace version 2\n',
      );
      expect(output).toContain(`guest replace version ${version}\n`);
    }
  });

  it('post-quantum opens what was sent and refuses what was changed', async ({ folder }) => {
    const guest = await exampleGuest(folder, 'post-quantum');
    const { code, stdout, stderr } = await asProcess(['run', guest, 'grüße 🔑'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    const expected =
      'sent      1148 bytes\nopened    grüße 🔑\ntampered  refused: invalid_tag\n' +
      'signed    64 bytes by Ed25519: accepted\naltered   refused: verification_failed\n' +
      'signed    3309 bytes by ML-DSA-65: accepted\naltered   refused: verification_failed\n';
    for (const output of [stdout, await hosted(guest, ['grüße 🔑'], folder)]) expect(output).toBe(expected);
  });

  it('hsm signs with a key that stays in the HSM, or says why it is skipped', async ({ folder }) => {
    const guest = await exampleGuest(folder, 'hsm');
    const output = await hosted(guest, ['grüße 🔑'], folder);
    if (softhsmMissing !== undefined) expect(output).toMatch(/^skipped {3}.*install/);
    else
      expect(output).toBe(
        'signed    64 bytes\nverified  accepted\naltered   refused: verification_failed\n' +
          'exported  refused: prohibited_operation\nkept      ECDSA_P256_SHA256, 1 key in the token\n',
      );
  });

  it('component-assemblyscript prints the same as a core module and as a component, and what Node computes', async ({
    folder,
  }) => {
    const copy = await example(folder, 'component-assemblyscript');
    const message = 'grüße 🔑';
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', join(copy, 'run.mjs'), message], {
      cwd: folder,
    });
    const bytes = Buffer.from(message);
    // RFC 8032, 7.1, the first key pair.
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const key = createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    });
    const lines = [
      `signature ${sign(null, bytes, key).toString('hex')}`,
      'verified  accepted',
      'altered   refused: verification_failed',
      'cut       refused: invalid_signature',
      `digest    ${createHash('sha256').update(bytes).digest('hex')}`,
      `key       ${Buffer.from(hkdfSync('sha256', bytes, '', 'an example', 48)).toString('hex')}`,
      '',
    ].join('\n');
    expect(stdout).toBe(`as a core module (wasi-crypto 0.10)\n${lines}\nas a component (wasi-crypto 0.11)\n${lines}`);
  });
});
