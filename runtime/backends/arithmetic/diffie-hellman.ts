/**
 * Exponents that stay secret, without the native backend: OpenSSL raises to them in constant time when it computes a
 * shared secret, modulo any odd number. Only what it refuses by rules of Diffie-Hellman is done here.
 *
 * Keys are imported as DER. The class `DiffieHellman` tests each modulus for being a safe prime (117 milliseconds for
 * 2 048 bits, measured), and answers zeros where OpenSSL refuses (measured, Node 20).
 */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { newBytes } from '../../blocks.js';
import { sameBytes, wipe } from '../../bytes.js';
import {
  bitsOf,
  encodeDer,
  objectIdentifier,
  octetsOf,
  sequence,
  small,
  unsigned,
  type Der,
} from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';

/** What OpenSSL takes (measured; `OPENSSL_DH_MAX_MODULUS_BITS`). */
const LEAST_BITS = 512;
const MOST_BITS = 10_000;

export interface SecretPower {
  /** Errors of OpenSSL's. @param base below the modulus @param out both as long as the modulus */
  power(base: Uint8Array, exponent: Uint8Array, out: Uint8Array): void;
}

/** Undefined: not modulo this number, or not by this OpenSSL. @param modulus without leading zeros */
export function secretPower(modulus: Uint8Array, bits: number): SecretPower | undefined {
  if (bits < LEAST_BITS || bits > MOST_BITS || ((modulus.at(-1) ?? 0) & 1) === 0) return undefined;
  const made = new DiffieHellmanPower(modulus);
  return made.works() ? made : undefined;
}

class DiffieHellmanPower implements SecretPower {
  readonly #modulus: Uint8Array;
  readonly #minusOne: Uint8Array;
  readonly #one: Uint8Array;
  readonly #algorithm: Der;

  constructor(modulus: Uint8Array) {
    this.#modulus = modulus;
    // It is odd.
    this.#minusOne = modulus.with(-1, (modulus.at(-1) ?? 1) - 1);
    this.#one = new Uint8Array(modulus.length);
    this.#one[modulus.length - 1] = 1;
    this.#algorithm = sequence(
      objectIdentifier(ObjectIdentifiers.dhKeyAgreement),
      sequence(unsigned(modulus), small(2)),
    );
  }

  /** A FIPS provider knows other groups only. */
  works(): boolean {
    try {
      const four = this.#agree(new Uint8Array(this.#modulus.length).fill(2, -1), Uint8Array.of(2));
      return four?.at(-1) === 4;
    } catch {
      return false;
    }
  }

  power(base: Uint8Array, exponent: Uint8Array, out: Uint8Array): void {
    // OpenSSL takes none of these for a public key.
    if (base.every((byte) => byte === 0) || sameBytes(base, this.#one)) {
      const isOne = sameBytes(base, this.#one) || exponent.every((byte) => byte === 0);
      out.fill(0);
      out[out.length - 1] = Number(isOne);
      return;
    }
    if (sameBytes(base, this.#minusOne)) {
      out.set(((exponent.at(-1) ?? 0) & 1) === 0 ? this.#one : this.#minusOne);
      return;
    }
    const found = this.#agree(base, exponent) ?? this.#refused(base, exponent);
    out.set(found);
    wipe(found);
  }

  /** The power is 0, 1 or the modulus less 1, which OpenSSL refuses for a secret: the next power tells which. */
  #refused(base: Uint8Array, exponent: Uint8Array): Uint8Array {
    const next = newBytes(exponent.length + 1);
    try {
      next.set(exponent, 1);
      let carry = 1;
      for (let at = exponent.length; at >= 0; at -= 1) {
        const sum = (next[at] as number) + carry;
        next[at] = sum;
        carry = sum >> 8;
      }
      const after = this.#agree(base, next);
      if (after === undefined) return new Uint8Array(this.#modulus.length);
      return new Uint8Array(sameBytes(after, base) ? this.#one : this.#minusOne);
    } finally {
      wipe(next);
    }
  }

  /** Undefined: OpenSSL refuses the result. */
  #agree(base: Uint8Array, exponent: Uint8Array): Uint8Array | undefined {
    const publicKey = createPublicKey({
      key: asBuffer(encodeDer(sequence(this.#algorithm, bitsOf(unsigned(base))))),
      format: 'der',
      type: 'spki',
    });
    const privateKey = this.#privateKey(exponent);
    try {
      return diffieHellman({ privateKey, publicKey });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_OSSL_DH_INVALID_SECRET') return undefined;
      throw error;
    }
  }

  #privateKey(exponent: Uint8Array): KeyObject {
    // Without a byte an INTEGER is none.
    const number = unsigned(exponent.length === 0 ? Uint8Array.of(0) : exponent);
    const der = encodeDer(sequence(small(0), this.#algorithm, octetsOf(number)));
    try {
      return createPrivateKey({ key: asBuffer(der), format: 'der', type: 'pkcs8' });
    } finally {
      wipe(der);
    }
  }
}

/** `node:crypto`'s types want one. */
function asBuffer(bytes: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
