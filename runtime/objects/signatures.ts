/** Signatures, and the states that make and verify them. */
import type { SignatureAlgorithm } from '../contracts/algorithms.js';
import type { PublicMaterial, SecretMaterial } from '../contracts/keys.js';
import { giveBack, takeCopy } from '../blocks.js';
import { ByteCollector, copyOf } from '../bytes.js';
import type { OperationContext, Random } from '../contracts/context.js';
import type { SignatureEncoding } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import { GuestObject } from './guest-object.js';

/** `node:crypto` refuses inputs of 2^31 bytes. */
const LONGEST_MESSAGE = 2 ** 31 - 1;

/** A signature of the right form; whether its values are in range is judged when it is verified. */
export class Signature extends GuestObject {
  override live = true;
  readonly algorithm: SignatureAlgorithm;
  readonly #raw: Uint8Array;
  /** Memory to give back. */
  readonly #taken: Uint8Array<ArrayBuffer> | undefined;

  /**
   * @param raw of the algorithm's size; becomes this object's own
   * @param taken the same, where it lies in memory to give back (`blocks.ts`)
   */
  constructor(algorithm: SignatureAlgorithm, raw: Uint8Array, taken?: Uint8Array<ArrayBuffer>) {
    super();
    this.algorithm = algorithm;
    this.#raw = raw;
    this.#taken = taken;
  }

  /** Errors: `unsupported_encoding`, then `invalid_signature`. */
  static imported(algorithm: SignatureAlgorithm, encoded: Uint8Array, encoding: SignatureEncoding): Signature {
    if (encoding === 'der') {
      if (algorithm.der === undefined) throw fail.UnsupportedEncoding;
      return new Signature(algorithm, algorithm.der.read(encoded));
    }
    if (encoded.length !== algorithm.signatureSize) throw fail.InvalidSignature;
    const taken = takeCopy(encoded);
    return new Signature(algorithm, taken, taken);
  }

  get raw(): Uint8Array {
    return this.#raw;
  }

  /** New bytes. Errors: `unsupported_encoding`. */
  exported(encoding: SignatureEncoding): Uint8Array {
    if (encoding !== 'der') return copyOf(this.#raw);
    if (this.algorithm.der === undefined) throw fail.UnsupportedEncoding;
    return this.algorithm.der.write(this.#raw);
  }

  /** Nothing to wipe: a signature is public. */
  protected override dispose(): void {
    if (this.#taken !== undefined) giveBack(this.#taken, this.#taken.length);
  }
}

/** Collects a message and signs it, as often as the guest likes; each signature covers everything so far. */
export class SignatureState extends GuestObject {
  override live = true;
  readonly algorithm: SignatureAlgorithm;
  readonly #secret: SecretMaterial;
  readonly #random: Random;
  readonly #message: ByteCollector;

  /** @param secret the state takes a reference of its own */
  constructor(algorithm: SignatureAlgorithm, secret: SecretMaterial, { limits, random }: OperationContext) {
    super();
    this.algorithm = algorithm;
    this.#secret = secret.retain();
    this.#random = random;
    this.#message = new ByteCollector(Math.min(limits.messageBytes, LONGEST_MESSAGE));
  }

  /** Errors: `overflow`, and nothing is added. */
  update(part: Uint8Array): void {
    this.#message.append(part);
  }

  sign(): Signature {
    return new Signature(this.algorithm, this.algorithm.sign(this.#secret, this.#message.view(), this.#random));
  }

  protected override dispose(): void {
    this.#message.wipe();
    this.#secret.release();
  }
}

/** Collects a message and verifies signatures on it. */
export class SignatureVerificationState extends GuestObject {
  override live = true;
  readonly algorithm: SignatureAlgorithm;
  readonly #publicKey: PublicMaterial;
  readonly #message: ByteCollector;

  constructor(algorithm: SignatureAlgorithm, publicKey: PublicMaterial, { limits }: OperationContext) {
    super();
    this.algorithm = algorithm;
    this.#publicKey = publicKey;
    this.#message = new ByteCollector(Math.min(limits.messageBytes, LONGEST_MESSAGE));
  }

  /** Errors: `overflow`, and nothing is added. */
  update(part: Uint8Array): void {
    this.#message.append(part);
  }

  /** Errors: `invalid_signature` for another algorithm's, `verification_failed`. */
  verify(signature: Signature): void {
    if (signature.algorithm !== this.algorithm) throw fail.InvalidSignature;
    if (!this.algorithm.verify(this.#publicKey, this.#message.view(), signature.raw)) throw fail.VerificationFailed;
  }

  /** A message may be as confidential as a key. */
  protected override dispose(): void {
    this.#message.wipe();
  }
}
