import { Command } from 'commander';
import { ConfigurationError } from '../../project/errors.js';
import type { WatchRound } from '../../project/watch.js';
import { exitCodes } from '../exit-codes.js';
import { folderName, showDiagnostics } from '../show.js';
import type { Terminal } from '../terminal.js';
import { countsOf, requestOf, showObjections, withOutputOptions, type OutputFlags } from './generate.js';

const details = `
Generates, and again whenever the definitions, the configuration or a header changes, until Ctrl-C ends
it with 0. Changes that come together are told in one line. Mistakes are shown, and the watching goes on.

Examples:
  $ wasi-crypto-gen watch                        what the configuration, or the manifests say
  $ wasi-crypto-gen watch definitions --out src/bindings`;

export function watchCommand(terminal: Terminal): Command {
  return withOutputOptions(new Command('watch'))
    .description('generate whenever the definitions or the configuration change')
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (definitions: string | undefined, flags: OutputFlags) => {
      const { watchProject } = await import('../../project/watch.js');
      const controller = new AbortController();
      const end = (): void => controller.abort();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
      try {
        await watchProject({
          ...requestOf(definitions, flags),
          signal: controller.signal,
          onRound: (round) => show(round, flags.quiet ?? false, terminal),
        });
      } finally {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      }
      terminal.exitCode = exitCodes.ok;
    });
}

/** One line for all that changed together, after what is wrong. */
async function show({ changed, outcome, watched }: WatchRound, quiet: boolean, terminal: Terminal): Promise<void> {
  const { bold, dim } = terminal.outColors;
  const cause = changed.length === 0 ? 'at first' : changed.join(', ');
  if (outcome instanceof ConfigurationError) {
    await showDiagnostics(outcome.diagnostics, { errorsOnly: true }, terminal);
    terminal.complain(outcome.message, outcome.hint);
    terminal.out(`${cause}: nothing written`);
    return;
  }
  const results: string[] = [];
  for (const folder of outcome.folders) {
    // Warnings are told once: they would hide what is new.
    const objects = await showObjections(folder, quiet || changed.length > 0, terminal);
    const written = objects || !outcome.ok ? 'nothing written' : countsOf(folder);
    results.push(`${bold(folderName(folder.folder))} ${written}`);
  }
  if (!quiet || !outcome.ok) terminal.out(`${cause}: ${results.join('; ')}`);
  if (changed.length === 0 && !quiet)
    terminal.out(dim(`watching ${watched} ${watched === 1 ? 'file' : 'files'}; Ctrl-C ends it`));
}
