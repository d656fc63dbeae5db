/** Names of the definitions as names of a target language. */
import type { Span } from '../source/source.js';
import type { Name } from './model.js';

/** `wire` is split on `_` and `-` only: `pkcs8` stays one word, so it becomes `Pkcs8`, never `Pkcs_8`. */
export function nameOf(wire: string, span: Span): Name {
  return {
    words: wire
      .toLowerCase()
      .split(/[_-]+/)
      .filter((word) => word !== ''),
    wire,
    span,
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `symmetric_state` as `SymmetricState`. */
export function pascal(words: readonly string[]): string {
  return words.map(capital).join('');
}

/** `symmetric_state` as `symmetricState`. */
export function camel(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
}

/** `symmetric_state` as `symmetric-state`: file names. */
export function kebab(words: readonly string[]): string {
  return words.join('-');
}

/** `symmetric_state` as `symmetric_state`. */
export function snake(words: readonly string[]): string {
  return words.join('_');
}
