/** How values look in AssemblyScript, and how single ones are read and written. */
import { coreOf } from '../../../abi/layout.js';
import type {
  CanonicalPass,
  CoreType,
  HandlePass,
  ListPass,
  ProductPass,
  SinglePass,
  SumPass,
} from '../../../abi/plan.js';
import { isSingle, isSum, partsOf } from '../../../abi/shape.js';
import { handleKind, optionPayload, resolve } from '../../../model/kinds.js';
import type { Type } from '../../../model/model.js';
import type { AsFile, AsSymbol } from '../../../print/as-file.js';
import { scalarTypes } from '../spelling.js';
import { canonical } from './canonical.js';
import { casesOf } from './errno.js';
import type { ComponentNames, Implemented } from './names.js';

/** What emitting a file needs to know. */
export interface Site {
  readonly file: AsFile;
  readonly names: ComponentNames;
  readonly codecs: CodecNames;
}

/** Gives out the functions and classes that all files share. */
export interface CodecNames {
  /** The class of tuples of a length. */
  tuple(length: number): AsSymbol;
  /** The function that loads values of several parts, or stores them. */
  of(pass: CodecPass, verb: Verb): AsSymbol;
}

/** What is read and written by a function of its own. */
export type CodecPass = ListPass<CanonicalPass> | ProductPass<CanonicalPass> | SumPass<CanonicalPass>;

export type Verb = 'load' | 'store';

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
    case 'enum':
    case 'flags':
    case 'record':
    case 'variant':
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      // Enums, records and resources have names; the others no plan.
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
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return false;
  }
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
export function single(pass: CanonicalPass, site: Site): Single | undefined {
  return isSingle(pass) ? singleOf(pass, site) : tagOnly(pass, site);
}

/** What is one number. */
export function singleOf(pass: SinglePass, site: Site): Single {
  const core = coreOf(pass);
  switch (pass.how) {
    case 'scalar':
      return integer(scalarTypes[pass.scalar], pass.size, core);
    case 'flags':
      return integer(pass.repr, pass.size, core);
    case 'bool':
      return { stored: 'u8', core, sameInArrays: true, lift: ['', ' != 0'], lower: (value) => `<u8>${value}` };
    case 'enum':
      return enumeration(pass.repr, typeText(pass.type, site), core);
    case 'handle': {
      const implemented = site.names.implemented.get(pass.kind);
      if (implemented !== undefined) return objectOf(pass, implemented, site);
      const [before, after] = [`changetype<${typeText(pass.type, site)}>(`, ')'];
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
  }
}

/** An object of the guest's: its address when it is lent, a handle when it changes hands. */
function objectOf({ type, ownership }: HandlePass, { give, take }: Implemented, site: Site): Single {
  const cast = `changetype<${typeText(type, site)}>(`;
  return {
    stored: 'u32',
    core: 'i32',
    sameInArrays: false,
    get lift() {
      return ownership === 'borrow' ? ([cast, ')'] as const) : ([`${cast}${site.file.use(take)}(`, '))'] as const);
    },
    lower: (value) => `${site.file.use(give)}(changetype<usize>(${value}))`,
  };
}

/** What is one of several cases, and nothing else. */
export function tagOnly(pass: CanonicalPass, site: Site): Single | undefined {
  if (!isSum(pass) || partsOf(pass).length > 0) return undefined;
  switch (pass.how) {
    case 'option':
      return undefined;
    case 'variant':
      return enumeration(pass.repr, typeText(pass.type, site), 'i32');
    case 'result':
      return {
        stored: 'u8',
        core: 'i32',
        sameInArrays: false,
        lift: ['', ' == 0'],
        lower: (value) => `<u8>!${value}`,
      };
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
