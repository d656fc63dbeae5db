/** The examples of components, in a folder of their own as at a user's, with the package installed beside them. */
import { execFile, spawn } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { builtMain, it } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 240_000 });

/** Copies an example; returns where it is now. */
async function placed(name: string, folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'wasi-crypto-gen'), { recursive: true });
  const built = resolve(await builtMain(), '../../..');
  symlinkSync(built, join(modules, 'wasi-crypto-gen/dist'));
  cpSync(join(projectRoot, 'package.json'), join(modules, 'wasi-crypto-gen/package.json'));
  for (const each of ['@bytecodealliance', 'assemblyscript'])
    symlinkSync(join(projectRoot, 'node_modules', each), join(modules, each));
  cpSync(join(projectRoot, 'examples', name), join(folder, name), { recursive: true });
  return join(folder, name);
}

it('a guest in JavaScript hashes, seals and opens, and is refused what was changed', async ({ folder }) => {
  const example = await placed('component-javascript', folder);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(example, 'run.mjs'), 'any message'], {
    cwd: folder,
  });
  expect(stderr).toBe('');
  expect(stdout.replace(/[0-9a-f]{50,}/g, '…')).toBe(
    'digest    …\nsealed    …\nopened    any message\ntampered  refused: invalid-tag\n',
  );
  expect(stdout).toContain('1ddd91401572731672da6cca99f4d96b816b7442be8a5c02db0d8c939b1d54e3');
  // The engine takes a quarter of a minute to put in: once for all runs.
  const kept = join(projectRoot, 'examples/component-javascript/build');
  if (!existsSync(kept)) cpSync(join(example, 'build'), kept, { recursive: true });
});

/** Starts the server of an example; the address it listens at, and how to stop it. */
async function started(script: string): Promise<{ readonly address: string; stop(): void }> {
  const server = spawn(process.execPath, [script, '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const address = await new Promise<string>((resolved, rejected) => {
    server.stdout.on('data', (text: Buffer) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text.toString());
      if (found !== null) resolved(found[0]);
    });
    server.on('close', (code) => rejected(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { address, stop: () => void server.kill() };
}

/** SubjectPublicKeyInfo of an Ed25519 key, up to the key itself (RFC 8410, section 4). */
const ED25519_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

it('a server answers every request with a component instance of its own', async ({ folder }) => {
  const example = await placed('component-host', folder);
  const server = await started(join(example, 'server.mjs'));
  const ask = async (path: string, body: Uint8Array<ArrayBuffer>): Promise<readonly [number, string]> => {
    const answer = await fetch(`${server.address}${path}`, { method: 'POST', body });
    return [answer.status, await answer.text()];
  };
  try {
    const body = new Uint8Array(100_000).fill(7);
    expect(await ask('/digest', body)).toEqual([200, `${createHash('sha256').update(body).digest('hex')}\n`]);
    const [status, text] = await ask('/sign', body);
    const [key = '', signature = ''] = text.split('\n');
    const publicKey = createPublicKey({
      key: Buffer.concat([ED25519_HEADER, Buffer.from(key, 'hex')]),
      format: 'der',
      type: 'spki',
    });
    expect([status, verify(null, body, publicKey, Buffer.from(signature, 'hex'))]).toEqual([200, true]);
    const [, other] = await ask('/sign', body);
    expect(other.split('\n')[0]).not.toBe(key);
    expect(await ask('/nowhere', body)).toEqual([404, 'there is /digest and /sign\n']);
    expect(await ask('/digest', new Uint8Array(1_048_577))).toEqual([413, 'too long\n']);
  } finally {
    server.stop();
  }
});
