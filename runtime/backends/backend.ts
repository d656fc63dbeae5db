/** Where an implementation comes from, and what it can promise. */
import type {
  AeadCipher,
  AeadName,
  ChainingCipher,
  CounterCipher,
  CurveKeys,
  CurveName,
  HashFunction,
  HmacFunction,
  KeyedHashFunction,
  KmacFunction,
  MacFunction,
  RsaHolder,
  TupleHashFunction,
  XofFunction,
} from '../contracts/primitives.js';

/**
 * What is known about the time an implementation takes.
 * - `library`: constant time in secrets, by the library's own claim, in compiled code
 * - `best-effort`: written to be so, but in JavaScript, where no compiler promises to keep it
 * - `variable`: it depends on secrets
 * - `no-secrets`: the algorithm handles none
 */
export type ConstantTime = 'library' | 'best-effort' | 'variable' | 'no-secrets';

/**
 * - `native`: Node's OpenSSL, called by this package's own C code (`native/README.md`)
 * - `openssl`: Node's OpenSSL through `node:crypto`
 * - `hash-wasm`: WebAssembly of that package, in a thread
 * - `libsodium`: WebAssembly of that package
 * - `noble`: JavaScript
 * - `own`: WebAssembly of this package (`webassembly/`), or JavaScript
 */
export type BackendKind = 'native' | 'openssl' | 'hash-wasm' | 'libsodium' | 'noble' | 'own';

export interface Backend {
  readonly kind: BackendKind;
  /** Another one, which it calls for some of its input: a policy has to allow both. */
  readonly also?: BackendKind;
  /** Name and version, for people. */
  readonly name: string;
}

/** Makes symmetric algorithms. Every method throws `Unavailable` where this machine lacks what it is asked for. */
export interface SymmetricBackend {
  readonly backend: Backend;
  /** @param length of a digest, in bytes */
  hash(name: string, length: number): HashFunction;
  /** SHAKE. @param strength in bits */
  shake(strength: 128 | 256): XofFunction;
  /** @param blockLength of the hash function, in bytes */
  hmac(name: string, length: number, blockLength: number): HmacFunction;
  /** CMAC over AES. @param keyLength in bytes */
  cmac(keyLength: number): MacFunction;
  /** @param keyLength in bytes */
  aead(name: AeadName, keyLength: number): AeadCipher;
  /** AES in counter mode. @param keyLength in bytes */
  counter(keyLength: number): CounterCipher;
  /** AES in CBC mode. @param keyLength in bytes */
  chaining(keyLength: number): ChainingCipher;
}

/** What SP 800-185 makes of Keccak, and `node:crypto` does not have. Throws `Unavailable` where this machine lacks it. */
export interface KeccakBackend {
  readonly backend: Backend;
  /** @param strength in bits */
  kmac(strength: 128 | 256): KmacFunction;
  /** @param strength in bits */
  cshake(strength: 128 | 256): XofFunction;
  /** @param strength in bits */
  tupleHash(strength: 128 | 256): TupleHashFunction;
}

/** BLAKE2b, whose digests can be keyed and have other sizes than the largest. Throws `Unavailable` where this machine lacks it. */
export interface Blake2Backend {
  readonly backend: Backend;
  /** @param length of a digest, in bytes */
  blake2b(length: 32 | 64): KeyedHashFunction;
}

/** Makes keys for signatures and Diffie-Hellman. Every method throws `Unavailable` where this machine lacks what it is asked for. */
export interface AsymmetricBackend {
  readonly backend: Backend;
  curve(name: CurveName): CurveKeys;
  rsa(): RsaHolder;
}

/** Thrown by a candidate that finds the machine lacking: the message becomes the report's reason. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
