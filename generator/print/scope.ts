import { InternalError } from '../diagnostics/diagnostic.js';

/** The names of one file, package or function: each is given out once. */
export class Scope {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /** The wanted name, or, when it is taken, the first numbered one that is free. */
  declare(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${wanted}${count}`;
    this.#taken.add(name);
    return name;
  }

  /** A name that must be free: another one would change what users write. */
  claim(name: string): string {
    if (this.#taken.has(name)) throw new InternalError(`the name ${name} is declared twice`);
    this.#taken.add(name);
    return name;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }
}
