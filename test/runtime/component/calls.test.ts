/** wasi-crypto 0.11 as components call it, on both paths. */
import { createHash, createHmac, hkdfSync, createDecipheriv } from 'node:crypto';
import { cshake256 } from '@noble/hashes/sha3-addons.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import { aeadState, bytes, errno, fixture, ok, paths, type Fixture } from './guest.js';

describe.each(paths)('a component, %s', (bindings) => {
  let made: Fixture;
  let call: (name: string, ...args: readonly unknown[]) => unknown;

  beforeEach(async () => {
    made = await fixture({ bindings });
    call = (name, ...args) => made.guest.call(name, ...args);
  });

  it('hashes, and squeezes the natural output', () => {
    for (const [id, node] of [
      ['SHA-256', 'sha256'],
      ['sha-384', 'sha384'],
      ['SHA-512', 'sha512'],
      ['SHA-512/256', 'sha512-256'],
    ] as const) {
      const state = ok(call('symmetric-state-open', id, undefined, undefined));
      ok(call('symmetric-state-absorb', state, bytes('ab')));
      const copy = ok(call('symmetric-state-clone', state));
      ok(call('symmetric-state-absorb', state, bytes('c')));
      expect(hexOf(ok(call('symmetric-state-squeeze', state)))).toBe(createHash(node).update('abc').digest('hex'));
      expect(hexOf(ok(call('symmetric-state-squeeze', copy)))).toBe(createHash(node).update('ab').digest('hex'));
      expect(errno(call('symmetric-state-close', state))).toBe('success');
    }
  });

  it('squeezes a stream piece by piece, each of its natural size or of output_len bytes', () => {
    const whole = cshake256(bytes('abc'), { personalization: bytes('for this'), dkLen: 128 });
    for (const length of [undefined, 10n]) {
      const set = ok(call('options-open', 'symmetric'));
      ok(call('options-set', set, 'context', bytes('for this')));
      if (length !== undefined) ok(call('options-set-u64', set, 'output_len', length));
      const state = ok(call('symmetric-state-open', 'CSHAKE-256', undefined, set));
      ok(call('symmetric-state-absorb', state, bytes('abc')));
      const size = Number(length ?? 64n);
      for (const start of [0, size])
        expect(hexOf(ok(call('symmetric-state-squeeze', state)))).toBe(hexOf(whole.subarray(start, start + size)));
      expect(errno(call('symmetric-state-absorb', state, bytes('d')))).toBe('invalid-operation');
    }
  });

  it('authenticates, and verifies and pulls tags', () => {
    const key = ok(call('symmetric-key-import', 'HMAC/SHA-256', bytes('key')));
    const state = ok(call('symmetric-state-open', 'HMAC/SHA-256', key, undefined));
    ok(call('symmetric-state-absorb', state, bytes('message')));
    const expected = createHmac('sha256', 'key').update('message').digest();
    const tag = ok(call('symmetric-state-squeeze-tag', state));
    expect(ok(call('symmetric-tag-len', tag))).toBe(32);
    expect(errno(call('symmetric-tag-verify', tag, expected))).toBe('success');
    expect(errno(call('symmetric-tag-verify', tag, expected.subarray(1)))).toBe('invalid-tag');
    expect(hexOf(ok(call('symmetric-tag-pull', tag)))).toBe(expected.toString('hex'));
    expect(errno(call('symmetric-tag-len', tag))).toBe('invalid-handle');
    expect(errno(call('symmetric-state-squeeze', state))).toBe('invalid-operation');
  });

  it('derives keys in two steps', () => {
    const key = ok(call('symmetric-key-import', 'HKDF-EXTRACT/SHA-512', bytes('input')));
    const extract = ok(call('symmetric-state-open', 'HKDF-EXTRACT/SHA-512', key, undefined));
    ok(call('symmetric-state-absorb', extract, bytes('salt')));
    const prk = ok(call('symmetric-state-squeeze-key', extract, 'HKDF-EXPAND/SHA-512'));
    const expand = ok(call('symmetric-state-open', 'HKDF-EXPAND/SHA-512', prk, undefined));
    ok(call('symmetric-state-absorb', expand, bytes('info')));
    expect(hexOf(ok(call('symmetric-state-squeeze', expand)))).toBe(
      Buffer.from(hkdfSync('sha512', 'input', 'salt', 'info', 64)).toString('hex'),
    );
  });

  it('encrypts and decrypts, combined and detached', () => {
    const message = bytes('attack at dawn');
    const state = aeadState(made.guest);
    expect(ok(call('symmetric-state-max-tag-len', state))).toBe(16);
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', state, message));
    const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12)).setAuthTag(
      sealed.subarray(-16),
    );
    expect(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString()).toBe(
      'attack at dawn',
    );
    expect(ok(call('symmetric-state-decrypt', state, sealed, message.length))).toEqual(message);
    expect(errno(call('symmetric-state-encrypt', state, message))).toBe('nonce-required');
    const other = aeadState(made.guest);
    const [ciphertext, tag] = ok<[Uint8Array, number]>(call('symmetric-state-encrypt-detached', other, message));
    const raw = ok<Uint8Array>(call('symmetric-tag-pull', tag));
    expect(Buffer.concat([ciphertext, raw])).toEqual(Buffer.from(sealed));
    expect(ok(call('symmetric-state-decrypt-detached', other, ciphertext, raw))).toEqual(message);
    expect(errno(call('symmetric-state-decrypt-detached', other, ciphertext, raw.subarray(1)))).toBe('invalid-tag');
  });

  it('takes exactly one length for a decrypted message', () => {
    const state = aeadState(made.guest);
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', state, bytes('four')));
    expect(errno(call('symmetric-state-decrypt', state, sealed, 3))).toBe('overflow');
    expect(errno(call('symmetric-state-decrypt', state, sealed, 5))).toBe('invalid-length');
    expect(errno(call('symmetric-state-decrypt', state, sealed, 0xffff_ffff))).toBe('invalid-length');
    expect(errno(call('symmetric-state-decrypt', state, sealed.subarray(0, 15), 0xffff_ffff))).toBe('invalid-tag');
    expect(ok(call('symmetric-state-decrypt', state, sealed, 4))).toEqual(bytes('four'));
  });

  it('reads options back, of any size', () => {
    const state = aeadState(
      made.guest,
      Uint8Array.from({ length: 12 }, (_, index) => index),
    );
    expect(ok(call('symmetric-state-options-get', state, 'NONCE'))).toEqual(
      Uint8Array.from({ length: 12 }, (_, index) => index),
    );
    expect(errno(call('symmetric-state-options-get', state, 'salt'))).toBe('unsupported-option');
    expect(errno(call('symmetric-state-options-get-u64', state, 'parallelism'))).toBe('option-not-set');
    const options = ok(call('options-open', 'symmetric'));
    ok(call('options-set-u64', options, 'parallelism', 2n ** 64n - 1n));
    const hash = ok(call('symmetric-state-open', 'SHA-256', undefined, options));
    expect(ok(call('symmetric-state-options-get-u64', hash, 'threads'))).toBe(2n ** 64n - 1n);
    expect(errno(call('options-set-guest-buffer', options, 'buffer', new Uint8Array(3)))).toBe('success');
    expect(errno(call('options-set-guest-buffer', options, 'nonce', new Uint8Array(3)))).toBe('unsupported-option');
    expect(errno(call('options-close', options))).toBe('success');
  });

  it('signs, exports and verifies', () => {
    const pair = ok(call('keypair-generate', 'signatures', 'Ed25519', undefined));
    const state = ok(call('signature-state-open', pair));
    ok(call('signature-state-update', state, bytes('message')));
    const signature = ok(call('signature-state-sign', state));
    const output = ok(call('signature-export', signature, 'raw'));
    expect(ok(call('array-output-len', output))).toBe(64);
    const encoded = ok<Uint8Array>(call('array-output-pull', output));
    expect(encoded).toHaveLength(64);
    const again = ok(call('signature-import', 'Ed25519', encoded, 'raw'));
    const publickey = ok(call('keypair-publickey', pair));
    expect(errno(call('publickey-verify', publickey))).toBe('success');
    const verification = ok(call('signature-verification-state-open', publickey));
    expect(errno(call('signature-verification-state-verify', verification, again))).toBe('verification-failed');
    ok(call('signature-verification-state-update', verification, bytes('message')));
    expect(errno(call('signature-verification-state-verify', verification, again))).toBe('success');
    expect(errno(call('signature-export', signature, 'der'))).toBe('unsupported-encoding');
    for (const [kind, handle] of [
      ['signature-state', state],
      ['signature-verification-state', verification],
      ['signature', signature],
      ['keypair', pair],
      ['publickey', publickey],
    ] as const) {
      expect(errno(call(`${kind}-close`, handle))).toBe('success');
    }
  });

  it('exports and imports keys in every encoding that both revisions have', () => {
    const pair = ok(call('keypair-generate', 'signatures', 'ECDSA_P256_SHA256', undefined));
    const publickey = ok(call('keypair-publickey', pair));
    const secretkey = ok(call('keypair-secretkey', pair));
    for (const encoding of ['raw', 'pkcs8', 'pem', 'local']) {
      const encoded = ok<Uint8Array>(call('array-output-pull', ok(call('keypair-export', pair, encoding))));
      expect(errno(call('keypair-import', 'signatures', 'ECDSA_P256_SHA256', encoded, encoding))).toBe('success');
    }
    for (const encoding of ['raw', 'pkcs8', 'pem', 'sec', 'local']) {
      const publicBytes = ok<Uint8Array>(call('array-output-pull', ok(call('publickey-export', publickey, encoding))));
      expect(errno(call('publickey-import', 'signatures', 'ECDSA_P256_SHA256', publicBytes, encoding))).toBe('success');
      const secretBytes = ok<Uint8Array>(call('array-output-pull', ok(call('secretkey-export', secretkey, encoding))));
      const imported = ok(call('secretkey-import', 'signatures', 'ECDSA_P256_SHA256', secretBytes, encoding));
      const derived = ok(call('publickey-from-secretkey', imported));
      expect(errno(call('keypair-from-pk-and-sk', derived, secretkey))).toBe('success');
    }
    expect(errno(call('keypair-import', 'key-exchange', 'ECDSA_P256_SHA256', new Uint8Array(32), 'raw'))).toBe(
      'unsupported-algorithm',
    );
    expect(errno(call('keypair-generate', 'symmetric', 'Ed25519', undefined))).toBe('invalid-operation');
  });

  it('agrees on secrets, and gives two results at once', () => {
    const [alice, bob] = ['a', 'b'].map(() => ok(call('keypair-generate', 'key-exchange', 'X25519', undefined))) as [
      number,
      number,
    ];
    const secret = (own: number, other: number): string =>
      hexOf(
        ok(
          call(
            'array-output-pull',
            ok(call('kx-dh', ok(call('keypair-publickey', other)), ok(call('keypair-secretkey', own)))),
          ),
        ),
      );
    expect(secret(alice, bob)).toBe(secret(bob, alice));
    const kem = ok(call('keypair-generate', 'key-exchange', 'X-Wing', undefined));
    const [shared, encapsulated] = ok<[number, number]>(call('kx-encapsulate', ok(call('keypair-publickey', kem))));
    const wire = ok<Uint8Array>(call('array-output-pull', encapsulated));
    const opened = ok(call('kx-decapsulate', ok(call('keypair-secretkey', kem)), wire));
    expect(ok(call('array-output-pull', opened))).toEqual(ok(call('array-output-pull', shared)));
    expect(errno(call('kx-encapsulate', ok(call('keypair-publickey', alice))))).toBe('invalid-operation');
  });

  it('has no secrets manager, and says so', () => {
    expect(errno(call('secrets-manager-open', undefined))).toBe('unsupported-feature');
    const key = ok(call('symmetric-key-generate', 'AES-256-GCM', undefined));
    expect(errno(call('symmetric-key-id', key))).toBe('unsupported-feature');
    const pair = ok(call('keypair-generate', 'signatures', 'Ed25519', undefined));
    expect(errno(call('keypair-id', pair))).toBe('unsupported-feature');
  });

  it('tells every kind of mistake from the others', () => {
    const key = ok(call('symmetric-key-generate', 'HMAC/SHA-256', undefined));
    const signatureOptions = ok(call('options-open', 'signatures'));
    const output = ok(call('symmetric-key-export', key));
    const mistakes: readonly (readonly [string, string, ...unknown[]])[] = [
      ['unsupported-algorithm', 'symmetric-state-open', 'MD5', undefined, undefined],
      ['key-required', 'symmetric-state-open', 'HMAC/SHA-256', undefined, undefined],
      ['key-not-supported', 'symmetric-state-open', 'SHA-256', key, undefined],
      ['invalid-key', 'symmetric-state-open', 'HMAC/SHA-512', key, undefined],
      ['unsupported-option', 'symmetric-state-open', 'SHA-256', undefined, signatureOptions],
      ['unsupported-feature', 'symmetric-key-generate', 'SHA-256', undefined],
      ['key-not-supported', 'symmetric-key-import', 'SHA-256', new Uint8Array(1)],
      ['invalid-key', 'symmetric-key-import', 'AES-128-GCM', new Uint8Array(15)],
      [
        'nonce-required',
        'symmetric-state-open',
        'AES-128-GCM',
        ok(call('symmetric-key-generate', 'AES-128-GCM', undefined)),
        undefined,
      ],
      ['invalid-signature', 'signature-import', 'Ed25519', new Uint8Array(63), 'raw'],
      ['invalid-handle', 'array-output-len', output + 100],
    ];
    for (const [expected, name, ...args] of mistakes)
      expect([name, errno(call(name, ...args))]).toEqual([name, expected]);
    expect(made.reported).toEqual([]);
  });

  it('obeys the limits of its host', async () => {
    const small = await fixture(
      { bindings },
      {
        limits: { handles: 2, optionBytes: 4 },
        policy: { keyExport: 'never', algorithms: ['SHA-256', 'HMAC/SHA-256'] },
      },
    );
    const options = ok(small.guest.call('options-open', 'symmetric'));
    expect(errno(small.guest.call('options-set', options, 'nonce', new Uint8Array(5)))).toBe('overflow');
    expect(errno(small.guest.call('symmetric-state-open', 'SHA-512', undefined, undefined))).toBe(
      'prohibited-operation',
    );
    const key = ok(small.guest.call('symmetric-key-generate', 'HMAC/SHA-256', undefined));
    expect(errno(small.guest.call('symmetric-state-open', 'SHA-256', undefined, undefined))).toBe('too-many-handles');
    small.guest.drop('options', options);
    expect(errno(small.guest.call('symmetric-key-export', key))).toBe('prohibited-operation');
  });

  it('finds nothing any more once its host is closed', () => {
    const state = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    made.crypto.close();
    expect(errno(call('symmetric-state-squeeze', state))).toBe('invalid-handle');
    expect(errno(call('options-open', 'symmetric'))).toBe('invalid-handle');
    made.guest.drop('symmetric-state', state);
  });

  it('calls its host from an export of its own', () => {
    const squeezed = made.guest.run(() => {
      const state = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
      const output = ok<Uint8Array>(call('symmetric-state-squeeze', state));
      made.guest.drop('symmetric-state', state);
      return output;
    });
    expect(hexOf(squeezed)).toBe(createHash('sha256').digest('hex'));
    expect(() => made.guest.run(() => made.guest.drop('symmetric-state', 1))).toThrow(WebAssembly.RuntimeError);
  });

  it('does the same with text in UTF-16', async () => {
    const { guest } = await fixture({ bindings, stringEncoding: 'utf16' });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(hexOf(ok(guest.call('symmetric-state-squeeze', state)))).toBe(createHash('sha256').digest('hex'));
    expect(errno(guest.call('symmetric-state-open', 'ſHA-256', undefined, undefined))).toBe('unsupported-algorithm');
    expect(errno(guest.call('symmetric-state-options-get', state, ''))).toBe('unsupported-option');
  });
});
