/** How types are represented, as far as all ABIs agree; and walks over what came out. */
import { founder, handleKind, resolve } from '../model/kinds.js';
import type { IntegerRepr, ScalarName, Type } from '../model/model.js';
import * as layout from './layout.js';
import { at } from './planning.js';
import type {
  AddressPass,
  BufferPass,
  Case,
  CanonicalPass,
  CorePass,
  HandlePass,
  ListPass,
  OptionPass,
  Pass,
  Placed,
  ProductPass,
  SinglePass,
  TextPass,
  VariantPass,
} from './plan.js';

type Target = Exclude<Type, { kind: 'ref' }>;

/** What every ABI passes alike. */
export type SharedPass<Own> =
  SinglePass | TextPass | ListPass<Own> | ProductPass<Own> | OptionPass<Own> | VariantPass<Own>;

/** In what an ABI differs. */
export interface Rules<Own extends layout.Layout> {
  /** What all ABIs pass alike is something this ABI passes. */
  shared(pass: SharedPass<Own>): Own;
  /** Whose a handle is, from the type that is one. */
  ownership(handle: Target): HandlePass['ownership'];
  /** What is optional, if the type is an option here. */
  option(type: Type): Optional | undefined;
  /** A type that not all ABIs have; refuses those that this one has not. */
  other(target: OtherType, type: Type): Own;
}

export interface Optional {
  readonly payload: Type;
  readonly repr: IntegerRepr;
  readonly some: Omit<Case<unknown>, 'pass'>;
  readonly none: Omit<Case<unknown>, 'pass'>;
}

/** The types that not every ABI can pass. */
export type OtherType = Exclude<
  Target,
  { kind: 'scalar' | 'bool' | 'string' | 'enum' | 'flags' | 'list' | 'record' | 'tuple' | 'variant' }
>;

/** How an ABI represents a type, in core values and in memory. */
export function passOf<Own extends layout.Layout>(type: Type, rules: Rules<Own>): Own {
  const kind = handleKind(type);
  const target = resolve(type);
  const part = (each: Type): Own => passOf(each, rules);
  if (kind !== undefined)
    return rules.shared({
      shape: 'single',
      how: 'handle',
      type,
      kind,
      ownership: rules.ownership(target),
      ...layout.pointer,
    });
  const optional = rules.option(type);
  if (optional !== undefined) return rules.shared(optionOf(type, optional, part));
  const decl = type.kind === 'ref' ? founder(type.decl) : undefined;
  const single = { shape: 'single', type } as const;
  switch (target.kind) {
    case 'scalar':
      return rules.shared({ ...single, how: 'scalar', scalar: target.scalar, ...layout.scalar(target.scalar) });
    case 'bool':
      return rules.shared({ ...single, how: 'bool', ...layout.scalar('u8') });
    case 'enum': {
      const { tag: repr, cases } = target;
      return rules.shared({ ...single, how: 'enum', repr, decl, cases, ...layout.scalar(repr) });
    }
    case 'flags': {
      const { repr, flags } = target;
      return rules.shared({ ...single, how: 'flags', repr, decl, flags, ...layout.scalar(repr) });
    }
    case 'string':
      return rules.shared({ shape: 'text', how: 'string', type, ...layout.fatPointer });
    case 'list':
      return rules.shared(listOf(type, part(target.element), target.length));
    case 'record':
      return rules.shared({ how: 'record', decl, ...product(type, target.fields, part) });
    case 'tuple':
      return rules.shared({ how: 'tuple', ...product(type, target.items.map(itemOf), part) });
    case 'variant': {
      const cases = target.cases.map(({ name, docs, payload }, tag): Case<Own> => ({
        name,
        docs,
        tag,
        pass: payload && part(payload),
      }));
      return rules.shared({ how: 'variant', decl, ...sumOf(type, target.tag, cases) });
    }
    case 'option':
    case 'result':
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return rules.other(target, type);
  }
}

interface Member {
  readonly name: Placed<unknown>['name'];
  readonly docs: string;
  readonly type: Type;
}

function itemOf(type: Type, index: number): Member {
  return { name: { words: [`item${index}`], wire: `${index}` }, docs: '', type };
}

function product<Own extends layout.Layout>(
  type: Type,
  members: readonly Member[],
  partOf: (type: Type) => Own,
): Pick<ProductPass<Own>, 'shape' | 'type' | 'size' | 'align' | 'parts'> {
  const passes = members.map((member) => partOf(member.type));
  const { size, align, offsets } = layout.sequence(passes);
  const parts = members.map(({ name, docs }, index) => ({
    name,
    docs,
    pass: at(passes, index),
    offset: at(offsets, index),
  }));
  return { shape: 'product', type, parts, size, align };
}

function listOf<Own extends layout.Layout>(type: Type, element: Own, length: number | undefined): ListPass<Own> {
  const stride = strideOf(element);
  const placed = length === undefined ? layout.fatPointer : { size: stride * length, align: element.align };
  return { shape: 'sequence', how: 'list', type, element, stride, length, ...placed };
}

/** Elements follow one another at their alignment. */
export function strideOf(element: layout.Layout): number {
  return layout.alignTo(element.size, element.align);
}

function optionOf<Own extends layout.Layout>(
  type: Type,
  optional: Optional,
  partOf: (type: Type) => Own,
): OptionPass<Own> {
  const some = { ...optional.some, pass: partOf(optional.payload) };
  const none = { ...optional.none, pass: undefined };
  const cases = some.tag < none.tag ? [some, none] : [none, some];
  return { how: 'option', some, none, ...sumOf(type, optional.repr, cases) };
}

/** A case that no definition declares. */
export function undeclared(wire: string, tag: number): Omit<Case<unknown>, 'pass'> {
  return { name: { words: [wire], wire }, docs: '', tag };
}

/** A tag, and room for what any of the cases holds. */
export function sumOf<Own extends layout.Layout>(
  type: Type,
  repr: IntegerRepr,
  cases: readonly Case<Own>[],
): Pick<VariantPass<Own>, 'shape' | 'type' | 'repr' | 'cases' | 'payloadOffset' | 'size' | 'align'> {
  const payloads = cases.flatMap(({ pass }) => (pass === undefined ? [] : [pass]));
  return { shape: 'sum', type, repr, cases, ...layout.tagged(layout.scalar(repr), payloads) };
}

/** What a value consists of: members, what cases hold, the element of a list. */
export function partsOf(pass: CorePass): readonly CorePass[];
export function partsOf(pass: CanonicalPass): readonly CanonicalPass[];
export function partsOf(pass: Pass): readonly Pass[];
export function partsOf(pass: Pass): readonly Pass[] {
  switch (pass.shape) {
    case 'single':
    case 'text':
    case 'buffer':
      return [];
    case 'product':
      return pass.parts.map((part: Placed<Pass>) => part.pass);
    case 'sum':
      return pass.cases.flatMap((each: Case<Pass>) => (each.pass === undefined ? [] : [each.pass]));
    case 'sequence':
      return [pass.element];
  }
}

/** Whether a value, or some part of it, satisfies a condition. */
export function anyPart(pass: Pass, condition: (part: Pass) => boolean): boolean {
  return condition(pass) || partsOf(pass).some((part) => anyPart(part, condition));
}

/** The handles in a value: one for each place. */
export function handlesIn(pass: Pass): readonly HandlePass[] {
  return isHandle(pass) ? [pass] : partsOf(pass).flatMap(handlesIn);
}

export function holdsHandle(pass: Pass): boolean {
  return anyPart(pass, isHandle);
}

/** Whether a value points to memory that somebody has to allocate. */
export function holdsMemory(pass: Pass): boolean {
  return anyPart(pass, pointsToMemory);
}

/** Bytes, which languages have types of their own for. */
export function isBytes(pass: Pass): boolean {
  return isList(pass) && pass.length === undefined && scalarOf(pass.element) === 'u8';
}

// What is asked about a value without a walk. All that there is answers, so that whatever is new has to.

type OneOf<How extends Pass['how']> = Extract<Pass, { readonly how: How }>;

const singles = { single: true, text: false, buffer: false, sequence: false, product: false, sum: false };
const sequences = { single: false, text: false, buffer: false, sequence: true, product: false, sum: false };
const buffers = { single: false, text: false, buffer: true, sequence: false, product: false, sum: false };
const sums = { single: false, text: false, buffer: false, sequence: false, product: false, sum: true };
const handles = { scalar: false, bool: false, enum: false, flags: false, handle: true, address: false };
const addresses = { scalar: false, bool: false, enum: false, flags: false, handle: false, address: true };
const options = { option: true, variant: false, result: false };
const results = { option: false, variant: false, result: true };

/** Whether a value is one number. */
export function isSingle(pass: Pass): pass is SinglePass | AddressPass {
  return singles[pass.shape];
}

/** Whether a value is guest memory itself. */
export function isBuffer(pass: Pass): pass is BufferPass {
  return buffers[pass.shape];
}

export function isList(pass: Pass): pass is OneOf<'list'> {
  return sequences[pass.shape];
}

/** Whether a value has a tag. */
export function isSum<P extends Pass>(pass: P): pass is Extract<P, { readonly shape: 'sum' }> {
  return sums[pass.shape];
}

/** Whether a value stands for an object. */
export function isHandle(pass: Pass): pass is HandlePass {
  return isSingle(pass) && handles[pass.how];
}

/** Whether a value is a raw guest address. */
export function isAddress(pass: Pass): pass is AddressPass {
  return isSingle(pass) && addresses[pass.how];
}

export function isOption(pass: Pass): pass is OneOf<'option'> {
  return isSum(pass) && options[pass.how];
}

export function isResult(pass: Pass): pass is OneOf<'result'> {
  return isSum(pass) && results[pass.how];
}

/** Whether a value is an object or none, which languages may have as an object or null. */
export function isOptionalHandle(pass: Pass): pass is OneOf<'option'> {
  return isOption(pass) && isHandle(pass.some.pass);
}

/** The number, or the character, that a value is. */
export function scalarOf(pass: Pass): ScalarName | undefined {
  if (!isSingle(pass)) return undefined;
  switch (pass.how) {
    case 'scalar':
      return pass.scalar;
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
    case 'address':
      return undefined;
  }
}

/** Whether a value itself is a pointer and a length. */
export function pointsToMemory(pass: Pass): boolean {
  switch (pass.shape) {
    case 'text':
    case 'buffer':
      return true;
    case 'sequence':
      return pass.length === undefined;
    case 'single':
    case 'product':
    case 'sum':
      return false;
  }
}

/** What a value is at its top: the items of a tuple, or else itself. */
export function itemsOf(pass: CanonicalPass): readonly Pick<Placed<CanonicalPass>, 'pass' | 'offset'>[] {
  switch (pass.how) {
    case 'tuple':
      return pass.parts;
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
    case 'string':
    case 'list':
    case 'record':
    case 'option':
    case 'variant':
    case 'result':
      return [{ pass, offset: 0 }];
  }
}
