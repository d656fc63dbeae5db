/** One TypeScript file: its declarations, what they import, and its comments. Indentation is the formatter's. */
import { relative } from './relative.js';
import { formatTypeScript } from './format.js';
import { commented } from './header.js';
import { Imports, type Exported, type Settled } from './imports.js';
import { Scope } from './scope.js';
import { globals, words } from './typescript-words.js';

/** Something a file may import: using it is what imports it. */
export interface Symbol extends Exported {
  readonly typeOnly: boolean;
}

export interface Member {
  readonly name: string;
  readonly docs?: string | undefined;
  readonly text: string;
}

/** A declaration as text. Those on several lines have empty lines around them. */
interface Statement {
  readonly text: string;
  readonly isLong: boolean;
}

export class TsFile {
  /** Relative to the output folder, without an ending. */
  readonly path: string;
  readonly #banner: readonly string[];
  readonly #declared = new Scope([...words, ...globals]);
  readonly #imports = new Imports();
  readonly #scopes: Scope[] = [];
  /** What is imported as a value by one use at least. */
  readonly #values = new Set<string>();
  readonly #reexports: string[] = [];
  readonly #statements: Statement[] = [];
  #about = '';

  constructor(path: string, banner: readonly string[]) {
    this.path = path;
    this.#banner = banner;
  }

  /** What the file is about: a comment below the banner. */
  describe(about: string): void {
    this.#about = about;
  }

  /** A scope for the names of one function. Imports leave them alone, those of the code around them (`own`), too. */
  scope(own: Iterable<string> = []): Scope {
    const scope = new Scope([...words, ...own]);
    this.#scopes.push(scope);
    return scope;
  }

  /** What stands for a symbol in the text, importing it when it is another file's. */
  use(symbol: Symbol): string {
    if (symbol.from === this.path) return symbol.name;
    if (!symbol.typeOnly) this.#values.add(keyOf(symbol));
    return this.#imports.use(symbol);
  }

  /** Exports everything another file exports. */
  reexport(from: string): void {
    this.#reexports.push(from);
  }

  interface(
    name: string,
    docs: string,
    members: readonly Member[],
    options: { readonly typeParameters?: string } = {},
  ): void {
    this.#interface(
      `${name}${options.typeParameters ?? ''}`,
      docs,
      members.map((member) => ({ ...member, text: `readonly ${member.name}: ${member.text};` })),
    );
    this.#declared.claim(name);
  }

  /** An interface of methods: `text` of a member is its parameters and result, as in `(a: A): B`. */
  methods(
    name: string,
    docs: string,
    members: readonly Member[],
    options: { readonly typeParameters?: string } = {},
  ): void {
    this.#interface(
      `${name}${options.typeParameters ?? ''}`,
      docs,
      members.map((member) => ({ ...member, text: `${member.name}${member.text};` })),
    );
    this.#declared.claim(name);
  }

  #interface(head: string, docs: string, members: readonly Member[]): void {
    const body = members.flatMap((member) => [...commentLines(member.docs ?? ''), member.text]);
    this.#add(docs, true, `export interface ${head} {`, ...body, '}');
  }

  #add(docs: string, isLong: boolean, ...lines: readonly string[]): void {
    this.#statements.push({ text: [...commentLines(docs), ...lines].join('\n'), isLong });
  }

  typeAlias(
    name: string,
    docs: string,
    text: string,
    options: { readonly typeParameters?: string; readonly beside?: boolean } = {},
  ): void {
    if (options.beside !== true) this.#declared.claim(name);
    this.#add(docs, false, `export type ${name}${options.typeParameters ?? ''} = ${text};`);
  }

  /** `export const name = { … } as const`, with docs on every entry. */
  constObject(name: string, docs: string, entries: readonly Member[]): void {
    const body = entries.flatMap((entry) => [...commentLines(entry.docs ?? ''), `${entry.name}: ${entry.text},`]);
    this.constant(name, docs, `{\n${body.join('\n')}\n} as const`);
  }

  constant(name: string, docs: string, text: string, type?: string): void {
    this.#declared.claim(name);
    this.#add(docs, false, `export const ${name}${type === undefined ? '' : `: ${type}`} = ${text};`);
  }

  function(
    name: string,
    docs: string,
    signature: {
      readonly typeParameters?: readonly string[];
      readonly parameters: readonly Member[];
      readonly result?: string;
    },
    body: readonly string[],
  ): void {
    this.#declared.claim(name);
    const { typeParameters = [], parameters, result } = signature;
    const generic = typeParameters.length > 0 ? `<${typeParameters.join(', ')}>` : '';
    const given = parameters.map((parameter) => `${parameter.name}: ${parameter.text}`).join(', ');
    const returned = result === undefined ? '' : `: ${result}`;
    this.#add(docs, true, `export function ${name}${generic}(${given})${returned} {`, ...body, '}');
  }

  /**
   * The finished, formatted text.
   *
   * @param elsewhere files that are not in the output folder: where they are, seen from it
   */
  async print(importSuffix: string, elsewhere: ReadonlyMap<string, string> = new Map()): Promise<string> {
    const settled = this.#imports.settle((name) => [this.#declared, ...this.#scopes].some((scope) => scope.has(name)));
    const head = [...commented(this.#banner), '', ...commentLines(this.#about)];
    const imports = this.#importLines(importSuffix, settled, elsewhere);
    const statements = this.#statements.map(({ text, isLong }, index) => {
      const before = this.#statements[index - 1];
      const isApart = before === undefined ? imports.length > 0 && isLong : isLong || before.isLong;
      return isApart ? `\n${text}` : text;
    });
    return formatTypeScript(settled.text(`${[...head, ...imports, ...statements].join('\n')}\n`));
  }

  #importLines(suffix: string, { imports }: Settled, elsewhere: ReadonlyMap<string, string>): readonly string[] {
    const pathTo = (from: string): string => {
      const place = elsewhere.get(from);
      return place === undefined ? this.#pathTo(from) : `${'../'.repeat(this.path.split('/').length - 1)}${place}`;
    };
    const byFile = new Map<string, Settled['imports']>();
    for (const each of imports) byFile.set(each.symbol.from, [...(byFile.get(each.symbol.from) ?? []), each]);
    const files = [...byFile].sort(([left], [right]) => (left < right ? -1 : 1));
    const lines = files.map(([from, each]) => {
      const isType = (symbol: Exported): boolean => !this.#values.has(keyOf(symbol));
      const types = each.every(({ symbol }) => isType(symbol));
      const clauses = each
        .toSorted((left, right) => (left.symbol.name < right.symbol.name ? -1 : 1))
        .map(
          ({ symbol, local }) =>
            `${isType(symbol) && !types ? 'type ' : ''}${symbol.name === local ? local : `${symbol.name} as ${local}`}`,
        );
      return `import ${types ? 'type ' : ''}{ ${clauses.join(', ')} } from '${pathTo(from)}${suffix}';`;
    });
    return [...lines, ...this.#reexports.map((from) => `export * from '${pathTo(from)}${suffix}';`)];
  }

  /** As an import says it: relative to this file. */
  #pathTo(from: string): string {
    return relative(this.path, from);
  }
}

function keyOf({ name, from }: Exported): string {
  return `${from} ${name}`;
}

/** A comment cannot be closed by what a definition says. */
export function disarm(docs: string): string {
  return docs.replaceAll('*/', '*\u200b/');
}

function commentLines(docs: string): readonly string[] {
  if (docs === '') return [];
  const [first, ...rest] = disarm(docs).split('\n');
  if (rest.length === 0) return [`/** ${first} */`];
  return ['/**', ...[first, ...rest].map((line) => ` * ${line}`.trimEnd()), ' */'];
}
