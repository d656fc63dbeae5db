/** Links of documentation in Markdown and HTML. */
import MarkdownIt from 'markdown-it';
import { Slugs } from '../../generator/targets/documentation/slugs.js';
import type { FileMap } from '../../generator/targets/target.js';

interface Page {
  /** Where each link leads. */
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

/** Anchors are those of headings. */
function markdownPage(text: string): Page {
  const slugs = new Slugs();
  const tokens = new MarkdownIt().parse(text, {});
  const inline = tokens.flatMap((token) => token.children ?? []);
  return {
    links: inline.filter(({ type }) => type === 'link_open').map((token) => String(token.attrGet('href'))),
    anchors: new Set(
      tokens.flatMap(({ type }, index) =>
        type === 'heading_open' ? [slugs.next((tokens[index + 1]?.content ?? '').replaceAll('`', ''))] : [],
      ),
    ),
  };
}

function htmlPage(text: string): Page {
  const values = (attribute: string): readonly string[] =>
    [...text.matchAll(new RegExp(`<[^>]* ${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
  const ids = values('id');
  const twice = ids.filter((id, at) => ids.indexOf(id) < at);
  if (twice.length > 0) throw new Error(`these ids stand twice: ${twice.join(' ')}`);
  return { links: [...values('href'), ...values('src')].filter((link) => link !== 'data:,'), anchors: new Set(ids) };
}

/** Links of pages that lead nowhere. */
export function deadLinks(files: FileMap): readonly string[] {
  const pages = new Map(
    [...files].map(([path, text]) => {
      if (path.endsWith('.md')) return [path, markdownPage(text)];
      return [path, path.endsWith('.html') ? htmlPage(text) : { links: [], anchors: new Set() }];
    }),
  );
  return [...pages].flatMap(([path, { links }]) =>
    links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const page = pages.get(file === '' ? path : file);
      return page === undefined || (anchor !== undefined && !page.anchors.has(anchor));
    }),
  );
}
