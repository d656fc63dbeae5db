/** Results, as expressions and statements of TypeScript: for jco, or into core values and memory. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import type { Pass } from '../../abi/plan.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr, ScalarName } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import { identifier } from '../typescript/identifiers.js';
import {
  bit,
  has,
  isBytes,
  isNullable,
  isResult,
  kindOf,
  mapHandles,
  plainValues,
  plus,
  unusedIn,
  type Site,
} from './lifting.js';
import { template } from './templates.js';

/** A result for the caller: objects become what it holds for them. */
export function given(pass: Pass, value: string, site: Site): string {
  return mapHandles(pass, value, (handle, each) => `from.${kindOf(handle, site)}.insert(${each})`);
}

/** Writes a value into memory, `offset` bytes behind an address. */
export function write(pass: Pass, address: string, offset: number, value: string, site: Site): readonly string[] {
  const at = plus(address, offset);
  switch (pass.how) {
    case 'scalar':
      return [
        `memory.${writer(pass.scalar)}(${at}, ${pass.scalar === 'char' ? `${value}.codePointAt(0) ?? 0` : value});`,
      ];
    case 'bool':
    case 'handle':
      return [`memory.set${pass.how === 'bool' ? 'U8' : 'U32'}(${at}, ${numberOf(pass, value, site)});`];
    case 'enum':
    case 'flags':
      return [`memory.set${pass.repr.toUpperCase()}(${at}, ${numberOf(pass, value, site)});`];
    case 'string':
      return [`guest.writeText(${at}, ${value});`];
    case 'list':
      return writeList(pass, at, value, site);
    case 'record':
      return lines(
        pass.fields.map((field) =>
          write(field.pass, address, offset + field.offset, `${value}.${identifier(camel(field.name.words))}`, site),
        ),
      );
    case 'tuple':
      return lines(
        pass.items.map((item, index) => write(item.pass, address, offset + item.offset, `${value}[${index}]`, site)),
      );
    case 'option': {
      const payload = isNullable(pass) ? value : `${value}.val`;
      return [
        isNullable(pass) ? `if (${value} === undefined) {` : `if (${value}.tag === 'none') {`,
        writeTag(pass.repr, at, pass.noneTag),
        '} else {',
        writeTag(pass.repr, at, pass.someTag),
        ...write(pass.payload, address, offset + pass.payloadOffset, payload, site),
        '}',
      ];
    }
    case 'variant':
      if (plainValues(pass, site) !== undefined)
        return [`memory.set${pass.repr.toUpperCase()}(${at}, ${numberOf(pass, value, site)});`];
      return [
        `switch (${value}.tag) {`,
        ...pass.cases.flatMap((each, index) => [
          `case '${each.name.wire}':`,
          writeTag(pass.repr, at, index),
          ...(each.pass === undefined
            ? []
            : write(each.pass, address, offset + pass.payloadOffset, `${value}.val`, site)),
          'break;',
        ]),
        '}',
      ];
    case 'address':
    case 'buffer':
      throw new InternalError(`a component passes no ${pass.how}`);
  }
}

function writeList(pass: Extract<Pass, { how: 'list' }>, at: string, value: string, site: Site): readonly string[] {
  if (isBytes(pass)) return [`guest.writeBytes(${at}, ${value});`];
  if (pass.length !== undefined) {
    const [index, item] = [unusedIn('index', at), unusedIn('item', value)];
    return [
      `for (const [${index}, ${item}] of ${value}.entries()) {`,
      `if (${index} >= ${pass.length}) break;`,
      ...write(pass.element, `${at} + ${index} * ${pass.stride}`, 0, item, site),
      '}',
    ];
  }
  const element = write(pass.element, 'address', 0, 'item', site);
  return [
    `guest.writeList(${at}, ${value}, ${pass.stride}, ${pass.element.align}, (address, item) => {`,
    ...element,
    '});',
  ];
}

/** A value that is one core value of 32 bits. */
function numberOf(pass: Pass, value: string, site: Site): string {
  switch (pass.how) {
    case 'bool':
      return `${value} ? 1 : 0`;
    case 'handle':
      return value;
    case 'enum':
      return `${site.file.use(template.numberOf)}(${plainValues(pass, site)}, ${value})`;
    case 'variant':
      return isResult(pass)
        ? `${value}.tag === 'ok' ? 0 : 1`
        : `${site.file.use(template.numberOfTag)}(${plainValues(pass, site)}, ${value})`;
    case 'flags':
      return (
        pass.flags
          .map((flag, index) => `(${value}.${identifier(camel(flag.name.words))} === true ? ${bit(index)} : 0)`)
          .join(' | ') || '0'
      );
    default:
      throw new InternalError(`a ${pass.how} is no number`);
  }
}

/** A value the core function returns itself. */
export function writeCore(pass: Pass, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return pass.scalar === 'char' ? `${value}.codePointAt(0) ?? 0` : value;
    case 'record':
      return pass.fields
        .map((field) => writeCore(field.pass, `${value}.${identifier(camel(field.name.words))}`, site))
        .join('');
    case 'tuple':
      return pass.items.map((item, index) => writeCore(item.pass, `${value}[${index}]`, site)).join('');
    case 'list':
      return writeCore(pass.element, `(${value}[0] as never)`, site);
    default:
      return numberOf(pass, value, site);
  }
}

function writer(scalar: ScalarName): string {
  const unsigned = scalar === 'char' ? 'u32' : scalar.replace('s', 'u');
  return `set${unsigned.charAt(0).toUpperCase()}${unsigned.slice(1)}`;
}

function writeTag(repr: IntegerRepr, at: string, tag: number): string {
  return `memory.set${repr.toUpperCase()}(${at}, ${tag});`;
}

/** How many new handles of each kind a result may need; those in lists are counted for one element. */
export function newHandles(
  pass: Pass,
  site: Site,
): ReadonlyMap<string, { readonly count: number; readonly inList: boolean }> {
  const counts = new Map<string, { count: number; inList: boolean }>();
  const visit = (each: Pass, inList: boolean): void => {
    switch (each.how) {
      case 'handle': {
        const kind = kindOf(each, site);
        const known = counts.get(kind) ?? { count: 0, inList: false };
        counts.set(kind, { count: known.count + 1, inList: known.inList || inList });
        return;
      }
      case 'record':
        for (const field of each.fields) visit(field.pass, inList);
        return;
      case 'tuple':
        for (const item of each.items) visit(item.pass, inList);
        return;
      case 'option':
        visit(each.payload, inList);
        return;
      case 'variant':
        for (const one of each.cases) if (one.pass !== undefined) visit(one.pass, inList);
        return;
      case 'list':
        visit(each.element, true);
        return;
      default:
        return;
    }
  };
  visit(pass, false);
  return counts;
}

/** Whether a result has exactly one run of bytes at its top, for which a method is given `take`. */
export function takesBytes(pass: Pass | undefined): boolean {
  if (pass === undefined) return false;
  if (isBytes(pass)) return true;
  return (
    pass.how === 'tuple' &&
    pass.items.filter((item) => isBytes(item.pass)).length === 1 &&
    !pass.items.some((item) => !isBytes(item.pass) && has(item.pass, isBytes))
  );
}
