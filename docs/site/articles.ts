/** Articles in Markdown as pages, with anchors as GitHub gives them. */
import { Slugs } from '../../generator/targets/documentation/slugs.js';
import { textOf, type Change, type Prose } from '../../generator/targets/html/prose.js';
import type { Entry } from '../../generator/targets/html/search.js';
import type { PageContent } from '../../generator/targets/html/shell.js';

export interface Article {
  readonly path: string;
  readonly text: string;
  /** Where a link of the text leads on the site. */
  readonly hrefOf: (link: string) => string;
  /** What else is done to the parts of the text. */
  readonly change?: Change;
  /** The deepest headings that the search finds, and what they are. */
  readonly found: { readonly level: number; readonly what: string };
}

/** @returns the page, and the entries of its headings */
export function articlePage(article: Article, prose: Prose): PageContent & { readonly entries: readonly Entry[] } {
  const { path, text, hrefOf, change, found } = article;
  const slugs = new Slugs();
  const headings: { readonly name: string; readonly level: number; readonly slug: string }[] = [];
  const main = prose.blocks(text, 0, (tokens) => {
    change?.(tokens);
    tokens.forEach((token, index) => {
      if (token.type === 'heading_open') {
        const name = textOf(tokens[index + 1]);
        const slug = slugs.next(name);
        token.attrSet('id', slug);
        headings.push({ name, level: Number(token.tag.slice(1)), slug });
      }
      for (const child of token.children ?? []) {
        const href = child.type === 'link_open' ? child.attrGet('href') : null;
        if (href !== null) child.attrSet('href', hrefOf(String(href)));
      }
    });
  });
  const title = headings[0]?.name ?? path;
  return {
    path,
    title,
    main,
    entries: headings
      .filter(({ level }) => level <= found.level)
      .map(({ name, slug }) => ({
        name,
        what: name === title ? found.what : `${found.what} · ${title}`,
        path: `${path}#${slug}`,
        summary: '',
      })),
  };
}
