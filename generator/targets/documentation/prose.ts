/** Comments of definitions are Markdown. What else stands in them, such as HTML, is text. */
import type { MarkdownIt } from 'markdown-it';

/** Loaded on first use: most runs write no documentation. */
export async function markdownReader(): Promise<MarkdownIt> {
  const { default: Reader } = await import('markdown-it');
  return new Reader({ html: false });
}

/** The same text with its headings below a level, for a place under a heading of its own. */
export function below(text: string, level: number, reader: MarkdownIt): string {
  const lines = text.split('\n');
  const tokens = reader.parse(text, {});
  tokens.forEach(({ type, map, tag, markup }, index) => {
    if (type !== 'heading_open' || map === null) return;
    const [start, end] = map;
    const marks = '#'.repeat(deeper(tag, level));
    const content = tokens[index + 1]?.content.replaceAll('\n', ' ') ?? '';
    const indent = /^[\s>*+-]*/.exec(lines[start] ?? '')?.[0] ?? '';
    // Those of a list or a quote stay as they are, but for their marks.
    if (markup.startsWith('#')) lines[start] = (lines[start] ?? '').replace(/#+/, marks);
    else lines.splice(start, end - start, `${indent}${marks} ${content}`, ...Array<string>(end - start - 1).fill(''));
  });
  return lines.join('\n');
}

/** The number of a heading that stands below a level: of `h2`, below the third, 5. */
export function deeper(tag: string, level: number): number {
  return Math.min(6, Number(tag.slice(1)) + level);
}

/** On one line, for the cell of a table: items of lists and paragraphs are parted by what `breaks` is. */
export function onOneLine(text: string, breaks: string): string {
  return text
    .replace(/\n\s*\n|\n(?=\s*[-*] )/g, breaks)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
