/** The functions of the extension as tests call them: objects are handles, what is computed is a new one. */

export type Order = 'big-endian' | 'little-endian';
export type Format = 'compressed' | 'uncompressed' | 'x-only';
export type Secrecy = 'public' | 'secret';
export type Scheme = 'iso7816' | 'pkcs7' | 'padme';
export type ObjectKind = 'modulus' | 'residue' | 'bignum' | 'group' | 'scalar' | 'element';

export interface SupportAnswer {
  readonly tier: string;
  readonly backend: string;
  readonly timing: string;
}

export interface ExtensionCalls {
  readonly close: () => void;
  fill(length: number): Uint8Array;
  below(order: Order, bound: Uint8Array): Uint8Array;
  belowU64(bound: bigint): bigint;
  equal(a: Uint8Array, b: Uint8Array): boolean;
  compare(order: Order, a: Uint8Array, b: Uint8Array): number;
  isZero(a: Uint8Array): boolean;
  select(a: Uint8Array, b: Uint8Array, choice: boolean): Uint8Array;
  increment(order: Order, value: Uint8Array): Uint8Array;
  add(order: Order, a: Uint8Array, b: Uint8Array): Uint8Array;
  encodedLength(encoding: string, bytes: number): number;
  encode(encoding: string, data: Uint8Array): Uint8Array;
  decode(encoding: string, text: Uint8Array, ignored?: Uint8Array): Uint8Array;
  paddedLength(scheme: Scheme, block: number, message: number): number;
  pad(scheme: Scheme, block: number, data: Uint8Array): Uint8Array;
  unpaddedLength(scheme: Scheme, block: number, padded: Uint8Array): number;
  hasModule(name: string): boolean;
  hasOption(algorithm: string, option: string): boolean;
  algorithm(name: string): SupportAnswer;
  func(name: string, group: string): SupportAnswer;
  algorithms(): string;
  /** Closes or drops. */
  end(kind: ObjectKind, handle: number): void;
  modulus(order: Order, value: Uint8Array): number;
  modulusWidth(modulus: number): number;
  /** `open`, `random`: without bytes. */
  residue(made: 'open' | 'random' | 'import' | 'reduce', modulus: number, order?: Order, value?: Uint8Array): number;
  residueOf(
    operation: 'add' | 'sub' | 'mul' | 'square' | 'inverse' | 'sqrt',
    modulus: number,
    ...operands: readonly number[]
  ): number;
  residueExp(modulus: number, a: number, exponent: Uint8Array): number;
  residueSelect(modulus: number, a: number, b: number, choice: boolean): number;
  residueEqual(a: number, b: number): boolean;
  residueExport(modulus: number, x: number, order: Order): Uint8Array;
  bignum(order: Order, value: Uint8Array): number;
  bignumOf(operation: 'add' | 'sub' | 'mul' | 'gcd', a: number, b: number): number;
  bignumDivRem(a: number, b: number): readonly [number, number];
  bignumShift(a: number, bits: number): number;
  bignumCompare(a: number, b: number): number;
  bignumBitLength(a: number): number;
  bignumExport(x: number, order: Order, width: number): Uint8Array;
  isProbablePrime(x: number, rounds: number): boolean;
  generatePrime(bits: number, safe: boolean): number;
  group(name: string): number;
  elementLength(group: number): number;
  scalarLength(group: number): number;
  scalar(made: 'open' | 'random' | 'decode' | 'reduce', group: number, secrecy: Secrecy, bytes?: Uint8Array): number;
  scalarHash(group: number, secrecy: Secrecy, message: Uint8Array, dst: Uint8Array): number;
  scalarOf(
    operation: 'add' | 'sub' | 'mul' | 'neg' | 'invert',
    group: number,
    secrecy: Secrecy,
    ...operands: readonly number[]
  ): number;
  scalarEncode(group: number, s: number): Uint8Array;
  scalarEqual(a: number, b: number): boolean;
  element(made: 'open' | 'generator' | 'decode' | 'map', group: number, bytes?: Uint8Array): number;
  elementHash(made: 'hash' | 'encode-to-group', group: number, message: Uint8Array, dst: Uint8Array): number;
  elementOf(operation: 'add' | 'sub' | 'neg' | 'clear-cofactor', group: number, ...operands: readonly number[]): number;
  elementMul(group: number, e: number | undefined, s: number): number;
  elementMulPublic(group: number, elements: readonly number[], scalars: readonly number[]): number;
  elementEncode(group: number, e: number, format: Format, length: number): Uint8Array;
  elementEqual(a: number, b: number): boolean;
  inSubgroup(e: number): boolean;
}
