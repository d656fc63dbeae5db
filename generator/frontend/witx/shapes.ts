/** How each form is written, for hints, and which keywords may begin what, for corrections. */
import type { IToken } from 'chevrotain';
import { annotationWords, builtinWords, Id, LParen, RParen, wordOf } from './tokens.js';

interface Shape {
  /** The whole form. */
  readonly written: string;
  /** What may stand where its members go, when more of them are expected. */
  readonly members?: string;
  /** Words that may stand after `(` in it; of forms that hold types: those of types. */
  readonly heads?: readonly string[];
}

const typeWords = [
  'enum',
  'flags',
  'int',
  'record',
  'tuple',
  'variant',
  'union',
  'list',
  'handle',
  'expected',
  'option',
  'in-buffer',
  'out-buffer',
  'struct',
  'array',
  '@witx',
] as const;
const formHeads = ['typename', 'use', '@interface', 'module', 'resource', 'import', '@witx'] as const;

const record: Shape = {
  written: 'a record is written `(record (field $name type) …)`',
  members: '`(field …)` or `)`',
  heads: ['field', '@witx'],
};
const list: Shape = { written: 'a list is written `(list type)`' };
const use: Shape = {
  written: 'a use is written `(use * from $module)`, `(use $a $b from $module)` or `(use "file.witx")`',
  heads: [],
};

const shapes: Readonly<Record<string, Shape>> = {
  module: { written: 'a module is written `(module $name …)`', members: '`(` or `)`', heads: formHeads },
  use,
  typename: { written: 'a type is written `(typename $name type)`' },
  resource: { written: 'a resource is written `(resource $name)`' },
  import: { written: 'an import is written `(import "memory" (memory))`', heads: ['memory'] },
  '@interface': {
    written: 'a function is written `(@interface func (export "name") (param $name type) (result $name type))`',
    members: '`(param …)`, `(result …)` or `)`',
    heads: ['param', 'result', 'export', '@witx'],
  },
  export: { written: 'the name of a function is written `(export "name")`' },
  param: { written: 'a parameter is written `(param $name type)`' },
  result: { written: 'a result is written `(result $name type)`' },
  field: { written: 'a field is written `(field $name type)`' },
  case: { written: 'a case is written `(case $name)` or `(case $name type)`' },
  enum: {
    written: 'an enum is written `(enum (@witx tag u8) $case …)`',
    members: 'a case (`$…`) or `)`',
    heads: ['@witx'],
  },
  flags: {
    written: 'flags are written `(flags (@witx repr u8) $flag …)`',
    members: 'a flag (`$…`) or `)`',
    heads: ['@witx', 'flag'],
  },
  int: {
    written: 'an integer with constants is written `(int u64 (const $name 0) …)`',
    members: '`(const …)` or `)`',
    heads: ['const'],
  },
  record,
  struct: record,
  tuple: { written: 'a tuple is written `(tuple type …)`', members: 'a type or `)`' },
  variant: {
    written: 'a variant is written `(variant (case $name type) (case $name) …)`',
    members: '`(case …)` or `)`',
    heads: ['case', '@witx'],
  },
  union: { written: 'a union is written `(union (@witx tag $enum) type …)`', members: 'a type or `)`' },
  list,
  array: list,
  option: { written: 'an optional value is written `(option type)`' },
  handle: { written: 'a handle is written `(handle)` or `(handle $resource)`' },
  expected: {
    written: 'a result type is written `(expected type (error type))`',
    members: '`(error …)` or `)`',
    heads: ['error', ...typeWords],
  },
  error: { written: 'a result type is written `(expected type (error type))`' },
  'in-buffer': { written: 'a buffer is written `(in-buffer type)` or `(out-buffer type)`' },
  'out-buffer': { written: 'a buffer is written `(in-buffer type)` or `(out-buffer type)`' },
  '@witx const': { written: 'a constant is written `(@witx const $type $name value)`' },
  '@witx tag': { written: 'a tag is written `(@witx tag u8)` or `(@witx tag $enum)`' },
  '@witx repr': { written: 'a representation is written `(@witx repr u8)`' },
  '@witx bitflags': { written: 'flags as a record are written `(record (@witx bitflags u8) (field $name bool) …)`' },
  '@witx pointer': { written: 'a pointer is written `(@witx pointer type)` or `(@witx const_pointer type)`' },
  '@witx const_pointer': { written: 'a pointer is written `(@witx pointer type)` or `(@witx const_pointer type)`' },
};

/** Keywords that begin a type, after `(`. */
export const typeHeads: ReadonlySet<string> = new Set(typeWords);

/** Keywords that a type follows directly. */
export const takesType: ReadonlySet<string> = new Set([
  'list',
  'array',
  'option',
  'in-buffer',
  'out-buffer',
  'tuple',
  'union',
  'expected',
  'error',
  'pointer',
  'const_pointer',
]);

/** Keywords that stand nowhere but directly after `(`. */
export const headWords: ReadonlySet<string> = new Set([
  ...formHeads,
  // `int` alone is a mistake for an integer type.
  ...typeWords.filter((word) => word !== 'int'),
  'param',
  'result',
  'field',
  'flag',
  'case',
  'export',
  'error',
  'empty',
]);

/** The head of a form: its first word, with the second after `@witx`. */
export function headOf(open: number, tokens: readonly IToken[]): string | undefined {
  const [first, second] = [tokens[open + 1], tokens[open + 2]];
  const word = first === undefined ? undefined : wordOf(first.tokenType);
  return word === '@witx' && second !== undefined ? `@witx ${second.image}` : word;
}

/** The shape of the innermost form around the token at `at`; for the head of a form the form around that. */
export function shapeAround(at: number, tokens: readonly IToken[]): Shape | undefined {
  const end = tokens[at - 1]?.tokenType === LParen ? at - 1 : at;
  let depth = 0;
  for (let index = end - 1; index >= 0; index -= 1) {
    if (tokens[index]?.tokenType === RParen) depth += 1;
    else if (tokens[index]?.tokenType === LParen && depth > 0) depth -= 1;
    else if (tokens[index]?.tokenType === LParen) return shapes[headOf(index, tokens) ?? ''];
  }
  return undefined;
}

/** The words that may have been meant by a word at `at`; `heads` are those of the forms around it, innermost last. */
export function wordsFor(
  at: number,
  tokens: readonly IToken[],
  heads: readonly (string | undefined)[],
): readonly string[] {
  const before = tokens[at - 1];
  if (before === undefined) return [];
  const word = wordOf(before.tokenType);
  if (word === '@witx') return annotationWords;
  if (word === '@interface') return ['func'];
  const inside = heads.at(-1);
  if (before.tokenType === LParen) {
    const around = heads.at(-2);
    if (heads.length === 1) return formHeads;
    return around === undefined ? [...formHeads, ...typeWords] : (shapes[around]?.heads ?? typeWords);
  }
  if (inside === 'use') return ['from'];
  if (before.tokenType === Id && inside === undefined && heads.at(-2) === 'use') return ['as'];
  return inside === 'enum' || inside === 'flags' || inside === '@witx const' || inside === 'handle' ? [] : builtinWords;
}
