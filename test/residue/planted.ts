/**
 * Secrets for the memory scan. They are made in the process that scans; the one that is scanned gets its inputs under a
 * mask, and takes that off byte by byte in guest memory, so that no copies of a secret are there but those that the
 * host makes.
 */
import { createPrivateKey } from 'node:crypto';
import { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import type { SymmetricAlgorithm } from '../../runtime/algorithms/descriptor.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
import {
  inputOf,
  isPasswordHash,
  countsParts,
  numbersOf,
  outputOf,
  symmetricGuest,
  usesOf,
  withInput,
  type Input,
  type Use,
  type Way,
} from '../guest/uses.js';
import { keyExchanges, keyPairAlgorithms, supportedEntries, symmetricAlgorithms, typeOf } from '../registry.js';

/** What a guest does with a state of a symmetric algorithm. */
export interface SymmetricPlan {
  readonly operation: Way | 'decrypt' | 'decrypt detached';
  readonly algorithm: string;
  /** What a key is squeezed for. */
  readonly target: string | undefined;
  /** In hex, masked; undefined: none. */
  readonly key: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** Options of numbers, in decimal. */
  readonly numbers: Readonly<Record<string, string>>;
  /** Where calls have no size, that of what is squeezed is an option. */
  readonly choosesSize: boolean;
  /** Input in two parts would be another. */
  readonly countsParts: boolean;
  /** Empty: nothing is absorbed. */
  readonly absorbed: string;
  /** What is encrypted or decrypted. */
  readonly message: string;
  /** How many bytes there are to squeeze, or how many a ciphertext can have more than its message. */
  readonly size: number;
}

/** What a guest does with an asymmetric key. */
export interface AsymmetricPlan {
  readonly operation: 'import pair' | 'import secret' | 'agree' | 'decapsulate';
  readonly algorithm: string;
  readonly type: number;
  readonly encoding: number;
  /** In hex, masked. */
  readonly input: string;
  /** In hex; public: the other side's key, or what it encapsulated. */
  readonly other: string;
}

/** All that the scanned process is told. */
export type Plan = SymmetricPlan | AsymmetricPlan;

export interface Planted {
  readonly path: string;
  readonly needles: readonly Buffer[];
  readonly plan: Plan;
}

export const MASK = 0xa5;
/** Enough that no other bytes are the same by chance. */
const NEEDLE_BYTES = 16;

function masked(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((byte) => byte ^ MASK)).toString('hex');
}

function planted(plan: Plan, name: string, secrets: readonly Uint8Array[]): Planted {
  return {
    path: `${plan.operation}, ${plan.algorithm}${name === '' ? '' : `, ${name}`}`,
    // Both ends: what is pulled in two parts lies apart. OpenSSL's numbers begin with their last byte.
    needles: secrets
      .flatMap((secret) => [secret.slice(0, NEEDLE_BYTES), secret.slice(-NEEDLE_BYTES)])
      .flatMap((part) => [Buffer.from(part), Buffer.from(part).reverse()]),
    plan,
  };
}

/** What hash functions give is no secret; what they take can be. */
function isPublic({ id }: SymmetricAlgorithm): boolean {
  const { implementations } = supportedEntries.find((each) => each.id === id) as (typeof supportedEntries)[number];
  return implementations.every(({ constantTime }) => constantTime === 'no-secrets');
}

/** Every way to get output, and to open what was sealed: whatever the algorithm, all but ciphertexts and nonces is secret. */
function symmetricSecrets(): readonly Planted[] {
  const s = symmetricGuest();
  const plan = (
    { algorithm, target }: Use,
    operation: SymmetricPlan['operation'],
    input: Input,
    size: number,
  ): Plan => ({
    operation,
    algorithm: algorithm.id,
    target,
    key: input.key === undefined ? undefined : masked(input.key),
    options: Object.fromEntries(Object.entries(input.options).map(([name, bytes]) => [name, masked(bytes)])),
    numbers: Object.fromEntries(Object.entries(numbersOf(algorithm)).map(([name, value]) => [name, String(value)])),
    choosesSize: operation === 'squeeze' && algorithm.naturalOutput === undefined,
    countsParts: countsParts(algorithm),
    absorbed: masked(input.absorbed),
    message: masked(input.message),
    size,
  });
  const secretsOf = ({ key, options, absorbed, message }: Input): readonly Uint8Array[] => {
    const others = Object.entries(options).flatMap(([name, bytes]) =>
      name === 'nonce' || name === 'salt' ? [] : [bytes],
    );
    return [key ?? new Uint8Array(0), ...others, absorbed, message].filter(({ length }) => length >= NEEDLE_BYTES);
  };
  return symmetricAlgorithms.flatMap(usesOf).flatMap((use) => {
    if (!use.way.startsWith('encrypt')) {
      const input = inputOf(use, 100, 0);
      const output = outputOf(s, use, input);
      const name = use.target ?? (use.keyed || use.algorithm.key === undefined ? '' : 'without a key');
      // What a password hash gives as a tag is for a database.
      const isShown = isPublic(use.algorithm) || (use.way === 'squeeze tag' && isPasswordHash(use.algorithm));
      const secrets = isShown ? secretsOf(input) : [...secretsOf(input), output];
      return [planted(plan(use, use.way, input, output.length), name, secrets)];
    }
    return [40, 5000].flatMap((size) => {
      const input = inputOf(use, 100, size);
      const opened = inputOf(use, 100, size);
      const sealed = outputOf(s, use, opened);
      const room = withInput(s, use, input, (state) => s.maxTagLen(state));
      // What has no tag can be padded: its message can be as long as the ciphertext, for all that a guest knows.
      const overhead = use.algorithm.authenticated === true ? room : 0;
      const opening = use.way === 'encrypt' ? 'decrypt' : 'decrypt detached';
      return [
        planted(plan(use, use.way, input, room), `${size} bytes`, secretsOf(input)),
        planted(plan(use, opening, { ...opened, message: sealed }, overhead), `${size} bytes`, secretsOf(opened)),
      ];
    });
  });
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

/** A secret key that ends with its public half holds a secret before that. */
function secretPart(secret: Uint8Array, publicHalf: Uint8Array): Uint8Array {
  const size = secret.length - publicHalf.length;
  return size > 0 && Buffer.compare(secret.subarray(size), publicHalf) === 0 ? secret.subarray(0, size) : secret;
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
          return [secretPart(raw, guest.publickeyExport(guest.keypairPublickey(pair), PublickeyEncoding.Raw))];
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
        const plan = { operation, algorithm: id, type, encoding: value, input: masked(encoded), other: '' };
        made.push(planted(plan, encoding, [...secrets, ...text]));
      }
      return made;
    });
    return exports;
  });
}

/** What both sides of an exchange get. */
function agreements(): readonly Planted[] {
  return keyExchanges.map(({ id, kind }) => {
    const guest = new Asymmetric(new Guest());
    const own = guest.keypairGenerate(id);
    const secret = guest.keypairSecretkey(own);
    const exchanged = ((): Pick<AsymmetricPlan, 'operation' | 'other'> & { readonly shared: Uint8Array } => {
      if (kind === 'key-encapsulation') {
        const made = guest.encapsulate(guest.keypairPublickey(own));
        return { operation: 'decapsulate', other: Buffer.from(made.encapsulated).toString('hex'), shared: made.secret };
      }
      const publicKey = guest.keypairPublickey(guest.keypairGenerate(id));
      return {
        operation: 'agree',
        other: Buffer.from(guest.publickeyExport(publicKey, PublickeyEncoding.Pkcs8)).toString('hex'),
        shared: guest.dh(publicKey, secret),
      };
    })();
    const { shared, ...rest } = exchanged;
    const plan: AsymmetricPlan = {
      ...rest,
      algorithm: id,
      type: typeOf(id),
      encoding: SecretkeyEncoding.Pkcs8,
      input: masked(guest.secretkeyExport(secret, SecretkeyEncoding.Pkcs8)),
    };
    return planted(plan, '', [shared]);
  });
}

/** One secret for each thing that a guest can do with one. */
export function plant(): readonly Planted[] {
  return [...symmetricSecrets(), ...asymmetricSecrets(), ...agreements()];
}
