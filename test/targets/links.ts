/** Links of documentation in Markdown and HTML. */
import MarkdownIt from 'markdown-it';
import { Slugs } from '../../generator/targets/documentation/slugs.js';
import type { FileMap } from '../../generator/targets/target.js';
import { deadLinks as deadHtmlLinks } from '../../docs/site/links.js';

/** Where each link of a file leads, and the anchors of its headings. */
function linksOf(text: string): { readonly links: readonly string[]; readonly anchors: ReadonlySet<string> } {
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

/** Links of pages that lead nowhere. */
export function deadLinks(files: FileMap): readonly string[] {
  const written = [...files].filter(([path]) => path.endsWith('.md'));
  const pages = new Map(written.map(([path, text]) => [path, linksOf(text)]));
  const dead = [...pages].flatMap(([path, { links }]) =>
    links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const page = pages.get(file === '' ? path : file);
      return page === undefined || (anchor !== undefined && !page.anchors.has(anchor));
    }),
  );
  return [...dead, ...deadHtmlLinks(files)];
}
