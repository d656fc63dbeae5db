/** The emitted bindings of `everything.wit` before a host that answers at random, and remembers what it was asked. */
import { fileURLToPath } from 'node:url';
import { isCanonical, type CanonicalPlan } from '../../../generator/abi/plan.js';
import { camel } from '../../../generator/model/name.js';
import { componentHost } from '../../../generator/targets/component-host/index.js';
import { errnoNames } from '../../../generator/targets/component-host/errnos.js';
import { errnoOf, namesOf } from '../../../generator/targets/component-host/names.js';
import { emit, load, plannedUnit } from '../../generated.js';

export const everything = fileURLToPath(new URL('everything.wit', import.meta.url));
const planned = plannedUnit('everything', everything);
const names = namesOf(planned);

/** What components import: the rest of the definition is theirs to export. */
export const plans: readonly CanonicalPlan[] = [...planned.canonical.values()]
  .filter(isCanonical)
  .filter(({ wire }) => wire !== 'greet' && wire !== 'run');

/** A resource. Ending one twice is a bug of the bindings. */
export class Thing {
  live = true;
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }

  release(): void {
    if (!this.live) throw new Error(`thing ${this.id} was released twice`);
    this.live = false;
  }
}

interface Bound {
  readonly imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly handles: { readonly thing: { insert(thing: Thing): number; get(handle: number): Thing } };
}

type Bindings = Readonly<Record<string, unknown>> & { bindComponent(hosts: object, options: object): Bound };

type Take = (size: number, view?: Uint8Array) => readonly [Uint8Array, Uint8Array];

export class RandomHost {
  readonly bound: Bound;
  readonly errors: unknown[] = [];
  /** What the next call is answered. */
  answer: unknown;
  /** Whether bytes that are returned stand where `take` put them. */
  takes = false;
  /** Whether it writes to what `take` gives, and then fails by mistake. */
  breaks = false;
  /** The arguments of each call, copied: views end with it. */
  calls: unknown[][] = [];
  readonly #bindings: Bindings;

  private constructor(bindings: Bindings) {
    this.#bindings = bindings;
    const hosts = names.interfaces.map(({ property, funcs }) => {
      const methods = funcs.flatMap(({ func, method }) =>
        plans
          .filter((plan) => plan.func === func)
          .map((plan) => [method, (...args: unknown[]) => this.#answer(plan, args)]),
      );
      return [property, Object.fromEntries(methods) as object];
    });
    this.bound = bindings.bindComponent(Object.fromEntries(hosts) as object, {
      fewerParameters: true,
      onError: (error: unknown) => this.errors.push(error),
    });
  }

  static async make(): Promise<RandomHost> {
    return new RandomHost((await load(await emit(componentHost, planned), 'index.ts')) as Bindings);
  }

  /** The function that jco finds for a plan. */
  imported(plan: CanonicalPlan): object {
    const { imports } = this.bound;
    const from = imports[plan.module.id.replace(/@[^@]*$/, '')];
    const { resource, kind, name } = plan.func;
    if (from === undefined) return imports[plan.wire]?.['default'] as object;
    if (resource === undefined) return from[camel(name.words)] as object;
    const jsClass = from['Thing'] as { readonly prototype: Readonly<Record<string, object>> } & Readonly<
      Record<string, object>
    >;
    if (kind === 'constructor') return jsClass;
    return (kind === 'method' ? jsClass.prototype : jsClass)[camel(name.words)] as object;
  }

  #answer(plan: CanonicalPlan, args: unknown[]): unknown {
    const take = args.length > plan.params.length ? (args.pop() as Take) : undefined;
    this.calls.push(args.map(copied));
    if (this.breaks && take !== undefined) {
      take(16)[0].fill(0xaa);
      throw new Error('broken by the test');
    }
    const errno = errnoOf(plan);
    const { answer } = this;
    if (errno === undefined) return this.#placed(answer, take);
    const { tag, val } = answer as { readonly tag: string; readonly val?: unknown };
    if (tag === 'ok') return this.#placed(val, take);
    const failures = Object.values(
      this.#bindings[errnoNames(errno.decl, names).fail.name] as object,
    ) as readonly unknown[];
    const cases = errno.decl.type.kind === 'enum' || errno.decl.type.kind === 'variant' ? errno.decl.type.cases : [];
    const wire = typeof val === 'string' ? val : (val as { readonly tag: string }).tag;
    throw failures[cases.findIndex((each) => each.name.wire === wire)];
  }

  #placed(answer: unknown, take: Take | undefined): unknown {
    if (take === undefined || !this.takes) return answer;
    const place = (bytes: Uint8Array): Uint8Array => {
      const [out] = take(bytes.length);
      out.set(bytes);
      return out;
    };
    return Array.isArray(answer)
      ? answer.map((each: unknown) => (each instanceof Uint8Array ? place(each) : each))
      : place(answer as Uint8Array);
  }
}

/** Things are compared by their numbers. */
function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Thing) return { id: value.id };
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copied(each)]));
}
