/** Where the secrets of key pairs are, and that they are gone afterwards. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretkeyEncoding } from '../../../generated/0.10/typescript-host/types.js';
import { XWingSecret } from '../../../runtime/algorithms/key-exchange/x-wing.js';
import { mlKem768, nobleMlKem, type MlKem } from '../../../runtime/algorithms/key-exchange/ml-kem.js';
import { RuntimeContext } from '../../../runtime/context.js';
import { asymmetricCommonHost } from '../../../runtime/interfaces/asymmetric-common.js';
import { signaturesHost } from '../../../runtime/interfaces/signatures.js';
import { readOptions } from '../../../runtime/options.js';
import { Asymmetric, typeOf } from '../../guest/asymmetric.js';
import { Guest } from '../../guest/guest.js';
import { hexOf } from './probes.js';

const context = new RuntimeContext(readOptions({}));
const keys = asymmetricCommonHost(context);
const signatures = signaturesHost(context);
const ids = [
  'Ed25519',
  'ECDSA_P256_SHA256',
  'ECDSA_P384_SHA384',
  'ECDSA_K256_SHA256',
  'RSA_PKCS1_2048_SHA256',
  'X25519',
  'P256-SHA256',
  'X-WING',
];

function categoryOf(id: string): 'signatures' | 'key-exchange' {
  return typeOf(id) === 0 ? 'signatures' : 'key-exchange';
}

/** Everything that inspecting can show. */
function shown(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null });
}

function drained(output: { readonly length: number; pull(into: Uint8Array): number }): Uint8Array {
  const bytes = new Uint8Array(output.length);
  output.pull(bytes);
  return bytes;
}

describe('inspecting shows no secret', () => {
  for (const id of ids) {
    it(`of ${id}`, () => {
      const type = categoryOf(id);
      const pair = keys.keypairGenerate(type, id, undefined);
      const secretKey = keys.keypairSecretkey(pair);
      const exported = drained(keys.secretkeyExport(secretKey, id.startsWith('RSA') ? 'pkcs8' : 'raw'));
      // For RSA a piece of d, far from n and e.
      const piece = id.startsWith('RSA') ? exported.subarray(330, 346) : exported.subarray(8, 24);
      const objects: unknown[] = [pair, secretKey, pair.material, keys.keypairPublickey(pair)];
      if (type === 'signatures') {
        const state = signatures.signatureStateOpen(pair);
        state.update(piece);
        objects.push(state, signatures.signatureStateSign(state));
      }
      for (const object of objects) {
        const text = shown(object);
        for (const form of [
          hexOf(piece),
          [...piece.subarray(0, 5)].join(', '),
          [...piece.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
          Buffer.from(piece.subarray(0, 9)).toString('base64'),
          Buffer.from(piece.subarray(0, 9)).toString('base64url'),
        ]) {
          expect(text).not.toContain(form);
        }
      }
    });
  }
});

describe('wiping', () => {
  const recorded: Uint8Array[] = [];
  /** Watches the buffers that a computation asks for and must leave empty. */
  const watch = (calls: () => void): Uint8Array[] => {
    recorded.length = 0;
    const original = Buffer.from;
    const spy = (...args: unknown[]): unknown => {
      const made: unknown = Reflect.apply(original, Buffer, args);
      // Buffers over an ArrayBuffer that begin with a SEQUENCE are those that carry DER to OpenSSL.
      if (args[0] instanceof ArrayBuffer && made instanceof Uint8Array && made[0] === 0x30) recorded.push(made);
      return made;
    };
    Buffer.from = spy as typeof Buffer.from;
    try {
      calls();
    } finally {
      Buffer.from = original;
    }
    return [...recorded];
  };

  for (const id of ['Ed25519', 'X25519', 'ECDSA_P256_SHA256', 'RSA_PKCS1_2048_SHA256']) {
    it(`nothing is left of the DER that ${id} keys pass to OpenSSL in`, () => {
      const type = categoryOf(id);
      const encoded = drained(keys.keypairExport(keys.keypairGenerate(type, id, undefined), 'pkcs8'));
      const buffers = watch(() => void keys.keypairImport(type, id, encoded, 'pkcs8'));
      expect(buffers.length).toBeGreaterThan(0);
      for (const buffer of buffers) expect(buffer.every((byte) => byte === 0)).toBe(true);
    });
  }

  it('an X-Wing key goes with its last user', () => {
    const wiped: string[] = [];
    const noble = nobleMlKem(mlKem768);
    const kem: MlKem = {
      ...noble,
      secretFromSeed: (seed) => {
        const secret = noble.secretFromSeed(seed);
        return {
          ...secret,
          wipe: () => {
            wiped.push('ML-KEM');
            secret.wipe();
          },
        };
      },
    };
    const secret = new XWingSecret(kem, new Uint8Array(32).fill(9));
    secret.retain();
    secret.release();
    expect(wiped).toEqual([]);
    expect(secret.raw()).toEqual(new Uint8Array(32).fill(9));
    secret.release();
    expect(wiped).toEqual(['ML-KEM']);
    expect(secret.raw()).toEqual(new Uint8Array(32));
  });

  it('the secret of noble’s ML-KEM is zeros afterwards', () => {
    const made: Uint8Array[] = [];
    const noble = {
      ...mlKem768.noble,
      keygen: (seed?: Uint8Array) => {
        const pair = mlKem768.noble.keygen(seed);
        made.push(pair.secretKey);
        return pair;
      },
    };
    const secret = nobleMlKem({ ...mlKem768, noble }).secretFromSeed(new Uint8Array(64).fill(3));
    expect(made[0]?.some((byte) => byte !== 0)).toBe(true);
    secret.wipe();
    expect(made[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('a released key gives nothing out any more', () => {
    for (const id of ['Ed25519', 'ECDSA_P256_SHA256', 'RSA_PKCS1_2048_SHA256']) {
      const pair = keys.keypairGenerate('signatures', id, undefined);
      const { material } = pair;
      pair.release();
      expect(() => material.info()).toThrow();
    }
  });

  it('a key stays while a state or another handle uses it', () => {
    const pair = keys.keypairGenerate('signatures', 'Ed25519', undefined);
    const state = signatures.signatureStateOpen(pair);
    const secretKey = keys.keypairSecretkey(pair);
    pair.release();
    expect(secretKey.material.info().length).toBe(48);
    secretKey.release();
    expect(signatures.signatureStateSign(state).raw.length).toBe(64);
    const { material } = secretKey;
    state.release();
    expect(() => material.info()).toThrow();
  });
});

describe('guest memory', () => {
  it('holds no secret that was not exported', () => {
    const a = new Asymmetric(new Guest());
    const seeds = ['Ed25519', 'X25519', 'P256-SHA256', 'X-WING'].map((id) => {
      const pair = a.keypairGenerate(id);
      a.publickeyExport(a.keypairPublickey(pair), 1);
      if (typeOf(id) === 0) a.signMessage(pair, new Uint8Array(10));
      return [id, pair] as const;
    });
    const memory = Buffer.from(a.guest.memory.buffer).toString('latin1');
    for (const [, pair] of seeds) {
      const exported = a.secretkeyExport(a.keypairSecretkey(pair), SecretkeyEncoding.Raw);
      expect(memory.includes(Buffer.from(exported).toString('latin1'))).toBe(false);
    }
  });
});
