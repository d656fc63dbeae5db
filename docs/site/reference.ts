/** The reference of what programs import, which typedoc has written as Markdown: `npm run api`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Prose } from '../../generator/targets/html/prose.js';
import type { Area } from './area.js';
import { articlePage } from './articles.js';

/** @param folder of typedoc's files */
export function referenceArea(prose: Prose, folder: string): Area {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.md'))
    .toSorted();
  const pages = files.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
      // Each function of a revision: the definitions document them.
      .replace(/^\| `imports\.\w*\..*\n/gm, '')
      .replace(/\| - (?=\|)/g, '|  ')
      // Lines between entries, which have headings.
      .replace(/^\*\*\*$/gm, '');
    const hrefOf = (link: string): string =>
      /^[a-z]+:/.test(link) ? link : link.replace(/\.md(?=#|$)/, '.html').replace(/README(?=\.html)/, 'index');
    const path = `reference/${file.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html')}`;
    return articlePage({ path, text, hrefOf, change: anchorCells, found: { level: 3, what: 'reference' } }, prose);
  });
  const index = pages.find(({ path }) => path === 'reference/index.html');
  const others = pages.filter((page) => page !== index);
  return {
    pages,
    beside: [
      {
        title: { name: 'Reference', path: index?.path ?? '' },
        links: others.map(({ title, path }) => ({ name: title, path, isCode: true })),
      },
    ],
    // Headings that only part the entries are not looked for.
    entries: others.flatMap(({ entries }) => entries).filter(({ name }) => !parts.has(name)),
  };
}

const parts = new Set(['Classes', 'Interfaces', 'Type Aliases', 'Variables', 'Functions', 'Enumerations']);

/** Properties stand in tables, and their anchors in HTML before their names: the cells get them. */
const anchorCells: Change = (tokens) => {
  tokens.forEach(({ children }, index) => {
    const first = children?.[0];
    const [written, id] = /^<a id="([\w-]+)"><\/a> /.exec(first?.content ?? '') ?? [];
    if (first === undefined || written === undefined || id === undefined) return;
    first.content = first.content.slice(written.length);
    tokens[index - 1]?.attrSet('id', id);
  });
};
