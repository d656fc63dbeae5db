/** How values look in AssemblyScript, and how they go into a call. */
import { alignTo } from '../../abi/layout.js';
import type { OptionPass, Pass, ParamPlan } from '../../abi/plan.js';
import { handleKind, resolve } from '../../model/kinds.js';
import { pascal } from '../../model/name.js';
import type { IntegerRepr, ScalarName, Type } from '../../model/model.js';
import type { AsFile, AsSymbol } from '../../print/as-file.js';
import type { Names } from './names.js';
import type { Shapes } from './shapes.js';
import { template } from './templates.js';

/** What emitting a file needs to know. */
export interface Site {
  readonly file: AsFile;
  readonly names: Names;
  readonly shapes: Shapes;
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

/** The type of a value that is no record, variant, text, buffer or list. */
export function plainType(type: Type, site: Site): string {
  const kind = handleKind(type);
  if (kind !== undefined) return site.file.use(site.names.classes.get(kind) as AsSymbol);
  if (type.kind === 'ref') {
    const named = site.names.types.get(type.decl);
    return named === undefined ? plainType(type.decl.type, site) : site.file.use(named);
  }
  switch (type.kind) {
    case 'scalar':
      return scalarTypes[type.scalar];
    case 'bool':
      return 'bool';
    case 'enum':
      return type.tag === 'u64' ? 'u64' : 'i32';
    case 'flags':
      return type.repr;
    case 'handle':
      return 'u32';
    default:
      return 'usize';
  }
}

/** The type whose size in memory is the value's own: enums are 32 bits wide everywhere else. */
export function storedType(pass: Pass, type: Type, site: Site): string {
  switch (pass.how) {
    case 'enum':
      return pass.repr;
    default:
      return plainType(type, site);
  }
}

/** The type by which `load` and `store` reach a plain value. */
export function loadedType(pass: Pass): string {
  switch (pass.how) {
    case 'scalar':
      return scalarTypes[pass.scalar];
    case 'bool':
      return 'u8';
    case 'enum':
    case 'flags':
      return pass.repr;
    case 'address':
      return 'usize';
    default:
      return 'u32';
  }
}

/** The type of a core parameter or result, as raw imports declare it. */
export function rawType(pass: Pass): string {
  switch (pass.how) {
    case 'scalar':
      return rawScalar(pass.scalar);
    case 'flags':
      return pass.repr === 'u64' ? 'u64' : 'u32';
    case 'bool':
    case 'enum':
    case 'handle':
      return 'u32';
    default:
      return 'usize';
  }
}

function rawScalar(scalar: ScalarName): string {
  switch (scalar) {
    case 's8':
    case 's16':
      return 'i32';
    case 'u8':
    case 'u16':
    case 'char8':
      return 'u32';
    default:
      return scalarTypes[scalar];
  }
}

/** Values that stand in memory as one number. */
export function isPlain(pass: Pass): boolean {
  switch (pass.how) {
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
    case 'address':
      return true;
    default:
      return false;
  }
}

/** Whether a value goes into the lower half of a result. */
export function fitsResult(pass: Pass): boolean {
  return isPlain(pass) && pass.size <= 4 && !(pass.how === 'scalar' && pass.scalar === 'f32');
}

/** An option of a handle, which guests pass as the object or null. */
export function optionalHandle(pass: Pass): OptionPass | undefined {
  return pass.how === 'option' && pass.payload.how === 'handle' ? pass : undefined;
}

/** The result area of one call: what stands where. */
export class Area {
  #end = 0;

  /** Makes room for a value and returns the expression of its address. */
  place(size: number, align: number, site: Site): string {
    const offset = alignTo(this.#end, align);
    this.#end = offset + size;
    const area = site.file.use(template.AREA);
    return offset === 0 ? area : `${area} + ${offset}`;
  }

  get size(): number {
    return this.#end;
  }
}

/** A parameter of a method, and what it becomes in the call. */
export interface Lowered {
  readonly parameters: readonly { readonly text: string; readonly nullable: boolean }[];
  readonly typeParameter: string | undefined;
  /** Statements before the call and, in reverse order, after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly args: readonly string[];
  readonly docs: readonly string[];
}

/** Names a parameter needs besides its own. */
export interface ParamNames {
  readonly value: string;
  /** A local for text, a count for lists. */
  readonly companion: string;
  /** The type parameter of a buffer. */
  readonly buffer: string;
}

export function lowerParam(param: ParamPlan, names: ParamNames, area: Area, site: Site): Lowered {
  const { pass, type } = param;
  const { value, companion } = names;
  const one = (text: string, args: readonly string[]): Lowered => ({
    parameters: [{ text: `${value}: ${text}`, nullable: false }],
    typeParameter: undefined,
    before: [],
    after: [],
    args,
    docs: [],
  });
  switch (pass.how) {
    case 'handle':
      return one(plainType(type, site), [`${value}.handle`]);
    case 'string': {
      const utf8 = site.file.use(template.Utf8);
      return {
        ...one('string', [`${companion}.address`, `${companion}.length`]),
        before: [`const ${companion} = ${utf8}.of(${value});`],
        after: [`${companion}.free();`],
      };
    }
    case 'buffer': {
      const length = `${site.file.use(template.lengthOf)}(${value})`;
      const lowered = one(names.buffer, [
        `${site.file.use(template.addressOf)}(${value})`,
        pass.stride === 1 ? length : `${length} / ${pass.stride}`,
      ]);
      return { ...lowered, typeParameter: names.buffer };
    }
    case 'list':
      return lowerList(param, names, site);
    case 'option': {
      const handle = optionalHandle(pass);
      if (handle === undefined)
        return one(site.file.use(site.shapes.of(type, pass, param.name.words)), [`${value}.address`]);
      const { repr, someTag, noneTag, payloadOffset } = handle;
      const address = area.place(pass.size, pass.align, site);
      const put = `${site.file.use(template.putOption)}<${repr}>(${address}, changetype<u32>(${value}), ${someTag}, ${noneTag}, ${payloadOffset})`;
      return {
        ...one('', [put]),
        parameters: [{ text: `${value}: ${plainType(payloadType(type), site)} | null`, nullable: true }],
      };
    }
    case 'record':
    case 'tuple':
    case 'variant':
      return one(site.file.use(site.shapes.of(type, pass, param.name.words)), [`${value}.address`]);
    default:
      return one(plainType(type, site), [value]);
  }
}

function lowerList(param: ParamPlan, { value, companion }: ParamNames, site: Site): Lowered {
  const { pass, type } = param;
  const target = resolve(type);
  if (pass.how !== 'list' || target.kind !== 'list') throw new TypeError('not a list');
  const shared = { typeParameter: undefined, before: [], after: [], docs: [] };
  if (isPlain(pass.element)) {
    const text = `${value}: StaticArray<${storedType(pass.element, target.element, site)}>`;
    return {
      ...shared,
      parameters: [{ text, nullable: false }],
      args: [`changetype<usize>(${value})`, `${value}.length`],
    };
  }
  const element = site.file.use(elementShape(pass.element, target.element, [...param.name.words, 'item'], site));
  return {
    ...shared,
    parameters: [
      { text: `${value}: ${element}`, nullable: false },
      { text: `${companion}: u32`, nullable: false },
    ],
    args: [`${value}.address`, companion],
    docs: [`@param ${value} the first of them`, `@param ${companion} how many there are, one behind the other`],
  };
}

/** The overlay of what stands in memory as more than one number. */
export function elementShape(pass: Pass, type: Type, context: readonly string[], site: Site): AsSymbol {
  switch (pass.how) {
    case 'string':
    case 'buffer':
    case 'list':
      return template.Segment;
    default:
      return site.shapes.of(type, pass, context);
  }
}

function payloadType(type: Type): Type {
  const target = resolve(type);
  const payload =
    target.kind === 'variant' ? target.cases.find((each) => each.payload !== undefined)?.payload : undefined;
  return payload ?? type;
}

/** The type parameter of a buffer: `Buffer` alone, else `DataBuffer`, `OutBuffer`. */
export function bufferParameter(words: readonly string[], alone: boolean): string {
  return alone ? 'Buffer' : `${pascal(words)}Buffer`;
}

/** A literal of a flag: bit `index`. */
export function flagLiteral(index: number, repr: IntegerRepr): string {
  return repr === 'u64' ? `0x${(1n << BigInt(index)).toString(16)}` : `0x${(2 ** index).toString(16)}`;
}
