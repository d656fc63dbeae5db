/** Making, connecting and closing a host; policy, limits and the capability report. */
import { describe, expect, it } from 'vitest';
import { ConfigurationError, createWasiCrypto, HostUsageError, type WasiCryptoOptions } from '../../runtime/index.js';
import { errnoName, errnoOf, Guest, newMemory } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe('options of createWasiCrypto', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['unknown-option', { polcy: {} }],
    ['unknown-option', { policy: { algoritms: [] } }],
    ['unknown-option', { limits: { handels: 1 } }],
    ['unknown-profile', { policy: { profile: 'FIPS' } }],
    ['unknown-algorithm', { policy: { algorithms: ['SHA-257'] } }],
    ['unknown-algorithm', { policy: { algorithms: [7] } }],
    ['invalid-option', { policy: { algorithms: 'SHA-256' } }],
    ['invalid-option', { policy: { keyExport: 'always' } }],
    ['invalid-option', { policy: { rsaMinimumBits: '2048' } }],
    ['invalid-option', { policy: { unauthenticatedCiphers: 1 } }],
    ['invalid-option', { policy: { requireProvider: 'yes' } }],
    ['invalid-option', { policy: { requireProvider: null } }],
    ['invalid-option', { policy: null }],
    ['invalid-option', { keyGeneration: null }],
    ['invalid-option', { onEvent: 'console' }],
    ['invalid-option', { limits: { callCost: null } }],
    ['invalid-option', { limits: { handles: -1 } }],
    ['invalid-option', { limits: { handles: 2 ** 20 + 1 } }],
    ['invalid-option', { limits: { messageBytes: 1.5 } }],
    ['invalid-option', { random: 'dice' }],
    ['invalid-option', { clock: 0 }],
    ['invalid-option', { onError: {} }],
  ];
  for (const [code, options] of wrong) {
    it(`${JSON.stringify(options)}: ${code}`, () => {
      let thrown: unknown;
      try {
        createWasiCrypto(options as WasiCryptoOptions);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(ConfigurationError);
      expect((thrown as ConfigurationError).code).toBe(code);
    });
  }

  it('undefined is the default', () => {
    expect(() =>
      createWasiCrypto({ policy: undefined, limits: { handles: undefined }, random: undefined }),
    ).not.toThrow();
  });
});

describe('attach', () => {
  const code = (action: () => unknown): string => {
    try {
      action();
      return 'none';
    } catch (error) {
      if (error instanceof HostUsageError) return error.code;
      throw error;
    }
  };

  it('a call before attach is a host error with instructions', () => {
    const host = createWasiCrypto();
    expect(code(() => host.imports.wasi_ephemeral_crypto_common.options_open(1, 64))).toBe('not-attached');
  });

  it('takes an instance or a memory, once', () => {
    const memory = newMemory({ initial: 1 });
    const host = createWasiCrypto();
    host.attach({ exports: { memory } });
    host.attach(memory);
    expect(host.imports.wasi_ephemeral_crypto_common.options_open(1, 64)).toBe(0);
    expect(code(() => host.attach(newMemory({ initial: 1 })))).toBe('already-attached');
  });

  it('refuses what has no memory', () => {
    const host = createWasiCrypto();
    expect(code(() => host.attach({ exports: {} }))).toBe('no-memory');
    expect(code(() => host.attach({ exports: { memory: 7 } }))).toBe('no-memory');
  });

  it('takes what WebAssembly.instantiate gives for bytes', () => {
    const memory = newMemory({ initial: 1 });
    const host = createWasiCrypto();
    host.attach({ instance: { exports: { memory } } });
    expect(host.imports.wasi_ephemeral_crypto_common.options_open(1, 64)).toBe(0);
  });

  it.each<readonly [string, never, RegExp]>([
    ['a promise', Promise.resolve({ exports: {} }) as never, /got a promise: await it$/],
    ['an instance without memory', { exports: {} } as never, /got an instance without one/],
    ['something else', {} as never, /got something else \(Object\)$/],
  ])('says what it got in place of memory: %s', (_, target, message) => {
    expect(() => createWasiCrypto().attach(target)).toThrow(message);
  });
});

describe('imports', () => {
  it('have the misspelt name of 0.9 too', () => {
    const { imports } = createWasiCrypto();
    expect(imports.wasi_ephemeral_crypto_exernal_secrets).toBe(imports.wasi_ephemeral_crypto_external_secrets);
  });

  it('can be replaced, each module', () => {
    const { imports } = createWasiCrypto();
    for (const name of Object.keys(imports)) {
      const mine = {};
      expect(Reflect.get(Object.assign(imports, { [name]: mine }), name), name).toBe(mine);
    }
  });

  it('functions that need a secrets manager answer unsupported_feature', () => {
    const { guest } = new Symmetric(new Guest());
    const none = guest.optional(undefined);
    const name = guest.text('AES-256-GCM');
    const bytes = [guest.alloc(32), 32] as const;
    const result = guest.alloc(16);
    // No handle needs to be a good one: whether the function is there comes first.
    const calls: Readonly<Record<string, readonly (number | bigint)[]>> = {
      secrets_manager_open: [none, result],
      secrets_manager_close: [0],
      secrets_manager_invalidate: [0, ...bytes, 1n],
      symmetric_key_generate_managed: [0, ...name, none, result],
      symmetric_key_store_managed: [0, 0, ...bytes],
      symmetric_key_replace_managed: [0, 0, 0, result],
      symmetric_key_id: [0, ...bytes, result, result + 8],
      symmetric_key_from_id: [0, ...bytes, 1n, result],
      keypair_generate_managed: [0, 0, ...name, none, result],
      keypair_store_managed: [0, 0, ...bytes],
      keypair_replace_managed: [0, 0, 0, result],
      keypair_id: [0, ...bytes, result, result + 8],
      keypair_from_id: [0, ...bytes, 1n, result],
      external_secret_store: [0, ...bytes, 1n, ...bytes],
      external_secret_replace: [0, ...bytes, 1n, ...bytes, result],
      external_secret_from_id: [0, ...bytes, 1n, result],
      external_secret_invalidate: [0, ...bytes, 1n],
      external_secret_encapsulate: [0, ...bytes, 1n, result],
      external_secret_decapsulate: [0, ...bytes, result],
    };
    for (const [func, args] of Object.entries(calls)) {
      expect(`${func}: ${errnoName(guest.raw(func, ...args))}`).toBe(`${func}: UnsupportedFeature`);
    }
  });

  it('batch functions answer not_implemented', () => {
    const { guest } = new Symmetric(new Guest());
    for (const func of [
      'batch_symmetric_state_squeeze',
      'batch_symmetric_state_encrypt',
      'batch_signature_state_sign',
      'batch_signature_state_verify',
    ]) {
      expect(errnoName(guest.raw(func, 0, 0, 0))).toBe('NotImplemented');
    }
  });
});

describe('close', () => {
  it('leaves nothing usable, and nothing can be made', () => {
    const s = new Symmetric(new Guest());
    const state = s.open('SHA-256');
    const key = s.keyGenerate('HMAC/SHA-256');
    s.guest.host.close();
    for (const calls of [
      () => s.absorb(state, pattern(1)),
      () => s.keyExport(key),
      () => s.open('SHA-256'),
      () => s.keyGenerate('AES-128-GCM'),
      () => s.keyImport('AES-128-GCM', pattern(16)),
      () => s.common.optionsOpen(),
    ]) {
      expect(errnoOf(calls)).toBe('InvalidHandle');
    }
    s.guest.host.close();
  });

  it('is what leaving a `using` block does', () => {
    const host = createWasiCrypto();
    host.attach(newMemory({ initial: 1 }));
    host[Symbol.dispose]();
    expect(errnoName(host.imports.wasi_ephemeral_crypto_common.options_open(1, 64))).toBe('InvalidHandle');
  });
});

describe('policy', () => {
  const errnos = (options: WasiCryptoOptions, ...ids: readonly string[]): readonly string[] => {
    const s = new Symmetric(new Guest(options));
    return ids.map((id) => errnoOf(() => s.keyGenerate(id)));
  };

  it('a list of algorithms refuses all others', () => {
    const options = { policy: { algorithms: ['hmac/sha-256', 'AES-256-GCM'] } };
    expect(errnos(options, 'HMAC/SHA-256', 'AES-256-GCM', 'AES-128-GCM', 'nonsense')).toEqual([
      'Success',
      'Success',
      'ProhibitedOperation',
      'UnsupportedAlgorithm',
    ]);
  });

  it('an empty list refuses everything', () => {
    expect(errnos({ policy: { algorithms: [] } }, 'HMAC/SHA-256')).toEqual(['ProhibitedOperation']);
  });

  it('the profile fips refuses what is not approved', () => {
    expect(errnos({ policy: { profile: 'fips' } }, 'CHACHA20-POLY1305', 'AES-128-GCM')).toEqual([
      'ProhibitedOperation',
      'Success',
    ]);
  });

  it('a refused id of another category is unsupported there', () => {
    const s = new Symmetric(new Guest({ policy: { algorithms: [] } }));
    expect(errnoOf(() => s.open('Ed25519'))).toBe('UnsupportedAlgorithm');
  });

  it('export can be refused', () => {
    const s = new Symmetric(new Guest({ policy: { keyExport: 'never' } }));
    const key = s.keyGenerate('HKDF-EXTRACT/SHA-256');
    expect(errnoOf(() => s.keyExport(key))).toBe('ProhibitedOperation');
    const derived = s.squeezeKey(s.open('HKDF-EXTRACT/SHA-256', key), 'HKDF-EXPAND/SHA-256');
    expect(errnoOf(() => s.keyExport(derived))).toBe('ProhibitedOperation');
  });
});

describe('capabilities', () => {
  const report = createWasiCrypto().capabilities();

  it('list every id of the proposal once', () => {
    const ids = report.algorithms.map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    const count = (tier: string): number => report.algorithms.filter((each) => each.tier === tier).length;
    expect([count('required'), count('recommended')]).toEqual([14, 18]);
  });

  it('name the backend of what is supported and the reason for what is not', () => {
    for (const each of report.algorithms) {
      if (each.supported) expect([each.id, each.backend, each.constantTime]).not.toContain(undefined);
      else expect(each.reason).toBeTruthy();
    }
    const symmetric = report.algorithms.filter((each) => each.category === 'symmetric' && each.tier === 'required');
    expect(symmetric.every((each) => each.supported)).toBe(true);
    expect(report.openssl).toBe(process.versions['openssl']);
  });

  it('follow the policy', () => {
    const { algorithms } = createWasiCrypto({ policy: { algorithms: ['SHA-256'] } }).capabilities();
    expect(algorithms.filter((each) => each.supported).map((each) => each.id)).toEqual(['SHA-256']);
    expect(algorithms.find((each) => each.id === 'SHA-512')?.reason).toContain('not in the list of allowed algorithms');
  });
});
