/** How a type of the definitions is written in the host's TypeScript. */
import { handleKind, optionPayload } from '../../model/kinds.js';
import { camel } from '../../model/name.js';
import type { Type } from '../../model/model.js';
import { holdsHandle } from '../../model/visit.js';
import type { TsFile } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { braced, listOf } from '../typescript/products.js';
import type { Names } from './names.js';

/** The host type of a value, importing what it names. */
export function hostType(type: Type, names: Names, file: TsFile): string {
  const kind = handleKind(type);
  if (kind !== undefined) return `K['${names.kinds.get(kind) as string}']`;
  const optional = optionPayload(type);
  if (optional !== undefined) return `${hostType(optional.payload, names, file)} | undefined`;
  const named = type.kind === 'ref' ? names.types.get(type.decl) : undefined;
  if (named !== undefined) return `${file.use(named)}${holdsHandle(type) ? '<K>' : ''}`;
  return bodyType(type, names, file);
}

/** The same, spelling out the body of a declared type. */
export function bodyType(type: Type, names: Names, file: TsFile): string {
  const target = type.kind === 'ref' ? type.decl.type : type;
  switch (target.kind) {
    case 'ref':
      return hostType(target, names, file);
    case 'scalar':
      return target.scalar === 'u64' || target.scalar === 's64'
        ? 'bigint'
        : target.scalar === 'char'
          ? 'string'
          : 'number';
    case 'bool':
      return 'boolean';
    case 'string':
      return 'string';
    case 'enum':
      return target.cases.map((_, index) => String(index)).join(' | ') || 'never';
    case 'flags':
      return target.repr === 'u64' ? 'bigint' : 'number';
    case 'buffer':
      return 'Uint8Array';
    case 'address':
      return 'number';
    case 'record':
      return braced(
        target.fields.map(
          (field) => `readonly ${identifier(camel(field.name.words))}: ${hostType(field.type, names, file)}`,
        ),
        '; ',
      );
    case 'tuple':
      return `readonly [${target.items.map((item) => hostType(item, names, file)).join(', ')}]`;
    case 'list':
      return listOf(hostType(target.element, names, file));
    case 'variant':
      return target.cases
        .map((each) => {
          const payload = each.payload === undefined ? '' : `; readonly val: ${hostType(each.payload, names, file)}`;
          return `{ readonly tag: '${camel(each.name.words)}'${payload} }`;
        })
        .join(' | ');
    case 'result':
    case 'handle':
    case 'option':
    case 'borrow':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return 'never';
  }
}
