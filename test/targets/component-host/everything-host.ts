/** A host of `cases/everything.wit` that answers with what it was given, so that a test sees both directions. */
import { componentHost } from '../../../generator/targets/component-host/index.js';
import { emit, load, plannedUnit } from '../../generated.js';
import { fileURLToPath } from 'node:url';

export const everything = fileURLToPath(new URL('cases/everything.wit', import.meta.url));

export interface Bound {
  readonly imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly handles: Readonly<Record<string, { insert(object: unknown): number; get(handle: number): unknown }>>;
  close(): void;
}

interface Output {
  readonly fail: Readonly<Record<string, unknown>>;
  bindComponent(hosts: object, options: object): Bound;
}

let output: Promise<Output> | undefined;

/** The bindings of everything, made and loaded once. */
export async function everythingBindings(): Promise<Output> {
  output ??= emit(componentHost, plannedUnit('everything', everything)).then(
    async (files) => (await load(files, 'index.ts')) as Output,
  );
  return output;
}

export class Counter {
  live = true;
  value: number;
  name = 'counter';

  constructor(value: number) {
    this.value = value;
  }

  release(): void {
    if (!this.live) throw new Error('released twice');
    this.live = false;
  }
}

export class Token {
  live = true;
  readonly label: string;

  constructor(label: string) {
    this.label = label;
  }

  release(): void {
    if (!this.live) throw new Error('released twice');
    this.live = false;
  }
}

type Take = (size: number, view?: Uint8Array) => readonly [Uint8Array, Uint8Array];

/** What the host was given last, copied: views end with the call. */
export interface Seen {
  args: readonly unknown[];
}

/** @param fail the failures of the bindings */
export function everythingHosts(
  fail: Output['fail'],
  seen: Seen,
  made: { readonly counters: Counter[]; readonly tokens: Token[] },
): object {
  const note = (...args: readonly unknown[]): void => {
    seen.args = args.map((arg) => (arg instanceof Uint8Array ? arg.slice() : arg));
  };
  const counter = (value: number): Counter => {
    const one = new Counter(value);
    made.counters.push(one);
    return one;
  };
  return {
    types: {
      counterConstructor: counter,
      counterAdd: (self: Counter, by: number) => (self.value += by),
      counterName: (self: Counter) => self.name,
      counterRename(self: Counter, name: string) {
        if (name === '') throw fail['Invalid'];
        self.name = name;
      },
      counterMerge: (left: Counter, right: Counter) => counter(left.value + right.value),
      counterToString: (self: Counter) => `${self.name}: ${self.value}`,
      tokenOpen(label: string) {
        if (label === 'none') throw fail['Access'];
        const token = new Token(label);
        made.tokens.push(token);
        return token;
      },
      tokenPull(token: Token, take: Take) {
        if (token.label === 'broken') throw new Error('a bug of the host');
        const [out] = take(token.label.length);
        out.set(new TextEncoder().encode(token.label));
        token.release();
        return out;
      },
    },
    values: {
      integers(...args: readonly unknown[]) {
        note(...args);
        return args[6];
      },
      floats(a: number, b: number) {
        note(a, b);
        return a + b;
      },
      letter(letter: string, big: boolean) {
        note(letter, big);
        return big ? letter.toUpperCase() : letter;
      },
      greet: (name: string) => `hello, ${name}`,
      pick(color: unknown, rights: unknown) {
        note(color, rights);
        return [color, rights];
      },
      rightsOnly: (rights: unknown) => rights,
      colorOnly: (color: unknown) => color,
      movePoint(
        point: { readonly x: number; readonly y: number; readonly label?: string },
        [x, y]: readonly [number, number],
      ) {
        note(point);
        return { x: point.x + x, y: point.y + y, label: point.label === undefined ? 'moved' : undefined };
      },
      sortPoints: (points: readonly { readonly x: number }[]) => points.toSorted((left, right) => left.x - right.x),
      reverse(data: Uint8Array, take: Take) {
        const [out, bytes] = take(data.length, data);
        for (let index = 0; index < bytes.length; index += 1) out[index] = bytes[bytes.length - 1 - index] as number;
        return out;
      },
      reverseChecked(data: Uint8Array, limit: number) {
        if (data.length > limit) throw fail['Invalid'];
        return data.slice().reverse();
      },
      numbers(a: Uint16Array, b: Int32Array, c: BigUint64Array, d: Float64Array) {
        note(a, b, c, d);
        return Uint32Array.from([a.length, b.length, c.length, d.length]);
      },
      words: (words: readonly string[]) => words.map((word) => `${word}!`),
      maybe(value: unknown, nested: unknown) {
        note(value, nested);
        return value === undefined ? { tag: 'none' } : { tag: 'some', val: value === 0 ? undefined : value };
      },
      join: (failure: unknown) => failure,
      split: (value: number) =>
        value > 9 ? { tag: 'err', val: { tag: 'code', val: BigInt(value) } } : { tag: 'ok', val: value + 1 },
      check: (value: number) => ({ tag: value === 0 ? 'ok' : 'err', val: undefined }),
      compute: (value: { readonly tag: string; readonly val: unknown }) => ({
        tag: value.tag,
        val: value.tag === 'ok' ? `is ${String(value.val)}` : undefined,
      }),
      many(...args: readonly unknown[]) {
        note(...args.slice(0, -1));
        return [Uint8Array.of(1, 2, 3), 9n];
      },
      four(bytes: readonly number[]) {
        note(bytes);
        return [(bytes[0] as number) * 256, bytes[3]];
      },
      swap: (counters: readonly (readonly [Counter, number])[]) =>
        counters.map(([each, by]) => counter(each.value * by)),
      consume(tokens: readonly Token[], spare: Counter | undefined) {
        note(
          tokens.map(({ label }) => label),
          spare?.value,
        );
        if (tokens.length > 2) throw fail['Invalid'];
        if (tokens.length === 0) return undefined;
        const joined = new Token(tokens.map(({ label }) => label).join('+'));
        made.tokens.push(joined);
        return joined;
      },
      nothing() {
        note();
      },
    },
  };
}
