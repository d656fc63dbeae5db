/** What comments of definitions say, in parts. Comments are Markdown; a list of errors in them is a convention of ours. */

export interface Docs {
  /** All but the list of errors. */
  readonly text: string;
  /** The line before the list where it says more than "Errors:". */
  readonly errorsIntro: string;
  readonly errors: readonly DocumentedError[];
}

export interface DocumentedError {
  /** The cases of the errno. */
  readonly cases: readonly string[];
  /** When they are returned. */
  readonly when: string;
}

/** `- `overflow`: the text` or `- `a`, `b`: the text`, with lines that go on below it. */
const item = /^[-*] ((?:`[\w-]+`(?:, | and | or )?)+): ?(.*)$/;

/**
 * Finds the list that follows a line which begins with `Errors` and ends with a colon. What is written otherwise
 * stays in the text.
 */
export function partsOf(docs: string): Docs {
  const lines = docs.split('\n');
  const start = lines.findIndex((line, at) => isIntro(line) && item.test(lines[firstItem(lines, at)] ?? ''));
  if (start < 0) return { text: docs, errorsIntro: '', errors: [] };
  const errors: { cases: string[]; when: string }[] = [];
  let next = firstItem(lines, start);
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const [, cases, when] = item.exec(line) ?? [];
    if (cases !== undefined && when !== undefined)
      errors.push({ cases: [...cases.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name), when });
    else if (/^ +\S/.test(line)) {
      const last = errors.at(-1);
      if (last !== undefined) last.when += `\n${line.trim()}`;
    } else break;
  }
  const intro = lines[start] ?? '';
  return {
    text: [lines.slice(0, start), lines.slice(next)]
      .map((part) => part.join('\n').trim())
      .join('\n\n')
      .trim(),
    errorsIntro: intro === 'Errors:' ? '' : intro,
    errors,
  };
}

function isIntro(line: string): boolean {
  return /^Errors\b.*:$/.test(line);
}

/** An empty line may stand between. */
function firstItem(lines: readonly string[], intro: number): number {
  return lines[intro + 1]?.trim() === '' ? intro + 2 : intro + 1;
}

/** The first sentence, on one line. */
export function summaryOf(docs: string): string {
  const paragraph = (docs.split(/\n\s*\n/)[0] ?? '').replace(/\s*\n\s*/g, ' ').trim();
  return /^.*?[.!?](?=\s+[A-Z]|$)/.exec(paragraph)?.[0] ?? paragraph;
}
