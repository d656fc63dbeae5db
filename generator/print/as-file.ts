/**
 * AssemblyScript files. Prettier cannot print them, since it rejects decorators on functions. A file is a tree of `Code`; indentation follows from the tree,
 * and using a symbol imports it.
 */
import { docLines } from './doc-comment.js';
import { commented } from './header.js';
import { relative } from './relative.js';
import { Imports, marksIn, type Exported, type Settled } from './imports.js';
import { Scope } from './scope.js';

/** Statements and declarations, from one line to whole classes; `undefined` and `false` print nothing. */
export type Code = string | Block | Listing | Docs | Blank | undefined | false | readonly Code[];

/** A head that ends in `{`, an indented body, and `}`. */
interface Block {
  readonly kind: 'block';
  readonly head: string | Listing;
  readonly body: Code;
}

/** Items between a head and a tail: on one line if they fit, else one a line. */
export interface Listing {
  readonly kind: 'listing';
  readonly head: string;
  readonly items: readonly string[];
  readonly tail: string;
}

interface Docs {
  readonly kind: 'docs';
  readonly text: string;
}

interface Blank {
  readonly kind: 'blank';
}

/** Something exported by a file of the same package. */
export type AsSymbol = Exported;

const WIDTH = 110;
const INDENT = '  ';

export const blank: Blank = { kind: 'blank' };

/** `head { body }`; the head is given without its brace. */
export function block(head: string | Listing, body: Code): Block {
  return { kind: 'block', head, body };
}

/** `listing('open(', ['key', 'options'], ')')`. */
export function listing(head: string, items: readonly string[], tail: string): Listing {
  return { kind: 'listing', head, items, tail };
}

/** Names in braces, as imports and exports have them: on one line if they fit, else one a line. */
export function braced(head: string, names: readonly string[], tail: string): Code {
  const flat = `${head} { ${names.join(', ')} } ${tail}`;
  return flat.length <= WIDTH ? flat : [`${head} {`, names.map((name) => `${INDENT}${name},`), `} ${tail}`];
}

/** A doc comment; nothing for an empty text. */
export function docs(text: string): Docs | undefined {
  return text.trim() === '' ? undefined : { kind: 'docs', text };
}

/** Declarations with an empty line between each two. */
export function spaced(declarations: readonly Code[]): Code {
  return declarations.filter(isPrinted).flatMap((each, index) => (index === 0 ? [each] : [blank, each]));
}

function isPrinted(code: Code): boolean {
  return isList(code) ? code.some(isPrinted) : code !== undefined && code !== false;
}

/** A line comment for each line of a text. */
export function comment(text: string): readonly string[] {
  return text.split('\n').map((line) => `// ${line}`.trimEnd());
}

export class AsFile {
  /** Below the package's folder, without its ending. */
  readonly path: string;
  readonly #banner: readonly string[];
  readonly #specifiers: 'relative' | 'package';
  readonly #declarations: Code[] = [];
  readonly #declared = new Scope();
  readonly #imports = new Imports();

  /** `specifiers`: whether other files are imported by where they stand from here, or from the folder that holds all packages. */
  constructor(path: string, banner: readonly string[], specifiers: 'relative' | 'package' = 'relative') {
    this.path = path;
    this.#banner = banner;
    this.#specifiers = specifiers;
  }

  /** Declares a name of this file, which must be free. */
  claim(name: string): string {
    return this.#declared.claim(name);
  }

  /** What stands for a symbol in the text; one of another file is imported, under `otherwise` if its name is taken. */
  use(symbol: AsSymbol, otherwise = symbol.name): string {
    return symbol.from === this.path ? symbol.name : this.#imports.use(symbol, otherwise);
  }

  /** Adds a top-level declaration. */
  add(declaration: Code): void {
    this.#declarations.push(declaration);
  }

  print(): string {
    const functions = byMark(functionTexts(this.#declarations));
    const settled = this.#imports.settle(
      (name, mark) => this.#declared.has(name) || (functions.get(mark) ?? []).some((text) => hasLocal(text, name)),
    );
    const parts = [
      ...(this.#banner.length > 0 ? [commented(this.#banner)] : []),
      this.#printImports(settled),
      ...this.#declarations.map((each) => named(each, settled)),
    ];
    return `${lines(spaced(parts), '').join('\n')}\n`;
  }

  #printImports({ imports }: Settled): Code {
    const byFile = new Map<string, Settled['imports']>();
    for (const each of imports) byFile.set(each.symbol.from, [...(byFile.get(each.symbol.from) ?? []), each]);
    return [...byFile]
      .map(([from, names]) => ({ specifier: this.#specifiers === 'package' ? from : relative(this.path, from), names }))
      .sort((left, right) => order(left.specifier, right.specifier))
      .map(({ specifier, names }) => {
        const items = names
          .toSorted((left, right) => order(left.symbol.name, right.symbol.name))
          .map(({ symbol: { name }, local }) => (name === local ? name : `${name} as ${local}`));
        return braced('import', items, `from "${specifier}";`);
      });
  }
}

/** The texts that each mark of an import stands in. */
function byMark(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const text of texts) {
    for (const mark of marksIn(text)) {
      const known = found.get(mark);
      if (known === undefined) found.set(mark, [text]);
      else known.push(text);
    }
  }
  return found;
}

/** The text of each function and method. */
function functionTexts(code: Code): readonly string[] {
  if (code === undefined || code === false || typeof code === 'string') return [];
  if (isList(code)) return code.flatMap(functionTexts);
  if (code.kind !== 'block') return [];
  const head = typeof code.head === 'string' ? code.head : code.head.head;
  return head.includes('(') ? [textsIn(code).join('\n')] : functionTexts(code.body);
}

/** All text of some code but its comments. */
function textsIn(code: Code): readonly string[] {
  if (code === undefined || code === false) return [];
  if (typeof code === 'string') return [code];
  if (isList(code)) return code.flatMap(textsIn);
  switch (code.kind) {
    case 'blank':
    case 'docs':
      return [];
    case 'listing':
      return [code.head, ...code.items, code.tail];
    case 'block':
      return [...textsIn(code.head), ...textsIn(code.body)];
  }
}

/** Whether a word is anything but a member or what is called. */
function hasLocal(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?<![.\\w])${name}\\b(?![(<])`).test(text);
}

/** Code with the names of what it imports. */
function named(code: Code, settled: Settled): Code {
  if (code === undefined || code === false) return code;
  if (typeof code === 'string') return settled.text(code);
  if (isList(code)) return code.map((each) => named(each, settled));
  switch (code.kind) {
    case 'blank':
      return code;
    case 'docs':
      return { ...code, text: settled.text(code.text) };
    case 'listing':
      return namedListing(code, settled);
    case 'block': {
      const { head, body } = code;
      return {
        ...code,
        head: typeof head === 'string' ? settled.text(head) : namedListing(head, settled),
        body: named(body, settled),
      };
    }
  }
}

function namedListing({ kind, head, items, tail }: Listing, { text }: Settled): Listing {
  return { kind, head: text(head), items: items.map(text), tail: text(tail) };
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function lines(code: Code, indent: string): readonly string[] {
  if (code === undefined || code === false) return [];
  if (typeof code === 'string') return [`${indent}${code}`];
  if (isList(code)) return code.flatMap((each) => lines(each, indent));
  switch (code.kind) {
    case 'blank':
      return [''];
    case 'docs':
      return docLines(code.text, indent);
    case 'listing':
      return printListing(code, indent);
    case 'block':
      return printBlock(code, indent);
  }
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

function printBlock({ head, body }: Block, indent: string): readonly string[] {
  const inner = lines(body, `${indent}${INDENT}`);
  const opened =
    typeof head === 'string' ? [`${indent}${head} {`] : printListing({ ...head, tail: `${head.tail} {` }, indent);
  const last = opened.at(-1) ?? '';
  return inner.length === 0 ? [...opened.slice(0, -1), `${last}}`] : [...opened, ...inner, `${indent}}`];
}

function printListing({ head, items, tail }: Listing, indent: string): readonly string[] {
  const flat = `${indent}${head}${items.join(', ')}${tail}`;
  if (flat.length <= WIDTH || items.length === 0) return [flat];
  return [`${indent}${head}`, ...items.map((item) => `${indent}${INDENT}${item},`), `${indent}${tail}`];
}
