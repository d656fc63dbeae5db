import { Command, Option } from 'commander';
import { failOnChoices, fails, type FailOn } from '../../changes/compare.js';
import { changesMarkdown, changesText } from '../../changes/show.js';
import { exitCodes } from '../exit-codes.js';
import { featuresOf, gatherFeatures, formatOption, jsonOption } from '../options.js';
import { changesStyle, diagnosticsData, showDiagnostics } from '../show.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
  readonly failOn?: FailOn;
  readonly format: 'text' | 'markdown' | 'json';
}

const details = `
Each of OLD and NEW is a revision shipped with this version, a definition file or a folder of them, or
one of these in a commit: <commit>:<path>. WITX can be compared with WIT: things are the same by name.
Told is what was added, removed, renamed (a guess, and marked so) or changed, and whether guests or
hosts break that were built before.

Examples:
  $ wasi-crypto-gen diff 0.9 0.10
  $ wasi-crypto-gen diff HEAD:./definitions definitions     what is not committed yet
  $ wasi-crypto-gen diff origin/main:wit wit --fail-on breaking
  $ wasi-crypto-gen diff 0.10 0.11 --format markdown > changes.md`;

export function diffCommand(terminal: Terminal): Command {
  return new Command('diff')
    .description('tell what changed between two definitions, and whom it breaks')
    .argument('<old>', 'the definitions as they were')
    .argument('<new>', 'the definitions as they are')
    .option(
      '--features <names>',
      'WIT: turn on `@unstable` features, separated by commas; repeat it for more',
      gatherFeatures,
    )
    .option('--all-features', 'WIT: turn on all of them')
    .addOption(
      new Option('--fail-on <changes>', 'exit with 1 if there are such changes (default: never)').choices(
        failOnChoices,
      ),
    )
    .addOption(formatOption(['text', 'markdown', 'json']))
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (old: string, now: string, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { diffDefinitions } = await import('../../project/diff.js');
      const { comparison, diagnostics } = diffDefinitions({ old, now, features: featuresOf(flags) });
      if (terminal.json)
        terminal.data({
          ok: comparison !== undefined,
          anotherAbi: comparison?.anotherAbi ?? null,
          changes: comparison?.changes ?? null,
          diagnostics: await diagnosticsData(diagnostics),
        });
      else await showDiagnostics(diagnostics, { errorsOnly: true }, terminal);
      if (comparison === undefined) {
        terminal.exitCode = exitCodes.definitions;
        return;
      }
      if (!terminal.json) {
        const lines =
          flags.format === 'markdown' ? changesMarkdown(comparison) : changesText(comparison, changesStyle(terminal));
        for (const line of lines) terminal.out(line);
      }
      if (flags.failOn !== undefined && fails(comparison, flags.failOn)) terminal.exitCode = exitCodes.drift;
    });
}
