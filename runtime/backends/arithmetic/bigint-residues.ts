/**
 * Residues on the integers of the engine, which take a time that depends on their values. Secret exponents are
 * OpenSSL's, where it can.
 */
import { newBytes } from '../../blocks.js';
import { sameBytes, wipe } from '../../bytes.js';
import type { Backend, ConstantTime } from '../backend.js';
import { nobleModular } from '../noble.js';
import { openssl } from '../openssl/backend.js';
import type { ModularArithmetic, ResidueBytes, ResidueOperation } from './arithmetic.js';
import { bitLength, toBigInt, writeBigInt } from './bigints.js';
import { secretPower, type SecretPower } from './diffie-hellman.js';

export const bigints: Backend = { kind: 'own', name: `BigInt of V8 ${process.versions['v8'] ?? ''}`.trimEnd() };

const claims: Readonly<Record<ResidueOperation, ConstantTime>> = {
  import: 'best-effort',
  reduce: 'variable',
  random: 'best-effort',
  export: 'best-effort',
  add: 'variable',
  sub: 'variable',
  mul: 'variable',
  square: 'variable',
  inverse: 'variable',
  sqrt: 'variable',
  exp: 'variable',
  equal: 'best-effort',
  select: 'best-effort',
};

const backends: Readonly<Record<ResidueOperation, Backend>> = {
  import: bigints,
  reduce: bigints,
  random: bigints,
  export: bigints,
  add: bigints,
  sub: bigints,
  mul: bigints,
  square: bigints,
  inverse: bigints,
  sqrt: bigints,
  exp: bigints,
  equal: bigints,
  select: bigints,
};

/**
 * @param modulus big-endian, its first byte not 0
 * @param withOpenssl whether `node:crypto` may be used
 */
export function bigintResidues(modulus: Uint8Array, withOpenssl: boolean): ModularArithmetic {
  return new BigIntResidues(modulus, withOpenssl);
}

class BigIntResidues implements ModularArithmetic {
  readonly backends: Readonly<Record<ResidueOperation, Backend>>;
  readonly claims: Readonly<Record<ResidueOperation, ConstantTime>>;
  readonly modulus: bigint;
  readonly width: number;
  readonly size: number;
  readonly #bytes: Uint8Array;
  readonly #secretPower: SecretPower | undefined;

  constructor(modulus: Uint8Array, withOpenssl: boolean) {
    this.#bytes = modulus;
    this.modulus = toBigInt(modulus);
    this.width = modulus.length;
    this.size = modulus.length;
    this.#secretPower = withOpenssl ? secretPower(modulus, bitLength(this.modulus)) : undefined;
    this.backends = this.#secretPower === undefined ? backends : { ...backends, exp: openssl };
    this.claims = this.#secretPower === undefined ? claims : { ...claims, exp: 'library' };
  }

  decode(to: ResidueBytes, bytes: Uint8Array): boolean {
    let borrow = 0;
    for (let at = bytes.length - 1; at >= 0; at -= 1)
      borrow = ((bytes[at] as number) - (this.#bytes[at] as number) - borrow) >>> 31;
    if (borrow === 0) return false;
    to.set(bytes);
    return true;
  }

  reduce(to: ResidueBytes, wide: Uint8Array): void {
    // In pieces as long as the modulus: the work grows with the length, not with its square.
    const piece = Math.max(this.width, 8);
    let value = 0n;
    for (let at = wide.length % piece; at <= wide.length; at += piece) {
      const next = wide.subarray(Math.max(at - piece, 0), at);
      value = ((value << BigInt(next.length * 8)) | toBigInt(next)) % this.modulus;
    }
    writeBigInt(value, to);
  }

  encode(value: ResidueBytes, out: Uint8Array): void {
    out.set(value);
  }

  add(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    writeBigInt((toBigInt(left) + toBigInt(right)) % this.modulus, to);
  }

  subtract(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    writeBigInt((toBigInt(left) + this.modulus - toBigInt(right)) % this.modulus, to);
  }

  multiply(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    writeBigInt((toBigInt(left) * toBigInt(right)) % this.modulus, to);
  }

  inverse(to: ResidueBytes, value: ResidueBytes, variable: () => void): boolean {
    variable();
    const found = publicInverse(toBigInt(value), this.modulus);
    if (found === undefined) return false;
    writeBigInt(found, to);
    return true;
  }

  power(to: ResidueBytes, base: ResidueBytes, exponent: Uint8Array): void {
    if (this.#secretPower === undefined) {
      writeBigInt(publicPower(toBigInt(base), exponent, this.modulus), to);
      return;
    }
    const out = newBytes(this.width);
    this.#secretPower.power(base, exponent, out);
    to.set(out);
    wipe(out);
  }

  equal(left: ResidueBytes, right: ResidueBytes): boolean {
    return sameBytes(left, right);
  }

  select(to: ResidueBytes, first: ResidueBytes, second: ResidueBytes, choice: boolean): void {
    const mask = -Number(choice);
    for (let at = 0; at < to.length; at += 1) {
      const other = second[at] as number;
      to[at] = other ^ (((first[at] as number) ^ other) & mask);
    }
  }

  release(): void {
    // Nothing lies outside of JavaScript.
  }
}

/** Undefined: there is none. @param value below the modulus */
export function publicInverse(value: bigint, modulus: bigint): bigint | undefined {
  if (modulus === 1n) return 0n;
  try {
    return value === 0n ? undefined : nobleModular().invert(value, modulus);
  } catch {
    // They have a common divisor.
    return undefined;
  }
}

function publicPower(base: bigint, exponent: Uint8Array, modulus: bigint): bigint {
  let power = 1n % modulus;
  for (const byte of exponent) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      power = (power * power) % modulus;
      if (((byte >> bit) & 1) === 1) power = (power * base) % modulus;
    }
  }
  return power;
}
