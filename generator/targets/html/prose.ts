/** Markdown as HTML: pages load nothing from elsewhere, run nothing and fit a narrow screen, whatever is written. */
import type { MarkdownIt, Token } from 'markdown-it';
import { deeper, markdownReader } from '../documentation/prose.js';
import { Markup, markup } from './markup.js';

export async function proseWriter(): Promise<Prose> {
  return new Prose(await markdownReader());
}

/** What may be done to the parts of a text before they are written. */
export type Change = (tokens: readonly Token[]) => void;

export class Prose {
  readonly #reader: MarkdownIt;

  constructor(reader: MarkdownIt) {
    this.#reader = reader;
    const { rules } = reader.renderer;
    // Their text instead of images, which would be loaded from elsewhere.
    rules['image'] = (tokens, index, options, env) =>
      markup`${reader.renderer.renderInlineAsText(tokens[index]?.children ?? [], options, env)}`.text;
  }

  /** Blocks, with their headings below a level. */
  blocks(text: string, level: number, change?: Change): Markup {
    const tokens = this.#reader.parse(text, {});
    for (const token of tokens) if (/^heading_/.test(token.type)) token.tag = `h${deeper(token.tag, level)}`;
    labelCells(tokens);
    change?.(tokens);
    return new Markup(this.#reader.renderer.render(tokens, this.#reader.options, {}).trimEnd());
  }

  /** For the middle of a line: without blocks. */
  inline(text: string): Markup {
    return new Markup(this.#reader.renderInline(text, {}));
  }
}

/** Each cell says what its column is called, for screens on which the row of titles does not stand above. */
function labelCells(tokens: readonly Token[]): void {
  let titles: string[] = [];
  let column = 0;
  tokens.forEach((token, index) => {
    // Alignment is a style in the page, which the page's policy refuses.
    if (/^t[hd]_open$/.test(token.type)) token.attrs = null;
    if (token.type === 'table_open') titles = [];
    if (token.type === 'tr_open') column = 0;
    if (token.type === 'th_open') {
      titles.push(textOf(tokens[index + 1]));
      token.attrSet('scope', 'col');
    }
    if (token.type === 'td_open') {
      token.attrSet('data-label', titles[column] ?? '');
      column += 1;
    }
  });
}

/** Without the marks of code and emphasis. */
export function textOf(inline: Token | undefined): string {
  return (inline?.children ?? []).map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}
