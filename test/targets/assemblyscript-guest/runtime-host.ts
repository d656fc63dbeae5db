/** The runtime as the host of a compiled guest for components, without a component around it: between the two stands what jco would do. */
import { isCanonical, type CanonicalPlan, type CanonicalPass, type PlannedUnit } from '../../../generator/abi/plan.js';
import { camel, pascal } from '../../../generator/model/name.js';
import type { WasiCrypto } from '../../../runtime/index.js';
import { CanonicalHost, type Action, type Value } from './canonical-host.js';

type HostFunction = (...values: unknown[]) => unknown;
type Interface = Readonly<Record<string, HostFunction>>;

/** A host for one instance. */
export function runtimeHost(planned: PlannedUnit, crypto: WasiCrypto): CanonicalHost {
  const imports = crypto.component as unknown as Readonly<Record<string, Interface>>;
  const handles = new Handles();
  const actions: Record<string, Action> = {};
  for (const plan of planned.canonical.values()) {
    if (!isCanonical(plan)) continue;
    const action = functionOf(imports[plan.module.id.replace(/@.*$/, '')], plan);
    if (action !== undefined) actions[plan.wire] = (...values) => handles.call(plan, action, values);
  }
  return new CanonicalHost(planned, actions, (handle) => handles.drop(handle));
}

/** A function of an interface, or of a class in it: methods get their object first. */
function functionOf(functions: Interface | undefined, { func }: CanonicalPlan): HostFunction | undefined {
  const name = camel(func.name.words);
  if (func.resource === undefined) return functions?.[name];
  const own = functions?.[pascal(func.resource.name.words)] as unknown as Interface | undefined;
  if (func.kind === 'static') return own === undefined ? undefined : (...values) => own[name]?.(...values);
  return (object, ...values) => (object as Interface)[name]?.(...values);
}

class Handles {
  readonly #objects = new Map<number, object>();
  #next = 1;

  call({ params, result }: CanonicalPlan, action: HostFunction, values: readonly Value[]): Value {
    const { tag, val } = action(...params.map((param, index) => this.#toHost(param.pass, values[index]))) as {
      readonly tag: string;
      readonly val: unknown;
    };
    if (result?.pass.how !== 'result') throw new TypeError('functions of wasi-crypto return results');
    const index = tag === 'ok' ? 0 : 1;
    const own = result.pass.cases[index]?.pass;
    return own === undefined ? [index] : [index, this.#fromHost(own, val)];
  }

  drop(handle: number): void {
    (this.#take(handle) as Disposable)[Symbol.dispose]();
  }

  #take(handle: number): object {
    const object = this.#get(handle);
    this.#objects.delete(handle);
    return object;
  }

  #get(handle: number): object {
    const object = this.#objects.get(handle);
    if (object === undefined) throw new Error(`the handle ${handle} is not there`);
    return object;
  }

  #toHost(pass: CanonicalPass, value: Value): unknown {
    const parts = value as readonly Value[];
    switch (pass.how) {
      case 'handle':
        return pass.ownership === 'own' ? this.#take(Number(value)) : this.#get(Number(value));
      case 'enum':
        return pass.cases[Number(value)]?.name.wire;
      case 'option':
        return parts.length === 0 ? undefined : this.#toHost(pass.some.pass, parts[0]);
      case 'variant':
      case 'result':
        return { tag: pass.cases[Number(parts[0])]?.name.wire, val: parts[1] };
      case 'list':
        return Uint8Array.from(parts as readonly number[]);
      case 'scalar':
      case 'bool':
      case 'flags':
      case 'string':
      case 'record':
      case 'tuple':
        return value;
    }
  }

  #fromHost(pass: CanonicalPass, value: unknown): Value {
    switch (pass.how) {
      case 'handle':
        this.#objects.set(this.#next, value as object);
        this.#next += 1;
        return this.#next - 1;
      case 'tuple':
        return pass.parts.map((item, index) => this.#fromHost(item.pass, (value as readonly unknown[])[index]));
      case 'variant':
      case 'result': {
        const { tag, val } = value as { readonly tag: string; readonly val?: Value };
        return [pass.cases.findIndex((each) => each.name.wire === tag), val];
      }
      case 'list':
        return Array.from(value as Uint8Array);
      case 'enum':
        return pass.cases.findIndex((each) => each.name.wire === value);
      case 'scalar':
      case 'bool':
      case 'flags':
      case 'string':
      case 'record':
      case 'option':
        return value as Value;
    }
  }
}
