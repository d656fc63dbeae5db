/** Managed keys and external secrets as components call them, on both paths. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createWasiCrypto } from '../../../runtime/index.js';
import type { KeyStore } from '../../../runtime/keys.js';
import { bytes, errno, fixture, ok, paths } from '../component/guest.js';
import { managedGuest, newStore } from './fixture.js';

const latest = { tag: 'latest' };
const all = { tag: 'all' };
const specified = (val: bigint): object => ({ tag: 'specified', val });
const NEVER = 2n ** 64n - 1n;

const kinds = [
  ['symmetric-key', ['AES-256-GCM'], ['HMAC/SHA-256'], 'symmetric-key-generate'],
  ['keypair', ['signatures', 'Ed25519'], ['key-exchange', 'X25519'], 'keypair-generate'],
  ['keypair', ['key-exchange', 'X25519'], ['signatures', 'Ed25519'], 'keypair-generate'],
] as const;

describe.each(paths)('a component, %s', (bindings) => {
  let store: KeyStore;
  let call: (name: string, ...args: readonly unknown[]) => unknown;
  let manager: number;

  beforeEach(async () => {
    store = newStore();
    const { guest } = await fixture({ bindings }, { secrets: { store, tenant: 'test' } });
    call = (name, ...args) => guest.call(name, ...args);
    manager = ok(call('secrets-manager-open', undefined));
  });

  it.each(kinds)('generates, stores, replaces, finds and invalidates: %s of %s', (kind, algorithm, other, generate) => {
    const generated = ok(call(`${kind}-generate-managed`, manager, ...algorithm, undefined));
    const [id, version] = ok<[Uint8Array, object]>(call(`${kind}-id`, generated));
    expect([id.length, version]).toEqual([32, specified(1n)]);
    const plain = ok(call(generate, ...algorithm, undefined));
    expect(errno(call(`${kind}-id`, plain))).toBe('unsupported-feature');
    const stored = ok<Uint8Array>(call(`${kind}-store-managed`, manager, plain));
    expect(ok(call(`${kind}-id`, plain))).toEqual([stored, specified(1n)]);
    expect(errno(call(`${kind}-store-managed`, manager, plain))).toBe('invalid-operation');
    const made = ok(call(generate, ...algorithm, undefined));
    expect(ok(call(`${kind}-replace-managed`, manager, generated, made))).toEqual(specified(2n));
    expect(ok(call(`${kind}-id`, made))).toEqual([id, specified(2n)]);
    const find = (at: object): unknown => call(`${kind}-from-id`, manager, id, at);
    expect(ok(call(`${kind}-id`, ok(find(latest))))).toEqual([id, specified(2n)]);
    expect(ok(call(`${kind}-id`, ok(find(specified(1n)))))).toEqual([id, specified(1n)]);
    for (const at of [all, { tag: 'unspecified' }, ...[0n, 3n, NEVER - 1n, 2n ** 64n - 2n ** 56n + 1n].map(specified)])
      expect(errno(find(at))).toBe('not-found');
    expect(errno(call('secrets-manager-invalidate', manager, id, latest))).toBe('success');
    expect(errno(call('secrets-manager-invalidate', manager, id, specified(2n)))).toBe('not-found');
    expect(errno(call('secrets-manager-invalidate', manager, id, all))).toBe('success');
    expect(errno(find(latest))).toBe('not-found');
    expect(errno(call('secrets-manager-invalidate', manager, id, specified(2n ** 64n - 2n ** 56n + 2n)))).toBe(
      'not-found',
    );
    expect(errno(call(`${kind}-replace-managed`, manager, made, ok(call(generate, ...other, undefined))))).toBe(
      'incompatible-keys',
    );
    // What goes over to the host ends even if the call fails.
    expect(errno(call(`${kind}-id`, made))).toBe('invalid-handle');
  });

  it('keeps external secrets, and cannot replace one', () => {
    const secret = bytes('a token');
    const id = ok<Uint8Array>(call('external-secret-store', manager, secret, NEVER));
    const found = ok(call('external-secret-from-id', manager, id, latest));
    expect(ok(call('array-output-pull', found))).toEqual(secret);
    expect(errno(call('external-secret-replace', manager, secret, NEVER))).toBe('not-implemented');
    expect(errno(call('external-secret-invalidate', manager, id, specified(1n)))).toBe('success');
    expect(errno(call('external-secret-from-id', manager, id, latest))).toBe('not-found');
    const past = ok<Uint8Array>(call('external-secret-store', manager, secret, 0n));
    expect(errno(call('external-secret-from-id', manager, past, latest))).toBe('expired');
    const sealed = ok<Uint8Array>(
      call('array-output-pull', ok(call('external-secret-encapsulate', manager, secret, NEVER))),
    );
    expect(ok(call('array-output-pull', ok(call('external-secret-decapsulate', manager, sealed))))).toEqual(secret);
    expect(errno(call('external-secret-decapsulate', manager, sealed.subarray(1)))).toBe('verification-failed');
    expect(errno(call('secrets-manager-close', manager))).toBe('success');
    expect(errno(call('external-secret-store', manager, secret, NEVER))).toBe('invalid-handle');
  });

  it('signs many messages at once with a managed key', () => {
    const pair = ok(call('keypair-generate-managed', manager, 'signatures', 'Ed25519', undefined));
    const states = [0, 1].map(() => ok(call('signature-state-open', pair)));
    const results = ok<readonly [number, { tag: string }][]>(call('batch-signature-state-sign', states));
    expect(results.map(([, { tag }]) => tag)).toEqual(['success', 'success']);
    expect(results.map(([output]) => ok<Uint8Array>(call('array-output-pull', output)).length)).toEqual([64, 64]);
  });

  it('shares keys with core modules of its tenant', () => {
    const pair = ok(call('keypair-generate-managed', manager, 'signatures', 'Ed25519', undefined));
    const [id] = ok<[Uint8Array, object]>(call('keypair-id', pair));
    const { managed, manager: second } = managedGuest({ store });
    expect(managed.pairs.id(managed.pairs.fromId(second, id))).toEqual([id, 1n]);
  });
});

it('a host has one store for both', () => {
  const host = createWasiCrypto({ secrets: { store: newStore(), tenant: 'test' } });
  expect(Object.keys(host.component).length).toBeGreaterThan(5);
  expect(host.usage().handles).toBe(0);
  host.close();
});
