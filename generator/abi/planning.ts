/** What planning for every ABI needs. */
import { diagnostic } from '../diagnostics/diagnostic.js';
import { wireName } from '../model/kinds.js';
import type { Func } from '../model/model.js';
import type { CoreParam, Unplannable } from './plan.js';

/** Thrown while a function is planned: why the ABI cannot express it. */
export class NoAbi {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** The plan of a function, or the diagnostic that says why it has none. */
export function plannedOr<Plan>(
  func: Func,
  code: 'no-preview1-abi' | 'no-component-abi',
  plan: () => Plan,
): Plan | Unplannable {
  try {
    return plan();
  } catch (thrown) {
    if (!(thrown instanceof NoAbi)) throw thrown;
    return { func, unplannable: diagnostic(code, func.name.span, { func: wireName(func), why: thrown.why }) };
  }
}

/** Names of core parameters, each once: a clash gets a number. */
export class CoreNames {
  readonly #used: Set<string>;

  constructor(taken: readonly CoreParam[] = []) {
    this.#used = new Set(taken.map(({ name }) => name));
  }

  unique(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#used.has(name); count += 1) name = `${wanted}${count}`;
    this.#used.add(name);
    return name;
  }
}

/** What stands at a place that is known to exist. */
export function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
