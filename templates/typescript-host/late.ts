/** What is made when it is first read: guests import a few of the modules that a host has. */

/** How each property of an object is made. */
export type Makers<T> = { readonly [Name in keyof T]: () => T[Name] };

/**
 * An object whose properties are made when they are first read. A proxy costs a tenth of as many getters.
 *
 * @param finish gets what was made, and gives what is read
 */
export function late<T extends object>(makers: Makers<T>, finish?: (made: T[keyof T]) => T[keyof T]): T {
  return new Proxy(makers, new Making<T>(finish)) as unknown as T;
}

/** The handler of such an object. */
export class Making<T extends object> implements ProxyHandler<Makers<T>> {
  readonly #finish: ((made: T[keyof T]) => T[keyof T]) | undefined;
  #made: Map<string | symbol, unknown> | undefined;

  constructor(finish?: (made: T[keyof T]) => T[keyof T]) {
    this.#finish = finish;
  }

  get(makers: Makers<T>, name: string | symbol): unknown {
    if (!Object.hasOwn(makers, name)) return Reflect.get(makers, name);
    const known = this.#made?.get(name);
    if (known !== undefined) return known;
    const made = makers[name as keyof T]();
    const value = this.#finish === undefined ? made : this.#finish(made);
    (this.#made ??= new Map<string | symbol, unknown>()).set(name, value);
    return value;
  }

  set(makers: Makers<T>, name: string | symbol, value: unknown): boolean {
    this.#made?.delete(name);
    return Reflect.set(makers, name, () => value);
  }

  /** Who only asks which properties there are makes none. */
  getOwnPropertyDescriptor(makers: Makers<T>, name: string | symbol): PropertyDescriptor | undefined {
    if (!Object.hasOwn(makers, name)) return undefined;
    return { configurable: true, enumerable: true, get: () => this.get(makers, name) };
  }
}
