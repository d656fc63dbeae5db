/** Keys on curves in all their encodings, in and out, with a signature or a shared secret to prove what they are. */
import { bytesOf } from '../hex.js';
import {
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import { typeOf } from '../registry.js';
import { AlgorithmType } from '../../generated/0.10/typescript-host/types.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { asymmetricGuest } from './guests.js';
import { textBytes } from './signature-readers.js';
import { requireSame, type VectorReader } from './suite.js';

const guest = asymmetricGuest();

interface CurveKey {
  readonly algs: readonly string[];
  readonly pkcs8: string;
  readonly pkcs8Pem: string;
  readonly spki: string;
  readonly spkiPem: string;
  /** Elliptic curves. */
  readonly raw?: string;
  readonly sec1Der?: string;
  readonly publicUncompressed?: string;
  readonly publicCompressed?: string;
  /** Edwards curves. */
  readonly seed?: string;
  readonly rawKeypair?: string;
  /** Montgomery curves. */
  readonly secretRaw?: string;
  readonly publicRaw?: string;

  readonly msg?: string;
  readonly sigDer?: string;
  readonly sigRaw?: string;
  readonly peerPublic?: string;
  readonly ecdhX?: string;
  readonly shared?: string;
}

type Encoded = readonly [encoding: number, bytes: Uint8Array];

function encodings(...pairs: readonly (readonly [number, string | undefined])[]): Encoded[] {
  return pairs.flatMap(([encoding, hex]) => (hex === undefined ? [] : [[encoding, bytesOf(hex)] as const]));
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

const supported = new Set(
  createWasiCrypto()
    .capabilities()
    .algorithms.filter((each) => each.supported)
    .map((each) => each.id),
);

export const curveKeys: VectorReader = (data) =>
  (data as { readonly cases: readonly CurveKey[] }).cases.flatMap((key, number) =>
    key.algs
      .filter((algorithm) => supported.has(algorithm))
      .map((algorithm) => ({
        number,
        algorithm,
        run() {
          checkSecrets(algorithm, key);
          checkPublics(algorithm, key);
          if (typeOf(algorithm) === AlgorithmType.Signatures) checkSignature(algorithm, key);
          else checkExchange(algorithm, key);
        },
      })),
  );

/** What each encoding of a public key must export as. */
function publicExports(key: CurveKey): Encoded[] {
  return encodings(
    [PublickeyEncoding.Pkcs8, key.spki],
    [PublickeyEncoding.Pem, hex(key.spkiPem)],
    [PublickeyEncoding.Raw, key.publicCompressed ?? key.publicRaw],
    [PublickeyEncoding.Sec, key.publicUncompressed],
  );
}

function checkPublics(algorithm: string, key: CurveKey): void {
  const exports = publicExports(key);
  const imports = [...exports, ...encodings([PublickeyEncoding.Sec, key.publicCompressed])];
  for (const [encoding, bytes] of imports) {
    const imported = guest.publickeyImport(algorithm, bytes, encoding);
    guest.publickeyVerify(imported);
    requirePublic(imported, exports);
    const local = guest.publickeyExport(imported, PublickeyEncoding.Local);
    requirePublic(guest.publickeyImport(algorithm, local, PublickeyEncoding.Local), exports);
  }
}

function requirePublic(publicKey: number, exports: readonly Encoded[]): void {
  for (const [encoding, bytes] of exports)
    requireSame(
      guest.publickeyExport(publicKey, encoding),
      Buffer.from(bytes).toString('hex'),
      `public encoding ${encoding}`,
    );
}

function checkSecrets(algorithm: string, key: CurveKey): void {
  const secret = key.raw ?? key.seed ?? key.secretRaw;
  const pair = key.raw ?? key.rawKeypair ?? `${key.publicRaw}${key.secretRaw}`;
  const secretExports = encodings(
    [SecretkeyEncoding.Raw, secret],
    [SecretkeyEncoding.Pkcs8, key.pkcs8],
    [SecretkeyEncoding.Pem, hex(key.pkcs8Pem)],
    [SecretkeyEncoding.Sec, key.raw],
  );
  const pairExports = encodings(
    [KeypairEncoding.Raw, pair],
    [KeypairEncoding.Pkcs8, key.pkcs8],
    [KeypairEncoding.Pem, hex(key.pkcs8Pem)],
  );
  for (const [encoding, bytes] of [...secretExports, ...encodings([SecretkeyEncoding.Pkcs8, key.sec1Der])]) {
    const imported = guest.secretkeyImport(algorithm, bytes, encoding);
    for (const [form, expected] of secretExports)
      requireSame(
        guest.secretkeyExport(imported, form),
        Buffer.from(expected).toString('hex'),
        `secret encoding ${form}`,
      );
    requirePublic(guest.publickeyFromSecretkey(imported), publicExports(key));
  }
  for (const [encoding, bytes] of [...pairExports, ...encodings([KeypairEncoding.Pkcs8, key.sec1Der])]) {
    const imported = guest.keypairImport(algorithm, bytes, encoding);
    for (const [form, expected] of pairExports)
      requireSame(guest.keypairExport(imported, form), Buffer.from(expected).toString('hex'), `pair encoding ${form}`);
    requirePublic(guest.keypairPublickey(imported), publicExports(key));
  }
}

function checkSignature(algorithm: string, key: CurveKey): void {
  const publicKey = guest.publickeyImport(algorithm, bytesOf(key.spki), PublickeyEncoding.Pkcs8);
  const message = bytesOf(key.msg ?? '');
  guest.verifyMessage(publicKey, algorithm, message, bytesOf(key.sigRaw ?? ''), SignatureEncoding.Raw);
  if (key.sigDer === undefined) return;
  guest.verifyMessage(publicKey, algorithm, message, bytesOf(key.sigDer), SignatureEncoding.Der);
  const signature = guest.signatureImport(algorithm, bytesOf(key.sigDer), SignatureEncoding.Der);
  requireSame(guest.signatureExport(signature, SignatureEncoding.Raw), key.sigRaw ?? '', 'raw signature');
  requireSame(guest.signatureExport(signature, SignatureEncoding.Der), key.sigDer, 'DER signature');
}

function checkExchange(algorithm: string, key: CurveKey): void {
  const peerEncoding = key.raw === undefined ? PublickeyEncoding.Raw : PublickeyEncoding.Sec;
  const peer = guest.publickeyImport(algorithm, bytesOf(key.peerPublic ?? ''), peerEncoding);
  const secret = guest.secretkeyImport(algorithm, textBytes(key.pkcs8Pem), SecretkeyEncoding.Pem);
  requireSame(guest.dh(peer, secret), key.ecdhX ?? key.shared ?? '', 'shared secret');
}
