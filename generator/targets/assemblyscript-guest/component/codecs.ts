/**
 * `canonical/codecs.ts`: how values of several parts are read from memory and written to it. One function
 * for each type that something needs; asc compiles those that are called.
 */
import type { CanonicalPass, ListPass } from '../../../abi/plan.js';
import { isBytes, partsOf } from '../../../abi/shape.js';
import { InternalError } from '../../../diagnostics/diagnostic.js';
import { founder, handleKind } from '../../../model/kinds.js';
import { pascal } from '../../../model/name.js';
import type { Type, TypeDecl } from '../../../model/model.js';
import { block, listing, type AsFile, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { canonical, canonicalFolder, tupleSymbol } from './canonical.js';
import type { ComponentNames } from './names.js';
import { fieldNames, sumText } from './parts.js';
import { isByte, lifted, single, typeText, type CodecNames, type CodecPass, type Site, type Verb } from './values.js';

export const codecsFile = `${canonicalFolder}/codecs`;

/** Of types in types in types the start of the name is enough: it is numbered. */
const MAX_NAME = 200;

interface Codec {
  readonly name: string;
  readonly pass: CodecPass;
}

export class Codecs implements CodecNames {
  readonly #site: Site;
  readonly #scope = new Scope();
  readonly #byKey = new Map<string, Codec>();
  readonly #wanted = new Map<string, { readonly verb: Verb; readonly codec: Codec }>();
  readonly #declarations = new Map<TypeDecl, number>();
  readonly #tuples = new Set<number>();

  constructor(names: ComponentNames, file: AsFile) {
    this.#site = { file, names, codecs: this };
  }

  tuple(length: number): AsSymbol {
    this.#tuples.add(length);
    return tupleSymbol(length);
  }

  get tuples(): readonly number[] {
    return [...this.#tuples].sort((left, right) => left - right);
  }

  get isEmpty(): boolean {
    return this.#wanted.size === 0;
  }

  of(pass: CodecPass, verb: Verb): AsSymbol {
    const key = this.#key(pass);
    const codec = this.#byKey.get(key) ?? { name: this.#scope.declare(pascal(wordsOf(pass)).slice(0, MAX_NAME)), pass };
    this.#byKey.set(key, codec);
    const name = `${verb}${codec.name}`;
    if (!this.#wanted.has(name)) this.#wanted.set(this.#site.file.claim(name), { verb, codec });
    return { name, from: codecsFile };
  }

  /** Writes all of them; writing one may ask for others. */
  declareAll(): void {
    // A Map's iteration also sees what is added on the way.
    for (const [name, { verb, codec }] of this.#wanted)
      this.#site.file.add(declareCodec(name, verb, codec, this.#site));
  }

  /** The same for types that are read and written in the same way. */
  #key(pass: CanonicalPass): string {
    switch (pass.how) {
      case 'handle':
        return `${pass.ownership} ${this.#number(pass.kind)}`;
      case 'scalar':
        return pass.scalar;
      case 'bool':
      case 'enum':
      case 'flags':
      case 'string':
      case 'record':
      case 'variant':
        return pass.type.kind === 'ref' ? `${pass.how} ${this.#number(founder(pass.type.decl))}` : pass.how;
      case 'list':
        return `list<${this.#key(pass.element)}, ${pass.length ?? 'any'}>`;
      case 'option':
        return `option<${this.#key(pass.some.pass)}>`;
      case 'result':
        return `result<${[pass.ok, pass.error].map((each) => (each.pass === undefined ? '_' : this.#key(each.pass))).join(', ')}>`;
      case 'tuple':
        return `tuple<${partsOf(pass)
          .map((each) => this.#key(each))
          .join(', ')}>`;
    }
  }

  #number(decl: TypeDecl): number {
    const known = this.#declarations.get(decl) ?? this.#declarations.size;
    this.#declarations.set(decl, known);
    return known;
  }
}

/** asc makes no objects by another name of a class. */
function underItsOwnName(type: Type): Type {
  return type.kind === 'ref' && handleKind(type) === undefined ? { kind: 'ref', decl: founder(type.decl) } : type;
}

/** What a function is called after: `list-of-person`. */
function wordsOf(pass: CanonicalPass): readonly string[] {
  switch (pass.how) {
    case 'handle':
      return [...(pass.ownership === 'borrow' ? ['borrowed'] : []), ...pass.kind.name.words];
    case 'enum':
    case 'flags':
    case 'record':
    case 'variant':
      return pass.decl?.name.words ?? [pass.how];
    case 'scalar':
      return [pass.scalar];
    case 'bool':
    case 'string':
      return [pass.how];
    case 'list':
      return isBytes(pass)
        ? ['bytes']
        : ['list', 'of', ...(pass.length === undefined ? [] : [`${pass.length}`]), ...wordsOf(pass.element)];
    case 'option':
      return ['optional', ...wordsOf(pass.some.pass)];
    case 'result':
      return [
        'result',
        ...(pass.ok.pass === undefined ? [] : ['of', ...wordsOf(pass.ok.pass)]),
        ...(pass.error.pass === undefined ? [] : ['or', ...wordsOf(pass.error.pass)]),
      ];
    case 'tuple':
      return [
        'tuple',
        'of',
        ...partsOf(pass).flatMap((each, index) => [...(index > 0 ? ['and'] : []), ...wordsOf(each)]),
      ];
  }
}

/** A place in memory: an expression and a constant behind it. */
export interface Spot {
  readonly at: string;
  readonly offset: number;
}

function behind(spot: Spot): string {
  return spot.offset === 0 ? '' : `, ${spot.offset}`;
}

function address({ at, offset }: Spot): string {
  return offset === 0 ? at : `${at} + ${offset}`;
}

/** The value at a place. What of it has a size of its own is freed. */
export function loadValue(pass: CanonicalPass, spot: Spot, site: Site): string {
  const one = single(pass, site);
  if (one !== undefined) return lifted(one, `load<${one.stored}>(${spot.at}${behind(spot)})`);
  return `${site.file.use(codecOf(pass, 'load', site))}(${address(spot)})`;
}

/** Writes a value to a place. What of it has a size of its own is lent. */
export function storeValue(pass: CanonicalPass, spot: Spot, value: string, site: Site): string {
  const one = single(pass, site);
  if (one !== undefined) return `store<${one.stored}>(${spot.at}, ${one.lower(value)}${behind(spot)});`;
  return `${site.file.use(codecOf(pass, 'store', site))}(${address(spot)}, ${value});`;
}

function codecOf(pass: CanonicalPass, verb: Verb, site: Site): AsSymbol {
  switch (pass.shape) {
    case 'single':
      throw new InternalError(`a ${pass.how} has no function that reads it`);
    case 'text':
      return verb === 'load' ? canonical.loadText : canonical.storeText;
    case 'sequence':
      if (isBytes(pass)) return verb === 'load' ? canonical.loadBytes : canonical.storeBytes;
      return site.codecs.of(pass, verb);
    case 'product':
    case 'sum':
      return site.codecs.of(pass, verb);
  }
}

function declareCodec(name: string, verb: Verb, { pass }: Codec, site: Site): Code {
  const text = typeText(underItsOwnName(pass.type), site);
  if (verb === 'load') return block(`export function ${name}(at: usize): ${text}`, loads(pass, text, site));
  return block(
    listing(`export function ${name}(`, ['at: usize', `value: ${text}`], '): void'),
    stores(pass, text, site),
  );
}

const here = (offset: number): Spot => ({ at: 'at', offset });

function loads(pass: CodecPass, text: string, site: Site): Code {
  switch (pass.shape) {
    case 'product':
      return listing(
        `return new ${text}(`,
        pass.parts.map((each) => loadValue(each.pass, here(each.offset), site)),
        ');',
      );
    case 'sum': {
      const { cases } = sumText(pass, text, site);
      // The host only writes tags that are there.
      return block(
        `switch (load<${pass.repr}>(at))`,
        pass.cases.map(({ pass: payload }, index) => [
          index < cases.length - 1 ? `case ${index}:` : 'default:',
          `  return ${cases[index]?.make(payload === undefined ? '' : loadValue(payload, here(pass.payloadOffset), site))};`,
        ]),
      );
    }
    case 'sequence':
      return loadsList(pass, text, site);
  }
}

function stores(pass: CodecPass, text: string, site: Site): Code {
  switch (pass.shape) {
    case 'product': {
      const members = fieldNames(pass.parts);
      return pass.parts.map((each, index) => storeValue(each.pass, here(each.offset), `value.${members[index]}`, site));
    }
    case 'sum': {
      const { tag, cases } = sumText(pass, text, site);
      return [
        `store<${pass.repr}>(at, ${tag('value')});`,
        cases.map(({ test, read }, index) => {
          const payload = pass.cases[index]?.pass;
          return (
            payload !== undefined &&
            `if (${test('value')}) ${storeValue(payload, here(pass.payloadOffset), read('value'), site)}`
          );
        }),
      ];
    }
    case 'sequence':
      return storesList(pass, site);
  }
}

function loadsList(list: ListPass<CanonicalPass>, text: string, site: Site): Code {
  const { element, stride, length } = list;
  const array = isByte(element.type) ? 'Uint8Array' : text;
  const items = (start: string, count: string): Code => [
    `const list = new ${array}(${count});`,
    isCopied(list, site)
      ? `memory.copy(list.dataStart, ${start}, <usize>${count} * ${stride});`
      : block(
          `for (let index = 0; index < ${count}; index += 1)`,
          `list[index] = ${loadValue(element, { at: `${start} + <usize>index * ${stride}`, offset: 0 }, site)};`,
        ),
  ];
  if (length !== undefined) return [items('at', `${length}`), 'return list;'];
  return [
    'const start = load<usize>(at);',
    'const count = load<i32>(at, 4);',
    items('start', 'count'),
    `${site.file.use(canonical.discard)}(start, <usize>count * ${stride});`,
    'return list;',
  ];
}

function storesList(list: ListPass<CanonicalPass>, site: Site): Code {
  const { element, stride, length } = list;
  const items = (start: string, count: string): Code =>
    isCopied(list, site)
      ? `memory.copy(${start}, value.dataStart, <usize>${count} * ${stride});`
      : block(
          `for (let index = 0; index < ${count}; index += 1)`,
          storeValue(element, { at: `${start} + <usize>index * ${stride}`, offset: 0 }, 'value[index]', site),
        );
  if (length !== undefined)
    return [
      `if (value.length != ${length}) throw new RangeError("the list has to have ${length} items");`,
      items('at', `${length}`),
    ];
  return [
    'const count = value.length;',
    `const start = ${site.file.use(canonical.lend)}(<usize>count * ${stride});`,
    items('start', 'count'),
    'store<usize>(at, start);',
    'store<i32>(at, count, 4);',
  ];
}

/** Whether the items stand in an array as the ABI has them. */
function isCopied({ element }: ListPass<CanonicalPass>, site: Site): boolean {
  return single(element, site)?.sameInArrays === true;
}
