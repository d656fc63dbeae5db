import { Command, Option } from 'commander';
import type { ComponentizeOptions, ComponentizeResult } from '../../components/componentize.js';
import { exitCodes } from '../exit-codes.js';
import { diagnosticsData, folderName, showDiagnostics } from '../show.js';
import { formatOption, featuresOf, gatherFeatures, gatherWords, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly wit: string;
  readonly world?: string;
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
  readonly out: string;
  readonly runtime: NonNullable<ComponentizeOptions['runtime']>;
  readonly bindings?: string;
  readonly ascArgs?: readonly string[];
  readonly format: 'text' | 'json';
}

const details = `
Needs assemblyscript and @bytecodealliance/jco. The bindings of the world are made in memory: the guest
imports those of a package by its name (from "wasi-crypto"), and exports what the world does. The
definitions of wasi:crypto@0.11.0 come with this package; other packages stand in the folder deps.
asconfig.json is not read, unless --asc-args names it.

Examples:
  $ wasi-crypto-gen componentize assembly/index.ts --wit wit --out guest.component.wasm
  $ wasi-crypto-gen componentize assembly/index.ts --wit wit --world signer --out signer.component.wasm
  $ wasi-crypto-gen componentize index.ts --wit app.wit --out app.component.wasm --runtime stub --asc-args "--debug --stats"`;

export function componentizeCommand(terminal: Terminal): Command {
  return new Command('componentize')
    .description('make a component of a guest in AssemblyScript')
    .argument('<guest>', 'the entry file of the guest: assembly/index.ts')
    .requiredOption('--wit <path>', 'a WIT file, or a folder of them with deps')
    .option('--world <name>', 'which world to make a component of (default: the only one)')
    .option('--features <names>', 'turn on `@unstable` features, separated by commas; repeatable', gatherFeatures)
    .option('--all-features', 'turn on all of them')
    .requiredOption('-o, --out <file>', 'the component to write')
    .addOption(
      new Option('--runtime <name>', "AssemblyScript's memory management")
        .choices(['incremental', 'minimal', 'stub'])
        .default('incremental'),
    )
    .option('--bindings <folder>', 'write the bindings there, too: for editors and for reading')
    .option(
      '--asc-args <options>',
      'more options for the AssemblyScript compiler, in one word or several; repeatable',
      gatherWords,
    )
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (guest: string, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { componentize } = await import('../../components/componentize.js');
      const { wit, world, out, runtime, bindings, ascArgs } = flags;
      const features = featuresOf(flags);
      const result = await terminal.during(`compiling ${guest}`, () =>
        componentize({ guest, wit, world, features, out, runtime, bindings, ascArgs }),
      );
      if (terminal.json)
        terminal.data({
          ...result,
          file: folderName(result.file),
          world: result.world ?? null,
          definitions: result.definitions.map(folderName),
          diagnostics: await diagnosticsData(result.diagnostics),
        });
      else await show(result, terminal);
      terminal.exitCode = result.ok ? exitCodes.ok : exitCodes.definitions;
    });
}

async function show(result: ComponentizeResult, terminal: Terminal): Promise<void> {
  const { ok, file, size, world, compiler, diagnostics } = result;
  const { bold, dim } = terminal.outColors;
  if (compiler !== '') terminal.error(`${compiler}\n`);
  await showDiagnostics(diagnostics, { errorsOnly: false }, terminal);
  if (ok) terminal.out(`${bold(folderName(file))}: ${size} bytes ${dim(world ?? '')}`);
  else terminal.complain(`\`${folderName(file)}\` was not written`);
}
