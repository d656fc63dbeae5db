/** What every call of a guest has in common, whichever interface and revision it is of: it counts, and the owner can be told. */
import { isSignal } from '../../templates/typescript-host/failure.js';
import { late, type Makers } from '../../templates/typescript-host/late.js';
import { Trap } from '../../templates/component-host/trap.js';
import type { RuntimeContext } from '../context.js';
import type { CallEvent } from '../events.js';
import type { HandleKind } from '../meter.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import { KeyPair, PublicKey, SecretKey } from '../objects/asymmetric-keys.js';
import { GuestObject } from '../objects/guest-object.js';
import { OptionSet } from '../objects/option-sets.js';
import { SecretsManager } from '../objects/secrets-manager.js';
import { Signature, SignatureState, SignatureVerificationState } from '../objects/signatures.js';
import { SymmetricKey } from '../objects/symmetric-keys.js';
import { SymmetricState } from '../objects/symmetric-states.js';
import { SymmetricTag } from '../objects/symmetric-tags.js';
import { Bignum } from '../numbers/bignum.js';
import { Element } from '../numbers/element.js';
import { Group, Scalar } from '../numbers/group.js';
import { Modulus, Residue } from '../numbers/modulus.js';
import { knownId } from '../registry.js';

/** Functions of an interface. */
interface Functions {
  readonly [name: string]: (...args: never[]) => unknown;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Called = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown) => unknown;

/**
 * Interfaces whose functions count as calls of the guest: those that a host makes itself do not.
 *
 * @param hosts make objects of their own, whose functions are replaced
 */
export function counted<Hosts extends object>(context: RuntimeContext, hosts: Makers<Hosts>): Hosts {
  const { meter, onEvent } = context;
  const count =
    (run: Called): Called =>
    (a, b, c, d, e) => {
      meter.begin();
      return run(a, b, c, d, e);
    };
  const wrap = onEvent === undefined ? count : (run: Called, name: string) => told(context, onEvent, count(run), name);
  return late(hosts, (functions) => mapFunctions(functions as Mutable<Functions>, wrap) as typeof functions);
}

const MOST_PARAMETERS = 5;

/**
 * A list of parameters would be made anew for each call: they are passed on one by one. The object stays: one put together
 * from entries would be a hash table, which every call would look up.
 */
function mapFunctions(functions: Mutable<Functions>, wrap: (run: Called, name: string) => Called): Functions {
  for (const name of Object.keys(functions))
    functions[name] = wrap(called(name, functions[name] as Functions[string]), name);
  return functions;
}

function called(name: string, run: (...args: never[]) => unknown): Called {
  if (run.length > MOST_PARAMETERS) throw new TypeError(`${name} has more parameters than calls pass on`);
  return run as unknown as Called;
}

/** A function that tells the owner of each of its calls, when it has ended. */
function told(context: RuntimeContext, onEvent: (event: CallEvent) => void, run: Called, operation: string): Called {
  const tell = (args: readonly unknown[], made: unknown, result: string, before: number): void => {
    // Calls with handles never come here by then: half of them would tell nothing.
    if (context.closed) return;
    const found = [args[0], made, ...args.slice(1)].map(firstOf);
    const object = found.find((each) => each instanceof GuestObject);
    try {
      onEvent({
        operation,
        algorithm: algorithmOf(found),
        handleKind: kinds.find(([type]) => object instanceof type)?.[1],
        result,
        cost: context.meter.cost - before,
      });
    } catch (error) {
      context.report(error);
    }
  };
  return (a, b, c, d, e) => {
    const args = [a, b, c, d, e];
    const before = context.meter.cost;
    try {
      const made = run(a, b, c, d, e);
      tell(args, made, 'success', before);
      return made;
    } catch (thrown) {
      tell(args, undefined, resultOf(context, thrown), before);
      throw thrown;
    }
  };
}

const kinds: readonly (readonly [abstract new (...args: never[]) => GuestObject, HandleKind])[] = [
  [ArrayOutput, 'arrayOutput'],
  [OptionSet, 'options'],
  [SecretsManager, 'secretsManager'],
  [KeyPair, 'keypair'],
  [SignatureState, 'signatureState'],
  [Signature, 'signature'],
  [PublicKey, 'publickey'],
  [SecretKey, 'secretkey'],
  [SignatureVerificationState, 'signatureVerificationState'],
  [SymmetricState, 'symmetricState'],
  [SymmetricKey, 'symmetricKey'],
  [SymmetricTag, 'symmetricTag'],
  [Modulus, 'modulus'],
  [Residue, 'residue'],
  [Bignum, 'bignum'],
  [Group, 'group'],
  [Scalar, 'scalar'],
  [Element, 'element'],
];

/** Of a list, such as a batch or several results, what its first element is or begins with. */
function firstOf(value: unknown): unknown {
  return isList(value) ? firstOf(value[0]) : value;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** That of an object comes before one that is only named: what a guest names may be anything. The id, never the name. */
function algorithmOf(found: readonly unknown[]): string | undefined {
  for (const each of found)
    if (each instanceof GuestObject && 'algorithm' in each) return (each.algorithm as { readonly id: string }).id;
  for (const each of found) {
    const id = typeof each === 'string' ? knownId(each) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

function resultOf(context: RuntimeContext, thrown: unknown): string {
  if (thrown instanceof Trap) return 'trap';
  // The runtime itself asks for guest memory in one place only: what was lent to it.
  if (isSignal(thrown)) return 'guest_error';
  const name = context.failureOf(thrown)?.name ?? 'InternalError';
  return name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
