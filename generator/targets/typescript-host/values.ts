/**
 * How values cross, as expressions of TypeScript. Lifting goes in two steps, since memory is judged
 * before handles: `lift` reads a value with its handles still as numbers, `resolve` turns those
 * into objects. `lower` writes results.
 */
import type { Pass } from '../../abi/plan.js';
import { coreOf } from '../../abi/preview1.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr, ScalarName } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { type Names } from './names.js';
import { liftScalar } from '../typescript/scalars.js';
import { template } from './templates.js';

/** What the expressions are written into. */
export interface Site {
  readonly file: TsFile;
  readonly names: Names;
}

/** Whether a value holds handles, so that it needs `resolve`. */
export function holdsHandle(pass: Pass): boolean {
  switch (pass.how) {
    case 'handle':
      return true;
    case 'record':
      return pass.fields.some((field) => holdsHandle(field.pass));
    case 'tuple':
      return pass.items.some((item) => holdsHandle(item.pass));
    case 'option':
      return holdsHandle(pass.payload);
    case 'variant':
      return pass.cases.some((each) => each.pass !== undefined && holdsHandle(each.pass));
    case 'list':
      return holdsHandle(pass.element);
    default:
      return false;
  }
}

/** A parameter passed as core values. */
export function liftCore(pass: Pass, core: readonly string[], site: Site): string {
  const [value = '', length = ''] = core;
  switch (pass.how) {
    case 'scalar':
      return liftScalar(pass.scalar, value, site);
    case 'bool':
      return `${value} !== 0`;
    case 'enum':
      return `${site.file.use(template.oneOf)}${caseType(pass.decl, site)}(${value}, ${pass.cases.length})`;
    case 'flags':
      return liftFlags(pass.repr, pass.flags.length, value, site);
    case 'handle':
      return value;
    case 'address':
      return `${value} >>> 0`;
    case 'string':
      return `memory.string(${value}, ${length})`;
    case 'buffer':
      return `memory.${pass.access === 'in' ? 'input' : 'output'}(${value}, ${length}${pass.stride === 1 ? '' : `, ${pass.stride}`})`;
    case 'list':
      return liftList(pass, value, length, site);
    default:
      return liftMemory(pass, value, 0, site);
  }
}

/** A value in memory, `offset` bytes behind an address. */
function liftMemory(pass: Pass, address: string, offset: number, site: Site): string {
  const at = placed(address, offset);
  switch (pass.how) {
    case 'scalar':
      return pass.scalar === 'char'
        ? `${site.file.use(template.charOf)}(memory.u32(${at}))`
        : `memory.${reader(pass.scalar)}(${at})`;
    case 'bool':
      return `memory.u8(${at}) !== 0`;
    case 'enum':
      return `${site.file.use(template.oneOf)}${caseType(pass.decl, site)}(${readRepr(pass.repr, at)}, ${pass.cases.length})`;
    case 'flags':
      return liftFlags(pass.repr, pass.flags.length, `memory.${pass.repr}(${at})`, site);
    case 'handle':
    case 'address':
      return `memory.u32(${at})`;
    case 'string':
      return `memory.string(memory.u32(${at}), memory.u32(${placed(address, offset + 4)}))`;
    case 'buffer':
    case 'list':
      return liftCore(pass, [`memory.u32(${at})`, `memory.u32(${placed(address, offset + 4)})`], site);
    case 'record':
      return `{ ${pass.fields.map((field) => `${identifier(camel(field.name.words))}: ${liftMemory(field.pass, address, offset + field.offset, site)}`).join(', ')} }`;
    case 'tuple':
      return `[${pass.items.map((item) => liftMemory(item.pass, address, offset + item.offset, site)).join(', ')}] as const`;
    case 'option': {
      const tag = `${site.file.use(template.oneOf)}(${readRepr(pass.repr, at)}, 2)`;
      return `${tag} === ${pass.someTag} ? ${liftMemory(pass.payload, address, offset + pass.payloadOffset, site)} : undefined`;
    }
    case 'variant': {
      const cases = pass.cases.map((each, index) => {
        const val =
          each.pass === undefined ? '' : `, val: ${liftMemory(each.pass, address, offset + pass.payloadOffset, site)}`;
        return `${index === pass.cases.length - 1 ? 'default' : `case ${index}`}: return { tag: '${camel(each.name.words)}'${val} } as const;`;
      });
      const tag = `${site.file.use(template.oneOf)}(${readRepr(pass.repr, at)}, ${pass.cases.length})`;
      return `(() => { switch (${tag}) { ${cases.join(' ')} } })()`;
    }
  }
}

function liftList(pass: Extract<Pass, { how: 'list' }>, pointer: string, length: string, site: Site): string {
  const element = liftMemory(pass.element, 'address', 0, site);
  const body = pass.element.how === 'record' ? `(${element})` : element;
  return `memory.list(${pointer}, ${length}, ${pass.stride}, (address) => ${body})`;
}

function liftFlags(repr: IntegerRepr, count: number, value: string, site: Site): string {
  const mask = (1n << BigInt(count)) - 1n;
  return repr === 'u64'
    ? `${site.file.use(template.wideFlagsOf)}(${value}, 0x${mask.toString(16)}n)`
    : `${site.file.use(template.flagsOf)}(${value}, 0x${mask.toString(16)})`;
}

function caseType(decl: Extract<Pass, { how: 'enum' }>['decl'], site: Site): string {
  const symbol = decl === undefined ? undefined : site.names.types.get(decl);
  return symbol === undefined ? '' : `<${site.file.use(symbol)}>`;
}

/** `memory.u64` gives a bigint, which no tag of ours needs. */
function readRepr(repr: IntegerRepr, at: string): string {
  return repr === 'u64' ? `Number(memory.u64(${at}))` : `memory.${repr}(${at})`;
}

function reader(scalar: ScalarName): string {
  return scalar === 'char8' ? 'u8' : scalar === 'usize' || scalar === 'char' ? 'u32' : scalar;
}

/** Readers take the offset apart from the address, so that their sum cannot wrap around. */
function placed(address: string, offset: number): string {
  return offset === 0 ? address : `${address}, ${offset}`;
}

function plus(address: string, offset: number): string {
  return offset === 0 ? address : `${address} + ${offset}`;
}

/** The host value of a lifted one: handles become objects. */
export function resolve(pass: Pass, lifted: string, site: Site): string {
  if (!holdsHandle(pass)) return lifted;
  switch (pass.how) {
    case 'handle':
      return `handles.${kindOf(pass, site)}.get(${lifted})`;
    case 'option':
      return `${lifted} === undefined ? undefined : ${resolve(pass.payload, lifted, site)}`;
    case 'record':
      return `{ ${pass.fields.map((field) => propertyOf(field.name.words, lifted, (value) => resolve(field.pass, value, site))).join(', ')} }`;
    case 'tuple':
      return `[${pass.items.map((item, index) => resolve(item.pass, `${lifted}[${index}]`, site)).join(', ')}] as const`;
    case 'list':
      return `${lifted}.map((each) => (${resolve(pass.element, 'each', site)}))`;
    case 'variant': {
      const cases = pass.cases
        .filter((each) => each.pass !== undefined && holdsHandle(each.pass))
        .map(
          (each) =>
            `${lifted}.tag === '${camel(each.name.words)}' ? { tag: ${lifted}.tag, val: ${resolve(each.pass as Pass, `${lifted}.val`, site)} }`,
        );
      return [...cases, lifted].join(' : ');
    }
    default:
      return lifted;
  }
}

function propertyOf(words: readonly string[], of: string, value: (lifted: string) => string): string {
  const name = identifier(camel(words));
  return `${name}: ${value(`${of}.${name}`)}`;
}

/** Drops the handles of objects that the call has used up. */
export function dropUsedUp(pass: Pass, lifted: string, resolved: string, site: Site): readonly string[] {
  if (!holdsHandle(pass)) return [];
  switch (pass.how) {
    case 'handle':
      return [`if (!${resolved}.live) handles.${kindOf(pass, site)}.drop(${lifted});`];
    case 'option':
      return [
        `if (${lifted} !== undefined && ${resolved} !== undefined) {`,
        ...dropUsedUp(pass.payload, lifted, resolved, site),
        '}',
      ];
    case 'record':
      return pass.fields.flatMap((field) => {
        const name = identifier(camel(field.name.words));
        return dropUsedUp(field.pass, `${lifted}.${name}`, `${resolved}.${name}`, site);
      });
    case 'tuple':
      return pass.items.flatMap((item, index) =>
        dropUsedUp(item.pass, `${lifted}[${index}]`, `${resolved}[${index}]`, site),
      );
    case 'list':
      return [
        `for (const [index, each] of ${lifted}.entries()) {`,
        `const object = ${resolved}[index];`,
        'if (object === undefined) continue;',
        ...dropUsedUp(pass.element, 'each', 'object', site),
        '}',
      ];
    case 'variant':
      return pass.cases.flatMap((each) =>
        each.pass === undefined || !holdsHandle(each.pass)
          ? []
          : [
              `if (${lifted}.tag === '${camel(each.name.words)}' && ${resolved}.tag === '${camel(each.name.words)}') {`,
              ...dropUsedUp(each.pass, `${lifted}.val`, `${resolved}.val`, site),
              '}',
            ],
      );
    default:
      return [];
  }
}

/** How many new handles of each kind a result may need. */
export function newHandles(pass: Pass, site: Site): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const visit = (each: Pass): void => {
    switch (each.how) {
      case 'handle':
        counts.set(kindOf(each, site), (counts.get(kindOf(each, site)) ?? 0) + 1);
        return;
      case 'record':
        for (const field of each.fields) visit(field.pass);
        return;
      case 'tuple':
        for (const item of each.items) visit(item.pass);
        return;
      case 'option':
        visit(each.payload);
        return;
      case 'variant':
        for (const one of each.cases) if (one.pass !== undefined) visit(one.pass);
        return;
      default:
        return;
    }
  };
  visit(pass);
  return counts;
}

/** Writes a value into memory, `offset` bytes behind an address. */
export function lower(pass: Pass, address: string, offset: number, value: string, site: Site): readonly string[] {
  const at = plus(address, offset);
  switch (pass.how) {
    case 'scalar':
      return [
        `memory.${writer(pass.scalar)}(${at}, ${pass.scalar === 'char' ? `${value}.codePointAt(0) ?? 0` : value});`,
      ];
    case 'bool':
      return [`memory.setU8(${at}, ${value} ? 1 : 0);`];
    case 'enum':
      return [writeRepr(pass.repr, at, value)];
    case 'flags':
      return [`memory.set${pass.repr.toUpperCase()}(${at}, ${value});`];
    case 'handle':
      return [`memory.setU32(${at}, handles.${kindOf(pass, site)}.insert(${value}));`];
    case 'address':
      return [`memory.setU32(${at}, ${value});`];
    case 'record':
      return lines(
        pass.fields.map((field) =>
          lower(field.pass, address, offset + field.offset, `${value}.${identifier(camel(field.name.words))}`, site),
        ),
      );
    case 'tuple':
      return lines(
        pass.items.map((item, index) => lower(item.pass, address, offset + item.offset, `${value}[${index}]`, site)),
      );
    case 'option':
      return [
        `if (${value} === undefined) {`,
        writeRepr(pass.repr, at, String(pass.noneTag)),
        '} else {',
        writeRepr(pass.repr, at, String(pass.someTag)),
        ...lower(pass.payload, address, offset + pass.payloadOffset, value, site),
        '}',
      ];
    case 'variant':
      return [
        `switch (${value}.tag) {`,
        ...pass.cases.flatMap((each, index) => [
          `case '${camel(each.name.words)}':`,
          writeRepr(pass.repr, at, String(index)),
          ...(each.pass === undefined
            ? []
            : lower(each.pass, address, offset + pass.payloadOffset, `${value}.val`, site)),
          'break;',
        ]),
        '}',
      ];
    case 'string':
    case 'buffer':
    case 'list':
      // The plan refuses them in results.
      return [];
  }
}

/** A value the core function returns itself. */
export function lowerCore(pass: Pass, value: string, site: Site): string {
  switch (pass.how) {
    case 'bool':
      return `${value} ? 1 : 0`;
    case 'handle':
      return `handles.${kindOf(pass, site)}.insert(${value})`;
    case 'scalar':
      return pass.scalar === 'char' ? `${value}.codePointAt(0) ?? 0` : value;
    default:
      return value;
  }
}

function writer(scalar: ScalarName): string {
  const unsigned = reader(scalar).replace('s', 'u');
  return `set${unsigned.charAt(0).toUpperCase()}${unsigned.slice(1)}`;
}

function writeRepr(repr: IntegerRepr, at: string, value: string): string {
  return repr === 'u64'
    ? `memory.setU64(${at}, BigInt(${value}));`
    : `memory.set${repr.toUpperCase()}(${at}, ${value});`;
}

function kindOf(pass: Extract<Pass, { how: 'handle' }>, site: Site): string {
  return site.names.kinds.get(pass.kind) as string;
}

/** The type of a core parameter in TypeScript. */
export function coreType(pass: Pass): 'number' | 'bigint' {
  return coreOf(pass) === 'i64' ? 'bigint' : 'number';
}
