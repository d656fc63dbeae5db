/**
 * Random edits of real definitions. Whatever the text, reading it ends soon, throws nothing, gives
 * the same findings twice, and every finding is about a place inside its file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiagnosticBag, type Diagnostic } from '../../generator/diagnostics/diagnostic.js';
import { render, toJson } from '../../generator/diagnostics/render.js';
import { readUnit } from '../../generator/frontend/read.js';
import { printUnit } from '../../generator/model/print.js';
import { memoryReader } from '../../generator/source/loader.js';
import type { Span } from '../../generator/source/source.js';
import { hasShared, projectRoot, shared } from '../shared.js';

type Random = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const splices = [
  '(', ')', '((', '))', '"', ';', ';;', ';;;', '(;', ';)', '$', '$x', '@witx', '@', ',', '*', '\\', '\0', '\r', '\n', '\t', '\ufeff', '\ud800', '😀', 'ä', '0x', '-1',
  '99999999999999999999999', 'typename', 'module', 'use', 'from', '(typename $a $a)', '(use "x.witx")', '(use * from $nowhere)', '(module $m', '(@interface func (export "f")',
  '(param $x_len u32)', '(@witx const_pointer u8)', '(enum', '(variant (case $a', '(list '.repeat(80), '(resource $r)', '(handle $r)', '[', '{}', "'", '#',
];

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

/** One edit: of characters, or of whole tokens. */
function edit(text: string, random: Random): string {
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
      return text.slice(0, at) + text.slice(at + length, at + 2 * length) + text.slice(at, at + length) + text.slice(at + 2 * length);
    case 4:
      return text.slice(0, at) + String.fromCharCode(random(2) === 0 ? random(128) : random(0x10000)) + text.slice(at + 1);
    case 5:
      return text.slice(0, at);
    default: {
      const tokens = text.split(/(?<=[\s()])|(?=[\s()])/);
      const [first, second] = [random(tokens.length), random(tokens.length)];
      const [one, other] = [tokens[first] ?? '', tokens[second] ?? ''];
      if (random(3) === 0) tokens[first] = '';
      else if (random(2) === 0) tokens[first] = one + one;
      else [tokens[first], tokens[second]] = [other, one];
      return tokens.join('');
    }
  }
}

interface Corpus {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

function corpusIn(folder: string, name: string): Corpus {
  const names = readdirSync(folder).filter((each) => each.endsWith('.witx'));
  return { name, files: new Map(names.map((each) => [each, readFileSync(join(folder, each), 'utf8')])) };
}

const corpora: readonly Corpus[] = [
  ...['0.9', '0.10'].map((each) => corpusIn(join(projectRoot, 'witx', each), each)),
  ...(hasShared ? [corpusIn(shared('spec/witx-preview1'), 'preview 1')] : []),
  corpusIn(join(projectRoot, 'test/frontend/cases'), 'cases'),
];

interface Reading {
  readonly model: string | undefined;
  readonly found: readonly Diagnostic[];
}

function read(files: ReadonlyMap<string, string>, entry: string): Reading {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'fuzz', entries: [entry] }, memoryReader(files), bag);
  return { model: unit === undefined ? undefined : printUnit(unit), found: bag.all };
}

function isInside({ file, start, end }: Span): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= file.text.length;
}

/** What is wrong with the findings themselves. */
function flaws({ model, found }: Reading): readonly string[] {
  const spans = found.flatMap((each) => [...(each.span === undefined ? [] : [each.span]), ...each.related.map((other) => other.span)]);
  const texts = found.flatMap((each) => [each.message, each.hint ?? '']);
  return [
    ...spans.filter((span) => !isInside(span)).map((span) => `span ${span.start} to ${span.end} outside ${span.file.path}`),
    ...texts.filter((text) => /undefined|NaN|\[object|Expecting|keyword u|possible Token sequences/.test(text)),
    ...found.filter((each) => each.span === undefined && each.code !== 'empty-spec' && each.code !== 'file-not-found').map((each) => `${each.code} has no place`),
    ...(model === undefined && !found.some((each) => each.severity === 'error') ? ['no model, and no error says why'] : []),
  ];
}

describe('random edits', () => {
  test.for(corpora)('$name', ({ files }) => {
    const random = randomFrom(files.size * 7919);
    const names = [...files.keys()];
    const codes = new Set<string>();
    for (let round = 0; round < 600; round += 1) {
      const name = pick(random, names);
      let text = files.get(name) ?? '';
      for (let edits = 1 + random(4); edits > 0; edits -= 1) text = edit(text, random);
      const edited = new Map([...files, [name, text]]);
      const reading = read(edited, name);
      expect(flaws(reading), text).toEqual([]);
      for (const each of reading.found) {
        codes.add(each.code);
        expect(render(each)).not.toBe('');
      }
      if (round % 50 === 0) {
        const again = read(edited, name);
        expect(again.found.map(toJson)).toEqual(reading.found.map(toJson));
        expect(again.model).toBe(reading.model);
      }
    }
    // Edits that break nothing would prove nothing.
    expect(codes.size).toBeGreaterThan(8);
  });

  test('noise', () => {
    const random = randomFrom(1);
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: random(60) }, () => pick(random, splices)).join(random(2) === 0 ? ' ' : '');
      expect(flaws(read(new Map([['noise.witx', text]]), 'noise.witx')), text).toEqual([]);
    }
  });
});

describe('size', () => {
  test('a chain of ten thousand aliases', () => {
    const links = Array.from({ length: 10_000 }, (_, index) => `(typename $t${index} $t${index + 1})`);
    const { found } = read(new Map([['long.witx', `${links.join('\n')}\n(typename $t10000 u8)\n`]]), 'long.witx');
    expect(found).toEqual([]);
  });

  test('a circle of ten thousand aliases', () => {
    const links = Array.from({ length: 10_000 }, (_, index) => `(typename $t${index} $t${(index + 1) % 10_000})`);
    const { found } = read(new Map([['long.witx', links.join('\n')]]), 'long.witx');
    expect(found.map((each) => each.code)).toEqual(['cyclic-type']);
  });

  test('a hundred thousand parentheses', () => {
    for (const text of ['('.repeat(100_000), ')'.repeat(3000), `(typename $a ${'(list '.repeat(50_000)}`, '()'.repeat(1000)]) {
      const reading = read(new Map([['deep.witx', text]]), 'deep.witx');
      expect(flaws(reading)).toEqual([]);
      expect(reading.model).toBeUndefined();
    }
  });

  test('a chain of a thousand files', () => {
    const files = Array.from({ length: 1000 }, (_, index): [string, string] => [`f${index}.witx`, `(use "f${index + 1}.witx")`]);
    const { model } = read(new Map([...files, ['f1000.witx', '(typename $t u8)']]), 'f0.witx');
    expect(model).toContain('type t = u8');
  });
});
