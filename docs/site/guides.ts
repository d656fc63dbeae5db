/** What is written for readers: README.md, docs, folders that have their own, and all Markdown that these lead to. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { packageRoot } from '../../generator/package-root.js';
import type { Prose } from '../../generator/targets/html/prose.js';
import type { PageLink } from '../../generator/targets/html/shell.js';
import type { Area } from './area.js';
import { articlePage } from './articles.js';

/** The page of everybody's first visit. */
const start = 'README.md';

/** @param repository its address, for files that have no page */
export function guidesArea(prose: Prose, repository: string): Area {
  const pages = new Map<string, ReturnType<typeof articlePage>>();
  const docs = readdirSync(join(packageRoot, 'docs')).map((name) => `docs/${name}`);
  const folders = ['examples', 'witx', 'generator', 'runtime'].map((name) => `${name}/README.md`);
  const waiting = [start, ...docs.filter((file) => file.endsWith('.md')).toSorted(), ...folders];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (pages.has(file)) continue;
    const from = file;
    const hrefOf = (link: string): string => {
      if (/^(?:[a-z]+:|#)/.test(link)) return link;
      const [path = '', anchor] = link.split('#');
      const to = posix.join(posix.dirname(from), path).replace(/\/$/, '');
      const folder = join(packageRoot, to);
      if (to.startsWith('..') || !existsSync(folder)) throw new Error(`${from}: there is no ${to}`);
      const isFolder = statSync(folder).isDirectory();
      const article = isFolder ? posix.join(to, 'README.md') : to;
      if (!article.endsWith('.md') || !existsSync(join(packageRoot, article)))
        return `${repository}/${isFolder ? 'tree' : 'blob'}/main/${to}`;
      waiting.push(article);
      const href = posix.relative(posix.dirname(pathOf(from)), pathOf(article));
      return anchor === undefined ? href : `${href}#${anchor}`;
    };
    const text = readFileSync(join(packageRoot, file), 'utf8').replaceAll('\r\n', '\n');
    pages.set(file, articlePage({ path: pathOf(file), text, hrefOf, found: { level: 3, what: 'guide' } }, prose));
  }
  const links = [...pages].map(([file, { title, path }]) => ({ file, link: { name: title, path } }));
  const among = (pattern: RegExp): readonly PageLink[] =>
    links.filter(({ file }) => pattern.test(file)).map(({ link }) => link);
  const ofFolders = among(/\/README\.md$/).toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const others = links.filter(({ link }) => !ofFolders.includes(link)).map(({ link }) => link);
  return {
    pages: [...pages.values()],
    beside: [
      { title: { name: 'Guides', path: pathOf(start) }, links: others },
      { title: { name: 'Folders', path: pathOf(folders[0] ?? start) }, links: ofFolders },
    ],
    entries: [...pages.values()].flatMap(({ entries }) => entries),
  };
}

function pathOf(file: string): string {
  return file === start ? 'index.html' : `guides/${file.replace(/\.md$/, '.html')}`;
}
