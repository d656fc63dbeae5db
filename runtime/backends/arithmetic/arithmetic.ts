/**
 * What backends of numbers and groups offer. All bytes are big-endian. A destination may be an operand, and is as it was
 * where a method answers false or throws.
 */
import type { Backend, ConstantTime } from '../backend.js';

/** What can be done with a residue. */
export type ResidueOperation =
  | 'import'
  | 'reduce'
  | 'random'
  | 'export'
  | 'add'
  | 'sub'
  | 'mul'
  | 'square'
  | 'inverse'
  | 'sqrt'
  | 'exp'
  | 'equal'
  | 'select';

/** A value of one modulus, in the form of its backend; all zeros is 0 in each. */
export type ResidueBytes = Uint8Array<ArrayBuffer>;

/** Arithmetic modulo one number. */
export interface ModularArithmetic {
  /** For each operation, as reports name it. */
  readonly backends: Readonly<Record<ResidueOperation, Backend>>;
  /** For secret values. */
  readonly claims: Readonly<Record<ResidueOperation, ConstantTime>>;
  readonly modulus: bigint;
  /** Of the modulus, in bytes. */
  readonly width: number;
  /** Of a value in the backend's form, in bytes. */
  readonly size: number;
  /** False: not below the modulus. @param bytes as long as the modulus */
  decode(to: ResidueBytes, bytes: Uint8Array): boolean;
  /** @param wide of any length */
  reduce(to: ResidueBytes, wide: Uint8Array): void;
  /** @param out as long as the modulus */
  encode(value: ResidueBytes, out: Uint8Array): void;
  add(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void;
  subtract(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void;
  multiply(to: ResidueBytes, left: ResidueBytes, right: ResidueBytes): void;
  /**
   * False: there is none.
   *
   * @param variable called before anything that takes a time that depends on the value; may throw
   */
  inverse(to: ResidueBytes, value: ResidueBytes, variable: () => void): boolean;
  /** @param exponent of any length, of which nothing else is public */
  power(to: ResidueBytes, base: ResidueBytes, exponent: Uint8Array): void;
  equal(left: ResidueBytes, right: ResidueBytes): boolean;
  /** The first where `choice` is true, else the second. */
  select(to: ResidueBytes, first: ResidueBytes, second: ResidueBytes, choice: boolean): void;
  /** Lets go of what belongs to the modulus. Called once. */
  release(): void;
}

/** What can be done with elements, beside what residues can. */
export type ElementOperation = 'decode' | 'encode' | 'hash' | 'map' | 'add' | 'equal' | 'mul' | 'mul_base';

export type ElementFormat = 'compressed' | 'uncompressed' | 'x-only';

/** A variable that holds an element, in the form of its backend; at first the identity. */
export interface GroupPoint {
  /** Wipes it. Called once. */
  release(): void;
}

/** A group of elements. @typeParam P the backend's own; it gets no others */
export interface GroupArithmetic<P extends GroupPoint = GroupPoint> {
  readonly backend: Backend;
  /** For secrets: scalars, messages that are hashed, and elements that were made of them. */
  readonly claims: Readonly<Record<ElementOperation, ConstantTime>>;
  point(): P;
  setIdentity(to: P): void;
  setGenerator(to: P): void;
  /** False: no encoding of an element. @param bytes of a length that the group has */
  decode(to: P, bytes: Uint8Array): boolean;
  /** False: the identity, which has no encoding here. @param format one that the group has */
  encode(point: P, format: ElementFormat, out: Uint8Array): boolean;
  add(to: P, left: P, right: P): void;
  subtract(to: P, left: P, right: P): void;
  negate(to: P, point: P): void;
  clearCofactor(to: P, point: P): void;
  /** @param scalar big-endian, below the order */
  multiply(to: P, point: P, scalar: Uint8Array): void;
  multiplyBase(to: P, scalar: Uint8Array): void;
  /** The sum of all products; nothing is secret. */
  multiplyPublic(to: P, points: readonly P[], scalars: readonly Uint8Array[]): void;
  equal(left: P, right: P): boolean;
  inSubgroup(point: P): boolean;
  /** @param uniform as long as the group's suite says, once or twice; or what its one-way map takes */
  map(to: P, uniform: Uint8Array): void;
}
