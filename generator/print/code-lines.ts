/** Lines of code, looked at without a parser: their brackets, and what stands between them. */

/** As the formatter has it. */
export const width = 120;

export interface Line {
  readonly code: string;
  readonly indent: number;
  /** Where what it opens ends, if that is not below its start. */
  readonly base?: number;
}

export function indented(code: string, indent: number): string {
  return `${'  '.repeat(indent)}${code}`;
}

export function fits({ code, indent }: Line): boolean {
  return indent * 2 + code.length <= width;
}

/** Where the string ends that begins at `start`; undefined for one that does not end in its line, and for templates. */
function endOfString(code: string, start: number): number | undefined {
  const quote = code[start];
  if (quote === '`') return undefined;
  for (let at = start + 1; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code[at] === quote) return at;
  }
  return undefined;
}

const opening = '([{';
const closing = ')]}';

/** Of the line's brackets, how many close what earlier lines opened, how many of these stand at its start, and how many stay open. */
export function bracketsOf(
  code: string,
): { readonly closes: number; readonly leads: number; readonly opens: number } | undefined {
  const leads = /^[)\]}]*/.exec(code)?.[0].length ?? 0;
  let [closes, opens] = [0, 0];
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === "'" || char === '"' || char === '`') {
      const end = endOfString(code, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (opening.includes(char)) opens += 1;
    else if (closing.includes(char)) {
      if (opens > 0) opens -= 1;
      else closes += 1;
    }
  }
  return { closes, leads, opens };
}

/** Angles are brackets of types where no space stands inside of them. */
function isOpening(code: string, at: number): boolean {
  return opening.includes(code.charAt(at)) || (code[at] === '<' && /[^\s=<]/.test(code[at + 1] ?? ' '));
}

function isClosing(code: string, at: number): boolean {
  if (code[at] !== '>') return closing.includes(code.charAt(at));
  let before = at - 1;
  while (code[before] === '>') before -= 1;
  return /[^\s=]/.test(code[before] ?? ' ');
}

/** What ends the bracket at `start`; undefined: nothing in this line. */
export function endOf(code: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === "'" || char === '"' || char === '`') {
      const end = endOfString(code, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (isOpening(code, at)) depth += 1;
    else if (isClosing(code, at)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** The parts between separators that stand in no brackets. */
export function split(code: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === "'" || char === '"' || isOpening(code, at)) {
      at = (char === "'" || char === '"' ? endOfString(code, at) : endOf(code, at)) ?? code.length;
    } else if (code.startsWith(separator, at)) {
      parts.push(code.slice(start, at));
      start = at + separator.length;
      at = start - 1;
    }
  }
  return [...parts, code.slice(start)];
}

/** Where a piece stands in no brackets, for the first time. */
export function find(code: string, piece: string): number {
  const [first = ''] = split(code, piece);
  return first.length === code.length ? -1 : first.length;
}

/** Whether a line has a form that the formatter changes, however short it is, or might. */
export function isOther(code: string): boolean {
  return others.test(code);
}

const others = new RegExp(
  [
    '\\{\\s\\s+\\}', // blocks and objects without content
    '=> \\{ (?!switch).*\\}', // blocks on one line
    '\\([\\w$.]+\\)\\[\\]', // needless parentheses
    '(?:= |return |, |: |\\()\\((?!.*=>)(?!.*[|&])[^()]*(?:\\([^()]*\\)[^()]*)*\\)[;,)]',
    "'[A-Za-z_$][\\w$]*'\\??:", // needless quotes
    '\\[\\{ [^}]*, [^}]*\\}, \\{', // several objects
    '"|\\\\|[^ -~]', // quotes and escapes, of which there are several spellings; letters that are two columns wide
  ].join('|'),
);
