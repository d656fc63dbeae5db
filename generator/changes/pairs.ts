/** Which old thing is which new one: by name, however dialects spell it, then by guess. */
import { closest } from '../diagnostics/suggest.js';

/** A name without the spelling of its dialect: `symmetric_state_open`, and the method `open` of `symmetric-state`. */
export function keyOf(name: string): string {
  const [, kind, rest] = /^\[([a-z]+)\](.*)$/.exec(name) ?? [undefined, undefined, name];
  const plain = kind === 'constructor' ? `${rest ?? name}-constructor` : (rest ?? name);
  return plain.toLowerCase().replace(/[_.]/g, '-');
}

export interface Pair<T> {
  readonly was: T;
  readonly is: T;
  /** They have other names, and look alike. */
  readonly guessed: boolean;
}

export interface Pairing<T> {
  readonly pairs: readonly Pair<T>[];
  readonly removed: readonly T[];
  readonly added: readonly T[];
}

/**
 * @param alike whether two of different names could be the same: of several the one with the closest name is taken, and
 *   of names that have nothing in common only one that has no rival
 */
export function pair<T extends { readonly name: string }>(
  old: readonly T[],
  now: readonly T[],
  alike: (was: T, is: T) => boolean,
): Pairing<T> {
  const byKey = new Map(now.map((each) => [keyOf(each.name), each]));
  const pairs: Pair<T>[] = [];
  const removed: T[] = [];
  for (const was of old) {
    const key = keyOf(was.name);
    const is = byKey.get(key);
    if (is === undefined) removed.push(was);
    else pairs.push({ was, is, guessed: false });
    byKey.delete(key);
  }
  const added = new Set(byKey.values());
  const gone = removed.filter((was) => {
    const candidates = [...added].filter((is) => alike(was, is));
    const name = closest(
      keyOf(was.name),
      candidates.map((each) => keyOf(each.name)),
    );
    const rivals = removed.filter((other) => candidates.some((is) => alike(other, is)));
    const only = candidates.length === 1 && rivals.length === 1 ? candidates[0] : undefined;
    const is = candidates.find((each) => keyOf(each.name) === name) ?? only;
    if (is === undefined) return true;
    pairs.push({ was, is, guessed: true });
    added.delete(is);
    return false;
  });
  return { pairs, removed: gone, added: [...added] };
}
