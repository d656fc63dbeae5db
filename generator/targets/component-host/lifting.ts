/**
 * Arguments, as expressions of TypeScript. Lifting goes in two steps, since memory is judged before
 * handles: first a value with its handles still as numbers, out of core values or memory, as jco passes
 * instances; then `resolve` turns what the caller holds into objects.
 */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { flatten } from '../../abi/canonical.js';
import type { CoreType, Pass } from '../../abi/plan.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr } from '../../model/model.js';
import type { TsFile } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { typedArray } from './host-types.js';
import type { Names } from './names.js';
import { template } from './templates.js';
import { valuesSymbol } from './types-file.js';
import { liftScalar } from '../typescript/scalars.js';

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

/** Whether some part of a value satisfies a condition. */
export function has(pass: Pass, condition: (part: Pass) => boolean): boolean {
  if (condition(pass)) return true;
  switch (pass.how) {
    case 'record':
      return pass.fields.some((field) => has(field.pass, condition));
    case 'tuple':
      return pass.items.some((item) => has(item.pass, condition));
    case 'option':
      return has(pass.payload, condition);
    case 'variant':
      return pass.cases.some((each) => each.pass !== undefined && has(each.pass, condition));
    case 'list':
      return has(pass.element, condition);
    default:
      return false;
  }
}

export function holdsHandle(pass: Pass): boolean {
  return has(pass, ({ how }) => how === 'handle');
}

/** Whether a value hands over resources, which then end with the call. */
export function holdsOwned(pass: Pass): boolean {
  return has(pass, (part) => part.how === 'handle' && part.ownership === 'own');
}

/** Bytes are passed as a view. */
export function isBytes(pass: Pass): boolean {
  return (
    pass.how === 'list' && pass.length === undefined && pass.element.how === 'scalar' && pass.element.scalar === 'u8'
  );
}

/** `undefined` can stand for one level of absence only. */
export function isNullable(pass: Extract<Pass, { how: 'option' }>): boolean {
  return pass.payload.how !== 'option' || !isNullable(pass.payload);
}

export function kindOf(pass: Extract<Pass, { how: 'handle' }>, site: Site): string {
  return site.names.kinds.get(pass.kind) as string;
}

/** A value that core values hold. */
export function liftFlat(pass: Pass, core: readonly CoreValue[], site: Site): string {
  const at = (index: number): CoreValue => {
    const value = core[index];
    if (value === undefined) throw new InternalError(`a ${pass.how} has no core value ${index}`);
    return value;
  };
  switch (pass.how) {
    case 'scalar':
      return liftScalar(pass.scalar, at(0).code, site);
    case 'string':
      return `guest.text(${at(0).code}, ${at(1).code})`;
    case 'list':
      return pass.length === undefined
        ? liftList(pass, at(0).code, at(1).code, site)
        : tuple(
            parts(
              Array.from({ length: pass.length }, () => pass.element),
              core,
              site,
            ),
          );
    case 'record': {
      const values = parts(
        pass.fields.map((field) => field.pass),
        core,
        site,
      );
      return `{ ${pass.fields.map((field, index) => `${identifier(camel(field.name.words))}: ${values[index]}`).join(', ')} }`;
    }
    case 'tuple':
      return `${tuple(
        parts(
          pass.items.map((item) => item.pass),
          core,
          site,
        ),
      )} as const`;
    case 'option':
      return liftOption(pass, at(0).code, narrowed(pass.payload, core.slice(1), site), site);
    case 'variant':
      return liftVariant(pass, at(0).code, (payload) => narrowed(payload, core.slice(1), site), site);
    default:
      return liftNumber(pass, at(0).code, site);
  }
}

/** Values side by side take their core values in turn. */
function parts(passes: readonly Pass[], core: readonly CoreValue[], site: Site): readonly string[] {
  let next = 0;
  return passes.map((pass) => liftFlat(pass, core.slice(next, (next += flatten(pass).length)), site));
}

function tuple(values: readonly string[]): string {
  return `[${values.join(', ')}]`;
}

/** A payload, out of core values that are as wide as another payload needs them. */
function narrowed(pass: Pass, core: readonly CoreValue[], site: Site): string {
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
export function liftMemory(pass: Pass, address: string, offset: number, site: Site): string {
  const at = placed(address, offset);
  switch (pass.how) {
    case 'scalar':
      return pass.scalar === 'char'
        ? `${site.file.use(template.charOf)}(memory.u32(${at}))`
        : `memory.${pass.scalar}(${at})`;
    case 'string':
      return `guest.text(memory.u32(${at}), memory.u32(${placed(address, offset + 4)}))`;
    case 'list':
      if (pass.length === undefined)
        return liftList(pass, `memory.u32(${at})`, `memory.u32(${placed(address, offset + 4)})`, site);
      return liftArray(pass, pass.length, plus(address, offset), site);
    case 'record':
      return `{ ${pass.fields.map((field) => `${identifier(camel(field.name.words))}: ${liftMemory(field.pass, address, offset + field.offset, site)}`).join(', ')} }`;
    case 'tuple':
      return `${tuple(pass.items.map((item) => liftMemory(item.pass, address, offset + item.offset, site)))} as const`;
    case 'option':
      return liftOption(
        pass,
        readRepr(pass.repr, at),
        liftMemory(pass.payload, address, offset + pass.payloadOffset, site),
        site,
      );
    case 'variant':
      return liftVariant(
        pass,
        readRepr(pass.repr, at),
        (payload) => liftMemory(payload, address, offset + pass.payloadOffset, site),
        site,
      );
    case 'bool':
      return `memory.u8(${at}) !== 0`;
    case 'handle':
      return liftNumber(pass, `memory.u32(${at})`, site);
    case 'enum':
    case 'flags':
      return liftNumber(pass, readRepr(pass.repr, at), site);
    default:
      throw new InternalError(`a component passes no ${pass.how}`);
  }
}

function liftOption(pass: Extract<Pass, { how: 'option' }>, tag: string, payload: string, site: Site): string {
  const isSome = `${site.file.use(template.oneOf)}(${tag}, 2) === ${pass.someTag}`;
  if (isNullable(pass)) return `(${isSome} ? ${bracketed(payload)} : undefined)`;
  return `(${isSome} ? { tag: 'some' as const, val: ${payload} } : { tag: 'none' as const })`;
}

function liftVariant(
  pass: Extract<Pass, { how: 'variant' }>,
  tag: string,
  payload: (pass: Pass) => string,
  site: Site,
): string {
  const values = plainValues(pass, site);
  if (values !== undefined) return `${site.file.use(template.caseAt)}(${values}, ${tag})`;
  const cases = pass.cases.map((each, index) => {
    const val = each.pass === undefined ? (isResult(pass) ? ', val: undefined' : '') : `, val: ${payload(each.pass)}`;
    return `${index === pass.cases.length - 1 ? 'default' : `case ${index}`}: return { tag: '${each.name.wire}'${val} } as const;`;
  });
  return `(() => { switch (${site.file.use(template.oneOf)}(${tag}, ${pass.cases.length})) { ${cases.join(' ')} } })()`;
}

/** WIT's `result` has no declaration; both its cases have a `val`. */
export function isResult(pass: Extract<Pass, { how: 'variant' }>): boolean {
  return pass.decl === undefined;
}

/** The values of an enum, or of a variant without payloads. */
export function plainValues(pass: Extract<Pass, { how: 'variant' | 'enum' }>, site: Site): string | undefined {
  if (pass.how === 'variant' && pass.cases.some((each) => each.pass !== undefined)) return undefined;
  const symbol = pass.decl === undefined ? undefined : valuesSymbol(pass.decl, site.names);
  return symbol === undefined ? undefined : site.file.use(symbol);
}

function liftList(pass: Extract<Pass, { how: 'list' }>, pointer: string, length: string, site: Site): string {
  if (isBytes(pass)) return `memory.input(${pointer}, ${length})`;
  const list = `guest.list(${pointer}, ${length}, ${pass.stride}, ${pass.element.align}, (address) => ${bracketed(liftMemory(pass.element, 'address', 0, site))})`;
  const array = pass.element.how === 'scalar' ? typedArray(pass.element.scalar) : undefined;
  return array === undefined ? list : `${array}.from(${list})`;
}

function liftArray(
  { element, stride }: Extract<Pass, { how: 'list' }>,
  length: number,
  start: string,
  site: Site,
): string {
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

/** An object literal after an arrow, or between operators, needs brackets. */
function bracketed(code: string): string {
  return code.startsWith('{') ? `(${code})` : code;
}

/** What is one core value of 32 bits. */
function liftNumber(pass: Pass, value: string, site: Site): string {
  switch (pass.how) {
    case 'bool':
      return `${value} !== 0`;
    case 'enum':
      return `${site.file.use(template.caseAt)}(${plainValues(pass, site)}, ${value})`;
    case 'flags':
      return `{ ${pass.flags.map((flag, index) => `${identifier(camel(flag.name.words))}: (${value} & ${bit(index)}) !== 0`).join(', ')} }`;
    case 'handle':
      return value;
    default:
      throw new InternalError(`a ${pass.how} is no number`);
  }
}

/** As written in generated code: a number that JavaScript's 32 bits hold. */
export function bit(index: number): string {
  return `0x${(2 ** index).toString(16)}`;
}

function readRepr(repr: IntegerRepr, at: string): string {
  return `memory.${repr}(${at})`;
}

/** Readers take the offset apart from the address, so that their sum cannot wrap around. */
function placed(address: string, offset: number): string {
  return offset === 0 ? address : `${address}, ${offset}`;
}

export function plus(address: string, offset: number): string {
  return offset === 0 ? address : `${address} + ${offset}`;
}

/** A value with what it gives away taken over: those handles are the host's own then. */
export function takeOver(pass: Pass, held: string, site: Site): string {
  return mapHandles(pass, held, (handle, each) => {
    const kind = kindOf(handle, site);
    return handle.ownership === 'own' ? `owned.add(handles.${kind}, from.${kind}.own(${each}))` : each;
  });
}

/** The host's value of one whose handles are lent or taken over: handles become objects. */
export function resolve(pass: Pass, held: string, site: Site): string {
  return mapHandles(
    pass,
    held,
    (handle, each) => `${handle.ownership === 'own' ? 'handles' : 'from'}.${kindOf(handle, site)}.get(${each})`,
  );
}

/** The same value with its handles exchanged. */
export function mapHandles(
  pass: Pass,
  value: string,
  exchange: (handle: Extract<Pass, { how: 'handle' }>, value: string) => string,
): string {
  if (!holdsHandle(pass)) return value;
  const inner = (part: Pass, code: string): string => mapHandles(part, code, exchange);
  switch (pass.how) {
    case 'handle':
      return exchange(pass, value);
    case 'option':
      if (isNullable(pass)) return `(${value} === undefined ? undefined : ${inner(pass.payload, value)})`;
      return `(${value}.tag === 'none' ? ${value} : { tag: 'some' as const, val: ${inner(pass.payload, `${value}.val`)} })`;
    case 'record':
      return `{ ${pass.fields.map((field) => propertyOf(field.name.words, value, (code) => inner(field.pass, code))).join(', ')} }`;
    case 'tuple':
      return `[${pass.items.map((item, index) => inner(item.pass, `${value}[${index}]`)).join(', ')}] as const`;
    case 'list':
      return `${value}.map((each) => ${bracketed(inner(pass.element, 'each'))})`;
    case 'variant': {
      const exchanged = (each: (typeof pass.cases)[number]): string =>
        `{ tag: ${value}.tag, val: ${inner(each.pass as Pass, `${value}.val`)} }`;
      const holding = pass.cases.filter((each) => each.pass !== undefined && holdsHandle(each.pass));
      // A tag tells nothing apart when there is one only.
      if (pass.cases.length === 1) return holding.map(exchanged).join('');
      return `(${[...holding.map((each) => `${value}.tag === '${each.name.wire}' ? ${exchanged(each)}`), value].join(' : ')})`;
    }
    default:
      return value;
  }
}

function propertyOf(words: readonly string[], of: string, value: (code: string) => string): string {
  const name = identifier(camel(words));
  return `${name}: ${value(`${of}.${name}`)}`;
}

/** Drops the handles of objects that the call has used up. What the call took over ends anyway. */
export function dropUsedUp(pass: Pass, held: string, resolved: string, site: Site): readonly string[] {
  if (!has(pass, (part) => part.how === 'handle' && part.ownership !== 'own')) return [];
  const inner = (part: Pass, from: string, to: string): readonly string[] => dropUsedUp(part, from, to, site);
  switch (pass.how) {
    case 'handle':
      return [`if (!${resolved}.live) from.${kindOf(pass, site)}.drop(${held});`];
    case 'option':
      if (isNullable(pass) && pass.payload.how === 'handle')
        return [
          `if (${held} !== undefined && ${resolved}?.live === false) from.${kindOf(pass.payload, site)}.drop(${held});`,
        ];
      if (isNullable(pass))
        return [
          `if (${held} !== undefined && ${resolved} !== undefined) {`,
          ...inner(pass.payload, held, resolved),
          '}',
        ];
      return [
        `if (${held}.tag === 'some' && ${resolved}.tag === 'some') {`,
        ...inner(pass.payload, `${held}.val`, `${resolved}.val`),
        '}',
      ];
    case 'record':
      return pass.fields.flatMap((field) => {
        const name = identifier(camel(field.name.words));
        return inner(field.pass, `${held}.${name}`, `${resolved}.${name}`);
      });
    case 'tuple':
      return pass.items.flatMap((item, index) => inner(item.pass, `${held}[${index}]`, `${resolved}[${index}]`));
    case 'list': {
      const [index, each, object] = ['index', 'each', 'object'].map((name) => unusedIn(name, held, resolved)) as [
        string,
        string,
        string,
      ];
      return [
        `for (const [${index}, ${each}] of ${held}.entries()) {`,
        `const ${object} = ${resolved}[${index}];`,
        `if (${object} === undefined) continue;`,
        ...inner(pass.element, each, object),
        '}',
      ];
    }
    case 'variant':
      return pass.cases.flatMap((each) =>
        each.pass === undefined || !holdsHandle(each.pass)
          ? []
          : [
              `if (${held}.tag === '${each.name.wire}' && ${resolved}.tag === '${each.name.wire}') {`,
              ...inner(each.pass, `${held}.val`, `${resolved}.val`),
              '}',
            ],
      );
    default:
      return [];
  }
}
