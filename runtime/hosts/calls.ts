/** What every call of a guest has in common, whichever interface and revision it is of. */
import type { RuntimeContext } from '../context.js';

/** Functions of an interface, or of all of them. */
interface Functions {
  readonly [name: string]: Functions | ((...args: never[]) => unknown);
}

type Called = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown) => unknown;

/** The same interfaces, whose functions count as calls of the guest: those that a host makes itself do not. */
export function counted<Hosts extends object>(context: RuntimeContext, hosts: Hosts): Hosts {
  const { meter } = context;
  return mapFunctions(hosts as Functions, (run) => (a, b, c, d, e) => {
    meter.begin();
    return run(a, b, c, d, e);
  }) as Hosts;
}

const MOST_PARAMETERS = 5;

/** A list of parameters would be made anew for each call: they are passed on one by one. */
function mapFunctions(functions: Functions, wrap: (run: Called, name: string) => Called): Functions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, each]) => [
      name,
      typeof each === 'function' ? wrap(called(name, each), name) : mapFunctions(each, wrap),
    ]),
  );
}

function called(name: string, run: (...args: never[]) => unknown): Called {
  if (run.length > MOST_PARAMETERS) throw new TypeError(`${name} has more parameters than calls pass on`);
  return run as unknown as Called;
}
