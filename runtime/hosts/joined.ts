/**
 * Objects as one, whose properties are still made when they are first read. Of a name that several have the first counts;
 * what is set or deleted belongs to the one that has it, or to the first.
 */
export function joined<A extends object, B extends object>(a: A, b: B): A & B {
  return new Proxy({}, new Joining([a, b])) as A & B;
}

class Joining implements ProxyHandler<object> {
  readonly #parts: readonly [object, ...object[]];

  constructor(parts: readonly [object, ...object[]]) {
    this.#parts = parts;
  }

  get(_target: object, name: string | symbol): unknown {
    return Reflect.get(this.#having(name), name);
  }

  set(_target: object, name: string | symbol, value: unknown): boolean {
    return Reflect.set(this.#having(name), name, value);
  }

  has(_target: object, name: string | symbol): boolean {
    return Reflect.has(this.#having(name), name);
  }

  deleteProperty(_target: object, name: string | symbol): boolean {
    return Reflect.deleteProperty(this.#having(name), name);
  }

  ownKeys(): (string | symbol)[] {
    return [...new Set(this.#parts.flatMap(Reflect.ownKeys))];
  }

  getOwnPropertyDescriptor(_target: object, name: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#having(name), name);
  }

  #having(name: string | symbol): object {
    return this.#parts.find((part) => Reflect.has(part, name)) ?? this.#parts[0];
  }
}
