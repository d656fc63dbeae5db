/** Whether a text is a module of JavaScript, as Node itself reads it. */
import { spawn } from 'node:child_process';

export interface SyntaxProblem {
  readonly why: string;
  /** What stands in the wrong place. */
  readonly word: string;
  /** The line it stands in. */
  readonly line: string;
}

/** What is wrong with a module; `undefined`: nothing. It is not run. */
export async function syntaxProblem(text: string): Promise<SyntaxProblem | undefined> {
  const child = spawn(process.execPath, ['--input-type=module', '--check', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' },
  });
  let found = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (found += part));
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const why = /^SyntaxError: (.*)$/m.exec(found)?.[1];
  // What else can go wrong with a process says nothing about the text.
  if (code === 0 || why === undefined) return undefined;
  const [, line = '', marks = ''] = found.split('\n');
  const start = marks.indexOf('^');
  return { why, word: line.slice(start, marks.lastIndexOf('^') + 1), line: line.trim() };
}
