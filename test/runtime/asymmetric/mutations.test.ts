/**
 * Every bit of an encoded key counts: changed, it is no key any more, or another key whose encoding
 * is exactly what was given. The same with lengths cut short or drawn out.
 */
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import type { AsymmetricAlgorithm } from '../../../runtime/objects/asymmetric-keys.js';
import { hasSlowKeys, keyPairAlgorithms } from '../../registry.js';

/** `WASI_CRYPTO_EVERY_BIT=1`: all of them, of every encoding, which takes an hour. */
const most = process.env['WASI_CRYPTO_EVERY_BIT'] === '1' ? Infinity : 160;

/** Bits to change: in both ends, where formats say what follows, and spread over the rest. Imports of slow keys take milliseconds. */
function bitsOf({ keys }: AsymmetricAlgorithm, encoded: Uint8Array): readonly number[] {
  const all = encoded.length * 8;
  const budget = hasSlowKeys(keys) ? most / 2 : most;
  // Odd, so that it meets every place in a byte.
  const step = Math.max(1, Math.ceil(all / budget)) | 1;
  const ends = Math.min(all, budget / 8);
  return Array.from({ length: all }, (_, bit) => bit).filter(
    (bit) => bit % step === 0 || bit < ends || bit >= all - ends,
  );
}

interface Codec {
  readonly name: string;
  encode(a: Asymmetric, keypair: number): Uint8Array;
  /** Imports, exports again, and closes. */
  again(a: Asymmetric, id: string, bytes: Uint8Array): Uint8Array;
}

function publicCodec(encoding: Public): Codec {
  return {
    name: `public keys, encoding ${encoding}`,
    encode: (a, keypair) => a.publickeyExport(a.keypairPublickey(keypair), encoding),
    again(a, id, bytes) {
      const key = a.publickeyImport(id, bytes, encoding);
      const exported = a.publickeyExport(key, encoding);
      a.publickeyClose(key);
      return exported;
    },
  };
}

function pairCodec(encoding: Pair): Codec {
  return {
    name: `key pairs, encoding ${encoding}`,
    encode: (a, keypair) => a.keypairExport(keypair, encoding),
    again(a, id, bytes) {
      const key = a.keypairImport(id, bytes, encoding);
      const exported = a.keypairExport(key, encoding);
      a.keypairClose(key);
      return exported;
    },
  };
}

const codecs = [
  publicCodec(Public.Raw),
  publicCodec(Public.Pkcs8),
  publicCodec(Public.Sec),
  pairCodec(Pair.Raw),
  pairCodec(Pair.Pkcs8),
  pairCodec(Pair.Local),
];

for (const algorithm of keyPairAlgorithms) {
  const { id } = algorithm;
  describe(id, () => {
    for (const codec of codecs) {
      it(codec.name, () => {
        const a = new Asymmetric(new Guest());
        const keypair = a.keypairGenerate(id);
        let encoded: Uint8Array = new Uint8Array(0);
        if (errnoOf(() => (encoded = codec.encode(a, keypair))) === 'UnsupportedEncoding') return;
        expect(hexOf(codec.again(a, id, encoded))).toBe(hexOf(encoded));
        for (const bit of bitsOf(algorithm, encoded)) {
          const changed = encoded.slice();
          changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
          let exported: Uint8Array = changed;
          const errno = errnoOf(() => (exported = codec.again(a, id, changed)));
          if (errno !== 'InvalidKey' && errno !== 'Success') throw new Error(`bit ${bit}: ${errno}`);
          // RFC 7748, 5: the last bit of a public key of X25519 is masked.
          if (hexOf(exported) !== hexOf(changed))
            expect([id, bit % 256 === 255 || bit === encoded.length * 8 - 1]).toEqual(['X25519', true]);
        }
        for (const length of [0, 1, 2, encoded.length >> 1, encoded.length - 1]) {
          expect(errnoOf(() => codec.again(a, id, encoded.subarray(0, length)))).toBe('InvalidKey');
        }
        expect(errnoOf(() => codec.again(a, id, Uint8Array.from([...encoded, 0])))).toBe('InvalidKey');
      });
    }
  });
}

describe('signatures in DER', () => {
  it('changed in any bit, they are malformed or wrong, and well-formed ones come out as they went in', () => {
    const a = new Asymmetric(new Guest());
    const id = 'ECDSA_P256_SHA256';
    const keypair = a.keypairGenerate(id);
    const publicKey = a.keypairPublickey(keypair);
    const message = new Uint8Array(20);
    const der = a.signatureExport(a.signatureImport(id, a.signMessage(keypair, message), Form.Raw), Form.Der);
    a.verifyMessage(publicKey, id, message, der, Form.Der);
    for (let bit = 0; bit < der.length * 8; bit += 1) {
      const changed = der.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(['InvalidSignature', 'VerificationFailed']).toContain(
        errnoOf(() => a.verifyMessage(publicKey, id, message, changed, Form.Der)),
      );
      let exported: Uint8Array = changed;
      if (
        errnoOf(() => (exported = a.signatureExport(a.signatureImport(id, changed, Form.Der), Form.Der))) === 'Success'
      )
        expect(exported).toEqual(changed);
    }
  });
});
