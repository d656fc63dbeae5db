import { Command } from 'commander';
import { formatOption, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

const details = `
A diagnostic shows its code in brackets: \`error[unknown-name]\`. Codes never change their meaning.

Examples:
  $ wasi-crypto-gen explain unknown-name
  $ wasi-crypto-gen explain                 all codes`;

export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .description('say what the code of a diagnostic means, with a wrong and a right example')
    .argument('[code]', 'as the diagnostic shows it (default: list all)')
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (code: string | undefined, { format }: { readonly format: 'text' | 'json' }) => {
      terminal.json = format === 'json';
      const { showExplanation } = await import('../explain.js');
      showExplanation(code, terminal);
    });
}
