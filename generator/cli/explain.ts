/** What `explain` prints. */
import { catalog, type Code } from '../diagnostics/catalog.js';
import { explanations, type Example } from '../diagnostics/explain/index.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { ConfigurationError } from '../project/errors.js';
import type { Terminal } from './terminal.js';

/**
 * @param written a code; undefined: all are listed
 * @throws ConfigurationError when there is no such code
 */
export function showExplanation(written: string | undefined, terminal: Terminal): void {
  const codes = Object.keys(catalog) as readonly Code[];
  if (written === undefined) list(codes, terminal);
  else explain(known(written, codes), terminal);
}

function known(written: string, codes: readonly Code[]): Code {
  // As it is copied: `error[unknown-name]:`.
  const code = written.replace(/^\w*\[(.*?)\]?:?$/, '$1');
  const found = codes.find((each) => each === code);
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `no diagnostic has the code \`${code}\``,
    didYouMean(code, codes) ?? 'see `wasi-crypto-gen explain` for all of them',
  );
}

function list(codes: readonly Code[], terminal: Terminal): void {
  const rows = codes.map((code) => ({
    code,
    severity: catalog[code].severity,
    meaning: explanations[code].meaning,
  }));
  if (terminal.json) {
    terminal.data(rows);
    return;
  }
  const width = Math.max(...codes.map((each) => each.length));
  for (const { code, meaning } of rows)
    terminal.out(`${terminal.outColors.bold(code.padEnd(width))}  ${/^.*?\.(?= |$)/.exec(meaning)?.[0] ?? meaning}`);
}

function explain(code: Code, terminal: Terminal): void {
  const { severity } = catalog[code];
  const { meaning, wrong, right } = explanations[code];
  if (terminal.json) {
    terminal.data({ code, severity, meaning, wrong, right });
    return;
  }
  const { bold, red, green } = terminal.outColors;
  terminal.out(`${bold(`${severity}[${code}]`)}\n${meaning}`);
  terminal.out(`\n${red(bold('Wrong'))}\n\n${shown(wrong)}`);
  terminal.out(`\n${green(bold('Right'))}\n\n${shown(right)}`);
}

/** Files by their names, and the command, indented. Long lines of counted examples are cut. */
function shown({ files, command }: Example): string {
  const blocks = files.map(({ path, text }) => [
    `${path}:`,
    ...text.split('\n').map((line) => (line.length > 200 ? `  ${line.slice(0, 100)}…` : `  ${line}`)),
  ]);
  const lines = blocks.map((block) => (block.length > 20 ? [...block.slice(0, 8), '  …', ...block.slice(-3)] : block));
  return [...lines.flat(), `$ ${command}`].map((line) => `  ${line}`.trimEnd()).join('\n');
}
