import { late, type Makers } from '../../templates/typescript-host/late.js';

/** Objects as one, whose properties are still made when they are first read. */
export function joined<A extends object, B extends object>(a: A, b: B): A & B {
  return late({ ...readersOf(a), ...readersOf(b) } as Makers<A & B>);
}

function readersOf(from: object): Readonly<Record<string | symbol, () => unknown>> {
  const readers: Record<string | symbol, () => unknown> = {};
  for (const name of Reflect.ownKeys(from)) readers[name] = () => Reflect.get(from, name) as unknown;
  return readers;
}
