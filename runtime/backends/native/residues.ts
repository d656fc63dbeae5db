/** Residues of odd moduli, in the fixed-width arithmetic of the native library. */
import { newBytes } from '../../blocks.js';
import { sameBytes, wipe } from '../../bytes.js';
import type { ModularArithmetic, ResidueBytes, ResidueOperation } from '../arithmetic/arithmetic.js';
import { publicInverse } from '../arithmetic/bigint-residues.js';
import { toBigInt, writeBigInt } from '../arithmetic/bigints.js';
import type { Backend, ConstantTime } from '../backend.js';
import { native } from './backend.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const operations: readonly ResidueOperation[] = [
  ...(['import', 'reduce', 'random', 'export', 'add', 'sub', 'mul', 'square'] as const),
  ...(['inverse', 'sqrt', 'exp', 'equal', 'select'] as const),
];

function forAll<T>(value: T): Readonly<Record<ResidueOperation, T>> {
  return Object.fromEntries(operations.map((each) => [each, value])) as Readonly<Record<ResidueOperation, T>>;
}

const backends: Readonly<Record<ResidueOperation, Backend>> = forAll(native);
const claims: Readonly<Record<ResidueOperation, ConstantTime>> = forAll('library');
const WORD_BYTES = 8;

/** Throws `Unavailable`; undefined for an even modulus. @param modulus big-endian, its first byte not 0 */
export function nativeResidues(modulus: Uint8Array): ModularArithmetic | undefined {
  if (((modulus.at(-1) ?? 0) & 1) === 0) return undefined;
  return new NativeResidues(nativeLibrary(), modulus);
}

class NativeResidues implements ModularArithmetic {
  readonly backends = backends;
  readonly claims = claims;
  readonly modulus: bigint;
  readonly width: number;
  readonly size: number;
  readonly #library: NativeLibrary;
  readonly #object: NativeObject;
  /** Its inverses are powers, if the modulus is a prime. */
  readonly #fermat: Uint8Array;
  /** Undefined: not asked yet. */
  #isComposite: boolean | undefined;

  constructor(library: NativeLibrary, modulus: Uint8Array) {
    this.#library = library;
    this.#object = new NativeObject(library.modulusNew(modulus));
    this.modulus = toBigInt(modulus);
    this.width = modulus.length;
    this.size = Math.ceil(modulus.length / WORD_BYTES) * WORD_BYTES;
    this.#fermat = new Uint8Array(this.width);
    if (this.modulus > 2n) writeBigInt(this.modulus - 2n, this.#fermat);
  }

  decode(to: ResidueBytes, bytes: Uint8Array): boolean {
    return answered(this.#library.residueDecode(this.#object.number, to, bytes)) === 1;
  }

  reduce(to: ResidueBytes, wide: Uint8Array): void {
    answered(this.#library.residueReduce(this.#object.number, to, wide));
  }

  encode(value: ResidueBytes, out: Uint8Array): void {
    answered(this.#library.residueEncode(this.#object.number, value, out));
  }

  add(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    answered(this.#library.residueAdd(this.#object.number, to, left, right));
  }

  subtract(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    answered(this.#library.residueSubtract(this.#object.number, to, left, right));
  }

  multiply(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void {
    answered(this.#library.residueMultiply(this.#object.number, to, left, right));
  }

  /** Whether Fermat's power of a small number is its inverse, as modulo every odd prime and hardly any other number. */
  #isInverse(small: number, one: ResidueBytes): boolean {
    const [value, power] = [newBytes(this.size), newBytes(this.size)];
    this.reduce(value, Uint8Array.of(small));
    this.power(power, value, this.#fermat);
    this.multiply(power, power, value);
    return sameBytes(power, one);
  }

  inverse(to: ResidueBytes, value: ResidueBytes, variable: () => void): boolean {
    const [inverse, product, one] = [newBytes(this.size), newBytes(this.size), newBytes(this.size)];
    try {
      this.reduce(one, Uint8Array.of(1));
      // Asked of 2 first, so that the answer is the same for every value.
      this.#isComposite ??= !this.#isInverse(2, one);
      if (!this.#isComposite) {
        this.power(inverse, value, this.#fermat);
        this.multiply(product, inverse, value);
        if (sameBytes(product, one)) {
          to.set(inverse);
          return true;
        }
        // Modulo a prime only 0 has none.
        if (sameBytes(value, product.fill(0))) return false;
        this.#isComposite = true;
      }
      variable();
      return this.#variableInverse(to, value);
    } finally {
      wipe(inverse, product);
    }
  }

  #variableInverse(to: ResidueBytes, value: ResidueBytes): boolean {
    const bytes = newBytes(this.width);
    try {
      this.encode(value, bytes);
      const found = publicInverse(toBigInt(bytes), this.modulus);
      if (found === undefined) return false;
      writeBigInt(found, bytes);
      return this.decode(to, bytes);
    } finally {
      wipe(bytes);
    }
  }

  power(to: ResidueBytes, base: ResidueBytes, exponent: Uint8Array): void {
    answered(this.#library.residuePower(this.#object.number, to, base, exponent));
  }

  equal(left: ResidueBytes, right: ResidueBytes): boolean {
    return sameBytes(left, right);
  }

  select(to: ResidueBytes, first: ResidueBytes, second: ResidueBytes, choice: boolean): void {
    answered(this.#library.residueSelect(this.#object.number, to, first, second, Number(choice)));
  }

  release(): void {
    this.#object.release();
  }
}
