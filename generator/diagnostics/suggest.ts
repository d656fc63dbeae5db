import { distance } from 'fastest-levenshtein';

/** Two neighbouring letters in each other's place: the commonest slip, which plain distance counts twice. */
function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return (
    a.length === b.length &&
    at >= 0 &&
    a[at] === b[at + 1] &&
    a[at + 1] === b[at] &&
    a.slice(at + 2) === b.slice(at + 2)
  );
}

function difference(a: string, b: string): number {
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  return isSwap(first, second) ? 1 : distance(first, second);
}

/**
 * The candidate that was most likely meant: the closest by edit distance, as long as no more than
 * a third of it is different (less than half of short ones). Of equals the first wins, so the order of candidates decides.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const length = Math.max(candidate.length, word.length);
    const limit = Math.max(1, Math.floor(length / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const found = difference(word, candidate);
    if (found <= limit && found < least && found * 2 < length) {
      best = candidate;
      least = found;
    }
  }
  return best;
}

/** The hint for a name nobody declared. */
export function didYouMean(word: string, candidates: Iterable<string>, sigil = ''): string | undefined {
  const found = closest(word, candidates);
  return found === undefined ? undefined : `did you mean \`${sigil}${found}\`?`;
}
