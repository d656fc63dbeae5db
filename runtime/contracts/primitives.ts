/** What backends offer to algorithms. Whoever calls has checked all sizes; sizes are in bytes. */
import type { KeyObject } from 'node:crypto';
import type { Account } from '../meter.js';

/** A computation over input that arrives in parts. */
export interface Running {
  /** Errors: `overflow`, and nothing is added. */
  update(data: Uint8Array): void;
  /** Writes the result so far, or its front if `out` is shorter. More input can follow. Errors: `overflow`. */
  write(out: Uint8Array): void;
  /** Another one that goes on from the same point. Errors: `overflow`. */
  clone(): Running;
  /** The last call. */
  wipe(): void;
}

export interface HashFunction {
  /** OpenSSL's. */
  readonly name: string;
  readonly length: number;
  /** @param account charged for what is kept of the input */
  start(account: Account): Running;
}

/** Output of any length, which goes on where the last of it ended. */
export interface RunningXof {
  /** Not after output. Errors: `overflow`, and nothing is added. */
  update(data: Uint8Array): void;
  /** Writes what comes next. Errors: `overflow`, and nothing is written. @param out not empty */
  read(out: Uint8Array): void;
  /** Another one that goes on from the same point. Errors: `overflow`. */
  clone(): RunningXof;
  /** The last call. */
  wipe(): void;
}

/** What a function with output of any length takes beside its input. Bytes are read as long as there is something that was started with them. */
export interface XofSetup {
  readonly key: Uint8Array | undefined;
  /** Empty ones are not the same as none everywhere. */
  readonly customization: Uint8Array | undefined;
}

/** A function with output of any length. */
export interface XofFunction {
  /** @param account charged for what is kept */
  start(setup: XofSetup, account: Account): RunningXof;
}

/** A hash function that is a code for messages where it has a key. Codes have the size of digests; the front of one can be asked for. */
export interface KeyedHashFunction {
  readonly hash: HashFunction;
  readonly mac: MacFunction;
}

/** A code for messages. */
export interface MacFunction {
  /** Of a code. */
  readonly length: number;
  /** @param bytes of a size that the code takes; copied */
  key(bytes: Uint8Array): MacKey;
}

export interface KmacFunction {
  /**
   * @param key of any size; copied
   * @param length of the code, in bytes: it changes all of it
   * @param account charged for what is kept
   */
  start(key: Uint8Array, customization: Uint8Array, length: number, account: Account): Running;
}

export interface TupleHashFunction {
  /**
   * Every `update` is one string of the list, also an empty one.
   *
   * @param length of the digest, in bytes: it changes all of it
   * @param account charged for what is kept
   */
  start(customization: Uint8Array, length: number, account: Account): Running;
}

export interface HmacFunction extends MacFunction {
  /** The hash function's. */
  readonly name: string;
  /** @param bytes of any size; copied */
  key(bytes: Uint8Array): HmacKey;
}

/** Something computed from a key that is as secret as the key. */
export interface Prepared {
  /** The last call. */
  wipe(): void;
}

export interface MacKey extends Prepared {
  /** @param account charged for what is kept of the input */
  start(account: Account): Running;
}

export interface HmacKey extends MacKey {
  /** Writes the code of input that is at hand. */
  write(input: Uint8Array, out: Uint8Array): void;
  /** HKDF's second step (RFC 5869, 2.3). @param out of 255 codes at most */
  expand(info: Uint8Array, out: Uint8Array): void;
}

/** What a cipher needs of a key. */
export interface CipherKey {
  /** The key itself: read it, wipe every copy. */
  readonly bytes: Uint8Array;
  readonly keyObject: KeyObject;
  /** What the key's algorithm computes from the key once. */
  prepared<P extends Prepared>(prepare: (bytes: Uint8Array) => P): P;
}

/** A symmetric key that something else keeps, such as an HSM: it computes what its algorithm asks of it. */
export interface HeldKey extends Prepared {
  /** Size of the key, in bytes. */
  readonly length: number;
  /** Only of keys of codes for messages. */
  readonly code?: MacKey;
  /** Only of keys of authenticated encryption; it knows its key. */
  readonly cipher?: AeadCipher;
}

/** A function that makes a secret of a password slowly. */
export interface PasswordFunction<Cost> {
  /** Fills `out`. @param cost judged by the caller */
  derive(cost: Cost, password: Uint8Array, salt: Uint8Array, out: Uint8Array): void;
}

export interface Argon2Cost {
  /** In KiB, 8 a lane at least. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** RFC 7914, 2. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

export interface Pbkdf2Cost {
  readonly iterations: number;
}

export interface BcryptCost {
  /** How many rounds there are, as a power of 2: 4 to 31. */
  readonly log: number;
}

/** A state that absorbs, squeezes and encrypts in turns: everything before counts. A call that throws has changed nothing. */
export interface Duplex extends Prepared {
  absorb(data: Uint8Array): void;
  squeeze(out: Uint8Array): void;
  /** Squeezes what is never the same as other output. */
  squeezeKey(out: Uint8Array): void;
  /** @param out as long as the message, which it may overlap */
  encrypt(data: Uint8Array, out: Uint8Array, tag: Uint8Array): void;
  /** Writes the message once the tag is verified. Errors: `invalid_tag`. */
  decrypt(data: Uint8Array, tag: Uint8Array, out: Uint8Array): void;
  /** Makes what was before unreachable. */
  ratchet(): void;
  /** Another one that goes on from the same point. */
  copy(): Duplex;
}

export interface DuplexFunction {
  readonly tagLength: number;
  /** @param key undefined: squeezing only @param id makes states of the same key differ */
  start(key: Uint8Array | undefined, id: Uint8Array): Duplex;
}

/** OpenSSL's names of ciphers with 12 bytes of nonce and 16 bytes of tag. */
export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** Authenticated encryption with associated data. `out` may overlap `data` and `tag`. */
export interface AeadCipher {
  /** Writes the ciphertext and its tag. */
  seal(key: CipherKey, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void;
  /** Writes the ciphertext, as long as the message, to `out`, and its tag to `tag`. */
  sealDetached(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    out: Uint8Array,
    tag: Uint8Array,
  ): void;
  /** Takes ciphertext and tag; writes the message once the tag is verified; `invalid_tag` otherwise. */
  open(key: CipherKey, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void;
  openDetached(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): void;
}

/** A stream over a counter: AES in counter mode (SP 800-38A, 6.5), ChaCha20 (RFC 8439, 2.4). */
export interface CounterCipher {
  /**
   * Adds the stream to bytes where they stand.
   *
   * @param counter the first block, of 16 bytes: AES's is big-endian, and the next ones follow modulo 2^128
   * @param skip how much of the first block's stream is left out
   */
  add(key: CipherKey, counter: Uint8Array, skip: number, data: Uint8Array): void;
}

/** AES in CBC mode (SP 800-38A, 6.2), of whole blocks where they stand. */
export interface ChainingCipher {
  encrypt(key: CipherKey, iv: Uint8Array, blocks: Uint8Array): void;
  decrypt(key: CipherKey, iv: Uint8Array, blocks: Uint8Array): void;
}

/** Kinds of keys on curves, as OpenSSL calls them. */
export type CurveName =
  'ed25519' | 'ed448' | 'x25519' | 'x448' | 'prime256v1' | 'secp384r1' | 'secp521r1' | 'secp256k1';

/** How a message is signed. */
export interface SignatureScheme {
  /** OpenSSL's name; undefined: the key hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | undefined;
  /** Bytes of RSASSA-PSS's salt, and MGF1 with the same hash; undefined: no PSS. */
  readonly saltLength: number | undefined;
}

/** A public key in the keeping of a backend. */
export interface HeldPublic extends Prepared {
  /** New bytes. Only of keys on curves. */
  bytes(): Uint8Array;
  /** @param signature ECDSA's in DER */
  verify(scheme: SignatureScheme, message: Uint8Array, signature: Uint8Array): boolean;
}

/** A secret key in the keeping of a backend. */
export interface HeldSecret extends Prepared {
  /** New bytes, which the caller wipes: those that it was made from. */
  bytes(): Uint8Array;
  /** New bytes. Only of keys on curves. */
  publicBytes(): Uint8Array;
  /** Returns how long the signature is. @param out with room for the longest; ECDSA's come in DER */
  sign(scheme: SignatureScheme, message: Uint8Array, out: Uint8Array): number;
  /** Diffie-Hellman. @param peer from the same `CurveKeys`, and not of low order */
  agree(peer: HeldPublic, out: Uint8Array): void;
}

/** Makes keys of one kind. Public bytes are octets or an uncompressed point, secret ones octets or a big-endian scalar. */
export interface CurveKeys {
  /** From the backend's own generator. The public half as it is at hand: as bytes, or held. */
  generate(): { readonly secret: HeldSecret; readonly publicHalf: Uint8Array | HeldPublic };
  /** @param point of the secret; undefined where secrets are octets */
  secretFrom(bytes: Uint8Array, point: Uint8Array | undefined): HeldSecret;
  publicFrom(bytes: Uint8Array): HeldPublic;
}

/** Makes RSA keys. */
export interface RsaHolder {
  /** @param der RSAPrivateKey (RFC 8017, A.1.2). Throws for numbers that OpenSSL cannot compute with. */
  secretFrom(der: Uint8Array<ArrayBuffer>): HeldSecret;
  /** @param n big-endian without leading zeros, like e */
  publicFrom(n: Uint8Array, e: Uint8Array): HeldPublic;
}
