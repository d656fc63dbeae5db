/**
 * How values cross, as expressions of TypeScript. Lifting goes in two steps, since memory is judged
 * before handles: `lift` reads a value with its handles still as numbers, `resolve` turns those
 * into objects. `lower` writes results.
 */
import type {
  AddressPass,
  BufferPass,
  Case,
  CorePass,
  EnumPass,
  HandlePass,
  ListPass,
  OptionPass,
  OutPass,
  SinglePass,
  TextPass,
  VariantPass,
} from '../../abi/plan.js';
import { handlesIn, holdsHandle, isHandle } from '../../abi/shape.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import { type Names } from './names.js';
import { bracketed, byTag, made, members } from '../typescript/products.js';
import { liftScalar, lowerScalar, placed, plus, readScalar, writeScalar } from '../typescript/scalars.js';
import { template } from './templates.js';

/** What the expressions are written into. */
export interface Site {
  readonly file: TsFile;
  readonly names: Names;
}

type FatPass = TextPass | BufferPass | ListPass<CorePass>;
type WitxSum<Part> = OptionPass<Part> | VariantPass<Part>;

/** A parameter passed as core values. */
export function liftCore(pass: CorePass, core: readonly string[], site: Site): string {
  const [value = '', length = ''] = core;
  switch (pass.shape) {
    case 'single':
      return liftSingle(pass, value, site);
    case 'text':
    case 'buffer':
    case 'sequence':
      return liftFat(pass, value, length, site);
    case 'product':
    case 'sum':
      return liftMemory(pass, value, 0, site);
  }
}

function liftSingle(pass: SinglePass | AddressPass, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return liftScalar(pass.scalar, value, site);
    case 'bool':
      return `${value} !== 0`;
    case 'enum':
      return `${site.file.use(template.oneOf)}(${value}, ${pass.cases.length})${asCase(pass.decl, site)}`;
    case 'flags':
      return liftFlags(pass.repr, pass.flags.length, value, site);
    case 'handle':
      return value;
    case 'address':
      return `${value} >>> 0`;
  }
}

/** What is a pointer and a length. */
function liftFat(pass: FatPass, pointer: string, length: string, site: Site): string {
  switch (pass.how) {
    case 'string':
      return `memory.string(${pointer}, ${length})`;
    case 'buffer':
      return `memory.${pass.access === 'in' ? 'input' : 'output'}(${pointer}, ${length}${pass.stride === 1 ? '' : `, ${pass.stride}`})`;
    case 'list':
      return liftList(pass, pointer, length, site);
  }
}

/** A value in memory, `offset` bytes behind an address. */
function liftMemory(pass: CorePass, address: string, offset: number, site: Site): string {
  const at = placed(address, offset);
  switch (pass.shape) {
    case 'single':
      return readSingle(pass, at, site);
    case 'text':
    case 'buffer':
    case 'sequence':
      return liftFat(pass, `memory.u32(${at})`, `memory.u32(${placed(address, offset + 4)})`, site);
    case 'product':
      return made(
        pass,
        pass.parts.map((part) => liftMemory(part.pass, address, offset + part.offset, site)),
      );
    case 'sum':
      return liftSum(pass, address, offset, site);
  }
}

function readSingle(pass: SinglePass | AddressPass, at: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return readScalar(pass.scalar, at, site);
    case 'bool':
      return `memory.u8(${at}) !== 0`;
    case 'enum':
      return `${site.file.use(template.oneOf)}(${readRepr(pass.repr, at)}, ${pass.cases.length})${asCase(pass.decl, site)}`;
    case 'flags':
      return liftFlags(pass.repr, pass.flags.length, `memory.${pass.repr}(${at})`, site);
    case 'handle':
    case 'address':
      return `memory.u32(${at})`;
  }
}

function liftSum(pass: WitxSum<CorePass>, address: string, offset: number, site: Site): string {
  const tag = `${site.file.use(template.oneOf)}(${readRepr(pass.repr, placed(address, offset))}, ${pass.cases.length})`;
  const payload = (part: CorePass): string => liftMemory(part, address, offset + pass.payloadOffset, site);
  switch (pass.how) {
    case 'option':
      return `${tag} === ${pass.some.tag} ? ${payload(pass.some.pass)} : undefined`;
    case 'variant': {
      const cases = pass.cases.map((each, index) => {
        const val = each.pass === undefined ? '' : `, val: ${payload(each.pass)}`;
        return `${index === pass.cases.length - 1 ? 'default' : `case ${index}`}: return { tag: '${camel(each.name.words)}'${val} } as const;`;
      });
      return `(() => { switch (${tag}) { ${cases.join(' ')} } })()`;
    }
  }
}

function liftList(pass: ListPass<CorePass>, pointer: string, length: string, site: Site): string {
  const element = liftMemory(pass.element, 'address', 0, site);
  return `memory.list(${pointer}, ${length}, ${pass.stride}, (address) => ${bracketed(element)})`;
}

function liftFlags(repr: IntegerRepr, count: number, value: string, site: Site): string {
  const mask = (1n << BigInt(count)) - 1n;
  return repr === 'u64'
    ? `${site.file.use(template.wideFlagsOf)}(${value}, 0x${mask.toString(16)}n)`
    : `${site.file.use(template.flagsOf)}(${value}, 0x${mask.toString(16)})`;
}

function asCase(decl: EnumPass['decl'], site: Site): string {
  const symbol = decl === undefined ? undefined : site.names.types.get(decl);
  return symbol === undefined ? '' : ` as ${site.file.use(symbol)}`;
}

/** `memory.u64` gives a bigint, which no tag of ours needs. */
function readRepr(repr: IntegerRepr, at: string): string {
  return repr === 'u64' ? `Number(memory.u64(${at}))` : `memory.${repr}(${at})`;
}

/** The host value of a lifted one: handles become objects. */
export function resolve(pass: CorePass, lifted: string, site: Site): string {
  if (!holdsHandle(pass)) return lifted;
  switch (pass.shape) {
    case 'single':
      return isHandle(pass) ? `handles.${kindOf(pass, site)}.get(${lifted})` : lifted;
    case 'text':
    case 'buffer':
      return lifted;
    case 'product':
      return made(
        pass,
        members(pass, lifted).map(({ part, code }) => resolve(part, code, site)),
      );
    case 'sequence':
      return `${lifted}.map((each) => ${bracketed(resolve(pass.element, 'each', site))})`;
    case 'sum':
      return resolveSum(pass, lifted, site);
  }
}

function resolveSum(pass: WitxSum<CorePass>, lifted: string, site: Site): string {
  switch (pass.how) {
    case 'option':
      return `${lifted} === undefined ? undefined : ${resolve(pass.some.pass, lifted, site)}`;
    case 'variant': {
      const cases = holding(pass).map(
        ({ name, pass: payload }) =>
          [camel(name.words), `{ tag: ${lifted}.tag, val: ${resolve(payload, `${lifted}.val`, site)} }`] as const,
      );
      return byTag(`${lifted}.tag`, pass.cases.length, cases, lifted);
    }
  }
}

/** The cases that hold handles. */
function holding(pass: VariantPass<CorePass>): readonly (Case<CorePass> & { readonly pass: CorePass })[] {
  return pass.cases.flatMap((each) =>
    each.pass === undefined || !holdsHandle(each.pass) ? [] : [{ ...each, pass: each.pass }],
  );
}

/** Drops the handles of objects that the call has used up. */
export function dropUsedUp(pass: CorePass, lifted: string, resolved: string, site: Site): readonly string[] {
  if (!holdsHandle(pass)) return [];
  switch (pass.shape) {
    case 'single':
      return isHandle(pass) ? [`if (!${resolved}.live) handles.${kindOf(pass, site)}.drop(${lifted});`] : [];
    case 'text':
    case 'buffer':
      return [];
    case 'product': {
      const objects = members(pass, resolved);
      return members(pass, lifted).flatMap(({ part, code }, index) =>
        dropUsedUp(part, code, objects[index]?.code ?? '', site),
      );
    }
    case 'sequence':
      return [
        `for (const [index, each] of ${lifted}.entries()) {`,
        `const object = ${resolved}[index];`,
        'if (object === undefined) continue;',
        ...dropUsedUp(pass.element, 'each', 'object', site),
        '}',
      ];
    case 'sum':
      return dropUsedUpSum(pass, lifted, resolved, site);
  }
}

function dropUsedUpSum(pass: WitxSum<CorePass>, lifted: string, resolved: string, site: Site): readonly string[] {
  switch (pass.how) {
    case 'option':
      return [
        `if (${lifted} !== undefined && ${resolved} !== undefined) {`,
        ...dropUsedUp(pass.some.pass, lifted, resolved, site),
        '}',
      ];
    case 'variant':
      return holding(pass).flatMap(({ name, pass: payload }) => {
        const dropped = dropUsedUp(payload, `${lifted}.val`, `${resolved}.val`, site);
        const isCase = (value: string): string => `${value}.tag === '${camel(name.words)}'`;
        return pass.cases.length === 1 ? dropped : [`if (${isCase(lifted)} && ${isCase(resolved)}) {`, ...dropped, '}'];
      });
  }
}

/** How many new handles of each kind a result may need. */
export function newHandles(pass: OutPass, site: Site): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const handle of handlesIn(pass)) {
    const kind = kindOf(handle, site);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Writes a value into memory, `offset` bytes behind an address. */
export function lower(pass: OutPass, address: string, offset: number, value: string, site: Site): readonly string[] {
  switch (pass.shape) {
    case 'single':
      return [writeSingle(pass, plus(address, offset), value, site)];
    case 'product':
      return lines(
        members(pass, value).map(({ part, offset: more, code }) => lower(part, address, offset + more, code, site)),
      );
    case 'sum':
      return lowerSum(pass, address, offset, value, site);
  }
}

function writeSingle(pass: SinglePass | AddressPass, at: string, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return writeScalar(pass.scalar, at, value);
    case 'bool':
      return `memory.setU8(${at}, ${value} ? 1 : 0);`;
    case 'enum':
      return writeRepr(pass.repr, at, value);
    case 'flags':
      return `memory.set${pass.repr.toUpperCase()}(${at}, ${value});`;
    case 'handle':
      return `memory.setU32(${at}, handles.${kindOf(pass, site)}.insert(${value}));`;
    case 'address':
      return `memory.setU32(${at}, ${value});`;
  }
}

function lowerSum(
  pass: WitxSum<OutPass>,
  address: string,
  offset: number,
  value: string,
  site: Site,
): readonly string[] {
  const tag = (each: Case<OutPass>): string => writeRepr(pass.repr, plus(address, offset), String(each.tag));
  const payload = (part: OutPass, code: string): readonly string[] =>
    lower(part, address, offset + pass.payloadOffset, code, site);
  switch (pass.how) {
    case 'option':
      return [
        `if (${value} === undefined) {`,
        tag(pass.none),
        '} else {',
        tag(pass.some),
        ...payload(pass.some.pass, value),
        '}',
      ];
    case 'variant':
      return [
        `switch (${value}.tag) {`,
        ...pass.cases.flatMap((each) => [
          `case '${camel(each.name.words)}':`,
          tag(each),
          ...(each.pass === undefined ? [] : payload(each.pass, `${value}.val`)),
          'break;',
        ]),
        '}',
      ];
  }
}

/** A value the core function returns itself. */
export function lowerCore(pass: SinglePass | AddressPass, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return lowerScalar(pass.scalar, value);
    case 'bool':
      return `${value} ? 1 : 0`;
    case 'handle':
      return `handles.${kindOf(pass, site)}.insert(${value})`;
    case 'enum':
    case 'flags':
    case 'address':
      return value;
  }
}

function writeRepr(repr: IntegerRepr, at: string, value: string): string {
  return repr === 'u64'
    ? `memory.setU64(${at}, BigInt(${value}));`
    : `memory.set${repr.toUpperCase()}(${at}, ${value});`;
}

function kindOf(pass: HandlePass, site: Site): string {
  return site.names.kinds.get(pass.kind) as string;
}
