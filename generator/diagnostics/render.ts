/** Diagnostics for people (a frame of code with the place underlined) and for machines (JSON). */
import type { SourceFile, Span } from '../source/source.js';
import type { Severity } from './catalog.js';
import type { Diagnostic } from './diagnostic.js';

export type Paint = (text: string) => string;

/** The colours used; what picocolors' `createColors` returns is one. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
}

const same: Paint = (text) => text;
export const plain: Palette = { bold: same, dim: same, red: same, yellow: same, blue: same, cyan: same };

const tabStop = 4;
/** Columns of code that are shown of a line. */
const frameWidth = 110;
/** Columns kept before the marked place when a line is cut. */
const frameLead = 40;

/** East Asian wide and fullwidth letters and emoji, roughly: what terminals give two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const combining = /\p{Mark}|\u200b|\u200c|\u200d|\ufeff/u;
/** Terminals act on these; a definition file must not. */
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

interface Cell {
  readonly text: string;
  readonly width: number;
  /** The offset in the line. */
  readonly at: number;
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = 0;
  for (const character of line) {
    let cell: Cell = { text: character, width: 1, at };
    if (character === '\t')
      cell = { text: ' '.repeat(tabStop - (column % tabStop)), width: tabStop - (column % tabStop), at };
    else if (control.test(character)) cell = { text: '\ufffd', width: 1, at };
    else if (combining.test(character)) cell = { text: character, width: 0, at };
    else if (wide.test(character)) cell = { text: character, width: 2, at };
    cells.push(cell);
    column += cell.width;
    at += character.length;
  }
  return cells;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** Of a long line only this much on both sides of the place is looked at: letters without a width are that rare. */
const frameReach = 500;

/** A line, or what of it can be shown at all, with the place in it. */
function surroundings(
  line: string,
  from: number,
  to: number,
): { readonly line: string; readonly from: number; readonly to: number } {
  const start = Math.max(0, from - frameReach);
  return { line: line.slice(start, from + frameReach), from: from - start, to: Math.min(to - start, 2 * frameReach) };
}

/** The part of a line to show, with the place to mark in columns. */
function excerpt(
  whole: string,
  first: number,
  last: number,
): { readonly text: string; readonly indent: number; readonly length: number } {
  const { line, from, to } = surroundings(whole, first, last);
  let cells = cellsOf(line);
  let prefix = '';
  if (widthOf(cells) > frameWidth) {
    const before = cells.filter((cell) => cell.at < from);
    let skipped = 0;
    for (let width = widthOf(before); width > frameLead; skipped += 1) width -= before[skipped]?.width ?? 0;
    prefix = skipped > 0 ? '…' : '';
    cells = cells.slice(skipped);
    let shown = cells.length;
    if (widthOf(cells) > frameWidth) {
      shown = 0;
      for (let used = 0; used + (cells[shown]?.width ?? 0) <= frameWidth; shown += 1) used += cells[shown]?.width ?? 0;
      cells = [...cells.slice(0, shown), { text: '…', width: 1, at: Number.POSITIVE_INFINITY }];
    }
  }
  const before = cells.filter((cell) => cell.at < from);
  const marked = cells.filter((cell) => cell.at >= from && cell.at < to);
  return {
    text: prefix + cells.map((cell) => cell.text).join(''),
    indent: prefix.length + widthOf(before),
    length: Math.max(1, widthOf(marked)),
  };
}

function frame(span: Span, mark: string, paint: Paint, palette: Palette): readonly string[] {
  const { file } = span;
  const start = file.position(span.start);
  const line = file.line(start.line);
  const from = start.column - 1;
  // A span over several lines is underlined to the end of its first.
  const to = Math.min(from + Math.max(1, span.end - span.start), Math.max(line.length, from + 1));
  const { text, indent, length } = excerpt(line, from, to);
  const gutter = String(start.line);
  const margin = ' '.repeat(gutter.length);
  return [
    `${margin}${palette.blue('-->')} ${file.path}:${start.line}:${start.column}`,
    `${margin} ${palette.blue('|')}`,
    `${palette.blue(`${gutter} |`)} ${text}`.trimEnd(),
    `${margin} ${palette.blue('|')} ${' '.repeat(indent)}${paint(mark.repeat(length))}`,
  ];
}

const paints: { readonly [S in Severity]: 'red' | 'yellow' } = { error: 'red', warning: 'yellow' };

/** Some lines of text, without a line break at the end. */
export function render(diagnostic: Diagnostic, palette: Palette = plain): string {
  const paint = palette[paints[diagnostic.severity]];
  const lines = [
    `${palette.bold(paint(`${diagnostic.severity}[${diagnostic.code}]`))}${palette.bold(`: ${diagnostic.message}`)}`,
  ];
  if (diagnostic.span !== undefined) lines.push(...frame(diagnostic.span, '^', paint, palette));
  for (const each of diagnostic.related)
    lines.push(
      `${palette.bold(palette.cyan('note'))}: ${each.message}`,
      ...frame(each.span, '-', palette.cyan, palette),
    );
  if (diagnostic.hint !== undefined) lines.push(`${palette.bold(palette.cyan('hint'))}: ${diagnostic.hint}`);
  return lines.join('\n');
}

/** Sorted as a reader goes through the files; what is about no place comes first. */
export function inReadingOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Map<SourceFile | undefined, number>([[undefined, 0]]);
  for (const { span } of diagnostics) if (!files.has(span?.file)) files.set(span?.file, files.size);
  const place = (each: Diagnostic): number => files.get(each.span?.file) ?? 0;
  return diagnostics.toSorted((a, b) => place(a) - place(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

/** `2 errors, 1 warning`; empty when there is nothing. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity): string[] => {
    const found = diagnostics.filter((each) => each.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning')].join(', ');
}

export interface JsonPosition {
  readonly line: number;
  readonly column: number;
  /** In UTF-16 code units, from 0. */
  readonly offset: number;
}

export interface JsonPlace {
  readonly file: string | null;
  readonly start: JsonPosition | null;
  readonly end: JsonPosition | null;
}

export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string | null;
  readonly related: readonly (JsonPlace & { readonly message: string })[];
}

function jsonPosition(file: SourceFile, offset: number): JsonPosition {
  const { line, column } = file.position(offset);
  return { line, column, offset };
}

function jsonPlace(span: Span | undefined): JsonPlace {
  if (span === undefined) return { file: null, start: null, end: null };
  return { file: span.file.path, start: jsonPosition(span.file, span.start), end: jsonPosition(span.file, span.end) };
}

/** The shape is part of the public interface: keys are always there, in this order. */
export function toJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, message, hint, span, related } = diagnostic;
  return {
    code,
    severity,
    message,
    hint: hint ?? null,
    ...jsonPlace(span),
    related: related.map((each) => ({ message: each.message, ...jsonPlace(each.span) })),
  };
}
