/** Signatures, and the states that make and verify them. */
import type { SignatureAlgorithm } from '../contracts/algorithms.js';
import type { PublicMaterial, SecretMaterial } from '../contracts/keys.js';
import { giveBack, takeCopy } from '../blocks.js';
import { ByteCollector, copyOf } from '../bytes.js';
import type { OperationContext, Random } from '../contracts/context.js';
import type { SignatureEncoding } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import type { Account, Accounts } from '../meter.js';
import { GuestObject } from './guest-object.js';

/** `node:crypto` refuses inputs of 2^31 bytes. */
const LONGEST_MESSAGE = 2 ** 31 - 1;

/** A signature of the right form; whether its values are in range is judged when it is verified. */
export class Signature extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly algorithm: SignatureAlgorithm;
  readonly #raw: Uint8Array<ArrayBuffer>;

  /**
   * Errors: `overflow`.
   *
   * @param raw of the algorithm's size; becomes this object's own, which gives it back (`blocks.ts`)
   */
  constructor(account: Account, algorithm: SignatureAlgorithm, raw: Uint8Array<ArrayBuffer>) {
    super();
    this.#account = account;
    this.algorithm = algorithm;
    this.#raw = raw;
    this.open(account, raw.length);
  }

  /** Errors: `unsupported_encoding`, then `invalid_signature`, then `overflow`. */
  static imported(
    account: Account,
    algorithm: SignatureAlgorithm,
    encoded: Uint8Array,
    encoding: SignatureEncoding,
  ): Signature {
    if (encoding === 'der') {
      if (algorithm.der === undefined) throw fail.UnsupportedEncoding;
      return new Signature(account, algorithm, algorithm.der.read(encoded));
    }
    if (encoded.length !== algorithm.signatureSize) throw fail.InvalidSignature;
    return new Signature(account, algorithm, takeCopy(encoded));
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
    this.#account.close(this.#raw.length);
    giveBack(this.#raw, this.#raw.length);
  }
}

/** Collects a message and signs it, as often as the guest likes; each signature covers everything so far. Its key is charged once more, since it stays as long as the state. */
export class SignatureState extends GuestObject {
  override live = true;
  readonly algorithm: SignatureAlgorithm;
  readonly #secret: SecretMaterial;
  readonly #random: Random;
  readonly #accounts: Accounts;
  readonly #message: ByteCollector;

  /**
   * Errors: `overflow`.
   *
   * @param secret the state takes a reference of its own
   */
  constructor(algorithm: SignatureAlgorithm, secret: SecretMaterial, { limits, meter, random }: OperationContext) {
    super();
    this.algorithm = algorithm;
    this.#secret = secret.retain();
    this.#random = random;
    this.#accounts = meter.accounts;
    this.#message = new ByteCollector(Math.min(limits.messageBytes, LONGEST_MESSAGE), meter.accounts.signatureState);
    this.open(meter.accounts.signatureState, algorithm.keys.prices.bytes);
  }

  /** Errors: `overflow`, and nothing is added. */
  update(part: Uint8Array): void {
    this.#message.append(part);
  }

  /** Errors: `overflow`. The message is hashed anew each time. */
  sign(): Signature {
    const { algorithm } = this;
    this.#accounts.signatureState.spend(algorithm.keys.prices.useSecret + this.#message.length);
    const raw = algorithm.sign(this.#secret, this.#message.view(), this.#random);
    return new Signature(this.#accounts.signature, algorithm, raw);
  }

  protected override dispose(): void {
    this.#message.wipe();
    this.#secret.release();
    this.#accounts.signatureState.close(this.algorithm.keys.prices.bytes);
  }
}

/** Collects a message and verifies signatures on it. */
export class SignatureVerificationState extends GuestObject {
  override live = true;
  readonly algorithm: SignatureAlgorithm;
  readonly #publicKey: PublicMaterial;
  readonly #account: Account;
  readonly #message: ByteCollector;

  /**
   * Errors: `overflow`.
   *
   * @param publicKey the state takes a reference of its own
   */
  constructor(algorithm: SignatureAlgorithm, publicKey: PublicMaterial, { limits, meter }: OperationContext) {
    super();
    this.algorithm = algorithm;
    this.#publicKey = publicKey.retain();
    this.#account = meter.accounts.signatureVerificationState;
    this.#message = new ByteCollector(Math.min(limits.messageBytes, LONGEST_MESSAGE), this.#account);
    this.open(this.#account, algorithm.keys.prices.bytes);
  }

  /** Errors: `overflow`, and nothing is added. */
  update(part: Uint8Array): void {
    this.#message.append(part);
  }

  /** Errors: `invalid_signature` for another algorithm's, `overflow`, `verification_failed`. */
  verify(signature: Signature): void {
    if (signature.algorithm !== this.algorithm) throw fail.InvalidSignature;
    this.#account.spend(this.algorithm.keys.prices.usePublic + this.#message.length);
    if (!this.algorithm.verify(this.#publicKey, this.#message.view(), signature.raw)) throw fail.VerificationFailed;
  }

  /** A message may be as confidential as a key. */
  protected override dispose(): void {
    this.#message.wipe();
    this.#publicKey.release();
    this.#account.close(this.algorithm.keys.prices.bytes);
  }
}
