/** What is asked of a token for each algorithm. Others are `unsupported_algorithm`. */
import { newBytes } from '../../blocks.js';
import type { PublicKeyInfo } from '../../contracts/keys.js';
import type { SignatureScheme } from '../../contracts/primitives.js';
import {
  DerReader,
  encodeDer,
  nothing,
  objectIdentifier,
  octets,
  sequence,
  Tag,
  unsigned,
} from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { fail } from '../../failures.js';
import type { KeyKind } from '../keeper.js';
import { Attribute, type Handle, type Mechanism, type Template } from './cryptoki.js';
import type { Session } from './token.js';

/** A way of signing. `raw`: the token gives r and s side by side. */
interface Signing {
  readonly form: 'raw' | 'whole';
  /** In bytes. */
  readonly size: number;
  mechanism(scheme: SignatureScheme): Mechanism;
  /** What the token signs of a digest; undefined: it takes the message. */
  readonly input: ((scheme: SignatureScheme, digest: Uint8Array) => Uint8Array) | undefined;
}

export interface PairRecipe {
  readonly kind: 'signatures' | 'key-exchange';
  readonly generation: number;
  /** Beside what all public halves have. */
  readonly publicHalf: Template;
  /** Beside what all private halves have. */
  readonly privateHalf: Template;
  /** Undefined: the key agrees. */
  readonly signing: Signing | undefined;
  /** Which mechanism it is used with. */
  readonly use: number;
  /** Of the public object. Errors: `invalid_key`. */
  info(session: Session, publicKey: Handle): PublicKeyInfo;
}

export interface KeyRecipe {
  readonly kind: 'symmetric';
  readonly generation: number;
  readonly template: Template;
  readonly use: number;
  /** Of the key, in bytes. */
  readonly length: number;
  readonly purpose: 'cipher' | 'code';
}

export type Recipe = PairRecipe | KeyRecipe;

/** CKM_ constants. */
export const Mechanisms = {
  RsaGeneration: 0x0,
  RsaPkcs1: 0x1,
  RsaPss: 0xd,
  Sha256: 0x250,
  Sha256Hmac: 0x251,
  Sha384: 0x260,
  Sha384Hmac: 0x261,
  Sha512: 0x270,
  Sha512Hmac: 0x271,
  GenericGeneration: 0x350,
  EcGeneration: 0x1040,
  Ecdsa: 0x1041,
  Ecdh1Derive: 0x1050,
  /** Of 3.0, which `pkcs11js` does not know. */
  EdwardsGeneration: 0x1055,
  Eddsa: 0x1057,
  AesGeneration: 0x1080,
  AesGcm: 0x1087,
} as const;

/** Of `pkcs11js`: which structure a parameter is. */
const Parameter = { AesGcm: 3, RsaPss: 5, EcDh: 6 } as const;

const KEY_TYPE_AES = 0x1f;
const KEY_TYPE_GENERIC = 0x10;
const SECRET_KEY = 4;
/** CKD_NULL: the shared secret as it is. */
const NO_DERIVATION = 1;

const hashes = {
  sha256: { identifier: ObjectIdentifiers.sha256, mechanism: Mechanisms.Sha256, mask: 2 },
  sha384: { identifier: ObjectIdentifiers.sha384, mechanism: Mechanisms.Sha384, mask: 3 },
  sha512: { identifier: ObjectIdentifiers.sha512, mechanism: Mechanisms.Sha512, mask: 4 },
} as const;

export const GCM_NONCE_BYTES = 12;
export const GCM_TAG_BYTES = 16;

export function gcm(nonce: Uint8Array, associated: Uint8Array): Mechanism {
  const parameter = {
    type: Parameter.AesGcm,
    iv: Buffer.from(nonce),
    ivBits: 8 * nonce.length,
    aad: Buffer.from(associated),
    tagBits: 8 * GCM_TAG_BYTES,
  };
  return { mechanism: Mechanisms.AesGcm, parameter };
}

export function aesTemplate(length: number): Template {
  return [
    { type: Attribute.Class, value: SECRET_KEY },
    { type: Attribute.KeyType, value: KEY_TYPE_AES },
    { type: Attribute.ValueLength, value: length },
    { type: Attribute.Encrypt, value: true },
    { type: Attribute.Decrypt, value: true },
  ];
}

/** Raw Diffie-Hellman (PKCS #11, 2.3.16). @param peer its point, uncompressed */
export function ecdh(peer: Uint8Array): Mechanism {
  const parameter = { type: Parameter.EcDh, kdf: NO_DERIVATION, publicData: Buffer.from(peer) };
  return { mechanism: Mechanisms.Ecdh1Derive, parameter };
}

/** What is agreed on has to leave the token: it is of the session, and destroyed once it was read. */
export function agreedTemplate(size: number): Template {
  return [
    { type: Attribute.Class, value: SECRET_KEY },
    { type: Attribute.KeyType, value: KEY_TYPE_GENERIC },
    { type: Attribute.ValueLength, value: size },
    { type: Attribute.Token, value: false },
    { type: Attribute.Sensitive, value: false },
    { type: Attribute.Extractable, value: true },
  ];
}

interface Curve {
  readonly identifier: Uint8Array;
  readonly width: number;
}

const p256: Curve = { identifier: ObjectIdentifiers.p256, width: 32 };
const p384: Curve = { identifier: ObjectIdentifiers.p384, width: 48 };

function onCurve({ identifier, width }: Curve) {
  const parameters = encodeDer(objectIdentifier(identifier));
  return {
    generation: Mechanisms.EcGeneration,
    parameters: { type: Attribute.EcParameters, value: Buffer.from(parameters) },
    info: (session: Session, publicKey: Handle): PublicKeyInfo => ({
      algorithm: { id: ObjectIdentifiers.ecPublicKey, parameters },
      key: pointOf(session, publicKey, 1 + 2 * width),
    }),
  };
}

function ecdsa(curve: Curve): PairRecipe {
  const { generation, parameters, info } = onCurve(curve);
  return {
    kind: 'signatures',
    generation,
    publicHalf: [parameters, { type: Attribute.Verify, value: true }],
    privateHalf: [{ type: Attribute.Sign, value: true }],
    use: Mechanisms.Ecdsa,
    signing: {
      form: 'raw',
      size: 2 * curve.width,
      mechanism: () => ({ mechanism: Mechanisms.Ecdsa }),
      input: (_scheme, digest) => digest,
    },
    info,
  };
}

function exchange(curve: Curve): PairRecipe {
  const { generation, parameters, info } = onCurve(curve);
  return {
    kind: 'key-exchange',
    generation,
    publicHalf: [parameters, { type: Attribute.Derive, value: true }],
    privateHalf: [{ type: Attribute.Derive, value: true }],
    use: Mechanisms.Ecdh1Derive,
    signing: undefined,
    info,
  };
}

/** PKCS #11 3.0, 2.3.10: the curve by its name. */
const edwards25519 = encodeDer({ tag: 0x13, contents: new TextEncoder().encode('edwards25519') });

const ed25519: PairRecipe = {
  kind: 'signatures',
  generation: Mechanisms.EdwardsGeneration,
  publicHalf: [
    { type: Attribute.EcParameters, value: Buffer.from(edwards25519) },
    { type: Attribute.Verify, value: true },
  ],
  privateHalf: [{ type: Attribute.Sign, value: true }],
  use: Mechanisms.Eddsa,
  signing: { form: 'whole', size: 64, mechanism: () => ({ mechanism: Mechanisms.Eddsa }), input: undefined },
  info: (session, publicKey) => ({
    algorithm: { id: ObjectIdentifiers.ed25519, parameters: new Uint8Array(0) },
    key: pointOf(session, publicKey, 32),
  }),
};

function rsa(bits: number, use: number, signing: Pick<Signing, 'mechanism' | 'input'>): PairRecipe {
  return {
    kind: 'signatures',
    generation: Mechanisms.RsaGeneration,
    publicHalf: [
      { type: Attribute.ModulusBits, value: bits },
      { type: Attribute.PublicExponent, value: Buffer.from([1, 0, 1]) },
      { type: Attribute.Verify, value: true },
    ],
    privateHalf: [{ type: Attribute.Sign, value: true }],
    use,
    signing: { form: 'whole', size: bits / 8, ...signing },
    info(session, publicKey) {
      const [modulus, exponent] = session.values(publicKey, Attribute.Modulus, Attribute.PublicExponent);
      return {
        algorithm: { id: ObjectIdentifiers.rsaEncryption, parameters: encodeDer(nothing) },
        key: encodeDer(sequence(unsigned(minimal(modulus)), unsigned(minimal(exponent)))),
      };
    },
  };
}

/** RFC 8017, 9.2: the token signs DigestInfo, and pads it. */
function pkcs1(bits: number): PairRecipe {
  return rsa(bits, Mechanisms.RsaPkcs1, {
    mechanism: () => ({ mechanism: Mechanisms.RsaPkcs1 }),
    input: (scheme, digest) =>
      encodeDer(sequence(sequence(objectIdentifier(hashOf(scheme).identifier), nothing), octets(digest))),
  });
}

function pss(bits: number): PairRecipe {
  return rsa(bits, Mechanisms.RsaPss, {
    mechanism(scheme) {
      const { mechanism: hashAlg, mask: mgf } = hashOf(scheme);
      const parameter = { type: Parameter.RsaPss, hashAlg, mgf, saltLen: scheme.saltLength ?? 0 };
      return { mechanism: Mechanisms.RsaPss, parameter };
    },
    input: (_scheme, digest) => digest,
  });
}

function hashOf({ hash }: SignatureScheme) {
  if (hash === undefined) throw new TypeError('RSA signs digests');
  return hashes[hash];
}

function aes(length: number): KeyRecipe {
  return {
    kind: 'symmetric',
    generation: Mechanisms.AesGeneration,
    template: aesTemplate(length),
    use: Mechanisms.AesGcm,
    length,
    purpose: 'cipher',
  };
}

function hmac(length: number, use: number): KeyRecipe {
  return {
    kind: 'symmetric',
    generation: Mechanisms.GenericGeneration,
    template: [
      { type: Attribute.Class, value: SECRET_KEY },
      { type: Attribute.KeyType, value: KEY_TYPE_GENERIC },
      { type: Attribute.ValueLength, value: length },
      { type: Attribute.Sign, value: true },
    ],
    use,
    length,
    purpose: 'code',
  };
}

const recipes: ReadonlyMap<string, Recipe> = new Map<string, Recipe>([
  ['ECDSA_P256_SHA256', ecdsa(p256)],
  ['ECDSA_P384_SHA384', ecdsa(p384)],
  ['Ed25519', ed25519],
  ['RSA_PKCS1_2048_SHA256', pkcs1(2048)],
  ['RSA_PKCS1_2048_SHA384', pkcs1(2048)],
  ['RSA_PKCS1_2048_SHA512', pkcs1(2048)],
  ['RSA_PKCS1_3072_SHA384', pkcs1(3072)],
  ['RSA_PKCS1_3072_SHA512', pkcs1(3072)],
  ['RSA_PKCS1_4096_SHA512', pkcs1(4096)],
  ['RSA_PSS_2048_SHA256', pss(2048)],
  ['RSA_PSS_2048_SHA384', pss(2048)],
  ['RSA_PSS_2048_SHA512', pss(2048)],
  ['RSA_PSS_3072_SHA384', pss(3072)],
  ['RSA_PSS_3072_SHA512', pss(3072)],
  ['RSA_PSS_4096_SHA512', pss(4096)],
  ['P256-SHA256', exchange(p256)],
  ['P384-SHA384', exchange(p384)],
  ['AES-128-GCM', aes(16)],
  ['AES-256-GCM', aes(32)],
  ['HMAC/SHA-256', hmac(32, Mechanisms.Sha256Hmac)],
  ['HMAC/SHA-384', hmac(48, Mechanisms.Sha384Hmac)],
  ['HMAC/SHA-512', hmac(64, Mechanisms.Sha512Hmac)],
]);

/** Undefined: keys of the algorithm are not kept in tokens. */
export function recipeOf(kind: KeyKind, algorithm: string): Recipe | undefined {
  const recipe = recipes.get(algorithm);
  return recipe?.kind === kind ? recipe : undefined;
}

/** Within an OCTET STRING (PKCS #11, 2.3.3), or, by some modules, without. */
function pointOf(session: Session, publicKey: Handle, size: number): Uint8Array {
  const [value = newBytes(0)] = session.values(publicKey, Attribute.EcPoint);
  if (value.length === size) return value;
  const reader = new DerReader(value, fail.InvalidKey);
  const point = reader.read(Tag.OctetString);
  reader.end();
  return point;
}

/** Without leading zeros. */
function minimal(number: Uint8Array = newBytes(0)): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0);
  return start < 0 ? newBytes(1) : number.subarray(start);
}
