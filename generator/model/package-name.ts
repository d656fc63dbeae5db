/** What guests call definitions in WITX, which has no packages: the words that the names of modules begin with. */
import { kebab } from './name.js';
import type { Module } from './model.js';

/** Words of WASI's phases, which say nothing about what a module does. */
const phases = new Set(['ephemeral', 'snapshot', 'unstable']);

/**
 * `wasi-crypto`, `wasi-preview1`: the most words, two at least, with which the names of most modules with functions begin
 * and do not end; otherwise the first two words that most of them share. Without those of WASI's phases. Guests import
 * this name, so one more module of another name must not change it.
 */
export function packageName(modules: readonly Module[]): string {
  const names = modules
    .filter((module) => module.funcs.length > 0)
    .map(({ name: { words } }) => {
      const own = words.filter((word) => !phases.has(word));
      return own.length > 0 ? own : words;
    });
  const prefixes = new Map<string, { readonly words: readonly string[]; count: number }>();
  for (const words of names)
    for (let length = 2; length < words.length; length += 1) {
      const name = kebab(words.slice(0, length));
      const found = prefixes.get(name) ?? { words: words.slice(0, length), count: 0 };
      found.count += 1;
      prefixes.set(name, found);
    }
  const [longest] = [...prefixes]
    .filter(([, { count }]) => count > names.length / 2 && count > 1)
    .sort(([, left], [, right]) => right.words.length - left.words.length);
  return longest?.[0] ?? firstTwo(names);
}

function firstTwo(names: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const words of names) {
    const name = kebab(words.slice(0, 2));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, left], [, right]) => right - left);
  return most?.[0] ?? 'bindings';
}
