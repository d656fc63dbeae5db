/**
 * Random edits of definitions, for both kinds of them. Whatever the text, reading it ends soon,
 * throws nothing, gives the same findings twice, and every finding is about a place inside its file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DiagnosticBag, type Diagnostic } from '../../generator/diagnostics/diagnostic.js';
import { render, toJson } from '../../generator/diagnostics/render.js';
import { readUnit } from '../../generator/frontend/read.js';
import { printUnit } from '../../generator/model/print.js';
import { memoryReader } from '../../generator/source/loader.js';
import type { Span } from '../../generator/source/source.js';

export type Random = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

/** One edit: of characters, or of whole tokens. */
function edit(text: string, splices: readonly string[], random: Random): string {
  const at = random(text.length + 1);
  const length = 1 + random(random(4) === 0 ? 200 : 6);
  switch (random(7)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + pick(random, splices) + text.slice(at);
    case 2:
      return text.slice(0, at + length) + text.slice(at);
    case 3:
      return (
        text.slice(0, at) +
        text.slice(at + length, at + 2 * length) +
        text.slice(at, at + length) +
        text.slice(at + 2 * length)
      );
    case 4:
      return (
        text.slice(0, at) + String.fromCharCode(random(2) === 0 ? random(128) : random(0x10000)) + text.slice(at + 1)
      );
    case 5:
      return text.slice(0, at);
    default: {
      const tokens = text.split(/(?<=[\s(){}<>;:,])|(?=[\s(){}<>;:,])/);
      const [first, second] = [random(tokens.length), random(tokens.length)];
      const [one, other] = [tokens[first] ?? '', tokens[second] ?? ''];
      if (random(3) === 0) tokens[first] = '';
      else if (random(2) === 0) tokens[first] = one + one;
      else [tokens[first], tokens[second]] = [other, one];
      return tokens.join('');
    }
  }
}

export interface Corpus {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

export function corpusIn(folder: string, name: string, extension: string): Corpus {
  const names = readdirSync(folder).filter((each) => each.endsWith(extension));
  return { name, files: new Map(names.map((each) => [each, readFileSync(join(folder, each), 'utf8')])) };
}

export interface Reading {
  readonly model: string | undefined;
  readonly found: readonly Diagnostic[];
}

export function read(files: ReadonlyMap<string, string>, entry: string): Reading {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'fuzz', entries: [entry] }, memoryReader(files), bag);
  return { model: unit === undefined ? undefined : printUnit(unit), found: bag.all };
}

function isInside({ file, start, end }: Span): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= file.text.length;
}

/** What is wrong with the findings themselves. */
export function flaws({ model, found }: Reading): readonly string[] {
  const spans = found.flatMap((each) => [
    ...(each.span === undefined ? [] : [each.span]),
    ...each.related.map((other) => other.span),
  ]);
  const texts = found.flatMap((each) => [each.message, each.hint ?? '']);
  return [
    ...spans
      .filter((span) => !isInside(span))
      .map((span) => `span ${span.start} to ${span.end} outside ${span.file.path}`),
    ...texts.filter((text) =>
      /undefined|NaN|\[object|Expecting|keyword u|possible Token sequences|native code/.test(text),
    ),
    ...found
      .filter((each) => each.span === undefined && each.code !== 'empty-spec' && each.code !== 'file-not-found')
      .map((each) => `${each.code} has no place`),
    ...(model === undefined && !found.some((each) => each.severity === 'error')
      ? ['no model, and no error says why']
      : []),
  ];
}

/** Reads a corpus again and again, each time with some edits in one of its files. Returns the codes that were found. */
export function fuzz(
  files: ReadonlyMap<string, string>,
  splices: readonly string[],
  rounds: number,
  entryOf: (name: string) => string,
): ReadonlySet<string> {
  const random = randomFrom(files.size * 7919);
  const names = [...files.keys()];
  const codes = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const name = pick(random, names);
    let text = files.get(name) ?? '';
    for (let edits = 1 + random(4); edits > 0; edits -= 1) text = edit(text, splices, random);
    const edited = new Map([...files, [name, text]]);
    const reading = read(edited, entryOf(name));
    expect(flaws(reading), text).toEqual([]);
    for (const each of reading.found) {
      codes.add(each.code);
      expect(render(each)).not.toBe('');
    }
    if (round % 50 === 0) {
      const again = read(edited, entryOf(name));
      expect(again.found.map(toJson)).toEqual(reading.found.map(toJson));
      expect(again.model).toBe(reading.model);
    }
  }
  return codes;
}

/** Reads texts that are nothing but splices. */
export function noise(name: string, splices: readonly string[], rounds: number): void {
  const random = randomFrom(1);
  for (let round = 0; round < rounds; round += 1) {
    const text = Array.from({ length: random(60) }, () => pick(random, splices)).join(random(2) === 0 ? ' ' : '');
    expect(flaws(read(new Map([[name, text]]), name)), text).toEqual([]);
  }
}
