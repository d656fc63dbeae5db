/** Doc comments, attached to what they stand before. */

/** A comment line: `;;;…` or `;;…`. */
export interface CommentLine {
  readonly image: string;
  readonly startOffset: number;
}

/** The docs before each token, found by the token's offset. */
export interface Docs {
  /** The docs of what starts at `offset`; empty when there are none. */
  at(offset: number): string;
  /** Docs at the head of a file that an empty line sets apart from what follows. */
  readonly file: string;
}

interface Group {
  readonly lines: string[];
  /** The end of the last line. */
  end: number;
}

function isDoc(image: string): boolean {
  return image.startsWith(';;;') && !image.startsWith(';;;;');
}

/** Takes away the indentation that all lines share, and empty lines at both ends. */
export function dedent(lines: readonly string[]): string {
  const trimmed = lines.map((line) => line.trimEnd());
  const indents = trimmed.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const margin = indents.length === 0 ? 0 : Math.min(...indents);
  return trimmed
    .map((line) => line.slice(margin))
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

function hasEmptyLine(text: string, start: number, end: number): boolean {
  return /\n[ \t\r]*\n/.test(text.slice(start, end));
}

/**
 * `starts` are the offsets of all tokens that are no comments, ascending, as are the comments.
 * A bare `;;` between doc lines is an empty line: so WASI's own files part paragraphs.
 */
export function attachDocs(text: string, comments: readonly CommentLine[], starts: readonly number[]): Docs {
  const found = new Map<number, string>();
  let file = '';
  let next = 0;
  for (let index = 0; index < starts.length && next < comments.length; index += 1) {
    const start = starts[index] ?? 0;
    const groups: Group[] = [];
    for (let comment = comments[next]; comment !== undefined && comment.startOffset < start; comment = comments[next]) {
      next += 1;
      const last = groups.at(-1);
      const end = comment.startOffset + comment.image.length;
      if (isDoc(comment.image)) {
        const line = comment.image.slice(3);
        if (last !== undefined && !hasEmptyLine(text, last.end, comment.startOffset)) {
          last.lines.push(line);
          last.end = end;
        } else {
          groups.push({ lines: [line], end });
        }
      } else if (last !== undefined && comment.image.trimEnd() === ';;') {
        last.lines.push('');
        last.end = end;
      }
    }
    if (groups.length === 0) continue;
    if (index === 0) {
      const head =
        groups.length > 1 ? groups.slice(0, -1) : groups.filter((group) => hasEmptyLine(text, group.end, start));
      file = head.map((group) => dedent(group.lines)).join('\n\n');
      if (groups.length > 1) groups.splice(0, groups.length - 1);
    }
    found.set(start, groups.map((group) => dedent(group.lines)).join('\n\n'));
  }
  return { at: (offset) => found.get(offset) ?? '', file };
}
