/** Numbers and characters as expressions of TypeScript, as core values and in memory. */
import type { ScalarName } from '../../model/model.js';
import type { TsFile } from '../../print/ts-file.js';
import { shared } from './templates.js';

/** A number or a character as a core value. */
export function liftScalar(scalar: ScalarName, value: string, site: { readonly file: TsFile }): string {
  switch (scalar) {
    case 'u8':
    case 'char8':
      return `${value} & 0xff`;
    case 'u16':
      return `${value} & 0xffff`;
    case 'u32':
    case 'usize':
      return `${value} >>> 0`;
    case 's8':
      return `(${value} << 24) >> 24`;
    case 's16':
      return `(${value} << 16) >> 16`;
    case 's32':
      return `${value} | 0`;
    case 'u64':
      return `BigInt.asUintN(64, ${value})`;
    case 's64':
      return `BigInt.asIntN(64, ${value})`;
    case 'char':
      return `${site.file.use(shared.charOf)}(${value})`;
    case 'f32':
    case 'f64':
      return value;
  }
}

/** A number or a character in memory. */
export function readScalar(scalar: ScalarName, at: string, site: { readonly file: TsFile }): string {
  const read = `memory.${accessor(scalar)}(${at})`;
  return scalar === 'char' ? `${site.file.use(shared.charOf)}(${read})` : read;
}

/** Writes a number or a character to memory. */
export function writeScalar(scalar: ScalarName, at: string, value: string): string {
  const unsigned = accessor(scalar).replace('s', 'u');
  return `memory.set${unsigned.charAt(0).toUpperCase()}${unsigned.slice(1)}(${at}, ${lowerScalar(scalar, value)});`;
}

/** A number or a character as the core function returns it. */
export function lowerScalar(scalar: ScalarName, value: string): string {
  return scalar === 'char' ? `${value}.codePointAt(0) ?? 0` : value;
}

function accessor(scalar: ScalarName): string {
  return scalar === 'char8' ? 'u8' : scalar === 'usize' || scalar === 'char' ? 'u32' : scalar;
}

/** Readers take the offset apart from the address, so that their sum cannot wrap around. */
export function placed(address: string, offset: number): string {
  return offset === 0 ? address : `${address}, ${offset}`;
}

export function plus(address: string, offset: number): string {
  return offset === 0 ? address : `${address} + ${offset}`;
}
