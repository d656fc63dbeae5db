/** A guest between no component and the bindings: it has their core functions, as `cabiLower` gives them to jco. */
import type { CanonicalPlan } from '../../../generator/abi/plan.js';
import { Interpreter, Trap, type CoreFunction, type Encoding, type Side } from './interpret.js';
import { plans, Thing, type RandomHost } from './random-host.js';

const MARK = 2 ** 30;
const SIZE = 65_536;
/** What the guest writes itself stands below, what the host allocates above. */
const [OWN, BLOCKS] = [1024, 32_768];

/** Bytes that stand for nothing, though some of them happen to be read as something. */
const PATTERN = Uint8Array.from({ length: SIZE }, (_, at) => (at % 8 === 0 ? at % 251 : 0));

interface Range {
  readonly start: number;
  readonly end: number;
}

export class LoweredGuest {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  /** Blocks that the host asked for. */
  blocks: Range[] = [];
  /** Whether the memory moves whenever the host allocates. */
  moves = false;
  /** The resources that this call lends or gives away. */
  passed: { readonly thing: Thing; readonly ownership: 'own' | 'borrow' }[] = [];
  readonly #host: RandomHost;
  readonly #table: number[] = [MARK, 0];
  readonly #functions: ReadonlyMap<CanonicalPlan, CoreFunction>;
  readonly #side: Side;
  #top = OWN;
  #blockTop = BLOCKS;

  constructor(host: RandomHost, encoding: Encoding) {
    this.#host = host;
    this.#side = {
      memory: this.memory,
      encoding,
      allocate: (align, size) => this.#allocate(align, size),
      fromHandle: (_kind, _ownership, handle) => this.#thing(handle),
      toHandle: (_kind, ownership, value) => this.#pass(value as { readonly id: number }, ownership),
    };
    // jco reads all functions before it binds any.
    const found = plans.map((plan) => [plan, host.imported(plan)] as const);
    this.#functions = new Map(found.map(([plan, func]) => [plan, this.#bound(plan, func, encoding)]));
  }

  reset(): void {
    new Uint8Array(this.memory.buffer).set(PATTERN);
    this.#table.splice(0, Infinity, MARK, 0);
    this.#top = OWN;
    this.#blockTop = BLOCKS;
    this.blocks = [];
    this.passed = [];
  }

  /** Reads values as the guest does, and lowers its arguments. */
  get values(): Interpreter {
    return new Interpreter(this.#side);
  }

  /** Reads arguments as a host must: handles that are not there, or not to be had, are traps. */
  get judge(): Interpreter {
    const [lent, given] = [new Set<number>(), new Set<number>()];
    return new Interpreter({
      ...this.#side,
      fromHandle: (_kind, ownership, handle) => {
        if (given.has(handle) || (ownership === 'own' && lent.has(handle)))
          throw new Trap('a handle that is given away, or lent');
        (ownership === 'own' ? given : lent).add(handle);
        return this.#thing(handle);
      },
    });
  }

  functionOf(plan: CanonicalPlan): CoreFunction {
    return this.#functions.get(plan) as CoreFunction;
  }

  /** Where the guest's own data ends. */
  get top(): number {
    return this.#top;
  }

  /** Memory as it is, but for some ranges. */
  image(without: readonly Range[]): Uint8Array {
    const copy = new Uint8Array(this.memory.buffer).slice();
    for (const { start, end } of without) copy.fill(0, start, end);
    return copy;
  }

  #bound(plan: CanonicalPlan, func: object, stringEncoding: Encoding): CoreFunction {
    const lower = (func as { readonly [lower: symbol]: ((options: object) => CoreFunction) | undefined })[
      Symbol.for('cabiLower')
    ];
    if (lower === undefined) throw new Error(`${plan.wire} has no fast path`);
    const realloc = (_old: number, _oldSize: number, align: number, size: number): number =>
      this.#reallocate(align, size);
    const passes = JSON.stringify([plan.params.map(({ pass }) => pass), plan.result?.pass], (key, value: unknown) =>
      key === 'kind' || key === 'decl' ? undefined : value,
    );
    return lower({
      memory: this.memory,
      realloc,
      ...(stringEncoding === 'utf8' ? {} : { stringEncoding }),
      resourceTables: passes.includes('"how":"handle"') ? [this.#table] : [],
    });
  }

  #allocate(align: number, size: number): number {
    const start = Math.ceil(this.#top / align) * align;
    this.#top = start + size;
    if (this.#top > BLOCKS) throw new Error('the arguments of this call are too long for the test');
    return start;
  }

  #reallocate(align: number, size: number): number {
    const start = Math.ceil(this.#blockTop / align) * align;
    this.#blockTop = start + size;
    this.blocks.push({ start, end: this.#blockTop });
    if (this.moves) this.memory.grow(0);
    return start;
  }

  /** As jco does it. */
  #pass({ id }: { readonly id: number }, ownership: 'own' | 'borrow'): number {
    const thing = new Thing(id);
    this.passed.push({ thing, ownership });
    this.#table.push(0, this.#host.bound.handles.thing.insert(thing) | MARK);
    return this.#table.length / 2 - 1;
  }

  #thing(handle: number): { readonly id: number } {
    const [scope, rep] = [this.#table[2 * handle], this.#table[2 * handle + 1]];
    if (handle === 0 || scope === undefined || rep === undefined || (scope & MARK) !== 0)
      throw new Trap('no such handle');
    return { id: this.#host.bound.handles.thing.get(rep & ~MARK).id };
  }
}
