/**
 * RSA keys (RFC 8017): one family for each size of the modulus, and for PSS one for each hash.
 *
 * OpenSSL takes a public exponent of 1, under which anybody can sign, and private numbers that have
 * nothing to do with each other (measured). So public numbers are judged here, and a private key has
 * to sign something that its public half verifies, once by its primes and once by d. Nothing is
 * computed with them here: arithmetic over secret primes in JavaScript would show them in its time.
 */
import { generateKeyPairSync, type RSAKeyPairOptions } from 'node:crypto';
import type {
  AlgorithmIdentifier,
  Job,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
  RsaNumbers,
} from '../../contracts/keys.js';
import type { HeldPublic, HeldSecret, RsaHolder, SignatureScheme } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { type Der, DerReader, contextTag, encodeDer, nothing, sequence, Tag, unsigned } from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { readPrivateContainer, rsaPrivateKey, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readAlgorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import { generateInThread } from './key-thread.js';
import { SharedPublicMaterial, SharedSecretMaterial } from './material.js';
import { bitLength, isLess, isOdd, isZero } from './unsigned-numbers.js';

/** The hash of RSASSA-PSS, as far as keys can be restricted to it. */
export interface PssHash {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  /** Bytes of a digest, and of the salt. */
  readonly length: number;
}

const PUBLIC_EXPONENT = 65_537;
/** e < 2^64: larger ones only make verifying slow. */
const LONGEST_EXPONENT_BYTES = 8;
/** DER of NULL, the parameters of rsaEncryption and of hashes. */
const NULL = Uint8Array.of(Tag.Null, 0);

export class RsaPublic extends SharedPublicMaterial {
  readonly #n: Uint8Array;
  readonly #e: Uint8Array;
  readonly #backend: RsaHolder;
  #held: HeldPublic | undefined;

  /** @param n without leading zeros, like e; both become this object's own */
  constructor(backend: RsaHolder, n: Uint8Array, e: Uint8Array) {
    super();
    this.#backend = backend;
    this.#n = n;
    this.#e = e;
  }

  get held(): HeldPublic {
    this.#held ??= this.#backend.publicFrom(this.#n, this.#e);
    return this.#held;
  }

  get modulus(): Uint8Array {
    return this.#n;
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(rsaEncryption, sequence(unsigned(this.#n), unsigned(this.#e)));
  }

  /** The import has judged the key. */
  override validate(): void {}

  protected override dispose(): void {
    this.#held?.wipe();
    this.#held = undefined;
  }
}

export class RsaSecret extends SharedSecretMaterial {
  readonly publicHalf: RsaPublic;
  readonly held: HeldSecret;

  constructor(held: HeldSecret, publicHalf: RsaPublic) {
    super();
    this.held = held;
    this.publicHalf = publicHalf;
  }

  override info(): Uint8Array {
    const der = this.held.bytes();
    try {
      return writePrivateKeyInfo(rsaEncryption, rsaPrivateKey(innerNumbers(readPrivateContainer(der), undefined)));
    } finally {
      wipe(der);
    }
  }

  protected override dispose(): void {
    this.held.wipe();
    this.publicHalf.release();
  }
}

export class RsaKeys implements KeyFamily<RsaSecret, RsaPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #bits: number;
  readonly #pss: PssHash | undefined;
  readonly #backend: RsaHolder;

  /**
   * @param bits size of the modulus
   * @param pss undefined for PKCS#1 v1.5, which takes no keys that are meant for PSS alone
   */
  constructor(backend: RsaHolder, bits: number, pss: PssHash | undefined) {
    this.#backend = backend;
    this.kind = pss === undefined ? 'RSA' : 'RSA-PSS';
    this.prices = {
      bytes: 7 * bits,
      // The mean over keys is 2 seconds for 4096 bits; one can take three times as long.
      generate: Math.round(0.036 * bits ** 3),
      // Both ways of signing are tried.
      import: Math.round(0.0007 * bits ** 3),
      publicHalf: 0,
      useSecret: Math.round(0.0001 * bits ** 3),
      usePublic: Math.round(0.004 * bits ** 2),
      validate: 0,
    };
    this.#bits = bits;
    this.#pss = pss;
  }

  /** By OpenSSL, from its own generator. */
  generate(): RsaSecret {
    return this.#generated(generateKeyPairSync('rsa', this.#settings).privateKey);
  }

  generateInBackground(): Job<RsaSecret> {
    const { result, stop } = generateInThread(this.#settings);
    return { result: result.then((der) => this.#generated(der)), stop };
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): RsaPublic {
    requireRsa(algorithm, this.#pss);
    return this.#publicFromKey(key);
  }

  secretHeld(held: HeldSecret, info: PublicKeyInfo): RsaSecret {
    return new RsaSecret(held, this.publicFromInfo(info));
  }

  secretFromContainer(container: PrivateContainer): RsaSecret {
    const numbers = innerNumbers(container, this.#pss);
    const publicHalf = this.#publicFromNumbers(numbers.n, numbers.e);
    if (container.form === 'pkcs8' && container.publicKey !== undefined) {
      if (!sameBytes(this.#publicFromKey(container.publicKey).info(), publicHalf.info())) throw fail.InvalidKey;
    }
    requireSound(numbers, this.#bits);
    // OpenSSL signs with the primes, checks what it got, and falls back to d if that is wrong: with one
    // of the two spoilt, what it gets is right only if the other is.
    try {
      this.#requirePair({ ...numbers, d: ONE }, publicHalf);
      this.#requirePair({ ...numbers, dp: ONE, dq: ONE, qInverse: ONE }, publicHalf);
      return new RsaSecret(this.#held(numbers), publicHalf);
    } catch (error) {
      publicHalf.release();
      throw error;
    }
  }

  /**
   * Keys come out of the generator as bytes, because Node 20 can hang for ever when it exports a KeyObject
   * that it generated itself (measured: a collected job waits for a lock that the export holds).
   */
  get #settings(): RSAKeyPairOptions<'der', 'der'> {
    return {
      modulusLength: this.#bits,
      publicExponent: PUBLIC_EXPONENT,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    };
  }

  #generated(der: Uint8Array): RsaSecret {
    try {
      const numbers = innerNumbers(readPrivateContainer(der), undefined);
      return new RsaSecret(this.#held(numbers), this.#publicFromNumbers(numbers.n, numbers.e));
    } finally {
      wipe(der);
    }
  }

  /** RSAPublicKey (RFC 8017, A.1.1). */
  #publicFromKey(key: Uint8Array): RsaPublic {
    const whole = new DerReader(key, fail.InvalidKey);
    const inner = whole.nested(Tag.Sequence);
    whole.end();
    const n = inner.unsigned();
    const e = inner.unsigned();
    inner.end();
    return this.#publicFromNumbers(n, e);
  }

  #publicFromNumbers(n: Uint8Array, e: Uint8Array): RsaPublic {
    const good =
      bitLength(n) === this.#bits &&
      isOdd(n) &&
      isOdd(e) &&
      e.length <= LONGEST_EXPONENT_BYTES &&
      !(e.length === 1 && e[0] === 1);
    if (!good) throw fail.InvalidKey;
    return new RsaPublic(this.#backend, copyOf(n), copyOf(e));
  }

  #held(numbers: RsaNumbers): HeldSecret {
    const der = encodeDer(rsaPrivateKey(numbers));
    try {
      return this.#backend.secretFrom(der);
    } catch {
      throw fail.InvalidKey;
    } finally {
      wipe(der);
    }
  }

  #requirePair(numbers: RsaNumbers, publicHalf: RsaPublic): void {
    const held = this.#held(numbers);
    let good = false;
    try {
      const signature = new Uint8Array(this.#bits / 8);
      held.sign(PLAIN, SAMPLE, signature);
      good = publicHalf.held.verify(PLAIN, SAMPLE, signature);
    } catch {
      // OpenSSL cannot compute with such numbers.
    } finally {
      held.wipe();
    }
    if (!good) throw fail.InvalidKey;
  }
}

/**
 * What can be said of the private numbers without computing with them. FIPS 186-5, 5.1 wants both
 * primes of half the size; others make them less even, and only a really small one is a danger.
 */
function requireSound({ n, d, p, q, dp, dq, qInverse }: RsaNumbers, bits: number): void {
  const product = bitLength(p) + bitLength(q);
  const sound =
    (product === bits || product === bits + 1) &&
    [p, q].every((prime) => bitLength(prime) >= bits / 4 && isOdd(prime)) &&
    !sameBytes(p, q) &&
    isOdd(d) &&
    bitLength(d) > bits / 2 &&
    isLess(d, n) &&
    isOdd(dp) &&
    isLess(dp, p) &&
    isOdd(dq) &&
    isLess(dq, q) &&
    !isZero(qInverse) &&
    isLess(qInverse, p);
  if (!sound) throw fail.InvalidKey;
}

const ONE = Uint8Array.of(1);
const SAMPLE = Uint8Array.from('pairwise consistency', (character) => character.charCodeAt(0));

const PLAIN: SignatureScheme = { hash: 'sha256', saltLength: undefined };

/** Keys that came as id-RSASSA-PSS leave as rsaEncryption, too: the algorithm says what they are for. */
const rsaEncryption: Der = algorithmIdentifier(ObjectIdentifiers.rsaEncryption, nothing);

function requireRsa({ id, parameters }: AlgorithmIdentifier, pss: PssHash | undefined): void {
  if (sameBytes(id, ObjectIdentifiers.rsaEncryption)) {
    if (!sameBytes(parameters, NULL)) throw fail.InvalidKey;
  } else {
    if (pss === undefined || !sameBytes(id, ObjectIdentifiers.rsaPss)) throw fail.InvalidKey;
    if (parameters.length > 0) requireFittingPss(parameters, pss);
  }
}

/**
 * RSASSA-PSS-params (RFC 4055, 3.1): the hash must be the algorithm's, for MGF1 too, and the salt no
 * longer than a digest. Defaults (SHA-1, 20 bytes, trailer 1) are left out in DER.
 */
function requireFittingPss(parameters: Uint8Array, pss: PssHash): void {
  const whole = new DerReader(parameters, fail.InvalidKey);
  const reader = whole.nested(Tag.Sequence);
  whole.end();

  const hash = reader.nested(contextTag(0));
  requireHash(readAlgorithmIdentifier(hash), pss);
  hash.end();

  const mask = reader.nested(contextTag(1));
  const generator = readAlgorithmIdentifier(mask);
  mask.end();
  if (!sameBytes(generator.id, ObjectIdentifiers.mgf1)) throw fail.InvalidKey;
  const maskHash = new DerReader(generator.parameters, fail.InvalidKey);
  requireHash(readAlgorithmIdentifier(maskHash), pss);
  maskHash.end();

  if (reader.peek() === contextTag(2)) {
    const salt = reader.nested(contextTag(2));
    const length = salt.small();
    salt.end();
    if (length > pss.length || length === 20) throw fail.InvalidKey;
  }
  reader.end();
}

/** RFC 4055, 2.1: parameters are NULL or absent. */
function requireHash({ id, parameters }: AlgorithmIdentifier, pss: PssHash): void {
  const plain = parameters.length === 0 || sameBytes(parameters, NULL);
  if (!plain || !sameBytes(id, pss.identifier)) throw fail.InvalidKey;
}

function innerNumbers(container: PrivateContainer, pss: PssHash | undefined): RsaNumbers {
  if (container.form === 'pkcs8') requireRsa(container.algorithm, pss);
  const inner = container.form === 'pkcs8' ? readPrivateContainer(container.key) : container;
  if (inner.form !== 'pkcs1') throw fail.InvalidKey;
  return inner;
}
