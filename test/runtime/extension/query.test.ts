/** What guests are told about their host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWasiCrypto } from '../../../runtime/index.js';
import { defaultLimits } from '../../../runtime/limits.js';
import { errnoOf } from '../../guest/guest.js';
import { projectRoot } from '../../shared.js';
import { componentExtension, coreExtension } from '../../guest/extension.js';
import type { ExtensionCalls } from '../../guest/extension-calls.js';

const abis: readonly (readonly [string, (queries?: 'all' | 'names' | 'none') => Promise<ExtensionCalls>])[] = [
  ['core modules', (queries) => Promise.resolve(coreExtension({ policy: { queries } }))],
  ['components', (queries) => componentExtension({ policy: { queries } })],
];

describe.each(abis)('questions of %s', (_abi, make) => {
  it('name the modules that there are', async () => {
    const guest = await make();
    const host = createWasiCrypto();
    const core = Object.keys(host.imports).filter((name) => !/_external_|_exernal_|_batch$/.test(name));
    const component = Object.keys(host.component).filter((name) => !name.includes('external-secrets'));
    expect(core).toHaveLength(12);
    expect(component).toHaveLength(14);
    for (const name of [...core, ...component]) expect(guest.hasModule(name), name).toBe(true);
    for (const name of ['wasi_ephemeral_crypto_external_secrets', 'wasi_ephemeral_crypto_symmetric_batch', 'fs', ''])
      expect(guest.hasModule(name), name).toBe(false);
  });

  it('tell of algorithms and groups what the report does', async () => {
    const guest = await make();
    expect(guest.algorithm('SHA-256')).toEqual({ tier: 'required', backend: 'native', timing: 'constant' });
    expect(guest.algorithm('sha-256').tier).toBe('required');
    expect(guest.algorithm('XOODYAK-128')).toMatchObject({ backend: 'webassembly', timing: 'best-effort' });
    expect(guest.algorithm('P-256')).toMatchObject({ tier: 'extra' });
    for (const name of ['SHA-257', '', 'P-255'])
      expect(errnoOf(() => guest.algorithm(name))).toBe('UnsupportedAlgorithm');
  });

  it('tell of every function that is defined', async () => {
    const guest = await make();
    const names = ['bytes', 'encoding', 'group', 'numbers', 'padding', 'query', 'random'].flatMap((module) => {
      const path = join(projectRoot, `witx/extension-0.1/witx/wasi_crypto_ext_${module}.witx`);
      return [...readFileSync(path, 'utf8').matchAll(/func \(export "(\w+)"\)/g)].map(([, name = '']) => name);
    });
    expect(names.length).toBeGreaterThan(80);
    for (const name of names)
      expect(
        errnoOf(() => guest.func(name, /^(group|scalar|element)_/.test(name) ? 'P-256' : '')),
        name,
      ).toBe('Success');
    expect(errnoOf(() => guest.func('element_frobnicate', 'P-256'))).toBe('UnsupportedAlgorithm');
  });

  it('list all that may be used', async () => {
    const guest = await make();
    const { algorithms, arithmetic } = createWasiCrypto().capabilities();
    const expected = [
      ...algorithms.filter(({ supported }) => supported).map(({ id }) => id),
      ...arithmetic.filter(({ module }) => module === 'group').map(({ id }) => id),
    ];
    expect(guest.algorithms()).toBe(expected.map((id) => `${id}\n`).join(''));
    for (const id of expected) expect(guest.algorithm(id).tier, id).not.toBe('untold');
  });

  it('tell which options an algorithm has', async () => {
    const guest = await make();
    expect(guest.hasOption('AES-256-GCM', 'nonce')).toBe(true);
    expect(guest.hasOption('AES-256-GCM', 'NONCE')).toBe(true);
    expect(guest.hasOption('AES-256-GCM', 'salt')).toBe(false);
    expect(guest.hasOption('ARGON2-ID-13', 'memory')).toBe(true);
    expect(guest.hasOption('ARGON2-ID-13', 'threads')).toBe(true);
    expect(guest.hasOption('Ed25519', 'context')).toBe(false);
    expect(errnoOf(() => guest.hasOption('none', 'nonce'))).toBe('UnsupportedAlgorithm');
  });

  it('tell of each function of the extension what is claimed of its time', async () => {
    const guest = await make();
    expect(guest.func('bytes_equal', '')).toEqual({ tier: 'extra', backend: 'native', timing: 'constant' });
    expect(guest.func('encoding_decode', '')).toEqual({ tier: 'extra', backend: 'webassembly', timing: 'best-effort' });
    expect(guest.func('bignum_mul', '').timing).toBe('constant');
    const { arithmetic } = createWasiCrypto().capabilities();
    for (const { id, functions } of arithmetic.filter(({ module }) => module === 'group'))
      for (const { name, constantTime } of functions)
        expect(guest.func(name, id).timing === 'variable', `${name} ${id}`).toBe(constantTime === 'variable');
    expect(errnoOf(() => guest.func('element_mul', ''))).toBe('UnsupportedAlgorithm');
    expect(errnoOf(() => guest.func('element_divide', 'P-256'))).toBe('UnsupportedAlgorithm');
    expect(errnoOf(() => guest.func('element_mul', 'P-255'))).toBe('UnsupportedAlgorithm');
  });

  it('are answered as far as the owner wants', async () => {
    const untold = { tier: 'untold', backend: 'untold', timing: 'untold' };
    const names = await make('names');
    expect(names.algorithm('SHA-256')).toEqual(untold);
    expect(names.func('bytes_equal', '')).toEqual(untold);
    expect(names.hasModule('wasi_crypto_ext_query')).toBe(true);
    expect(names.algorithms()).toContain('SHA-256\n');
    expect(errnoOf(() => names.algorithm('SHA-257'))).toBe('UnsupportedAlgorithm');
    const none = await make('none');
    for (const ask of [
      () => none.algorithm('SHA-256'),
      () => none.algorithms(),
      () => none.func('bytes_equal', ''),
      () => none.hasModule('wasi_crypto_ext_query'),
      () => none.hasOption('AES-256-GCM', 'nonce'),
    ])
      expect(errnoOf(ask)).toBe('ProhibitedOperation');
  });
});

it('questions cost a trial of each algorithm that is new to the guest', () => {
  const guest = coreExtension();
  const cost = (ask: () => unknown): number => {
    const before = guest.guest.host.usage().cost;
    ask();
    return guest.guest.host.usage().cost - before;
  };
  const [question, trial] = [100_000, 10_000_000];
  expect(cost(() => guest.algorithm('SHA-256'))).toBe(question + trial);
  expect(cost(() => guest.algorithm('sha-256'))).toBe(question);
  expect(cost(() => guest.func('element_mul', 'P-256'))).toBe(question + trial);
  expect(cost(() => guest.algorithm('P-256'))).toBe(question);
  expect(cost(() => guest.func('bytes_equal', ''))).toBe(question);
  expect(cost(() => errnoOf(() => guest.algorithm('SHA-257')))).toBe(question);
  const { algorithms, arithmetic } = createWasiCrypto().capabilities();
  const all = algorithms.length + arithmetic.filter(({ module }) => module === 'group').length;
  expect(cost(() => guest.algorithms())).toBe(2 * question + (all - 2) * trial);
  expect(cost(() => guest.algorithms())).toBe(2 * question);
  // The number in docs/extension.md.
  expect(all * trial + question).toBe(1_020_100_000);
  // By default all of it fits one call.
  expect(all * trial).toBeLessThan(defaultLimits.callCost);
  const poor = coreExtension({ limits: { callCost: trial } });
  expect(errnoOf(() => poor.algorithms())).toBe('Overflow');
});

it('a policy is followed: what it refuses is not there for guests who ask', () => {
  const guest = coreExtension({ policy: { algorithms: ['SHA-256', 'P-256'], profile: 'no-fallback' } });
  expect(guest.algorithms()).toBe('SHA-256\nP-256\n');
  expect(errnoOf(() => guest.algorithm('SHA-512'))).toBe('UnsupportedAlgorithm');
  expect(errnoOf(() => guest.algorithm('ristretto255'))).toBe('UnsupportedAlgorithm');
  for (const { constantTime, name } of createWasiCrypto()
    .capabilities()
    .arithmetic.find(({ id }) => id === 'P-256')?.functions ?? [])
    // Elements carry no mark of secrecy.
    if (constantTime === 'variable')
      expect(guest.func(name, 'P-256').timing, name).toBe(/scalar|mul/.test(name) ? 'refused' : 'variable');
});
