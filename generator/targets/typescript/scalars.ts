/** Numbers and characters as expressions of TypeScript. */
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
