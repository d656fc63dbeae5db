/** What pages say in the same words, whatever they are written in: phrases in Markdown. */
import type { Dialect } from '../../model/model.js';
import type { Page, TypeEntry } from './manual.js';

/** What the other dialect is called. */
const otherDialect: Readonly<Record<Dialect, string>> = { witx: 'WIT', wit: 'WITX' };

/** What a page is about, and its name in the other dialect. */
export function pageFacts(page: Page, dialect: Dialect): readonly string[] {
  const { kind, name, id } = page;
  return [
    `${kind === 'types' ? 'Types' : capital(kind)}${id === name ? '' : ` ${code(id)}`}`,
    ...otherName(page, dialect),
  ];
}

/** Nothing where both dialects write the same. */
export function otherName(
  { name, elsewhere }: { readonly name: string; readonly elsewhere: string | undefined },
  dialect: Dialect,
): readonly string[] {
  return elsewhere === undefined || elsewhere === name ? [] : [`in ${otherDialect[dialect]} ${code(elsewhere)}`];
}

/** `enum` of `u16`, its size, and where a variant has what it holds. */
export function layoutFacts({ kind, repr, size, align, payloadOffset, members }: TypeEntry): readonly string[] {
  const holds = members.some(({ type }) => type !== undefined);
  return [
    ...(kind === 'type' ? [] : [repr === undefined ? kind : `${kind} of ${code(repr)}`]),
    ...(size === undefined ? [] : [`${size === 1 ? '1 byte' : `${size} bytes`}, aligned to ${align ?? 1}`]),
    ...(payloadOffset === undefined || !holds ? [] : [`payload at ${payloadOffset}`]),
  ];
}

/** As code; text of definitions has no backticks where types and names stand. */
export function code(text: string): string {
  return `\`${text}\``;
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
