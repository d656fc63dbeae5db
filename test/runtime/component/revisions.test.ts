/** 0.11 beside 0.10: what only one of them has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as shared from '../../../runtime/component.js';
import type { SymmetricAlgorithm } from '../../../runtime/algorithms/descriptor.js';
import { RuntimeContext } from '../../../runtime/context.js';
import { createWasiCrypto } from '../../../runtime/index.js';
import { OptionSet } from '../../../runtime/objects/option-sets.js';
import { readOptions } from '../../../runtime/options.js';
import { symmetricHost } from '../../../runtime/interfaces/symmetric.js';
import { fail } from '../../../runtime/failures.js';
import { algorithms, idsOf, symmetricAlgorithms } from '../../registry.js';
import { numbersOf } from '../../guest/uses.js';
import { projectRoot } from '../../shared.js';
import { errno, fixture, ok } from './guest.js';

function squeezes(algorithm: SymmetricAlgorithm): boolean {
  const { id } = algorithm;
  const context = new RuntimeContext(readOptions({ policy: { unauthenticatedCiphers: true } }));
  const host = symmetricHost(context);
  const key =
    algorithm.key?.required === true
      ? host.symmetricKeyImport(id, new Uint8Array(algorithm.key.generated ?? algorithm.key.minimum))
      : undefined;
  const options = new OptionSet(context.meter.accounts.options, 'symmetric', 64);
  if (algorithm.nonce?.absent === 'refused') options.setBytes('nonce', new Uint8Array(algorithm.nonce.minimum));
  for (const [name, value] of Object.entries(numbersOf(algorithm))) options.setInteger(name, value);
  const state = host.symmetricStateOpen(id, key, options);
  const out = new Uint8Array(algorithm.naturalOutput ?? 0);
  return thrownBy(() => host.symmetricStateSqueeze(state, out)) !== fail.InvalidOperation;
}

function thrownBy(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('the natural output', () => {
  it.each(idsOf(symmetricAlgorithms))('of %s is known, or it does not squeeze', (id) => {
    const algorithm = algorithms.symmetric(id);
    // Only the guest could know how much of a stream cipher's key stream it wants: `output_len` says it.
    const isStream = algorithm.authenticated === false;
    expect(algorithm.naturalOutput !== undefined).toBe(squeezes(algorithm) && !isStream);
  });
});

describe('functions that only one revision can answer', () => {
  it('replacing a secret does not say which one: it is not implemented', async () => {
    const { crypto } = await fixture({ bindings: 'js' });
    const secrets = crypto.component['wasi:crypto/wasi-ephemeral-crypto-external-secrets'];
    expect(errno(secrets.externalSecretReplace({}, new Uint8Array(0), 0n))).toBe('not-implemented');
    expect(errno(secrets.externalSecretStore({}, new Uint8Array(0), 0n))).toBe('unsupported-feature');
  });

  it('memory that a guest lends is not kept: the host gets as much of its own', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' });
    const options = ok(guest.call('options-open', 'symmetric'));
    expect(errno(guest.call('options-set-guest-buffer', options, 'memory', new Uint8Array(100)))).toBe('success');
  });
});

describe('the module for transpiled code that imports its host', () => {
  const { closeHost, hostUsage, ...namespaces } = shared;

  it('has every interface under the name that jco gives it', () => {
    const ids = Object.keys(createWasiCrypto().component);
    const camel = (id: string): string =>
      id.slice(id.indexOf('/') + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.keys(namespaces).toSorted()).toEqual(ids.map(camel).toSorted());
    for (const [name, namespace] of Object.entries(namespaces)) {
      const id = ids.find((each) => camel(each) === name) as keyof ReturnType<typeof createWasiCrypto>['component'];
      expect(Object.keys(namespace)).toEqual(Object.keys(createWasiCrypto().component[id]));
    }
  });

  it('answers, shares one host, and closes it', () => {
    const { wasiEphemeralCryptoSymmetric: symmetric } = namespaces;
    const state = ok<object>(symmetric.symmetricStateOpen('SHA-256', undefined, undefined));
    expect(ok<Uint8Array>(symmetric.symmetricStateSqueeze(state))).toHaveLength(32);
    expect(hostUsage().handles).toBe(1);
    expect(ok(symmetric.symmetricStateClose(state))).toBeUndefined();
    ok(symmetric.symmetricStateOpen('SHA-256', undefined, undefined));
    closeHost();
    expect(hostUsage()).toMatchObject({ bytes: 0, handles: 0 });
    expect(errno(symmetric.symmetricStateOpen('SHA-256', undefined, undefined))).toBe('invalid-handle');
  });
});

describe('the definitions', () => {
  it('are those of the folder that the bindings name', () => {
    const text = readFileSync(`${projectRoot}generated/0.11/component-host/common.ts`, 'utf8');
    expect(text).toMatch(/from wasi_ephemeral_crypto_common\.wit \(wasi:crypto, sha256 [0-9a-f]{16}\)/);
  });
});
