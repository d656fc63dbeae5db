/** What a host for core modules can be attached to. */
import { HostUsageError } from '../../templates/typescript-host/failure.js';
import type { MemoryLike } from '../../templates/typescript-host/memory.js';

/** A `WebAssembly.Instance`, by the properties that count (its type needs the DOM's library). */
export interface InstanceLike {
  readonly exports: object;
}

/** Whose memory a host reads and writes. `WebAssembly.instantiate` gives `{ module, instance }` for bytes. */
export type Attachable = InstanceLike | { readonly instance: InstanceLike } | MemoryLike;

/** Errors: `HostUsageError` with code `no-memory`. */
export function memoryOf(target: Attachable): MemoryLike {
  const meant = 'instance' in target ? target.instance : target;
  const memory: unknown = 'exports' in meant ? Reflect.get(meant.exports, 'memory') : meant;
  if (isMemory(memory)) return memory;
  throw new HostUsageError('no-memory', `attach needs ${wanted}, and got ${kindOf(meant)}`);
}

const wanted = 'a WebAssembly.Memory, or an instance that exports one under the name `memory`';

function kindOf(target: object): string {
  if (target instanceof Promise) return 'a promise: await it';
  if ('exports' in target) return 'an instance without one: name its memory in an export, or attach the imported one';
  return `something else (${Object.prototype.toString.call(target).slice(8, -1)})`;
}

function isMemory(value: unknown): value is MemoryLike {
  return typeof value === 'object' && value !== null && 'buffer' in value && typeof value.buffer === 'object';
}
