/** The batch interfaces: many calls in one, each with a result of its own. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import { aeadState, bytes, errno, fixture, ok, paths, type Fixture } from './guest.js';

type Crypt = readonly [Uint8Array, { readonly tag: string }];
type Sealed = readonly [Uint8Array, number, { readonly tag: string }];

describe.each(paths)('batches, %s', (bindings) => {
  let made: Fixture;
  let call: (name: string, ...args: readonly unknown[]) => unknown;

  beforeEach(async () => {
    made = await fixture({ bindings });
    call = (name, ...args) => made.guest.call(name, ...args);
  });

  const hash = (text: string): number => {
    const state = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    ok(call('symmetric-state-absorb', state, bytes(text)));
    return state;
  };

  it('squeeze in order', () => {
    const results = ok<readonly Crypt[]>(call('batch-symmetric-state-squeeze', [hash('a'), hash('b'), hash('c')]));
    expect(results.map(([out, { tag }]) => [hexOf(out), tag])).toEqual(
      ['a', 'b', 'c'].map((text) => [createHash('sha256').update(text).digest('hex'), 'success']),
    );
  });

  it('encrypt and decrypt, and an entry that fails stops no other', () => {
    const [first, second] = [aeadState(made.guest), aeadState(made.guest)];
    const sealed = ok<readonly Crypt[]>(
      call('batch-symmetric-state-encrypt', [
        [first, bytes('one')],
        [first, bytes('again')],
        [second, bytes('two')],
      ]),
    );
    expect(sealed.map(([out, { tag }]) => [out.length, tag])).toEqual([
      [19, 'success'],
      [0, 'nonce-required'],
      [19, 'success'],
    ]);
    const [one, , two] = sealed.map(([out]) => out);
    const opened = ok<readonly Crypt[]>(
      call('batch-symmetric-state-decrypt', [
        [first, one],
        [first, two],
        [second, two],
        [second, bytes('short')],
      ]),
    );
    expect(opened.map(([out, { tag }]) => [Buffer.from(out).toString(), tag])).toEqual([
      ['one', 'success'],
      ['two', 'success'],
      ['two', 'success'],
      ['', 'invalid-tag'],
    ]);
  });

  it('decrypt messages of any length that were padded', async () => {
    const { guest } = await fixture({ bindings }, { policy: { unauthenticatedCiphers: true } });
    const key = ok(guest.call('symmetric-key-import', 'AES-128-CBC', new Uint8Array(16)));
    const options = ok(guest.call('options-open', 'symmetric'));
    ok(guest.call('options-set', options, 'nonce', new Uint8Array(16)));
    for (const size of [0, 1, 15, 16, 17, 40]) {
      const state = ok(guest.call('symmetric-state-open', 'AES-128-CBC', key, options));
      const message = new Uint8Array(size).fill(7);
      const [[sealed]] = ok<readonly [Crypt]>(guest.call('batch-symmetric-state-encrypt', [[state, message]]));
      const opened = ok<readonly [Crypt]>(guest.call('batch-symmetric-state-decrypt', [[state, sealed]]));
      expect(opened).toEqual([[message, expect.objectContaining({ tag: 'success' })]]);
    }
  });

  it('encrypt with tags of their own, and a failed entry carries one that is inert', () => {
    const state = aeadState(made.guest);
    const [good, bad] = ok<readonly Sealed[]>(
      call('batch-symmetric-state-encrypt-detached', [
        [state, bytes('one')],
        [state, bytes('two')],
      ]),
    ) as [Sealed, Sealed];
    expect([good[0].length, good[2].tag, bad[0].length, bad[2].tag]).toEqual([3, 'success', 0, 'nonce-required']);
    for (const [name, ...args] of [['symmetric-tag-len'], ['symmetric-tag-verify', new Uint8Array(0)]] as const) {
      expect(errno(call(name, bad[1], ...args))).toBe('invalid-operation');
    }
    expect(errno(call('symmetric-tag-pull', bad[1]))).toBe('invalid-operation');
    expect(errno(call('symmetric-tag-len', bad[1]))).toBe('invalid-handle');
    const tag = ok<Uint8Array>(call('symmetric-tag-pull', good[1]));
    const opened = ok<readonly Crypt[]>(
      call('batch-symmetric-state-decrypt-detached', [
        [state, good[0], tag],
        [state, good[0], tag.subarray(1)],
      ]),
    );
    expect(opened.map(([out, { tag: status }]) => [Buffer.from(out).toString(), status])).toEqual([
      ['one', 'success'],
      ['', 'invalid-tag'],
    ]);
  });

  it('squeeze tags, one state twice as two calls', () => {
    const key = ok(call('symmetric-key-import', 'HMAC/SHA-256', bytes('key')));
    const state = ok(call('symmetric-state-open', 'HMAC/SHA-256', key, undefined));
    const results = ok<readonly (readonly [number, { readonly tag: string }])[]>(
      call('batch-symmetric-state-squeeze-tag', [state, state]),
    );
    expect(results.map(([, { tag }]) => tag)).toEqual(['success', 'success']);
    const [first, second] = results.map(([tag]) => ok<Uint8Array>(call('symmetric-tag-pull', tag)));
    expect(first).toEqual(second);
    const hashed = hash('x');
    const [[inert, { tag }]] = ok<readonly [readonly [number, { readonly tag: string }]]>(
      call('batch-symmetric-state-squeeze-tag', [hashed]),
    );
    expect(tag).toBe('invalid-operation');
    made.guest.drop('symmetric-tag', inert);
  });

  it('sign, with raw signatures as array outputs, and verify', () => {
    const pair = ok(call('keypair-generate', 'signatures', 'Ed25519', undefined));
    const states = ['one', 'two'].map((text) => {
      const state = ok(call('signature-state-open', pair));
      ok(call('signature-state-update', state, bytes(text)));
      return state;
    });
    const results = ok<readonly (readonly [number, { readonly tag: string }])[]>(
      call('batch-signature-state-sign', states),
    );
    expect(results.map(([, { tag }]) => tag)).toEqual(['success', 'success']);
    const signatures = results.map(([output]) =>
      ok(call('signature-import', 'Ed25519', ok(call('array-output-pull', output)), 'raw')),
    );
    const publickey = ok(call('keypair-publickey', pair));
    const verification = ok(call('signature-verification-state-open', publickey));
    ok(call('signature-verification-state-update', verification, bytes('one')));
    const verdicts = ok<readonly { readonly tag: string }[]>(
      call(
        'batch-signature-state-verify',
        signatures.map((signature) => [verification, signature]),
      ),
    );
    expect(verdicts.map(({ tag }) => tag)).toEqual(['success', 'verification-failed']);
  });

  it('of nothing give nothing', () => {
    for (const name of ['squeeze', 'squeeze-tag', 'encrypt', 'encrypt-detached', 'decrypt', 'decrypt-detached']) {
      expect(ok(call(`batch-symmetric-state-${name}`, []))).toEqual([]);
    }
    for (const name of ['sign', 'verify']) expect(ok(call(`batch-signature-state-${name}`, []))).toEqual([]);
  });

  it('of different algorithms run nothing', () => {
    const key = ok(call('symmetric-key-import', 'AES-128-GCM', new Uint8Array(16)));
    const options = ok(call('options-open', 'symmetric'));
    ok(call('options-set', options, 'nonce', new Uint8Array(12)));
    const other = ok(call('symmetric-state-open', 'AES-128-GCM', key, options));
    const state = aeadState(made.guest);
    expect(
      errno(
        call('batch-symmetric-state-encrypt', [
          [state, bytes('x')],
          [other, bytes('x')],
        ]),
      ),
    ).toBe('unsupported-feature');
    expect(errno(call('symmetric-state-encrypt', state, bytes('x')))).toBe('success');
  });

  it('with a handle that stands for nothing run nothing', () => {
    const state = aeadState(made.guest);
    expect(
      errno(
        call('batch-symmetric-state-encrypt', [
          [state, bytes('x')],
          [99, bytes('x')],
        ]),
      ),
    ).toBe('invalid-handle');
    expect(errno(call('symmetric-state-encrypt', state, bytes('x')))).toBe('success');
  });

  it('that would make more resources than there may be run nothing', async () => {
    const small = await fixture({ bindings }, { limits: { handles: 3 } });
    const state = aeadState(small.guest);
    const batch = [1, 2, 3].map(() => [state, bytes('x')]);
    expect(errno(small.guest.call('batch-symmetric-state-encrypt-detached', batch))).toBe('too-many-handles');
    expect(errno(small.guest.call('symmetric-state-encrypt', state, bytes('x')))).toBe('success');
  });

  it('that the budget has no room for run nothing, and their outputs are given back', async () => {
    const small = await fixture({ bindings }, { limits: { totalBytes: 20_000 } });
    const state = aeadState(small.guest);
    const { bytes: before } = small.crypto.usage();
    const batch = Array.from({ length: 100 }, () => [state, bytes('x')]);
    expect(errno(small.guest.call('batch-symmetric-state-encrypt-detached', batch))).toBe('overflow');
    expect(small.crypto.usage().bytes).toBe(before);
    // Of two results that are each small enough, the budget has room for one.
    const message = new Uint8Array(8000);
    const sealed = ok<readonly Crypt[]>(
      small.guest.call('batch-symmetric-state-encrypt', [
        [state, message],
        [aeadState(small.guest), message],
        [aeadState(small.guest), message],
      ]),
    );
    expect(sealed.map(([, { tag }]) => tag)).toEqual(['success', 'overflow', 'overflow']);
    small.crypto.close();
    expect(small.crypto.usage().bytes).toBe(0);
  });

  it('are one call: entries beyond what it may cost are not run', async () => {
    const small = await fixture({ bindings }, { limits: { callCost: 10_000 } });
    const states = [1, 2, 3].map(() => aeadState(small.guest));
    const sealed = ok<readonly Crypt[]>(
      small.guest.call(
        'batch-symmetric-state-encrypt',
        states.map((state) => [state, new Uint8Array(4000)]),
      ),
    );
    expect(sealed.map(([, { tag }]) => tag)).toEqual(['success', 'success', 'overflow']);
    expect(errno(small.guest.call('symmetric-state-encrypt', states[2], new Uint8Array(4000)))).toBe('success');
  });
});
