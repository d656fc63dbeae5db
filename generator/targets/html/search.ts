/** What is found by its name. */
import type { Manual } from '../documentation/manual.js';
import { pagesOf } from '../documentation/build.js';
import { summaryOf } from '../documentation/docs.js';

export interface Entry {
  readonly name: string;
  /** What it is, and of what. */
  readonly what: string;
  /** Its path from the folder of all pages, with its anchor. */
  readonly path: string;
  readonly summary: string;
}

/** A script, not JSON: pages read from a disk may not fetch. Read by `templates/html/search.js`. */
export function indexText(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, what, path, summary }) => `${JSON.stringify([name, what, path, summary])},\n`);
  return `const searchIndex = [\n${rows.join('')}];\n`;
}

/** All pages, types and functions of a manual. @param pathOf where a page is, from the folder of all pages */
export function entriesOf(manual: Manual, pathOf: (slug: string) => string): readonly Entry[] {
  return pagesOf(manual).flatMap((page): readonly Entry[] => {
    const of = `${manual.label} · ${page.name}`;
    const path = pathOf(page.slug);
    return [
      { name: page.name, what: `${page.kind} of ${manual.label}`, path, summary: said(page.docs) },
      ...page.functions.map(({ name, anchor, docs }) => {
        return { name, what: `function · ${of}`, path: `${path}#${anchor}`, summary: said(docs.text) };
      }),
      ...page.types.map(({ name, anchor, kind, docs }) => {
        return { name, what: `${kind} · ${of}`, path: `${path}#${anchor}`, summary: said(docs) };
      }),
    ];
  });
}

/** Without marks of code: what is found is shown as text. */
function said(docs: string): string {
  return summaryOf(docs).replaceAll('`', '');
}
