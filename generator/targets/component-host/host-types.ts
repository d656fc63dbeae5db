/** How a type of the definitions is written in TypeScript: as jco has it, but for resources. */
import { handleKind, resolve } from '../../model/kinds.js';
import { holdsHandle } from '../../model/visit.js';
import { camel } from '../../model/name.js';
import type { OptionType, ScalarName, Type } from '../../model/model.js';
import type { TsFile } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { braced, listOf } from '../typescript/products.js';
import type { Names } from './names.js';
import { own } from './own.js';
import { template } from './templates.js';

/** `undefined` can stand for one level of absence only: an option of an option is tagged, unless that is. */
export function isNullable(option: OptionType): boolean {
  const payload = resolve(option.payload);
  return payload.kind !== 'option' || !isNullable(payload);
}

const typedArrays: Partial<Readonly<Record<ScalarName, string>>> = {
  u8: 'Uint8Array',
  s8: 'Int8Array',
  u16: 'Uint16Array',
  s16: 'Int16Array',
  u32: 'Uint32Array',
  s32: 'Int32Array',
  u64: 'BigUint64Array',
  s64: 'BigInt64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
};

/** The array class of a list of numbers. */
export function typedArray(element: ScalarName): string | undefined {
  return typedArrays[element];
}

/** What resources are in a type: the host's objects, or what a caller holds for them. */
export type ResourceSide = 'K' | 'Held';

/** The type of a value, importing what it names. */
export function hostType(type: Type, names: Names, file: TsFile, side: ResourceSide = 'K'): string {
  const kind = handleKind(type);
  if (kind !== undefined) return side === 'K' ? `K['${names.kinds.get(kind) as string}']` : 'Held';
  const named = type.kind === 'ref' ? names.types.get(type.decl) : undefined;
  if (named === undefined) return bodyType(type, names, file, side);
  const by = (): string => (side === 'K' ? 'K' : `${file.use(own.AllHeld)}<Held>`);
  return `${file.use(named)}${holdsHandle(type) ? `<${by()}>` : ''}`;
}

/** The same, spelling out the body of a declared type. */
export function bodyType(type: Type, names: Names, file: TsFile, side: ResourceSide = 'K'): string {
  const written = (each: Type): string => hostType(each, names, file, side);
  const target = type.kind === 'ref' ? type.decl.type : type;
  switch (target.kind) {
    case 'ref':
      return written(target);
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
      return target.cases.map((each) => `'${each.name.wire}'`).join(' | ');
    case 'flags':
      return braced(
        target.flags.map((flag) => `readonly ${identifier(camel(flag.name.words))}?: boolean | undefined`),
        '; ',
      );
    case 'record':
      return braced(
        target.fields.map((field) => `readonly ${fieldName(field.name.words, field.type)}: ${written(field.type)}`),
        '; ',
      );
    case 'tuple':
      return `readonly [${target.items.map(written).join(', ')}]`;
    case 'list': {
      const element = resolve(target.element);
      const array = target.length === undefined && element.kind === 'scalar' ? typedArray(element.scalar) : undefined;
      return array ?? listOf(written(target.element));
    }
    case 'option':
      return isNullable(target)
        ? `${written(target.payload)} | undefined`
        : `${file.use(template.Option)}<${written(target.payload)}>`;
    case 'result': {
      const part = (each: Type | undefined): string => (each === undefined ? 'undefined' : written(each));
      return `${file.use(template.Result)}<${part(target.ok)}, ${part(target.error)}>`;
    }
    case 'variant':
      return target.cases
        .map(
          (each) =>
            `{ readonly tag: '${each.name.wire}'${each.payload === undefined ? '' : `; readonly val: ${written(each.payload)}`} }`,
        )
        .join(' | ');
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return 'never';
  }
}

/** What may be absent may be left out. */
export function fieldName(words: readonly string[], type: Type): string {
  const target = resolve(type);
  return `${identifier(camel(words))}${target.kind === 'option' && isNullable(target) ? '?' : ''}`;
}
