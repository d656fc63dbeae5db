/** Tables of probes: what a guest does, and the errno it gets. */
import { expect, it } from 'vitest';
import { errnoOf, Guest, type ErrnoName } from './guest.js';
import { Symmetric } from './symmetric.js';

/** Title, errno of the last call, and the calls. All calls before the last one succeed. */
export type Probe = readonly [title: string, errno: ErrnoName, calls: (guest: Symmetric) => unknown];

/** A test for each row, with a guest of its own. */
export function testProbes(probes: readonly Probe[]): void {
  for (const [title, errno, calls] of probes) {
    it(`${title}: ${errno}`, () => {
      expect(errnoOf(() => calls(new Symmetric(new Guest())))).toBe(errno);
    });
  }
}

/** So many bytes, all different up to 251. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = index % 251;
  return bytes;
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
