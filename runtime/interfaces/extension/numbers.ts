/** The functions of `wasi_crypto_ext_numbers`. */
import type { RuntimeContext } from '../../context.js';
import { Bignum } from '../../numbers/bignum.js';
import type { ByteOrder } from '../../numbers/context.js';
import { Modulus, Residue } from '../../numbers/modulus.js';

export function numbersHost(context: RuntimeContext) {
  return {
    modulusImport(order: ByteOrder, value: Uint8Array): Modulus {
      context.requireOpen();
      return new Modulus(context, order, value);
    },

    /** 0, modulo the same number. */
    residueOf: (of: Modulus | Residue): Residue => new Residue(of),
    residueWidth: (x: Residue): number => x.width,
    modulusWidth: (modulus: Modulus): number => modulus.width,
    residueOpen: (modulus: Modulus): Residue => new Residue(modulus),
    residueImport: (to: Residue, order: ByteOrder, value: Uint8Array): void => to.import(order, value),
    residueReduce: (to: Residue, order: ByteOrder, wide: Uint8Array): void => to.reduce(order, wide),
    residueRandom: (to: Residue): void => to.random(),
    residueExport: (x: Residue, order: ByteOrder, out: Uint8Array): void => x.export(order, out),
    residueAdd: (to: Residue, a: Residue, b: Residue): void => to.add(a, b),
    residueSub: (to: Residue, a: Residue, b: Residue): void => to.sub(a, b),
    residueMul: (to: Residue, a: Residue, b: Residue): void => to.mul(a, b),
    residueSquare: (to: Residue, a: Residue): void => to.square(a),
    residueInverse: (to: Residue, a: Residue): void => to.inverse(a),
    residueSqrt: (to: Residue, a: Residue): void => to.sqrt(a),
    residueExp: (to: Residue, a: Residue, exponent: Uint8Array): void => to.exp(a, exponent),
    residueEqual: (a: Residue, b: Residue): boolean => a.equal(b),
    residueSelect: (to: Residue, a: Residue, b: Residue, choice: boolean): void => to.select(a, b, choice),

    bignumOpen(maxBytes: number): Bignum {
      context.requireOpen();
      return new Bignum(context, maxBytes);
    },

    bignumImport: (to: Bignum, order: ByteOrder, value: Uint8Array): void => to.import(order, value),
    bignumExport: (x: Bignum, order: ByteOrder, out: Uint8Array): void => x.export(order, out),
    bignumBitLen: (x: Bignum): number => x.bitLength,
    bignumAdd: (to: Bignum, a: Bignum, b: Bignum): void => to.add(a, b),
    bignumSub: (to: Bignum, a: Bignum, b: Bignum): void => to.sub(a, b),
    bignumMul: (to: Bignum, a: Bignum, b: Bignum): void => to.mul(a, b),
    bignumGcd: (to: Bignum, a: Bignum, b: Bignum): void => to.gcd(a, b),
    bignumDivRem: (quotient: Bignum, remainder: Bignum, a: Bignum, b: Bignum): void => quotient.divRem(remainder, a, b),
    bignumShift: (to: Bignum, a: Bignum, bits: number): void => to.shift(a, bits),
    bignumCompare: (a: Bignum, b: Bignum): number => a.compare(b),
    bignumIsProbablePrime: (x: Bignum, rounds: number): boolean => x.isProbablePrime(rounds),
    bignumGeneratePrime: (to: Bignum, bits: number, safe: boolean): void => to.generatePrime(bits, safe),
  };
}
