/** What stands around the content of each page, and the files that all pages share. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { commented } from '../../print/header.js';
import { templateFile } from '../../print/template.js';
import type { FileMap } from '../target.js';
import { code, markup, stacked, type Markup, type Part } from './markup.js';
import { indexText, type Entry } from './search.js';

/** Where a page is, from the folder of all pages. */
export interface PageLink {
  readonly name: string;
  readonly path: string;
  /** Names of definitions are code. */
  readonly isCode?: boolean;
}

/** Pages that belong together, below a title. */
export interface Section {
  readonly title: PageLink;
  readonly links: readonly PageLink[];
}

export interface Navigation {
  /** What all pages together are called. */
  readonly site: string;
  /** At the top of each page. */
  readonly top: readonly PageLink[];
  /** Beside the content. */
  readonly beside: readonly Section[];
}

export interface PageContent {
  readonly path: string;
  readonly title: string;
  readonly main: Markup;
}

/** A whole page. @param banner a comment for its top */
export function pageText(navigation: Navigation, { path, title, main }: PageContent, banner: string): string {
  const root = '../'.repeat(path.split('/').length - 1);
  const link = ({ name, path: to, isCode = false }: PageLink): Markup => {
    const current = to === path && markup` aria-current="page"`;
    return markup`<a href="${root}${to}"${current}>${isCode ? code(name) : name}</a>`;
  };
  const beside = navigation.beside.flatMap(({ title: over, links }) => [
    markup`<h2>${link(over)}</h2>`,
    markup`<ul>`,
    ...links.map((each) => markup`<li>${link(each)}</li>`),
    markup`</ul>`,
  ]);
  const holes: Readonly<Record<string, Part>> = {
    title: title === navigation.site ? title : `${title} · ${navigation.site}`,
    site: navigation.site,
    root,
    top: navigation.top.map(link),
    main: [markup`\n`, main, markup`\n`],
    beside: [markup`\n`, stacked(...beside), markup`\n`],
  };
  const text = templateFile('html/page.html').replace(/\{\{(\w+)\}\}/g, (_, hole: string) => {
    if (!(hole in holes)) throw new InternalError(`nothing is known of {{${hole}}} in templates/html/page.html`);
    return markup`${holes[hole]}`.text;
  });
  return `${banner}\n${text}`;
}

/** @param banner its lines */
export function sharedFiles(entries: readonly Entry[], banner: readonly string[]): FileMap {
  const top = `${commented(banner).join('\n')}\n`;
  return new Map([
    ['style.css', `/*\n${banner.join('\n').replaceAll('*/', '* /')}\n*/\n${templateFile('html/style.css')}`],
    ['search.js', `${top}${templateFile('html/search.js')}`],
    ['search-index.js', `${top}${indexText(entries)}`],
  ]);
}
