/**
 * Secrets for the memory scan. They are made in the process that scans; the one that is scanned gets its inputs under a
 * mask, and takes that off byte by byte in guest memory, so that no copies of a secret are there but those that the
 * host makes.
 */
import { createCipheriv, createHmac, createPrivateKey, hkdfSync, randomBytes } from 'node:crypto';
import { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
import {
  authenticatedCiphers,
  diffieHellmans,
  keyPairAlgorithms,
  macs,
  symmetricAlgorithms,
  typeOf,
} from '../registry.js';

/** What a guest does with an input. */
export type Operation =
  'import key' | 'absorb' | 'encrypt' | 'decrypt' | 'import pair' | 'import secret' | 'agree' | 'derive';

/** All that the scanned process is told. */
export interface Plan {
  readonly operation: Operation;
  readonly algorithm: string;
  /** Of an asymmetric algorithm, and of a key. */
  readonly type: number;
  readonly encoding: number;
  /** In hex, masked. */
  readonly input: string;
  /** In hex; public. */
  readonly other: string;
}

export interface Planted {
  readonly path: string;
  readonly needles: readonly Buffer[];
  readonly plan: Plan;
}

interface Details {
  readonly type?: number;
  readonly encoding?: number;
  readonly other?: Uint8Array;
  readonly name?: string;
}

export const MASK = 0xa5;
/** Enough that no other bytes are the same by chance. */
const NEEDLE_BYTES = 16;

function planted(
  operation: Operation,
  algorithm: string,
  input: Uint8Array,
  secrets: readonly Uint8Array[],
  { type = 0, encoding = 0, other = new Uint8Array(0), name = '' }: Details = {},
): Planted {
  return {
    path: `${operation}, ${algorithm}${name === '' ? '' : `, ${name}`}`,
    // Both ends: what is pulled in two parts lies apart. OpenSSL's numbers begin with their last byte.
    needles: secrets
      .flatMap((secret) => [secret.slice(0, NEEDLE_BYTES), secret.slice(-NEEDLE_BYTES)])
      .flatMap((part) => [Buffer.from(part), Buffer.from(part).reverse()]),
    plan: {
      operation,
      algorithm,
      type,
      encoding,
      input: Buffer.from(input.map((byte) => byte ^ MASK)).toString('hex'),
      other: Buffer.from(other).toString('hex'),
    },
  };
}

const ciphers: Readonly<Record<string, string>> = {
  'AES-128-GCM': 'aes-128-gcm',
  'AES-256-GCM': 'aes-256-gcm',
  'CHACHA20-POLY1305': 'chacha20-poly1305',
};

function symmetricSecrets(): readonly Planted[] {
  const keyed = symmetricAlgorithms.filter(({ key }) => key?.generated !== undefined);
  const keys = keyed.map(({ id, key }) => {
    const secret = randomBytes(key?.generated ?? 32);
    return planted('import key', id, secret, [secret]);
  });
  const absorbed = [...macs.map(({ id }) => id), 'SHA-256', 'HKDF-EXTRACT/SHA-256'].map((id) => {
    const message = randomBytes(100);
    return planted('absorb', id, message, [message]);
  });
  const nonce = new Uint8Array(12);
  const encrypted = authenticatedCiphers.flatMap(({ id, key }) => {
    const cipher = ciphers[id];
    if (cipher === undefined) return [];
    return [40, 5000].flatMap((size) => {
      const [message, opened, own] = [randomBytes(size), randomBytes(size), randomBytes(key?.generated ?? 32)];
      const sealing = createCipheriv(cipher as 'aes-256-gcm', own, nonce, { authTagLength: 16 });
      const sealed = Buffer.concat([sealing.update(opened), sealing.final(), sealing.getAuthTag()]);
      return [
        planted('encrypt', id, message, [message], { other: own, name: `${size} bytes` }),
        planted('decrypt', id, sealed, [opened], { other: own, name: `${size} bytes` }),
      ];
    });
  });
  const input = randomBytes(32);
  const extracted = createHmac('sha256', new Uint8Array(32)).update(input).digest();
  const derived = Buffer.from(hkdfSync('sha256', input, new Uint8Array(0), new Uint8Array(0), 32));
  return [
    ...keys,
    ...absorbed,
    ...encrypted,
    planted('derive', 'HKDF-EXTRACT/SHA-256', input, [input, extracted, derived]),
  ];
}

/** The numbers of a private key that nobody may learn. */
function secretNumbers(pkcs8: Uint8Array): readonly Uint8Array[] {
  const jwk = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  return [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].flatMap((each) =>
    each === undefined ? [] : [Buffer.from(each, 'base64url')],
  );
}

/** Characters in PEM that say nothing but bytes of a secret, on one line. */
function charactersOf(secret: Uint8Array, pem: Uint8Array): readonly Uint8Array[] {
  const body = Buffer.from(pem).toString('latin1').split('\n').slice(1, -2).join('');
  const at = Buffer.from(body, 'base64').indexOf(secret);
  const first = Math.ceil((at * 4) / 3);
  const line = 64;
  const start = (first % line) + NEEDLE_BYTES > line ? Math.ceil(first / line) * line : first;
  const found = body.slice(start, start + NEEDLE_BYTES);
  return at < 0 || start + NEEDLE_BYTES > ((at + secret.length) * 4) / 3 ? [] : [Buffer.from(found, 'latin1')];
}

function asymmetricSecrets(): readonly Planted[] {
  return keyPairAlgorithms.flatMap(({ id }) => {
    const guest = new Asymmetric(new Guest());
    const type = typeOf(id);
    const exports = (['Raw', 'Pkcs8', 'Pem', 'Local'] as const).flatMap((encoding) => {
      const pair = guest.keypairGenerate(id);
      const secret = guest.keypairSecretkey(pair);
      const made: Planted[] = [];
      const known = (): readonly Uint8Array[] => {
        let raw: Uint8Array | undefined;
        if (errnoOf(() => (raw = guest.secretkeyExport(secret, SecretkeyEncoding.Raw))) === 'Success' && raw)
          return [raw];
        return secretNumbers(guest.secretkeyExport(secret, SecretkeyEncoding.Pkcs8));
      };
      for (const [operation, value, encode] of [
        ['import pair', KeypairEncoding[encoding], guest.keypairExport.bind(guest, pair)],
        ['import secret', SecretkeyEncoding[encoding], guest.secretkeyExport.bind(guest, secret)],
      ] as const) {
        let encoded: Uint8Array | undefined;
        if (errnoOf(() => (encoded = encode(value))) !== 'Success' || encoded === undefined) continue;
        const secrets = known();
        const text = encoding === 'Pem' ? secrets.flatMap((each) => charactersOf(each, encoded as Uint8Array)) : [];
        made.push(planted(operation, id, encoded, [...secrets, ...text], { type, encoding: value, name: encoding }));
      }
      return made;
    });
    return exports;
  });
}

function agreements(): readonly Planted[] {
  return diffieHellmans.map(({ id }) => {
    const guest = new Asymmetric(new Guest());
    const [own, peer] = [guest.keypairGenerate(id), guest.keypairGenerate(id)];
    const publicKey = guest.keypairPublickey(peer);
    const secret = guest.keypairSecretkey(own);
    const shared = guest.dh(publicKey, secret);
    return planted('agree', id, guest.secretkeyExport(secret, SecretkeyEncoding.Pkcs8), [shared], {
      type: typeOf(id),
      encoding: SecretkeyEncoding.Pkcs8,
      other: guest.publickeyExport(publicKey, PublickeyEncoding.Pkcs8),
    });
  });
}

/** One secret for each thing that a guest can do with one. */
export function plant(): readonly Planted[] {
  return [...symmetricSecrets(), ...asymmetricSecrets(), ...agreements()];
}
