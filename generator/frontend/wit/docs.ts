// Doc comments of WIT: `///` lines and `/**` blocks before what they are about; other comments between them do not part them.
import type { IToken } from 'chevrotain';
import { dedent, type Docs } from '../docs.js';

/** The text of a `/**` block; its first line stands beside the mark, so that line's indentation says nothing. */
function blockText(image: string): string {
  const [first = '', ...rest] = image.slice(3, -2).split('\n');
  const starred = rest.every((line, index) => /^\s*\*/.test(line) || (index === rest.length - 1 && line.trim() === ''));
  const body = dedent(starred ? rest.map((line) => line.replace(/^\s*\*/, '')) : rest);
  return [first.trim(), body].filter((each) => each !== '').join('\n');
}

// Four slashes, and three stars, begin no doc comment.
const isDocLine = (image: string): boolean => /^\/\/\/(?!\/)/.test(image);
const isDocBlock = (image: string): boolean => /^\/\*\*(?![*/])/.test(image);

function docsOf(images: readonly string[]): string {
  const parts: string[] = [];
  let lines: string[] = [];
  const endLines = (): void => {
    if (lines.length > 0) parts.push(dedent(lines));
    lines = [];
  };
  for (const image of images) {
    if (isDocLine(image)) {
      lines.push(image.slice(3));
    } else if (isDocBlock(image)) {
      endLines();
      parts.push(blockText(image));
    }
  }
  endLines();
  return parts.filter((each) => each !== '').join('\n');
}

export interface WitDocs extends Docs {
  /** Whether any comment, a doc or not, stands before what starts at an offset. */
  isCommented(offset: number): boolean;
}

/** `starts` are the offsets of all tokens, ascending, as are the comments. */
export function attachDocs(comments: readonly IToken[], starts: readonly number[]): WitDocs {
  const found = new Map<number, string>();
  let next = 0;
  for (const start of starts) {
    const images: string[] = [];
    for (let comment = comments[next]; comment !== undefined && comment.startOffset < start; comment = comments[next]) {
      images.push(comment.image);
      next += 1;
    }
    if (images.length > 0) found.set(start, docsOf(images));
  }
  return { at: (offset) => found.get(offset) ?? '', file: '', isCommented: (offset) => found.has(offset) };
}
