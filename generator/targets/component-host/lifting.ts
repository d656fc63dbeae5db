/**
 * Arguments, as expressions of TypeScript. Lifting goes in two steps, since memory is judged before
 * handles: first a value with its handles still as numbers, out of core values or memory, as jco passes
 * instances; then `resolve` turns what the caller holds into objects.
 */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { flatten } from '../../abi/canonical.js';
import type {
  CanonicalPass,
  Case,
  CoreType,
  EnumPass,
  HandlePass,
  ListPass,
  OptionPass,
  SinglePass,
  SumPass,
  VariantPass,
} from '../../abi/plan.js';
import { anyPart, holdsHandle, isBytes, isHandle, isOption, partsOf, scalarOf } from '../../abi/shape.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr } from '../../model/model.js';
import type { TsFile } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { typedArray } from './host-types.js';
import type { Names } from './names.js';
import { template } from './templates.js';
import { alone, braced, bracketed, byTag, made, members } from '../typescript/products.js';
import { liftScalar, placed, plus, readScalar } from '../typescript/scalars.js';

/** What the expressions are written into. */
export interface Site {
  readonly file: TsFile;
  readonly names: Names;
}

/** A core value: where it is and of which type. */
export interface CoreValue {
  readonly code: string;
  readonly type: CoreType;
}

/** Whether a value hands over resources, which then end with the call. */
export function holdsOwned(pass: CanonicalPass): boolean {
  return anyPart(pass, (part) => isHandle(part) && part.ownership === 'own');
}

/** `undefined` can stand for one level of absence only. */
export function isNullable({ some }: OptionPass<CanonicalPass>): boolean {
  return !isOption(some.pass) || !isNullable(some.pass);
}

export function kindOf(pass: HandlePass, site: Site): string {
  return site.names.kinds.get(pass.kind) as string;
}

/** A value that core values hold. */
export function liftFlat(pass: CanonicalPass, core: readonly CoreValue[], site: Site): string {
  const at = (index: number): CoreValue => {
    const value = core[index];
    if (value === undefined) throw new InternalError(`a ${pass.how} has no core value ${index}`);
    return value;
  };
  switch (pass.shape) {
    case 'single':
      return liftSingle(pass, at(0).code, site);
    case 'text':
      return `guest.text(${at(0).code}, ${at(1).code})`;
    case 'sequence': {
      const { element, length } = pass;
      if (length === undefined) return liftList(pass, at(0).code, at(1).code, site);
      return `[${inTurn(
        Array.from({ length }, () => element),
        core,
        site,
      ).join(', ')}]`;
    }
    case 'product':
      return made(pass, inTurn(partsOf(pass), core, site));
    case 'sum':
      return liftSum(pass, at(0).code, (payload) => narrowed(payload, core.slice(1), site), site);
  }
}

/** Values side by side take their core values in turn. */
function inTurn(passes: readonly CanonicalPass[], core: readonly CoreValue[], site: Site): readonly string[] {
  let next = 0;
  return passes.map((pass) => liftFlat(pass, core.slice(next, (next += flatten(pass).length)), site));
}

/** A payload, out of core values that are as wide as another payload needs them. */
function narrowed(pass: CanonicalPass, core: readonly CoreValue[], site: Site): string {
  const values = flatten(pass).map((type, index): CoreValue => {
    const { code, type: have } = core[index] as CoreValue;
    return { code: narrowedValue(code, have, type, site), type };
  });
  return liftFlat(pass, values, site);
}

function narrowedValue(code: string, have: CoreType, wanted: CoreType, site: Site): string {
  if (have === wanted) return code;
  const { file } = site;
  const i32 = have === 'i64' && wanted !== 'f64' ? `${file.use(template.i32Of)}(${code})` : code;
  if (wanted === 'f32') return `${file.use(template.f32Of)}(${i32})`;
  return wanted === 'f64' ? `${file.use(template.f64Of)}(${code})` : i32;
}

/** A value in memory, `offset` bytes behind an address. */
export function liftMemory(pass: CanonicalPass, address: string, offset: number, site: Site): string {
  const at = placed(address, offset);
  switch (pass.shape) {
    case 'single':
      return readSingle(pass, at, site);
    case 'text':
      return `guest.text(memory.u32(${at}), memory.u32(${placed(address, offset + 4)}))`;
    case 'sequence':
      if (pass.length === undefined)
        return liftList(pass, `memory.u32(${at})`, `memory.u32(${placed(address, offset + 4)})`, site);
      return liftArray(pass, pass.length, plus(address, offset), site);
    case 'product':
      return made(
        pass,
        pass.parts.map((part) => liftMemory(part.pass, address, offset + part.offset, site)),
      );
    case 'sum':
      return liftSum(
        pass,
        readRepr(pass.repr, at),
        (payload) => liftMemory(payload, address, offset + pass.payloadOffset, site),
        site,
      );
  }
}

function readSingle(pass: SinglePass, at: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return readScalar(pass.scalar, at, site);
    case 'bool':
      return liftSingle(pass, `memory.u8(${at})`, site);
    case 'handle':
      return liftSingle(pass, `memory.u32(${at})`, site);
    case 'enum':
    case 'flags':
      return liftSingle(pass, readRepr(pass.repr, at), site);
  }
}

function liftSum(
  pass: SumPass<CanonicalPass>,
  tag: string,
  payload: (pass: CanonicalPass) => string,
  site: Site,
): string {
  switch (pass.how) {
    case 'option': {
      const isSome = `${site.file.use(template.oneOf)}(${tag}, 2) === ${pass.some.tag}`;
      const some = payload(pass.some.pass);
      if (isNullable(pass)) return `(${isSome} ? ${alone(some)} : undefined)`;
      return `(${isSome} ? { tag: 'some' as const, val: ${alone(some)} } : { tag: 'none' as const })`;
    }
    case 'variant': {
      const values = plainValues(pass, site);
      if (values !== undefined) return `${site.file.use(template.caseAt)}(${values}, ${tag})`;
      return liftCases(pass, tag, payload, '', site);
    }
    case 'result':
      // Both its cases have a `val`.
      return liftCases(pass, tag, payload, ', val: undefined', site);
  }
}

function liftCases(
  { cases }: SumPass<CanonicalPass>,
  tag: string,
  payload: (pass: CanonicalPass) => string,
  empty: string,
  site: Site,
): string {
  const written = cases.map((each, index) => {
    const val = each.pass === undefined ? empty : `, val: ${alone(payload(each.pass))}`;
    return `${index === cases.length - 1 ? 'default' : `case ${index}`}: return { tag: '${each.name.wire}'${val} } as const;`;
  });
  return `(() => { switch (${site.file.use(template.oneOf)}(${tag}, ${cases.length})) { ${written.join(' ')} } })()`;
}

/** The values of an enum, or of a variant without payloads. */
export function plainValues(pass: VariantPass<CanonicalPass> | EnumPass, site: Site): string | undefined {
  if (partsOf(pass).length > 0) return undefined;
  const symbol = pass.decl === undefined ? undefined : site.names.values.get(pass.decl);
  return symbol === undefined ? undefined : site.file.use(symbol);
}

function liftList(pass: ListPass<CanonicalPass>, pointer: string, length: string, site: Site): string {
  if (isBytes(pass)) return `memory.input(${pointer}, ${length})`;
  const list = `guest.list(${pointer}, ${length}, ${pass.stride}, ${pass.element.align}, (address) => ${bracketed(liftMemory(pass.element, 'address', 0, site))})`;
  const scalar = scalarOf(pass.element);
  const array = scalar && typedArray(scalar);
  return array === undefined ? list : `${array}.from(${list})`;
}

function liftArray({ element, stride }: ListPass<CanonicalPass>, length: number, start: string, site: Site): string {
  const index = unusedIn('index', start);
  return `Array.from({ length: ${length} }, (_, ${index}) => ${bracketed(liftMemory(element, `${start} + ${index} * ${stride}`, 0, site))})`;
}

/** A name that an expression does not mention. */
export function unusedIn(name: string, ...expressions: readonly string[]): string {
  const isUsed = (each: string): boolean =>
    expressions.some((expression) => new RegExp(`\\b${each}\\b`).test(expression));
  let found = name;
  for (let count = 2; isUsed(found); count += 1) found = `${name}${count}`;
  return found;
}

/** What is one core value. */
function liftSingle(pass: SinglePass, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return liftScalar(pass.scalar, value, site);
    case 'bool':
      return `${value} !== 0`;
    case 'enum':
      return `${site.file.use(template.caseAt)}(${plainValues(pass, site)}, ${value})`;
    case 'flags':
      return braced(
        pass.flags.map((flag, index) => `${identifier(camel(flag.name.words))}: (${value} & ${bit(index)}) !== 0`),
      );
    case 'handle':
      return value;
  }
}

/** As written in generated code: a number that JavaScript's 32 bits hold. */
export function bit(index: number): string {
  return `0x${(2 ** index).toString(16)}`;
}

function readRepr(repr: IntegerRepr, at: string): string {
  return `memory.${repr}(${at})`;
}

/** A value with what it gives away taken over: those handles are the host's own then. */
export function takeOver(pass: CanonicalPass, held: string, site: Site): string {
  return mapHandles(pass, held, (handle, each) => {
    const kind = kindOf(handle, site);
    return handle.ownership === 'own' ? `owned.add(handles.${kind}, from.${kind}.own(${each}))` : each;
  });
}

/** The host's value of one whose handles are lent or taken over: handles become objects. */
export function resolve(pass: CanonicalPass, held: string, site: Site): string {
  return mapHandles(
    pass,
    held,
    (handle, each) => `${handle.ownership === 'own' ? 'handles' : 'from'}.${kindOf(handle, site)}.get(${each})`,
  );
}

/** The same value with its handles exchanged. */
export function mapHandles(
  pass: CanonicalPass,
  value: string,
  exchange: (handle: HandlePass, value: string) => string,
): string {
  if (!holdsHandle(pass)) return value;
  switch (pass.shape) {
    case 'single':
      return isHandle(pass) ? exchange(pass, value) : value;
    case 'text':
      return value;
    case 'product':
      return made(
        pass,
        members(pass, value).map(({ part, code }) => mapHandles(part, code, exchange)),
      );
    case 'sequence':
      return `${value}.map((each) => ${bracketed(mapHandles(pass.element, 'each', exchange))})`;
    case 'sum':
      return mapSum(pass, value, exchange);
  }
}

function mapSum(
  pass: SumPass<CanonicalPass>,
  value: string,
  exchange: (handle: HandlePass, value: string) => string,
): string {
  switch (pass.how) {
    case 'option': {
      const some = pass.some.pass;
      if (isNullable(pass)) return `(${value} === undefined ? undefined : ${alone(mapHandles(some, value, exchange))})`;
      return `(${value}.tag === 'none' ? ${value} : { tag: 'some' as const, val: ${alone(mapHandles(some, `${value}.val`, exchange))} })`;
    }
    case 'variant':
    case 'result': {
      const exchanged = (payload: CanonicalPass): string =>
        `{ tag: ${value}.tag, val: ${alone(mapHandles(payload, `${value}.val`, exchange))} }`;
      const cases = holding(pass).map((each) => [each.name.wire, exchanged(each.pass)] as const);
      return `(${byTag(`${value}.tag`, pass.cases.length, cases, value)})`;
    }
  }
}

/** The cases that hold handles. */
function holding({
  cases,
}: SumPass<CanonicalPass>): readonly (Case<CanonicalPass> & { readonly pass: CanonicalPass })[] {
  return cases.flatMap((each) =>
    each.pass === undefined || !holdsHandle(each.pass) ? [] : [{ ...each, pass: each.pass }],
  );
}
