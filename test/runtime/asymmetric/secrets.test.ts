/** Where the secrets of key pairs are, and that they are gone afterwards. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import { SecretkeyEncoding } from '../../../generated/0.10/typescript-host/types.js';
import { XWingSecret } from '../../../runtime/algorithms/key-exchange/x-wing.js';
import { mlKem768, nobleMlKem, type MlKem } from '../../../runtime/algorithms/key-exchange/ml-kem.js';
import { nativeLibrary, nativeObjection } from '../../../runtime/backends/native/library.js';
import { RuntimeContext } from '../../../runtime/context.js';
import { DerReader, Tag } from '../../../runtime/encodings/der.js';
import { fail } from '../../../runtime/failures.js';
import { asymmetricCommonHost } from '../../../runtime/interfaces/asymmetric-common.js';
import { signaturesHost } from '../../../runtime/interfaces/signatures.js';
import { readOptions } from '../../../runtime/options.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { Guest } from '../../guest/guest.js';
import { keyPairAlgorithms } from '../../registry.js';

const context = new RuntimeContext(readOptions({}));
const keys = asymmetricCommonHost(context);
const signatures = signaturesHost(context);
/** Keys pass to `node:crypto` as DER, and to the native library as they are. */
const byNode = asymmetricCommonHost(new RuntimeContext(readOptions({ native: 'off' })));

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
  for (const { id, category, keys: family } of keyPairAlgorithms) {
    it(`of ${id}`, () => {
      const isRaw = family.secretFromRaw !== undefined;
      const pair = keys.keypairGenerate(category, id, undefined);
      const secretKey = keys.keypairSecretkey(pair);
      const exported = drained(keys.secretkeyExport(secretKey, isRaw ? 'raw' : 'pkcs8'));
      // For RSA a piece of d, far from n and e.
      const piece = isRaw ? exported.subarray(8, 24) : exported.subarray(420, 436);
      const objects: unknown[] = [pair, secretKey, pair.material, keys.keypairPublickey(pair)];
      if (category === 'signatures') {
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

/** Whether bytes are one SEQUENCE in DER, from end to end: a signature of RSA can begin like one. */
function isSequence(bytes: Uint8Array): boolean {
  try {
    const reader = new DerReader(bytes, fail.InvalidKey);
    reader.read(Tag.Sequence);
    reader.end();
    return true;
  } catch {
    return false;
  }
}

describe('wiping', () => {
  const recorded: Uint8Array[] = [];
  /** Watches the buffers that a computation asks for and must leave empty. */
  const watch = (calls: () => void): Uint8Array[] => {
    recorded.length = 0;
    const original = Buffer.from;
    const spy = (...args: unknown[]): unknown => {
      const made: unknown = Reflect.apply(original, Buffer, args);
      // Buffers over an ArrayBuffer that are a SEQUENCE are those that carry DER to OpenSSL; signatures are others.
      if (args[0] instanceof ArrayBuffer && made instanceof Uint8Array && isSequence(made)) recorded.push(made);
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

  for (const { id, category } of keyPairAlgorithms) {
    it(`nothing is left of the DER that ${id} keys pass to OpenSSL in`, () => {
      const pair = byNode.keypairGenerate(category, id, undefined);
      const encoded = drained(byNode.keypairExport(pair, 'pkcs8'));
      const buffers = watch(() => void byNode.keypairImport(category, id, encoded, 'pkcs8'));
      if ('held' in pair.material) expect(buffers.length).toBeGreaterThan(0);
      for (const buffer of buffers) expect(buffer.every((byte) => byte === 0)).toBe(true);
    });
  }

  it.skipIf(nativeObjection() !== undefined)('nor of the DER of an RSA key that passes to the native library', () => {
    const library = nativeLibrary();
    const pair = keys.keypairGenerate('signatures', 'RSA_PSS_2048_SHA256', undefined);
    const encoded = drained(keys.keypairExport(pair, 'pkcs8'));
    const passed: Uint8Array[] = [];
    const { keySecret } = library;
    library.keySecret = (type, bytes, point) => {
      passed.push(bytes);
      return keySecret(type, bytes, point);
    };
    try {
      keys.keypairImport('signatures', 'RSA_PSS_2048_SHA256', encoded, 'pkcs8');
    } finally {
      library.keySecret = keySecret;
    }
    expect(passed).toHaveLength(3);
    for (const buffer of passed) expect(buffer.every((byte) => byte === 0)).toBe(true);
  });

  it('an X-Wing key goes with its last user', () => {
    const wiped: string[] = [];
    const noble = nobleMlKem(mlKem768);
    const kem: MlKem = {
      ...noble,
      secretFrom: (key) => {
        const secret = noble.secretFrom(key);
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
    const noble = mlKem768.noble();
    const recording = {
      ...noble,
      keygen: (seed?: Uint8Array) => {
        const pair = noble.keygen(seed);
        made.push(pair.secretKey);
        return pair;
      },
    };
    const secret = nobleMlKem({ ...mlKem768, noble: () => recording }).secretFrom({
      seed: new Uint8Array(64).fill(3),
    });
    expect(made[0]?.some((byte) => byte !== 0)).toBe(true);
    secret.wipe();
    expect(made[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('a released key gives nothing out any more', () => {
    for (const { id, category } of keyPairAlgorithms) {
      const pair = keys.keypairGenerate(category, id, undefined);
      const { material } = pair;
      const before = material.info();
      pair.release();
      if ('held' in material) expect(() => material.info()).toThrow();
      // Bytes of ours are zeros by then.
      else expect(material.info()).not.toEqual(before);
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
    const pairs = keyPairAlgorithms
      .filter((each) => each.keys.secretFromRaw !== undefined)
      .map(({ id, category }) => {
        const pair = a.keypairGenerate(id);
        a.publickeyExport(a.keypairPublickey(pair), 1);
        if (category === 'signatures') a.signMessage(pair, new Uint8Array(10));
        return pair;
      });
    expect(pairs.length).toBeGreaterThanOrEqual(4);
    const memory = Buffer.from(a.guest.memory.buffer).toString('latin1');
    for (const pair of pairs) {
      const exported = a.secretkeyExport(a.keypairSecretkey(pair), SecretkeyEncoding.Raw);
      expect(memory.includes(Buffer.from(exported).toString('latin1'))).toBe(false);
    }
  });
});
