/** WIT whose every name is one of some words. */
import { chunked, distinct } from './witx.js';

/** In `package test:reserved`: every other word as a type, the others as functions, whose parameters are called by words. */
export function witOf(words: readonly string[], turn: number): string {
  const at = (index: number): string => `%${words[index % words.length] as string}`;
  const isType = (index: number): boolean => index % 2 === turn % 2;
  const kindOf = (index: number): Kind => kinds[((index >> 1) + turn) % kinds.length] as Kind;
  const types = words.flatMap((word, index) =>
    isType(index)
      ? [{ name: `%${word}`, kind: kindOf(index), text: typeOf(`%${word}`, kindOf(index), index, at) }]
      : [],
  );
  const typeAt = (index: number): string => (types[index % types.length] as { readonly name: string }).name;
  const enums = types.filter(({ kind }) => kind === 'enum');
  const funcs = words.flatMap((word, index) => {
    if (isType(index)) return [];
    const own = distinct([0, 1].map((each) => at(index + each)));
    const params = own.map(
      (name, each) => `${name}: ${paramTypeOf(typeAt(index + each * 7), ((index >> 1) * 2 + each) % 5)}`,
    );
    const error = enums[index % enums.length]?.name ?? 'u8';
    const results = [
      '',
      ` -> result<_, ${error}>`,
      ` -> result<list<u8>, ${error}>`,
      ` -> ${typeAt(index)}`,
      ` -> result<${typeAt(index + 1)}, ${typeAt(index)}>`,
    ];
    return [`  %${word}: func(${params.join(', ')})${results[(index >> 1) % results.length] ?? ''};`];
  });
  return `interface all-of-them {\n${types.map(({ text }) => `  ${text}`).join('\n')}\n${funcs.join('\n')}\n}\n`;
}

const kinds = ['enum', 'record', 'flags', 'alias', 'variant', 'list', 'plain variant'] as const;
type Kind = (typeof kinds)[number];

function typeOf(name: string, kind: Kind, index: number, at: (index: number) => string): string {
  const [one, two, three] = [at(index + 1), at(index + 2), at(index + 3)];
  switch (kind) {
    case 'enum':
      return `enum ${name} { ${index % 4 === 0 ? 'success, ' : ''}${[one, two, three].filter((each) => each !== '%success').join(', ')} }`;
    case 'record':
      return `record ${name} { ${one}: u8, ${two}: string, ${three}: option<u64> }`;
    case 'flags':
      return `flags ${name} { ${one}, ${two}, ${three} }`;
    case 'variant':
      return `variant ${name} { ${one}(u8), ${two}, ${three}(list<u8>) }`;
    case 'plain variant':
      return `variant ${name} { ${one}, ${two}, ${three} }`;
    case 'alias':
      return `type ${name} = u64;`;
    case 'list':
      return `type ${name} = list<string>;`;
  }
}

function paramTypeOf(type: string, kind: number): string {
  return [type, 'string', 'list<u8>', `list<${type}>`, `option<${type}>`][kind] as string;
}

/** Resources called by every word, with a constructor, a method and a static function. */
export function witResources(words: readonly string[]): string {
  // Methods have a parameter of this name already.
  const params = words.filter((word) => word !== 'self');
  const resources = words.map((word, index) => {
    const param = `%${params[(index * 7 + 1) % params.length] as string}`;
    const name = `%${word}`;
    return `  resource ${name} { constructor(${param}: string); zz-of: func(${param}: borrow<${name}>, zz: list<${name}>); new-zz: static func(${param}: option<${name}>) -> ${name}; }`;
  });
  return `interface resources {\n${resources.join('\n')}\n}\n`;
}

/** Of twenty members: code for resources is long. */
const payloads: Readonly<Partial<Record<number, string>>> = { 1: 'zz-thing', 2: 'option<string>', 3: 'list<u8>' };

/** Every kind of member called by every word. */
export function witMembers(words: readonly string[]): string {
  const named = words.map((word) => `%${word}`);
  const chunks = chunked(named, 30);
  const parts = chunked(named, 200);
  return [
    'interface members {',
    `  resource zz-thing {\n${named.map((name) => `    ${name}: func(zz: u8) -> u8;`).join('\n')}\n  }`,
    `  resource zz-maker {\n${named.map((name) => `    ${name}: static func(${name}: u8) -> u8;`).join('\n')}\n  }`,
    `  enum every-case { ${named.join(', ')} }`,
    ...parts.map(
      (each, number) =>
        `  record every-field${number} { ${each.map((name, index) => `${name}: ${payloads[index % 20] ?? 'u8'}`).join(', ')} }`,
    ),
    ...parts.map(
      (each, number) =>
        `  variant every-choice${number} { ${each.map((name, index) => `${name}${index % 2 === 0 ? '' : `(${payloads[index % 20] ?? 'u8'})`}`).join(', ')} }`,
    ),
    ...chunks.map((each, number) => `  flags every-flag${number} { ${each.join(', ')} }`),
    ...parts.flatMap((_, number) => [
      `  take${number}: func(%fields: every-field${number}) -> result<every-field${number}, every-case>;`,
      `  choose${number}: func(%choices: list<every-choice${number}>) -> every-choice${number};`,
    ]),
    ...chunks.map((_, number) => `  flag${number}: func(%flags: every-flag${number}) -> every-flag${number};`),
    '}',
  ].join('\n');
}

/** Interfaces called by every word, each with a type and a function, and a world that has them all. */
export function witInterfaces(words: readonly string[]): string {
  return words
    .map(
      (word) =>
        `interface %${word} { enum own-${word} { success, %${word} } zz-${word}: func(%${word}: u32) -> result<u32, own-${word}>; }`,
    )
    .join('\n');
}

/** A world that imports functions called by every word, and exports some. */
export function witWorld(words: readonly string[]): string {
  const imports = words.map((word) => `  import %${word}: func(%${word}: string) -> list<u8>;`);
  const exports = words.map(
    (word, index) =>
      `  export %${word}: func(%${words[(index + 1) % words.length] ?? ''}: ${index % 2 === 0 ? 'u32' : 'list<string>'}) -> string;`,
  );
  return `world every-word {\n${imports.join('\n')}\n${exports.join('\n')}\n}\n`;
}
