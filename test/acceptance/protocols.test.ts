/** The protocols of `examples/protocols`, with their published vectors, as core modules and as components of one source. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtMain } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';
import { testBip340 } from './protocols/bip340.js';
import { testCpace } from './protocols/cpace.js';
import { guestsOf, type Build, type Protocol } from './protocols/guests.js';
import { testHpke } from './protocols/hpke.js';
import { testNoise } from './protocols/noise.js';
import { testOprf } from './protocols/oprf.js';

// Compilers run here.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const tests: Readonly<Record<string, Protocol>> = {
  hpke: testHpke,
  oprf: testOprf,
  bip340: testBip340,
  noise: testNoise,
  cpace: testCpace,
};

/** The example as it lies at a user's, with the package installed beside it. */
async function placed(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'wasi-crypto-gen'), { recursive: true });
  symlinkSync(resolve(await builtMain(), '../../..'), join(modules, 'wasi-crypto-gen/dist'));
  symlinkSync(join(projectRoot, 'generated'), join(modules, 'wasi-crypto-gen/generated'));
  cpSync(join(projectRoot, 'package.json'), join(modules, 'wasi-crypto-gen/package.json'));
  for (const each of ['@bytecodealliance', 'assemblyscript'])
    symlinkSync(join(projectRoot, 'node_modules', each), join(modules, each));
  const copy = join(folder, 'protocols');
  const from = join(projectRoot, 'examples/protocols');
  cpSync(from, copy, { recursive: true, filter: (path) => basename(path) !== 'dist' });
  return copy;
}

let folder = '';
let example: { readonly build: Build; readonly protocols: readonly string[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'protocols-'));
  const copy = await placed(folder);
  example = (await import(pathToFileURL(join(copy, 'build.mjs')).href)) as typeof example;
});
afterAll(() => rm(folder, { recursive: true }));

it('every protocol has its tests', () => {
  expect(Object.keys(tests)).toEqual(example.protocols);
});

describe.each(Object.entries(tests))('%s', (name, test) => {
  test(guestsOf(() => example.build(name)));
});

it('the program shows each of them, with a core module on one side and a component on the other', async () => {
  // In this process, so that no guest is compiled again.
  const [argv, said] = [process.argv, [] as string[]];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => said.push(String(line)) > 0);
  try {
    process.argv = argv.slice(0, 2);
    await import(pathToFileURL(join(folder, 'protocols/run.mjs')).href);
  } finally {
    process.argv = argv;
    write.mockRestore();
  }
  expect(said.join('').replace(/[0-9a-f]{50,}/g, '…')).toBe(
    [
      'hpke',
      '  sealed    …',
      '  tampered  refused: the message is not what was sealed',
      '  opened    a first message',
      '  sealed    …',
      '  tampered  refused: the message is not what was sealed',
      '  opened    and a second',
      '  exported  both have the same secret',
      '  forged    of another sender: refused',
      'oprf',
      '  blinded   …',
      '  blinded   …',
      '  output    …',
      '  output    …',
      '  the same  as with the key',
      '  other key refused: the proof is none of this answer under this key',
      'bip340',
      '  signature …',
      '  verified  accepted',
      '  altered   refused: the signature is not valid',
      '  tampered  refused: the signature is not valid',
      '  no key    refused: the key is no point of the curve',
      'noise',
      '  payload   comes along',
      '  the same  hash of the handshake',
      "  known     the other's key",
      '  sent      …',
      '  tampered  refused: the message is not what was sent',
      '  received  any message',
      '  again     refused: the message is not what was sent',
      '  prologue  of another: the handshake failed',
      'cpace',
      '  key       …',
      '  the same  with the same password',
      '  another   password: the keys differ',
      '  identity  refused: the share of the other party is the identity',
      '',
    ].join('\n'),
  );
});
