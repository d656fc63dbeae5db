/** What was measured, and how its numbers are written. */
import { KiB, MiB } from './inputs.js';
import type { Measured, Spread } from './rounds.js';

/** All contestants at one operation. `bytes` is 0 where the size of a message does not matter. */
export interface Row {
  readonly operation: string;
  readonly bytes: number;
  readonly contestants: readonly Measured[];
}

export function size(bytes: number): string {
  if (bytes === 0) return '';
  if (bytes >= MiB) return `${bytes / MiB} MiB`;
  return bytes >= KiB ? `${bytes / KiB} KiB` : `${bytes} B`;
}

export function time(nanoseconds: number): string {
  if (nanoseconds >= 1e6) return `${(nanoseconds / 1e6).toPrecision(3)} ms`;
  return nanoseconds >= 1e4 ? `${(nanoseconds / 1e3).toPrecision(3)} µs` : `${nanoseconds.toFixed(0)} ns`;
}

export function ratio(spread: Spread | undefined): string {
  return spread === undefined ? '' : `${spread.median.toFixed(2)} (${spread.low.toFixed(2)}–${spread.high.toFixed(2)})`;
}
