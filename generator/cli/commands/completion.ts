import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { packageRoot } from '../../package-root.js';
import type { Terminal } from '../terminal.js';

const scripts = { bash: 'bash.sh', zsh: 'zsh.zsh', fish: 'fish.fish' } as const;

const details = `
The script asks the command itself, so it stays right when that changes.

Examples:
  $ eval "$(wasi-crypto-gen completion bash)"          a line for ~/.bashrc
  $ eval "$(wasi-crypto-gen completion zsh)"           a line for ~/.zshrc, after compinit
  $ wasi-crypto-gen completion fish | source           a line for ~/.config/fish/config.fish`;

export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .description('print a script for a shell, which then completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action((shell: keyof typeof scripts) => {
      terminal.write(readFileSync(join(packageRoot, 'templates/completion', scripts[shell]), 'utf8'));
    });
}
