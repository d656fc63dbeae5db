/**
 * `canonical/codecs.ts`: how values of several parts are read from memory and written to it. One function
 * for each type that something needs; asc compiles those that are called.
 */
import type { Pass } from '../../../abi/plan.js';
import { founder, handleKind, resolve } from '../../../model/kinds.js';
import { pascal } from '../../../model/name.js';
import type { Type, TypeDecl } from '../../../model/model.js';
import { block, listing, type AsFile, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { canonical, canonicalFolder, tupleSymbol } from './canonical.js';
import type { ComponentNames } from './names.js';
import { shapeOf, type Sequence } from './shape.js';
import { isByte, lifted, single, typeText, type Site } from './values.js';

export const codecsFile = `${canonicalFolder}/codecs`;

type Verb = 'load' | 'store';

interface Codec {
  readonly name: string;
  readonly type: Type;
  readonly pass: Pass;
}

export class Codecs {
  readonly #site: Site;
  readonly #scope = new Scope();
  readonly #byKey = new Map<string, Codec>();
  readonly #wanted = new Map<string, { readonly verb: Verb; readonly codec: Codec }>();
  readonly #declarations = new Map<TypeDecl, number>();
  readonly #tuples = new Set<number>();

  constructor(names: ComponentNames, file: AsFile) {
    this.#site = { file, names, codecs: this };
  }

  /** The class of tuples of a length. */
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

  /** The function that loads values of a type, or stores them. */
  of(type: Type, pass: Pass, verb: Verb): AsSymbol {
    const key = this.#key(type);
    const codec = this.#byKey.get(key) ?? {
      name: this.#scope.declare(pascal(wordsOf(type))),
      type: underItsOwnName(type),
      pass,
    };
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
  #key(type: Type): string {
    const kind = handleKind(type);
    const target = resolve(type);
    if (kind !== undefined) return `${target.kind === 'borrow' ? 'borrow' : 'own'} ${this.#number(kind)}`;
    switch (target.kind) {
      case 'list':
        return `list<${this.#key(target.element)}, ${target.length ?? 'any'}>`;
      case 'option':
        return `option<${this.#key(target.payload)}>`;
      case 'result':
        return `result<${[target.ok, target.error].map((each) => (each === undefined ? '_' : this.#key(each))).join(', ')}>`;
      case 'tuple':
        return `tuple<${target.items.map((each) => this.#key(each)).join(', ')}>`;
      case 'scalar':
        return target.scalar;
      default: {
        let decl = type.kind === 'ref' ? type.decl : undefined;
        while (decl?.type.kind === 'ref') decl = decl.type.decl;
        return decl === undefined ? target.kind : `${target.kind} ${this.#number(decl)}`;
      }
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
function wordsOf(type: Type): readonly string[] {
  switch (type.kind) {
    case 'ref': {
      const { kind } = resolve(type);
      return ['enum', 'flags', 'handle', 'record', 'variant'].includes(kind)
        ? founder(type.decl).name.words
        : wordsOf(type.decl.type);
    }
    case 'list':
      return type.length === undefined && isByte(type.element)
        ? ['bytes']
        : ['list', 'of', ...(type.length === undefined ? [] : [`${type.length}`]), ...wordsOf(type.element)];
    case 'option':
      return ['optional', ...wordsOf(type.payload)];
    case 'result':
      return [
        'result',
        ...(type.ok === undefined ? [] : ['of', ...wordsOf(type.ok)]),
        ...(type.error === undefined ? [] : ['or', ...wordsOf(type.error)]),
      ];
    case 'tuple':
      return ['tuple', 'of', ...type.items.flatMap((each, index) => [...(index > 0 ? ['and'] : []), ...wordsOf(each)])];
    case 'borrow':
      return ['borrowed', ...type.decl.name.words];
    case 'scalar':
      return [type.scalar];
    default:
      return [type.kind];
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
export function loadValue(type: Type, pass: Pass, spot: Spot, site: Site): string {
  const one = single(pass, type, site);
  if (one !== undefined) return lifted(one, `load<${one.stored}>(${spot.at}${behind(spot)})`);
  return `${site.file.use(codecOf(type, pass, 'load', site))}(${address(spot)})`;
}

/** Writes a value to a place. What of it has a size of its own is lent. */
export function storeValue(type: Type, pass: Pass, spot: Spot, value: string, site: Site): string {
  const one = single(pass, type, site);
  if (one !== undefined) return `store<${one.stored}>(${spot.at}, ${one.lower(value)}${behind(spot)});`;
  return `${site.file.use(codecOf(type, pass, 'store', site))}(${address(spot)}, ${value});`;
}

function codecOf(type: Type, pass: Pass, verb: Verb, site: Site): AsSymbol {
  if (pass.how === 'string') return verb === 'load' ? canonical.loadText : canonical.storeText;
  const target = resolve(type);
  if (target.kind === 'list' && target.length === undefined && isByte(target.element))
    return verb === 'load' ? canonical.loadBytes : canonical.storeBytes;
  return site.codecs.of(type, pass, verb);
}

function declareCodec(name: string, verb: Verb, { type, pass }: Codec, site: Site): Code {
  const text = typeText(type, site);
  if (verb === 'load') return block(`export function ${name}(at: usize): ${text}`, loads(type, pass, text, site));
  return block(
    listing(`export function ${name}(`, ['at: usize', `value: ${text}`], '): void'),
    stores(type, pass, site),
  );
}

const here = (offset: number): Spot => ({ at: 'at', offset });

function loads(type: Type, pass: Pass, text: string, site: Site): Code {
  const shape = shapeOf(type, pass, site);
  switch (shape.is) {
    case 'product':
      return listing(
        `return new ${text}(`,
        shape.parts.map((each) => loadValue(each.type, each.pass, here(each.offset), site)),
        ');',
      );
    case 'sum':
      // The host only writes tags that are there.
      return block(
        `switch (load<${shape.repr}>(at))`,
        shape.cases.map(({ payload, make }, index) => [
          index < shape.cases.length - 1 ? `case ${index}:` : 'default:',
          `  return ${make(payload === undefined ? '' : loadValue(payload.type, payload.pass, here(payload.offset), site))};`,
        ]),
      );
    case 'sequence':
      return loadsList(shape, text, site);
  }
}

function stores(type: Type, pass: Pass, site: Site): Code {
  const shape = shapeOf(type, pass, site);
  switch (shape.is) {
    case 'product':
      return shape.parts.map((each) =>
        storeValue(each.type, each.pass, here(each.offset), `value.${each.member}`, site),
      );
    case 'sum':
      return [
        `store<${shape.repr}>(at, ${shape.tag('value')});`,
        shape.cases.map(
          ({ payload, test, read }) =>
            payload !== undefined &&
            `if (${test('value')}) ${storeValue(payload.type, payload.pass, here(payload.offset), read('value'), site)}`,
        ),
      ];
    case 'sequence':
      return storesList(shape, site);
  }
}

function loadsList(list: Sequence, text: string, site: Site): Code {
  const { element, pass, stride, length } = list;
  const array = isByte(element) ? 'Uint8Array' : text;
  const items = (start: string, count: string): Code => [
    `const list = new ${array}(${count});`,
    isCopied(list, site)
      ? `memory.copy(list.dataStart, ${start}, <usize>${count} * ${stride});`
      : block(
          `for (let index = 0; index < ${count}; index += 1)`,
          `list[index] = ${loadValue(element, pass, { at: `${start} + <usize>index * ${stride}`, offset: 0 }, site)};`,
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

function storesList(list: Sequence, site: Site): Code {
  const { element, pass, stride, length } = list;
  const items = (start: string, count: string): Code =>
    isCopied(list, site)
      ? `memory.copy(${start}, value.dataStart, <usize>${count} * ${stride});`
      : block(
          `for (let index = 0; index < ${count}; index += 1)`,
          storeValue(element, pass, { at: `${start} + <usize>index * ${stride}`, offset: 0 }, 'value[index]', site),
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
function isCopied({ element, pass }: Sequence, site: Site): boolean {
  return single(pass, element, site)?.sameInArrays === true;
}
