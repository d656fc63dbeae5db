/**
 * A caller of the native library that means harm: right calls, most of them made wrong in an argument or two, and
 * random calls of every function there is. What must hold whatever it does is checked after each call.
 */
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { random } from '../abi/calls.js';
import { newMemory } from '../guest/guest.js';
import { HostileValues } from './hostile-values.js';
import { LegalCodeCalls } from './legal-code-calls.js';
import { LegalCalls } from './legal-calls.js';
import { LegalModeCalls } from './legal-mode-calls.js';
import { LegalKeyCalls } from './legal-key-calls.js';
import { LegalNumberCalls } from './legal-number-calls.js';
import { Inputs, LiveObjects, type Call } from './live-objects.js';

export interface HostileOptions {
  readonly library: NativeLibrary;
  readonly calls: number;
  readonly seed: number;
  /** Told about progress, now and then. */
  readonly onProgress?: (calls: number) => void;
}

export interface HostileReport {
  calls: number;
  /** Calls whose result was compared with that of `node:crypto`. */
  compared: number;
  /** How often each function refused, by its answer; `made` and `done` where it did not. */
  readonly answers: Record<string, number>;
  /** Functions that succeeded at least once. */
  readonly succeeded: Set<string>;
  readonly functions: number;
  /** What must not happen: empty is the only good value. */
  readonly failures: string[];
}

const GUEST_BYTES = 16_384;
const MOST_OBJECTS = 300;
const MOST_ARGUMENTS = 10;
/** After these nothing has changed: a wrong argument, a wrong number, an output in shared memory. */
const unchanged = new Set([-1, -2, -6]);
const LEAST_ANSWER = -6;

/** The arguments that a call may write to; all of those that are not listed here. */
const outputs: Readonly<Record<string, readonly number[]>> = {
  release: [],
  live: [],
  digestFind: [],
  digestWhole: [2],
  digestBegin: [],
  digestUpdate: [],
  digestCopy: [],
  digestRead: [2],
  digestSqueeze: [1],
  macKey: [],
  macWhole: [2],
  macBegin: [],
  macRead: [2],
  macExpand: [2],
  codeKey: [],
  codeKeyBlake2: [],
  codeWhole: [2],
  codeBegin: [],
  codeUpdate: [],
  codeCopy: [],
  codeRead: [1],
  cipherFind: [],
  cipherKey: [],
  cipherSeal: [4, 5],
  cipherOpen: [4],
  cipherCount: [3],
  cipherChain: [3],
  keyFind: [],
  keyPublic: [],
  keySecret: [],
  keyGenerate: [],
  keyPublicBytes: [1],
  keySecretBytes: [1],
  keySign: [4],
  keyVerify: [],
  keyDerive: [2],
  modulusNew: [],
  residueDecode: [1],
  residueReduce: [1],
  residueEncode: [2],
  residueAdd: [1],
  residueSubtract: [1],
  residueMultiply: [1],
  residuePower: [1],
  residueSelect: [1],
  groupFind: [],
  pointNew: [],
  pointSet: [],
  pointDecode: [],
  pointEncode: [2],
  pointAdd: [],
  pointNegate: [],
  pointMultiply: [],
  pointSum: [],
  pointEqual: [],
};

/** What changes the object that it names first. */
const changing = new Set([
  ...['digestUpdate', 'codeUpdate', 'pointSet', 'pointDecode', 'pointAdd', 'pointNegate', 'pointMultiply', 'pointSum'],
]);

type Anything = (...args: readonly unknown[]) => unknown;

/** The library must be nobody else's: its objects are counted, and all are released at the end. */
export function fuzzNative(options: HostileOptions): HostileReport {
  const report: HostileReport = {
    calls: 0,
    compared: 0,
    answers: {},
    succeeded: new Set(),
    functions: functionsOf(options.library).size,
    failures: [],
  };
  new HostileCaller(options, report).run();
  return report;
}

function functionsOf(library: NativeLibrary): ReadonlyMap<string, Anything> {
  const functions = Object.entries(library).filter(([, value]) => typeof value === 'function');
  return new Map(functions as [string, Anything][]);
}

class HostileCaller {
  readonly #options: HostileOptions;
  readonly #report: HostileReport;
  readonly #functions: ReadonlyMap<string, Anything>;
  readonly #guest = new Uint8Array(newMemory({ initial: 1 }).buffer, 0, GUEST_BYTES);
  readonly #before = new Uint8Array(GUEST_BYTES);
  readonly #next: () => number;
  readonly #values: HostileValues;
  readonly #objects: LiveObjects;
  readonly #legal: readonly (LegalCalls | LegalCodeCalls | LegalKeyCalls | LegalModeCalls | LegalNumberCalls)[];
  /** Objects that wrong calls made, and numbers of some that are gone. */
  #strays: number[] = [];
  #freed: number[] = [];

  constructor(options: HostileOptions, report: HostileReport) {
    this.#options = options;
    this.#report = report;
    this.#next = random(options.seed);
    this.#functions = functionsOf(options.library);
    this.#values = new HostileValues(this.#next);
    const inputs = new Inputs(this.#guest, this.#next);
    this.#objects = new LiveObjects(inputs);
    const symmetric = new LegalCalls(options.library, this.#objects, inputs);
    const codes = new LegalCodeCalls(options.library, this.#objects, inputs);
    const modes = new LegalModeCalls(options.library, this.#objects, inputs);
    const keys = new LegalKeyCalls(options.library, this.#objects, inputs);
    const numbers = new LegalNumberCalls(options.library, this.#objects, inputs);
    this.#legal = [symmetric, symmetric, codes, modes, keys, numbers];
  }

  run(): void {
    const { calls, library, onProgress } = this.#options;
    while (this.#report.calls < calls && this.#report.failures.length < 10) {
      const call = this.#of(this.#legal).any();
      const wrong = this.#next() % 4;
      if (wrong === 0) this.#compare(call);
      else if (wrong === 1) this.#call(this.#of([...this.#functions.keys()]), this.#anyArguments());
      else this.#call(call.name, this.#spoilt(call.args));
      if (library.live() > MOST_OBJECTS) this.#releaseAll();
      this.#report.calls += 1;
      if (this.#report.calls % 100_000 === 0) onProgress?.(this.#report.calls);
    }
    this.#releaseAll();
    if (library.live() !== 0) this.#fail(`${library.live()} objects are left when all were released`);
    for (const number of this.#freed)
      if (library.release(number) !== -2) this.#fail(`${number} was released and is there again`);
  }

  #compare({ name, args, right }: Call): void {
    const answer = this.#call(name, args, true);
    this.#report.compared += 1;
    if (!right(answer)) this.#fail(`${name} gave a wrong result: ${answer}`);
  }

  #anyArguments(): readonly unknown[] {
    return Array.from({ length: this.#next() % MOST_ARGUMENTS }, () => this.#any());
  }

  #spoilt(args: readonly unknown[]): readonly unknown[] {
    const spoilt = [...args];
    for (let count = 1 + (this.#next() % 2); count > 0; count -= 1) spoilt[this.#next() % args.length] = this.#any();
    return this.#next() % 20 === 0 ? spoilt.slice(0, this.#next() % args.length) : spoilt;
  }

  #any(): unknown {
    const numbers = [...this.#objects.live.slice(0, 8).map(({ number }) => number), ...this.#strays, ...this.#freed];
    return this.#values.any(numbers, this.#guest);
  }

  /** @param known whether the caller keeps account of what it makes and ends */
  #call(name: string, args: readonly unknown[], known = false): number {
    const { library } = this.#options;
    const live = library.live();
    this.#before.set(this.#guest);
    let answer: unknown;
    try {
      answer = this.#functions.get(name)?.(...args);
    } catch (error) {
      this.#fail(`${name} threw ${String(error)}`);
      return Number.NaN;
    }
    if (typeof answer !== 'number' || !Number.isSafeInteger(answer) || answer < LEAST_ANSWER) {
      this.#fail(`${name} answered ${String(answer)}`);
      return Number.NaN;
    }
    this.#count(name, answer, library.live() - live);
    this.#checkMemory(name, args, answer);
    if (!known) this.#account(name, args, answer, library.live() - live);
    return answer;
  }

  #count(name: string, answer: number, made: number): void {
    const what = answer < 0 ? String(answer) : made > 0 ? 'made' : 'done';
    this.#report.answers[what] = (this.#report.answers[what] ?? 0) + 1;
    if (answer >= 0) this.#report.succeeded.add(name);
    if (answer < 0 && made !== 0) this.#fail(`${name} answered ${answer}, and ${made} objects more are there`);
  }

  /** Nothing is written but to outputs, and nothing at all by a call that was refused. */
  #checkMemory(name: string, args: readonly unknown[], answer: number): void {
    const writable = unchanged.has(answer) ? [] : (outputs[name] ?? args.keys());
    for (const index of writable) {
      const view = args[index];
      if (view instanceof Uint8Array && view.buffer === this.#guest.buffer) this.#before.set(view, view.byteOffset);
    }
    if (Buffer.compare(this.#before, this.#guest) !== 0)
      this.#fail(`${name} answered ${answer} and wrote to memory that is no output of its`);
  }

  #account(name: string, [first]: readonly unknown[], answer: number, made: number): void {
    if (made > 0) this.#strays.push(answer);
    if (made < 0) {
      this.#objects.gone(first as number);
      this.#strays = this.#strays.filter((number) => number !== first);
      this.#freed = [...this.#freed.slice(-20), first as number];
    }
    if (changing.has(name) && answer >= 0) {
      const running = this.#objects.live.find(({ number }) => number === first);
      if (running !== undefined) running.input = undefined;
    }
  }

  #releaseAll(): void {
    for (const number of [...this.#objects.live.map((each) => each.number), ...this.#strays]) {
      if (this.#options.library.release(number) !== 0) this.#fail(`${number} cannot be released`);
      if (this.#next() % 8 === 0) this.#freed = [...this.#freed.slice(-20), number];
    }
    this.#objects.live = [];
    this.#strays = [];
  }

  #fail(what: string): void {
    this.#report.failures.push(`seed ${this.#options.seed}, call ${this.#report.calls}: ${what}`);
  }

  #of<T>(values: readonly T[]): T {
    return values[this.#next() % values.length] as T;
  }
}
