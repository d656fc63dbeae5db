/** The functions of core modules, in one order, and what each touches in guest memory: what the two processes of an isolated host agree on. */
import { memoryRanges } from '../../generated/0.10/typescript-host/ranges.js';
import { cryptoErrnoOfFault, CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { memoryRanges as extensionRanges } from '../../generated/extension-0.1/witx/typescript-host/ranges.js';
import { extErrnoOfFault, ExtErrno } from '../../generated/extension-0.1/witx/typescript-host/types.js';
import type { MemoryRange } from '../../templates/typescript-host/memory.js';

/** What a guest is answered where its host is not asked. */
interface Errnos {
  readonly absent: number;
  readonly badHandle: number;
  readonly internal: number;
  readonly overflow: number;
}

export interface CoreFunction {
  readonly module: string;
  readonly name: string;
  /** Undefined: what it touches in guest memory is not known, so that it cannot be called from another process. */
  readonly ranges: readonly MemoryRange[] | undefined;
  readonly errnos: Errnos;
}

export const functions: readonly CoreFunction[] = [
  ...functionsOf(memoryRanges, { ...cryptoErrnoOfFault, overflow: CryptoErrno.Overflow }),
  ...functionsOf(extensionRanges, { ...extErrnoOfFault, overflow: ExtErrno.Overflow }),
];

function functionsOf(modules: typeof memoryRanges, errnos: Errnos): readonly CoreFunction[] {
  return Object.entries(modules).flatMap(([module, names]) =>
    Object.entries(names).map(([name, ranges]) => ({ module, name, ranges, errnos })),
  );
}

/** An argument of a core function. */
export type Core = number | bigint;

/** A part of guest memory, in bytes. */
export interface Part {
  readonly start: number;
  readonly size: number;
  readonly written: boolean;
}

/**
 * The parts of guest memory that a call touches. What does not lie inside is left out: the host refuses it without
 * looking at it.
 *
 * @param memorySize of the guest, in bytes
 */
export function partsOf(ranges: readonly MemoryRange[], args: readonly Core[], memorySize: number): readonly Part[] {
  return ranges
    .map(({ pointer, count, size, written }) => ({
      start: unsigned(args[pointer]),
      size: (count === undefined ? 1 : unsigned(args[count])) * size,
      written,
    }))
    .filter(({ start, size }) => size > 0 && start + size <= memorySize);
}

function unsigned(value: Core | undefined): number {
  return Number(value ?? 0) >>> 0;
}
