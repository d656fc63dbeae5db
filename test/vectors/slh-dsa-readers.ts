/** A reader for vectors of SLH-DSA. This host signs hedged, so that a listed signature is one to verify. */
import { bytesOf } from '../hex.js';
import { KeypairEncoding, PublickeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { idsOf, supportedEntries } from '../registry.js';
import { asymmetricGuest } from './guests.js';
import { requireFailure, requireSame, type VectorReader } from './suite.js';

const guest = asymmetricGuest();
/** Not everywhere there is one whose hash is slow. */
const supported = new Set(idsOf(supportedEntries));

interface SlhDsaTest {
  readonly alg: string;
  readonly pkcs8: string;
  readonly spki: string;
  readonly secretKey: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

/** Every encoding of the key, in and out; the signature, also changed in its front, middle and end, and over another message. */
export const slhDsa: VectorReader = (data) =>
  (data as { readonly cases: readonly SlhDsaTest[] }).cases
    .filter(({ alg }) => supported.has(alg))
    .map((test, number) => ({
      number,
      algorithm: test.alg,
      run() {
        const { alg, publicKey, spki, secretKey, pkcs8 } = test;
        for (const [encoding, key] of [
          [KeypairEncoding.Raw, secretKey],
          [KeypairEncoding.Pkcs8, pkcs8],
        ] as const) {
          const pair = guest.keypairImport(alg, bytesOf(key), encoding);
          requireSame(guest.keypairExport(pair, KeypairEncoding.Raw), secretKey, 'secret key');
          requireSame(guest.keypairExport(pair, KeypairEncoding.Pkcs8), pkcs8, 'PKCS#8');
          requireSame(
            guest.publickeyExport(guest.keypairPublickey(pair), PublickeyEncoding.Pkcs8),
            spki,
            'public half',
          );
          guest.keypairClose(pair);
        }
        const [message, signature] = [bytesOf(test.message), bytesOf(test.signature)];
        for (const [encoding, key] of [
          [PublickeyEncoding.Raw, publicKey],
          [PublickeyEncoding.Pkcs8, spki],
        ] as const) {
          const imported = guest.publickeyImport(alg, bytesOf(key), encoding);
          guest.publickeyVerify(imported);
          guest.verifyMessage(imported, alg, message, signature);
          for (const at of [0, 16, signature.length >> 1, signature.length - 1]) {
            const changed = signature.with(at, (signature[at] as number) ^ 1);
            requireFailure(() => guest.verifyMessage(imported, alg, message, changed), 'VerificationFailed');
          }
          const other = Uint8Array.from([...message, 0]);
          requireFailure(() => guest.verifyMessage(imported, alg, other, signature), 'VerificationFailed');
          guest.publickeyClose(imported);
        }
      },
    }));
