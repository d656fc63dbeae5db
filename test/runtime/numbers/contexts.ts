/** Contexts for numbers and groups, with one choice of backends each. */
import { RuntimeContext } from '../../../runtime/context.js';
import type { WasiCryptoOptions } from '../../../runtime/index.js';
import { readOptions } from '../../../runtime/options.js';
import type { ByteOrder } from '../../../runtime/numbers/context.js';
import { Bignum } from '../../../runtime/numbers/bignum.js';
import { Element } from '../../../runtime/numbers/element.js';
import { Group, Scalar } from '../../../runtime/numbers/group.js';
import { Modulus, Residue } from '../../../runtime/numbers/modulus.js';
import { isFailure, type FailureName } from '../../../runtime/failures.js';

/** What computes, by what is allowed. */
export const choices: readonly (readonly [string, WasiCryptoOptions])[] = [
  ['what there is', {}],
  ['what there is without the native backend', { native: 'off' }],
];

/** The same for a group: noble serves what libsodium has only where that is not installed. */
export function choicesOf(group: string): typeof choices {
  const isSodium = group === 'ristretto255' || group === 'edwards25519';
  return isSodium ? [...choices, ['noble and integers', { policy: { backends: ['noble', 'own'] } }]] : choices;
}

export function contextOf(options: WasiCryptoOptions = {}): RuntimeContext {
  return new RuntimeContext(readOptions(options));
}

/** The failure of a call, by its name; undefined: it succeeded. */
export function failureOf(call: () => unknown): FailureName | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error.name;
    throw error;
  }
}

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Bytes of a number, big-endian. */
export function bytesOf(value: bigint, length = 0): Uint8Array {
  const digits = value.toString(16);
  return fromHex(digits.padStart(Math.max(length * 2, digits.length + (digits.length % 2)), '0'));
}

export function modulusOf(context: RuntimeContext, value: bigint): Modulus {
  return new Modulus(context, 'big', bytesOf(value));
}

export function residueOf(modulus: Modulus, value?: bigint): Residue {
  const residue = new Residue(modulus);
  if (value !== undefined) residue.reduce('big', bytesOf(value));
  return residue;
}

export function residueValue(residue: Residue, modulus: Modulus, order: ByteOrder = 'big'): bigint {
  const out = new Uint8Array(modulus.width);
  residue.export(order, out);
  return BigInt(`0x${toHex(order === 'big' ? out : out.reverse())}`);
}

export function bignumOf(context: RuntimeContext, value = 0n, most = 2048): Bignum {
  const made = new Bignum(context, most);
  made.import('big', bytesOf(value));
  return made;
}

export function bignumValue(bignum: Bignum): bigint {
  const out = new Uint8Array(4096);
  bignum.export('big', out);
  return BigInt(`0x${toHex(out)}`);
}

export function scalarOf(group: Group, value?: bigint, secrecy: 'public' | 'secret' = 'public'): Scalar {
  const scalar = new Scalar(group, secrecy);
  if (value !== undefined) {
    const bytes = bytesOf(value, group.scalarLength);
    if (group.arithmetic.facts.scalarOrder === 'little') bytes.reverse();
    scalar.decode(bytes);
  }
  return scalar;
}

export function scalarBytes(scalar: Scalar): Uint8Array {
  const out = new Uint8Array(scalar.arithmetic.facts.scalarLength);
  scalar.encode(out);
  return out;
}

/** Of an element that is no identity. */
export function elementHex(element: Element): string {
  const out = new Uint8Array(element.arithmetic.facts.compressed);
  element.encode('compressed', out);
  return toHex(out);
}

/** The generator so many times. */
export function elementOf(group: Group, times: bigint): Element {
  const element = new Element(group);
  element.mulBase(scalarOf(group, times));
  return element;
}
