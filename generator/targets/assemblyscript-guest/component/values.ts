/** How values look in AssemblyScript, and how single ones are read and written. */
import { flatten } from '../../../abi/canonical.js';
import type { CoreType, Pass } from '../../../abi/plan.js';
import { handleKind, optionPayload, resolve } from '../../../model/kinds.js';
import type { ScalarName, Type } from '../../../model/model.js';
import type { AsFile, AsSymbol } from '../../../print/as-file.js';
import { canonical } from './canonical.js';
import type { Codecs } from './codecs.js';
import { casesOf } from './errno.js';
import type { ComponentNames } from './names.js';

/** What emitting a file needs to know. */
export interface Site {
  readonly file: AsFile;
  readonly names: ComponentNames;
  readonly codecs: Codecs;
}

const scalarTypes: Readonly<Record<ScalarName, string>> = {
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  s8: 'i8',
  s16: 'i16',
  s32: 'i32',
  s64: 'i64',
  f32: 'f32',
  f64: 'f64',
  char: 'u32',
  char8: 'u8',
  usize: 'usize',
};

/** The type of a value. */
export function typeText(type: Type, site: Site): string {
  const kind = handleKind(type);
  if (kind !== undefined) return site.file.use(site.names.classes.get(kind) as AsSymbol);
  if (type.kind === 'ref') {
    const named = site.names.types.get(type.decl);
    return named === undefined ? typeText(type.decl.type, site) : site.file.use(named);
  }
  switch (type.kind) {
    case 'scalar':
      return scalarTypes[type.scalar];
    case 'bool':
      return 'bool';
    case 'string':
      return 'string';
    case 'list':
      return isByte(type.element) ? 'Uint8Array' : `Array<${typeText(type.element, site)}>`;
    case 'option': {
      const payload = typeText(type.payload, site);
      return isNullable(type) ? `${payload} | null` : `${site.file.use(canonical.Option)}<${payload}>`;
    }
    case 'result':
      if (type.ok === undefined && type.error === undefined) return 'bool';
      return `${site.file.use(canonical.Result)}<${partText(type.ok, site)}, ${partText(type.error, site)}>`;
    case 'tuple':
      return `${site.file.use(site.codecs.tuple(type.items.length))}<${type.items.map((each) => typeText(each, site)).join(', ')}>`;
    default:
      // No plan has others: enums, records and variants have names.
      return 'usize';
  }
}

function partText(type: Type | undefined, site: Site): string {
  return type === undefined ? site.file.use(canonical.None) : typeText(type, site);
}

/** Whether an option is the value or null; otherwise it is an `Option`. */
export function isNullable(type: Type): boolean {
  const payload = optionPayload(type)?.payload;
  if (payload === undefined) return false;
  if (handleKind(payload) !== undefined) return true;
  const target = resolve(payload);
  switch (target.kind) {
    case 'string':
    case 'list':
    case 'record':
    case 'tuple':
      return true;
    case 'variant':
      return casesOf(target) === undefined;
    case 'result':
      return target.ok !== undefined || target.error !== undefined;
    case 'option':
      return !isNullable(target);
    default:
      return false;
  }
}

/** Bytes: guests pass any buffer, and get an array or `Bytes`. */
export function isBytes(type: Type): boolean {
  const target = resolve(type);
  return target.kind === 'list' && target.length === undefined && isByte(target.element);
}

export function isByte(type: Type): boolean {
  const target = resolve(type);
  return target.kind === 'scalar' && target.scalar === 'u8';
}

/** A value of one core value, and how it is converted. */
export interface Single {
  /** The type by which `load` and `store` reach it. */
  readonly stored: string;
  readonly core: CoreType;
  /** Whether objects in an array stand there as the ABI has them. */
  readonly sameInArrays: boolean;
  /** What stands around something loaded, or a core value, to make it the value. */
  readonly lift: readonly [before: string, after: string];
  /** What to store or to pass, from the value. */
  lower(value: string): string;
}

/** The value, from what was loaded or came as core value. */
export function lifted({ lift: [before, after] }: Single, raw: string): string {
  return `${before}${raw}${after}`;
}

/** `undefined`: a value of several core values, or one that holds others. */
export function single(pass: Pass, type: Type, site: Site): Single | undefined {
  const core = flatten(pass)[0];
  if (core === undefined) return undefined;
  switch (pass.how) {
    case 'scalar':
      return integer(scalarTypes[pass.scalar], pass.size, core);
    case 'flags':
      return integer(pass.repr, pass.size, core);
    case 'bool':
      return { stored: 'u8', core, sameInArrays: true, lift: ['', ' != 0'], lower: (value) => `<u8>${value}` };
    case 'enum':
      return enumeration(pass.repr, typeText(type, site), core);
    case 'handle': {
      const [before, after] = [`changetype<${typeText(type, site)}>(`, ')'];
      const lower = (value: string): string => `${value}.handle`;
      const drop = pass.ownership === 'borrow' ? site.names.drops.get(pass.kind) : undefined;
      if (drop === undefined) return { stored: 'u32', core, sameInArrays: true, lift: [before, after], lower };
      return {
        stored: 'u32',
        core,
        sameInArrays: false,
        // Only exported functions get borrowed handles, and give them back.
        get lift() {
          return [`${before}${site.file.use(canonical.borrowed)}(`, `, ${site.file.use(drop)})${after}`] as const;
        },
        lower,
      };
    }
    case 'variant':
      if (pass.cases.some((each) => each.pass !== undefined)) return undefined;
      if (pass.decl !== undefined) return enumeration(pass.repr, typeText(type, site), core);
      return { stored: 'u8', core, sameInArrays: false, lift: ['', ' == 0'], lower: (value) => `<u8>!${value}` };
    default:
      return undefined;
  }
}

/** Core values are 32 bits wide at least. */
function integer(stored: string, size: number, core: CoreType): Single {
  return { stored, core, sameInArrays: true, lift: [size < 4 ? `<${stored}>` : '', ''], lower: (value) => value };
}

function enumeration(stored: string, text: string, core: CoreType): Single {
  return { stored, core, sameInArrays: false, lift: [`<${text}>`, ''], lower: (value) => `<${stored}>${value}` };
}

/** The parameter of a core function. */
export const coreTypes: Readonly<Record<CoreType, string>> = { i32: 'u32', i64: 'u64', f32: 'f32', f64: 'f64' };
