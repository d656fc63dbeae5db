/** What generated files may import from the templates of components: a test checks it against the real files. */
import type { AsSymbol } from '../../../print/as-file.js';

/** The folder of what all packages share. It has no hyphen, so no package can be called like it. */
export const canonicalFolder = 'canonical';

function from<const File extends string>(
  file: File,
): <const Name extends string>(name: Name) => AsSymbol & { readonly name: Name } {
  return (name) => ({ name, from: `${canonicalFolder}/${file}` });
}

const memory = from('memory');
const buffers = from('buffers');
const lift = from('lift');
const values = from('values');

export const canonical = {
  AREA: memory('AREA'),
  lent: memory('lent'),
  lend: memory('lend'),
  release: memory('release'),
  takeErrno: memory('takeErrno'),
  takeResult: memory('takeResult'),
  Utf8: from('text')('Utf8'),
  addressOf: buffers('addressOf'),
  lengthOf: buffers('lengthOf'),
  Slice: buffers('Slice'),
  Bytes: from('bytes')('Bytes'),
  Option: values('Option'),
  Result: values('Result'),
  None: values('None'),
  liftText: lift('liftText'),
  liftBytes: lift('liftBytes'),
  loadText: lift('loadText'),
  loadBytes: lift('loadBytes'),
  storeText: lift('storeText'),
  storeBytes: lift('storeBytes'),
  cabi_realloc: from('realloc')('cabi_realloc'),
  discard: from('realloc')('discard'),
  borrowed: from('loans')('borrowed'),
  returnLoans: from('loans')('returnLoans'),
} as const;

/** The bytes of the result area in `memory.ts`. */
export const AREA_SIZE = 64;

/** The templates, with the files they are made from. */
export const canonicalFiles: readonly (readonly [file: string, template: string])[] = [
  ...['bytes', 'lift', 'loans', 'memory', 'realloc', 'text', 'values'].map(
    (name) => [`${canonicalFolder}/${name}`, `canonical/${name}`] as const,
  ),
  // Without anything of an ABI.
  [`${canonicalFolder}/buffers`, 'buffers'],
];

/** What every package exports of them. */
export const exportedCanonical: readonly AsSymbol[] = [
  canonical.Bytes,
  canonical.None,
  canonical.Option,
  canonical.Result,
  canonical.Slice,
  canonical.addressOf,
  canonical.lengthOf,
];

/** What a package exports when it has an errno. */
export const exportedResult = ['Out', 'errno', 'expect', 'ok', 'value'] as const;

/** The file and class of tuples of a length. */
export function tupleSymbol(length: number): AsSymbol {
  return { name: `Tuple${length}`, from: `${canonicalFolder}/tuples` };
}
