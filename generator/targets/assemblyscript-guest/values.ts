/** How values look in AssemblyScript, and how they go into a call. */
import { alignTo } from '../../abi/layout.js';
import type { AddressPass, CorePass, ListPass, ParamPlan, SinglePass } from '../../abi/plan.js';
import { isHandle, isOptionalHandle, isSingle, scalarOf } from '../../abi/shape.js';
import { handleKind } from '../../model/kinds.js';
import type { ScalarName, Type } from '../../model/model.js';
import type { AsFile, AsSymbol } from '../../print/as-file.js';
import type { Names } from './names.js';
import { scalarTypes } from './spelling.js';
import { template } from './templates.js';

/** What emitting a file needs to know. */
export interface Site {
  readonly file: AsFile;
  readonly names: Names;
  readonly shapes: Overlays;
}

/** Gives out the classes of what stands in memory as more than one number. */
interface Overlays {
  /** The class of a value; `context` names it if its type has no name of its own. */
  of(pass: CorePass, context: readonly string[]): AsSymbol;
}

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
    case 'string':
    case 'list':
    case 'record':
    case 'tuple':
    case 'variant':
    case 'option':
    case 'result':
    case 'buffer':
    case 'address':
    case 'borrow':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      // An address: of the value itself, or of what its type has none for.
      return 'usize';
  }
}

/** The type whose size in memory is the value's own: enums are 32 bits wide everywhere else. */
export function storedType(pass: PlainPass, site: Site): string {
  switch (pass.how) {
    case 'enum':
      return pass.repr;
    case 'scalar':
    case 'bool':
    case 'flags':
    case 'handle':
    case 'address':
      return plainType(pass.type, site);
  }
}

/** The type by which `load` and `store` reach a plain value. */
export function loadedType(pass: PlainPass): string {
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
    case 'handle':
      return 'u32';
  }
}

/** The type of a core parameter or result, as raw imports declare it. */
export function rawType(pass: CorePass): string {
  return isSingle(pass) ? rawSingle(pass) : 'usize';
}

function rawSingle(pass: PlainPass): string {
  switch (pass.how) {
    case 'scalar':
      return rawScalar(pass.scalar);
    case 'flags':
      return pass.repr === 'u64' ? 'u64' : 'u32';
    case 'bool':
    case 'enum':
    case 'handle':
      return 'u32';
    case 'address':
      return 'usize';
  }
}

/** Core values are 32 bits wide at least. */
function rawScalar(scalar: ScalarName): string {
  const type = scalarTypes[scalar];
  return type.replace(/^([iu])(8|16)$/, '$132');
}

/** Values that stand in memory as one number. */
export type PlainPass = SinglePass | AddressPass;

/** Whether a value goes into the lower half of a result. */
export function fitsResult(pass: CorePass): pass is PlainPass {
  return isSingle(pass) && pass.size <= 4 && scalarOf(pass) !== 'f32';
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
  const { pass, name } = param;
  const { value, companion } = names;
  const one = (text: string, args: readonly string[]): Lowered => ({
    parameters: [{ text: `${value}: ${text}`, nullable: false }],
    typeParameter: undefined,
    before: [],
    after: [],
    args,
    docs: [],
  });
  switch (pass.shape) {
    case 'single':
      return one(plainType(pass.type, site), [isHandle(pass) ? `${value}.handle` : value]);
    case 'text': {
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
    case 'sequence':
      return lowerList(pass, name.words, names, site);
    case 'product':
      return one(site.file.use(site.shapes.of(pass, name.words)), [`${value}.address`]);
    case 'sum': {
      if (!isOptionalHandle(pass)) return one(site.file.use(site.shapes.of(pass, name.words)), [`${value}.address`]);
      const { repr, some, none, payloadOffset } = pass;
      const address = area.place(pass.size, pass.align, site);
      const put = `${site.file.use(template.putOption)}<${repr}>(${address}, changetype<u32>(${value}), ${some.tag}, ${none.tag}, ${payloadOffset})`;
      return {
        ...one('', [put]),
        parameters: [{ text: `${value}: ${plainType(some.pass.type, site)} | null`, nullable: true }],
      };
    }
  }
}

function lowerList(
  { element }: ListPass<CorePass>,
  words: readonly string[],
  { value, companion }: ParamNames,
  site: Site,
): Lowered {
  const shared = { typeParameter: undefined, before: [], after: [], docs: [] };
  if (isSingle(element)) {
    const text = `${value}: StaticArray<${storedType(element, site)}>`;
    return {
      ...shared,
      parameters: [{ text, nullable: false }],
      args: [`changetype<usize>(${value})`, `${value}.length`],
    };
  }
  const type = site.file.use(elementShape(element, [...words, 'item'], site));
  return {
    ...shared,
    parameters: [
      { text: `${value}: ${type}`, nullable: false },
      { text: `${companion}: u32`, nullable: false },
    ],
    args: [`${value}.address`, companion],
    docs: [`@param ${value} the first of them`, `@param ${companion} how many there are, one behind the other`],
  };
}

/** The overlay of what stands in memory as more than one number. */
export function elementShape(pass: Exclude<CorePass, PlainPass>, context: readonly string[], site: Site): AsSymbol {
  switch (pass.shape) {
    case 'text':
    case 'buffer':
    case 'sequence':
      return template.Segment;
    case 'product':
    case 'sum':
      return site.shapes.of(pass, context);
  }
}
