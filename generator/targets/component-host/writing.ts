/** Results, as expressions and statements of TypeScript: for jco, or into core values and memory. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import type { CanonicalPass, ListPass, Pass, SinglePass, SumPass } from '../../abi/plan.js';
import { anyPart, isBytes, isHandle, isList, itemsOf, partsOf } from '../../abi/shape.js';
import { camel } from '../../model/name.js';
import type { IntegerRepr, TypeDecl } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import type { Symbol } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';
import { members } from '../typescript/products.js';
import { lowerScalar, plus, writeScalar } from '../typescript/scalars.js';
import { bit, isNullable, kindOf, mapHandles, plainValues, unusedIn, type Site } from './lifting.js';
import { template } from './templates.js';

/** A result for the caller: objects become what it holds for them. */
export function given(pass: CanonicalPass, value: string, site: Site): string {
  return mapHandles(pass, value, (handle, each) => `from.${kindOf(handle, site)}.insert(${each})`);
}

/** Writes a value into memory, `offset` bytes behind an address. */
export function write(
  pass: CanonicalPass,
  address: string,
  offset: number,
  value: string,
  site: Site,
): readonly string[] {
  const at = plus(address, offset);
  switch (pass.shape) {
    case 'single':
      return [writeSingle(pass, at, value, site)];
    case 'text':
      return [`guest.writeText(${at}, ${value});`];
    case 'sequence':
      return writeList(pass, at, value, site);
    case 'product':
      return lines(
        members(pass, value).map(({ part, offset: more, code }) => write(part, address, offset + more, code, site)),
      );
    case 'sum':
      return writeSum(pass, address, offset, value, site);
  }
}

function writeSingle(pass: SinglePass, at: string, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return writeScalar(pass.scalar, at, value);
    case 'bool':
      return `memory.setU8(${at}, ${lowerSingle(pass, value, site)});`;
    case 'handle':
      return `memory.setU32(${at}, ${lowerSingle(pass, value, site)});`;
    case 'enum':
    case 'flags':
      return writeTag(pass.repr, at, lowerSingle(pass, value, site));
  }
}

function writeSum(
  pass: SumPass<CanonicalPass>,
  address: string,
  offset: number,
  value: string,
  site: Site,
): readonly string[] {
  const at = plus(address, offset);
  const payload = (part: CanonicalPass, code: string): readonly string[] =>
    write(part, address, offset + pass.payloadOffset, code, site);
  switch (pass.how) {
    case 'option':
      return [
        isNullable(pass) ? `if (${value} === undefined) {` : `if (${value}.tag === 'none') {`,
        writeTag(pass.repr, at, pass.none.tag),
        '} else {',
        writeTag(pass.repr, at, pass.some.tag),
        ...payload(pass.some.pass, isNullable(pass) ? value : `${value}.val`),
        '}',
      ];
    case 'variant':
    case 'result':
      return [
        writeTag(pass.repr, at, lowerTag(pass, value, site)),
        ...pass.cases.flatMap((each) => {
          if (each.pass === undefined) return [];
          const [only = '', ...more] = payload(each.pass, `${value}.val`);
          if (pass.cases.length === 1) return [only, ...more];
          const head = `if (${value}.tag === '${each.name.wire}')`;
          return more.length === 0 ? [`${head} ${only}`] : [`${head} {`, only, ...more, '}'];
        }),
      ];
  }
}

function writeList(pass: ListPass<CanonicalPass>, at: string, value: string, site: Site): readonly string[] {
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

/** A value that is one core value. */
function lowerSingle(pass: SinglePass, value: string, site: Site): string {
  switch (pass.how) {
    case 'scalar':
      return lowerScalar(pass.scalar, value);
    case 'bool':
      return `${value} ? 1 : 0`;
    case 'handle':
      return value;
    case 'enum':
      return `${site.file.use(template.numberOf)}(${plainValues(pass, site)}, ${value})`;
    case 'flags':
      return (
        pass.flags
          .map((flag, index) => `(${value}.${identifier(camel(flag.name.words))} === true ? ${bit(index)} : 0)`)
          .join(' | ') || '0'
      );
  }
}

/** The number of a value's case. */
function lowerTag(pass: SumPass<CanonicalPass>, value: string, site: Site): string {
  const { file, names } = site;
  switch (pass.how) {
    case 'option':
      return noOneCore(pass);
    case 'variant': {
      const values = plainValues(pass, site);
      if (values !== undefined) return `${file.use(template.numberOfTag)}(${values}, ${value})`;
      const tags = file.use(names.tags.get(pass.decl as TypeDecl) as Symbol);
      return `${file.use(template.numberOf)}(${tags}, ${value}.tag)`;
    }
    case 'result':
      return `${value}.tag === 'ok' ? 0 : 1`;
  }
}

/** A value the core function returns itself, as its only core value. */
export function writeCore(pass: CanonicalPass, value: string, site: Site): string {
  switch (pass.shape) {
    case 'single':
      return lowerSingle(pass, value, site);
    case 'product':
      return members(pass, value)
        .map(({ part, code }) => writeCore(part, code, site))
        .join('');
    case 'sequence':
      return writeCore(pass.element, `(${value}[0] as never)`, site);
    case 'sum':
      return partsOf(pass).length > 0 ? noOneCore(pass) : lowerTag(pass, value, site);
    case 'text':
      return noOneCore(pass);
  }
}

/** The plan has such results in memory. */
function noOneCore({ how }: Pass): never {
  throw new InternalError(`a ${how} is no one core value`);
}

function writeTag(repr: IntegerRepr, at: string, tag: number | string): string {
  return `memory.set${repr.toUpperCase()}(${at}, ${tag});`;
}

/** How many new handles of each kind a result may need; those in lists are counted for one element. */
export function newHandles(
  pass: CanonicalPass,
  site: Site,
): ReadonlyMap<string, { readonly count: number; readonly inList: boolean }> {
  const counts = new Map<string, { count: number; inList: boolean }>();
  const visit = (each: CanonicalPass, inList: boolean): void => {
    if (isHandle(each)) {
      const kind = kindOf(each, site);
      const known = counts.get(kind) ?? { count: 0, inList: false };
      counts.set(kind, { count: known.count + 1, inList: known.inList || inList });
    }
    for (const part of partsOf(each)) visit(part, inList || isList(each));
  };
  visit(pass, false);
  return counts;
}

/** Whether a result has exactly one run of bytes at its top, for which a method is given `take`. */
export function takesBytes(pass: CanonicalPass | undefined): boolean {
  const items = pass === undefined ? [] : itemsOf(pass).map((item) => item.pass);
  const others = items.filter((item) => !isBytes(item));
  return items.length - others.length === 1 && !others.some((item) => anyPart(item, isBytes));
}
