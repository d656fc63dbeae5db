/** A comparison as text, for terminals, or as Markdown. */
import type { Change, Comparison, Party } from './change.js';
import { totals } from './compare.js';

/** The marks around words. */
export interface Style {
  readonly heading: (text: string) => string;
  readonly mark: (kind: Change['kind'], text: string) => string;
  readonly dim: (text: string) => string;
}

const marks: Readonly<Record<Change['kind'], string>> = {
  added: '+',
  removed: '-',
  renamed: '>',
  changed: '~',
  parameters: ' ',
  documented: ' ',
};

/** Lines by module, and a last one that counts; one line where nothing changed. */
export function changesText(comparison: Comparison, style: Style): readonly string[] {
  const lines: string[] = [];
  for (const [place, changes] of byPlace(comparison.changes)) {
    lines.push(style.heading(place));
    for (const [first, ...others] of alike(changes)) {
      const { kind, subject, breaks, details, concerns = [] } = first;
      const titles = others.length === 0 ? titleOf(first) : few([first, ...others].map(titleOf));
      const text = `${marks[kind]} ${subject}${others.length === 0 ? '' : 's'} ${titles}`;
      lines.push(`  ${style.mark(kind, text)}  ${style.dim(breaksWhom(breaks))}`);
      for (const detail of details) lines.push(`      ${detail}`);
      if (concerns.length > 0) lines.push(style.dim(`      passed by ${few(concerns)}`));
    }
    for (const [kind, text] of Object.entries(quiet)) {
      const names = changes.filter((each) => each.kind === kind).map(({ name }) => name);
      if (names.length > 0) lines.push(style.dim(`    ${text}: ${few(names)}`));
    }
    lines.push('');
  }
  return [...lines, summary(comparison)];
}

/** What is told in one line. */
const quiet = { parameters: 'parameters have other names', documented: 'other documentation' };

/** All but those, and together what is told in the same words. */
function alike(changes: readonly Change[]): readonly (readonly [Change, ...Change[]])[] {
  const groups = new Map<string, [Change, ...Change[]]>();
  for (const change of changes) {
    const { kind, subject, name, details, concerns = [], breaks } = change;
    if (kind in quiet) continue;
    const single = concerns.length > 0 || details.length > 1;
    const key = JSON.stringify([kind, subject, details, breaks, single ? name : '']);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

export function changesMarkdown(comparison: Comparison): readonly string[] {
  const lines: string[] = [];
  for (const [place, changes] of byPlace(comparison.changes)) {
    lines.push(`### ${place}`, '', '| | what | breaks | |', '| --- | --- | --- | --- |');
    for (const change of changes) {
      const more =
        change.concerns === undefined || change.concerns.length === 0 ? [] : [`passed by ${few(change.concerns)}`];
      const cells = [
        change.kind,
        `${change.subject} ${titleOf(change)}`,
        change.breaks.join(', '),
        [...change.details, ...more].join('; '),
      ];
      lines.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    }
    lines.push('');
  }
  return [...lines, summary(comparison)];
}

function summary(comparison: Comparison): string {
  const { changes, guests, hosts, nobody } = totals(comparison);
  const abi = comparison.anotherAbi ? 'One is WITX, the other WIT: all guests and hosts are built anew. ' : '';
  if (changes === 0) return `${abi}Nothing changed.`;
  const counted = changes === 1 ? '1 change' : `${changes} changes`;
  return `${abi}${counted}: ${guests} break guests, ${hosts} break hosts, ${nobody} break nobody`;
}

function titleOf({ name, was, guessed, kind }: Change): string {
  if (was === undefined) return `\`${name}\``;
  return `\`${name}\` (${kind === 'renamed' ? 'was' : 'from'} \`${was}\`${guessed === true ? ', a guess' : ''})`;
}

function breaksWhom(breaks: readonly Party[]): string {
  return breaks.length === 0 ? 'breaks nobody' : `breaks ${breaks.join(' and ')}`;
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

/** Modules stand under their own names; packages and worlds under their kind. */
function byPlace(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const places = new Map<string, Change[]>();
  for (const change of changes) {
    const place = change.module ?? (change.subject === 'module' ? change.name : `${change.subject}s`);
    places.set(place, [...(places.get(place) ?? []), change]);
  }
  return places;
}
