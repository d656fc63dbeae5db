/**
 * Resources as jco sees them: a class for each kind, whose instances hold nothing but the handle of
 * the host's object. jco calls that number their representation and keeps 30 bits of it; handles of
 * these tables have 29.
 */
import { faults, HostUsageError } from '../typescript-host/failure.js';
import type { HandleTable, HostObject } from '../typescript-host/handles.js';
import type { Gate } from './guest.js';
import { lowerAs } from './lowering.js';
import type { Objects } from './objects.js';

/** `Symbol.dispose`, which TypeScript knows by a library that users need not have. */
const { dispose } = Symbol as unknown as { readonly dispose: symbol };

/** Where jco looks for the representation of an instance. */
const cabiRep = Symbol.for('cabiRep');

/** What jco calls for an instance that it never saw, with the representation. */
const cabiDispose = Symbol.for('cabiDispose');

/** All tables of a component host have this kind number, so that handles fit. A representation of one kind says nothing to another. */
export const ONLY_KIND = 1;

/** A class of instances that only the bindings make, unless the definition gives it a constructor. */
export type ResourceClass = new (...args: unknown[]) => object;

export class ResourceKind<T extends HostObject> implements Objects<object, T> {
  readonly #name: string;
  readonly #handles: HandleTable<T>;
  readonly #gate: Gate;
  #jsClass: ResourceClass | undefined;
  #construct: Callable | undefined;

  constructor(name: string, handles: HandleTable<T>, gate: Gate) {
    this.#name = name;
    this.#handles = handles;
    this.#gate = gate;
  }

  /** For jco: exported under the name of the resource. */
  get jsClass(): ResourceClass {
    return (this.#jsClass ??= this.#newClass());
  }

  #newClass(): ResourceClass {
    const construct = (args: unknown[]): object => {
      if (this.#construct === undefined)
        throw new HostUsageError(
          'no-constructor',
          `${this.#name} has no constructor: only calls of the host make instances`,
        );
      return constructed(this.#construct(...args));
    };
    const end = (handle: number): void => {
      this.#gate.pass();
      this.#handles.end(handle);
    };
    const handleOf = (instance: object): number => this.own(instance);
    const made = class {
      static [cabiDispose](handle: number): void {
        end(handle);
      }

      constructor(...args: unknown[]) {
        return construct(args);
      }
    };
    Object.defineProperty(made.prototype, dispose, {
      value: function (this: object): void {
        end(handleOf(this));
      },
      configurable: true,
      writable: true,
    });
    Object.defineProperty(made, 'name', { value: this.#name });
    return made;
  }

  get(instance: object): T {
    const object = this.#handles.get(this.own(instance));
    if (!object.live) throw faults.badHandle;
    return object;
  }

  close(instance: object): void {
    this.#handles.close(this.own(instance));
  }

  /** The handle behind an instance; 0, which is none, behind anything else. */
  own(instance: object): number {
    if (!(instance instanceof this.jsClass) || !Object.hasOwn(instance, cabiRep)) return 0;
    const handle: unknown = (instance as { readonly [cabiRep]?: unknown })[cabiRep];
    return typeof handle === 'number' ? handle : 0;
  }

  room(count: number, total: number = count): this {
    this.#handles.room(count, total);
    return this;
  }

  /** A new instance for an object. No other may stand for it: jco disposes of each. */
  insert(object: T): object {
    const instance = Object.create(this.jsClass.prototype as object) as { [cabiRep]: number };
    instance[cabiRep] = this.#handles.insert(object);
    return instance;
  }

  /** Gives the class the functions that the definition gives the resource; methods take the instance first. */
  withMembers({ construct, methods = {}, statics = {} }: ResourceMembers): ResourceClass {
    if (construct !== undefined) {
      this.#construct = construct as Callable;
      lowerAs(this.jsClass, construct);
    }
    for (const [name, method] of Object.entries(methods)) {
      const called = function (this: unknown, ...args: unknown[]): unknown {
        return (method as Callable)(this, ...args);
      };
      lowerAs(called, method);
      define(this.jsClass.prototype as object, name, called);
    }
    for (const [name, func] of Object.entries(statics)) define(this.jsClass, name, func);
    return this.jsClass;
  }
}

type Callable = (...args: unknown[]) => unknown;
type Member = (...args: never[]) => unknown;

export interface ResourceMembers {
  readonly construct?: Member;
  readonly methods?: Readonly<Record<string, Member>>;
  readonly statics?: Readonly<Record<string, Member>>;
}

/** jco takes an instance from a constructor, and learns from a thrown `payload` what went wrong. */
function constructed(result: unknown): object {
  if (typeof result !== 'object' || result === null) throw new TypeError('a constructor made no instance');
  if (!('tag' in result && 'val' in result)) return result;
  if (result.tag === 'ok') return result.val as object;
  throw Object.assign(new Error('the constructor failed'), { payload: result.val });
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
