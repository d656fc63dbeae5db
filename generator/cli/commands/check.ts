import { Command } from 'commander';
import type { CheckedFolder, CheckResult, Finding } from '../../project/check.js';
import { exitCodes } from '../exit-codes.js';
import { diagnosticsData, folderName, showDiagnostics } from '../show.js';
import type { Terminal } from '../terminal.js';
import { configOption, formatOption, gather, jsonOption } from '../options.js';

interface Flags {
  readonly config?: string;
  readonly out?: readonly string[];
  readonly below?: readonly string[];
  readonly full?: boolean;
  readonly format: 'text' | 'json';
  readonly quiet?: boolean;
}

const details = `
Compares the hashes that each manifest records: definitions, output, options and the generator itself.
When they differ, and always with --full, everything is generated in memory and compared. Nothing is
written. Exits 1 when \`generate\` would change anything, or a stranger stands in a target's folder.

Examples:
  $ wasi-crypto-gen check
  $ wasi-crypto-gen check --out src/bindings --full
  $ wasi-crypto-gen check --below .              every project of a monorepo
  $ wasi-crypto-gen check --format json | jq '.folders[].findings'`;

export function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .description('tell whether generated files are as the definitions say; writes nothing')
    .option(
      '-o, --out <folder>',
      'where manifests are: there and in its direct subfolders; repeat it for more (default: generated)',
      gather,
    )
    .option('--below <folder>', 'every manifest below a folder, as of a monorepo; repeat it for more', gather)
    .option('--full', 'generate in memory and compare, even when all hashes are equal')
    .addOption(configOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .option('--quiet', 'print nothing but findings')
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { checkProject } = await import('../../project/check.js');
      const result = await checkProject({ config: flags.config, out: flags.out, below: flags.below, full: flags.full });
      if (terminal.json) terminal.data(await dataOf(result));
      else for (const folder of result.folders) await show(folder, flags, terminal);
      terminal.exitCode = exitCodeOf(result);
    });
}

function exitCodeOf(result: CheckResult): number {
  if (result.ok) return exitCodes.ok;
  return result.folders.some(hasErrors) ? exitCodes.definitions : exitCodes.drift;
}

function hasErrors(folder: CheckedFolder): boolean {
  return folder.diagnostics.some((each) => each.severity === 'error');
}

async function dataOf(result: CheckResult): Promise<unknown> {
  const folders = [];
  for (const { folder, label, ok, regenerated, findings, fix, diagnostics } of result.folders) {
    folders.push({
      folder: folderName(folder),
      label,
      ok,
      regenerated,
      findings,
      fix: fix ?? null,
      diagnostics: await diagnosticsData(diagnostics),
    });
  }
  return { ok: result.ok, folders };
}

async function show(checked: CheckedFolder, flags: Flags, terminal: Terminal): Promise<void> {
  const { ok, findings, fix, files } = checked;
  const name = folderName(checked.folder);
  const { bold, green, red, cyan } = terminal.outColors;
  // `generate` shows the warnings; here only what stands in the way of an answer counts.
  await showDiagnostics(checked.diagnostics, { errorsOnly: true }, terminal);
  if (hasErrors(checked)) {
    terminal.complain(`cannot check \`${name}\`: its definitions have errors`);
  } else if (ok) {
    if (flags.quiet !== true)
      terminal.out(
        `${bold(name)}: ${green('up to date')} (${files} files${checked.regenerated ? ', generated and compared' : ''})`,
      );
  } else {
    terminal.out(`${bold(name)}: ${red(summaryOf(findings))}`);
    const width = Math.max(...findings.map((finding) => finding.path.length));
    for (const { kind, path, reason } of findings) terminal.out(`  ${kind.padEnd(8)} ${path.padEnd(width)}  ${reason}`);
    if (fix !== undefined)
      terminal.out(`  ${cyan('to fix')}: ${fix}${fix.includes('--force') ? '   (edits by hand are lost)' : ''}`);
  }
}

function summaryOf(findings: readonly Finding[]): string {
  return findings.length === 1 ? '1 file is not as it should be' : `${findings.length} files are not as they should be`;
}
