/** How items are written, for hints; what words may have been meant, for corrections. */
import type { IToken } from 'chevrotain';
import {
  At,
  builtinWords,
  Colon,
  genericWords,
  Id,
  LAngle,
  LBrace,
  LParen,
  RAngle,
  RBrace,
  RParen,
  Semicolon,
  wordOf,
} from './tokens.js';

/** Where items stand. */
export type Place = 'file' | 'package' | 'interface' | 'world' | 'resource';

/** What may stand where an item is expected. */
export const contents: { readonly [P in Place]: string } = {
  file: '`interface`, `world`, `use` or `package`',
  package: '`interface`, `world` or `use`',
  interface: 'a type, a function, `use` or `}`',
  world: '`import`, `export`, `include`, `use`, a type or `}`',
  resource: 'a function, `constructor` or `}`',
};

const written: ReadonlyMap<string, string> = new Map([
  ['package', 'a package is written `package namespace:name@1.0.0;`'],
  ['interface', 'an interface is written `interface name { … }`'],
  ['world', 'a world is written `world name { … }`'],
  ['type', 'a type is written `type name = type;`'],
  ['record', 'a record is written `record name { field: type, … }`'],
  ['flags', 'flags are written `flags name { flag, … }`'],
  ['enum', 'an enum is written `enum name { case, … }`'],
  ['variant', 'a variant is written `variant name { case, case(type), … }`'],
  ['resource', 'a resource is written `resource name;` or `resource name { … }`'],
  ['constructor', 'a constructor is written `constructor(name: type);`'],
  [
    'import',
    'an import is written `import path;`, `import name: path;`, `import name: func();` or `import name: interface { … }`',
  ],
  [
    'export',
    'an export is written `export path;`, `export name: path;`, `export name: func();` or `export name: interface { … }`',
  ],
  ['include', 'an include is written `include path;` or `include path with { name as name }`'],
  ['since', 'a gate is written `@since(version = 1.0.0)`'],
  ['deprecated', 'a gate is written `@deprecated(version = 1.0.0)`'],
  ['unstable', 'a gate is written `@unstable(feature = name)`'],
  ['external-id', 'it is written `@external-id("text")`'],
]);

const writtenGenerics: ReadonlyMap<string, string> = new Map([
  ['list', 'a list is written `list<type>` or `list<type, 4>`'],
  ['option', 'an optional value is written `option<type>`'],
  ['result', 'a result is written `result`, `result<type>`, `result<type, type>` or `result<_, type>`'],
  ['tuple', 'a tuple is written `tuple<type, type>`'],
  ['map', 'a map is written `map<type, type>`'],
  ['future', 'a future is written `future` or `future<type>`'],
  ['stream', 'a stream is written `stream` or `stream<type>`'],
  ['own', 'a handle is written `borrow<name>`, or as the name alone'],
  ['borrow', 'a handle is written `borrow<name>`, or as the name alone'],
]);

export const funcShape = 'a function is written `name: func(name: type) -> type;`';

/** The word before the innermost `<` that is open at a token, or right before it. */
function genericAround(at: number, tokens: readonly IToken[], head: number): string | undefined {
  const before = wordOf(tokens[at - 1]);
  if (before !== undefined && writtenGenerics.has(before)) return before;
  let closed = 0;
  for (let index = at - 1; index > head; index -= 1) {
    const type = tokens[index]?.tokenType;
    if (type === LParen || type === LBrace || type === RParen) return undefined;
    if (type === RAngle) closed += 1;
    else if (type === LAngle && closed === 0) return wordOf(tokens[index - 1]);
    else if (type === LAngle) closed -= 1;
  }
  return undefined;
}

/** The shape of what stands around a token: the type it is in, or the item. */
export function shapeAround(at: number, tokens: readonly IToken[], head: number, place: Place): string | undefined {
  const generic = writtenGenerics.get(genericAround(at, tokens, head) ?? '');
  if (generic !== undefined) return generic;
  const word = wordOf(tokens[head]);
  if (word === 'use')
    return place === 'file' || place === 'package'
      ? 'a use is written `use path;` or `use path as name;`'
      : 'a use is written `use path.{name, name as name};`';
  if (word !== undefined) return written.get(word);
  return tokens[head]?.tokenType === Id ? funcShape : undefined;
}

export const gateNames = ['since', 'unstable', 'deprecated', 'external-id'] as const;

/** The shape of a gate. */
export function gateShape(word: string | undefined): string | undefined {
  return gateNames.some((each) => each === word) ? written.get(word ?? '') : undefined;
}

const itemWords: { readonly [P in Place]: readonly string[] } = {
  file: ['package', 'interface', 'world', 'use'],
  package: ['interface', 'world', 'use'],
  interface: ['use', 'type', 'record', 'flags', 'enum', 'variant', 'resource'],
  world: ['import', 'export', 'include', 'use', 'type', 'record', 'flags', 'enum', 'variant', 'resource'],
  resource: ['constructor'],
};

/** The keywords one of which a name may be a slip of, from where it stands. */
export function wordsFor(at: number, tokens: readonly IToken[]): readonly string[] {
  const [before, next, third] = [tokens[at - 1]?.tokenType, tokens[at + 1], tokens[at - 2]];
  if (next === undefined) return [];
  if (before === At && next.tokenType === LParen) return gateNames;
  if (next.tokenType === LAngle) return genericWords;
  if (
    next.tokenType === LParen &&
    (before === Colon || ['async', 'static'].includes(wordOf(tokens[at - 1]) ?? '')) &&
    third !== undefined
  )
    return ['func'];
  const beginsItem =
    before === undefined || before === Semicolon || before === LBrace || before === RBrace || before === RParen;
  if (beginsItem && next.tokenType === Id) return [...new Set(Object.values(itemWords).flat())];
  return [];
}

/** Types of other languages and of WIT's past. */
const foreignTypes: ReadonlyMap<string, string> = new Map([
  ['i8', 's8'],
  ['i16', 's16'],
  ['i32', 's32'],
  ['i64', 's64'],
  ['float32', 'f32'],
  ['float64', 'f64'],
  ['int', 's32'],
  ['uint', 'u32'],
  ['usize', 'u32'],
  ['size', 'u32'],
  ['byte', 'u8'],
  ['bytes', 'list<u8>'],
  ['boolean', 'bool'],
  ['str', 'string'],
  ['String', 'string'],
  ['float', 'f32'],
  ['double', 'f64'],
]);

/** The type of WIT that a name of another language stands for. */
export function nativeType(name: string): string | undefined {
  return foreignTypes.get(name);
}

const foreignGenerics: ReadonlyMap<string, string> = new Map([
  ['Vec', 'list'],
  ['Array', 'list'],
  ['array', 'list'],
  ['vector', 'list'],
  ['HashMap', 'map'],
  ['Map', 'map'],
  ['dict', 'map'],
  ['Option', 'option'],
  ['optional', 'option'],
  ['Result', 'result'],
  ['expected', 'result'],
  ['Promise', 'future'],
  ['handle', 'borrow'],
]);

/** The type of WIT that one of another language stands for, which takes others too. */
export function nativeGeneric(name: string): string | undefined {
  return foreignGenerics.get(name);
}

const foreignItems: ReadonlyMap<string, string> = new Map([
  ['struct', 'record'],
  ['union', 'variant'],
  ['class', 'resource'],
  ['trait', 'interface'],
  ['module', 'interface'],
  ['namespace', 'package'],
  ['bitflags', 'flags'],
]);

/** The item of WIT that one of another language stands for. */
export function nativeItem(word: string): string | undefined {
  return foreignItems.get(word);
}

export const typeWords: readonly string[] = [...builtinWords, ...genericWords, 'error-context'];
