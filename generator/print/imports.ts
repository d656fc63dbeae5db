/**
 * What one file imports. Names of imports are settled when the file is printed, since they make way for all that the
 * file declares and for the locals of its functions; until then a mark stands for a symbol in the text.
 */
import { InternalError } from '../diagnostics/diagnostic.js';
import { Scope } from './scope.js';

/** Something that a file exports. */
export interface Exported {
  readonly name: string;
  /** The file, below the output folder and without its ending. */
  readonly from: string;
}

interface Used {
  readonly symbol: Exported;
  /** Its name where its own is taken. */
  readonly otherwise: string;
}

/** Letters of a script that no definition and no template uses. */
const mark = /\u{A840}(\d+)\u{A841}/gu;

export class Imports {
  readonly #indexes = new Map<string, number>();
  readonly #used: Used[] = [];

  /** What stands for a symbol in the text. */
  use(symbol: Exported, otherwise = symbol.name): string {
    const key = `${symbol.from} ${symbol.name}`;
    const index = this.#indexes.get(key) ?? this.#used.push({ symbol, otherwise }) - 1;
    this.#indexes.set(key, index);
    return markOf(index);
  }

  /** Gives each import a name, in order of first use: its own unless something else has it where its mark stands. */
  settle(isTaken: (name: string, mark: string) => boolean): Settled {
    const given = new Scope();
    const locals = this.#used.map(({ symbol, otherwise }, index) => {
      let name = symbol.name;
      for (let count = 1; given.has(name) || isTaken(name, markOf(index)); count += 1)
        name = count > 1 || otherwise === symbol.name ? `${otherwise}${Math.max(count, 2)}` : otherwise;
      return given.claim(name);
    });
    return {
      imports: this.#used.map(({ symbol }, index) => ({ symbol, local: locals[index] as string })),
      text: (marked) => marked.replace(mark, (_, index: string) => locals[Number(index)] ?? unknown(index)),
    };
  }
}

/** The marks in a text, each once. */
export function marksIn(text: string): ReadonlySet<string> {
  return new Set(text.match(mark));
}

function markOf(index: number): string {
  return `\u{A840}${index}\u{A841}`;
}

export interface Settled {
  readonly imports: readonly { readonly symbol: Exported; readonly local: string }[];
  /** The text with names where marks stood. */
  text(marked: string): string;
}

function unknown(index: string): never {
  throw new InternalError(`symbol ${index} is another file's`);
}
