/** What generated files may import from the templates: a test checks it against the real files. */
import type { AsSymbol } from '../../print/as-file.js';
import { commented } from '../../print/header.js';
import { templateExports, templateText } from '../../print/template.js';
import { allRecipes } from './recipes.js';

function from<const File extends string>(
  file: File,
): <const Name extends string>(name: Name) => AsSymbol & { readonly name: Name; readonly from: File } {
  return (name) => ({ name, from: file });
}

const memory = from('memory');
const text = from('text');
const buffers = from('buffers');
const result = from('result');
const overlay = from('overlay');

export const template = {
  AREA: memory('AREA'),
  takeResult: memory('takeResult'),
  putOption: memory('putOption'),
  Utf8: text('Utf8'),
  addressOf: buffers('addressOf'),
  lengthOf: buffers('lengthOf'),
  Slice: buffers('Slice'),
  errno: result('errno'),
  ok: result('ok'),
  value: result('value'),
  expect: result('expect'),
  Out: result('Out'),
  Overlay: overlay('Overlay'),
  Segment: overlay('Segment'),
  allocateZeros: overlay('allocateZeros'),
} as const;

/** The bytes of the result area in `memory.ts`. */
export const AREA_SIZE = 64;

/** Copied whatever the definitions are. */
export const templateFiles = ['memory', 'text', 'buffers', 'result'] as const;

/** Copied when there are records or variants. */
export const overlayFile = 'overlay';

/** What guests may use of the templates: exported by the package, so the definitions' names make way. */
export const exported: readonly AsSymbol[] = [
  template.Slice,
  template.addressOf,
  template.lengthOf,
  template.errno,
  template.ok,
  template.value,
  template.expect,
  template.Out,
];

/** What guests may use of `overlay.ts`. */
export const exportedOverlay: readonly AsSymbol[] = [template.Overlay, template.Segment];

/** Names of the package that the definitions may not have: all that is exported by what is copied. */
export function templateNames(): readonly string[] {
  const copiedFiles = [
    ...templateFiles,
    overlayFile,
    ...allRecipes.flatMap((each) => each.filesOf('witx').map(([, from]) => from)),
  ];
  return copiedFiles.flatMap((file) => templateExports(`assemblyscript-guest/${file}`));
}

/** A template as it is, below the banner. */
export function copied(file: string, banner: readonly string[]): string {
  const body = templateText(`assemblyscript-guest/${file}`);
  return `${[...commented(banner), ''].join('\n')}\n${body}`;
}
