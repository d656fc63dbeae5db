import { Command, Option } from 'commander';
import type { TranspileOptions, TranspileResult } from '../../components/transpile.js';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import { diagnosticsData, folderName, showDiagnostics } from '../show.js';
import { formatOption, gather, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly out: string;
  readonly name?: string;
  readonly instantiation?: TranspileOptions['instantiation'];
  readonly map?: readonly string[];
  readonly format: 'text' | 'json';
}

const details = `
Needs @bytecodealliance/jco. Imports of wasi-crypto come from wasi-crypto-runtime/component, the process's
own host with the default policy; other WASI imports from @bytecodealliance/preview2-shim. With
--instantiation they come from the object the program gives: { ...createWasiCrypto().component }.
Files of the same names are replaced.

Examples:
  $ wasi-crypto-gen transpile guest.component.wasm --out build
  $ wasi-crypto-gen transpile guest.component.wasm --out build --instantiation sync
  $ wasi-crypto-gen transpile guest.component.wasm --out build --map 'my:app/*=./app.js#*'`;

export function transpileCommand(terminal: Terminal): Command {
  return new Command('transpile')
    .description('make JavaScript of a component, with wasi-crypto from this package')
    .argument('<component>', 'a component: guest.component.wasm')
    .requiredOption('-o, --out <folder>', 'where the files go')
    .option('--name <name>', "what the files are called (default: the component's name)")
    .addOption(
      new Option(
        '--instantiation <mode>',
        'export `instantiate`, which takes the imports, rather than import them',
      ).choices(['sync', 'async']),
    )
    .option('--map <from=to>', 'where an import comes from; repeatable', gather)
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (component: string, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { transpile } = await import('../../components/transpile.js');
      const { out, name, instantiation, map = [] } = flags;
      const mapping = Object.fromEntries(map.map(readMapping));
      const result = await terminal.during(`transpiling ${component}`, () =>
        transpile({ component, out, name, instantiation, map: mapping }),
      );
      if (terminal.json)
        terminal.data({
          ok: true,
          ...result,
          folder: folderName(result.folder),
          diagnostics: await diagnosticsData(result.diagnostics),
        });
      else await show(result, instantiation, terminal);
      terminal.exitCode = exitCodes.ok;
    });
}

function readMapping(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 0)
    throw new ConfigurationError(
      `\`--map ${text}\` has no \`=\``,
      'write `--map namespace:package/interface=./module.js`',
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

async function show(result: TranspileResult, instantiation: Flags['instantiation'], terminal: Terminal): Promise<void> {
  const { folder, files, entry, imports, exports, bindings } = result;
  const { bold, dim } = terminal.outColors;
  await showDiagnostics(result.diagnostics, { errorsOnly: false }, terminal);
  terminal.out(`${bold(folderName(folder))}: ${files.length} files ${dim(`${bindings} bindings`)}`);
  for (const path of files) terminal.out(`  ${path === entry ? bold(path) : path}`);
  if (exports.length > 0) terminal.out(`exports ${exports.join(', ')}`);
  if (imports.length > 0)
    terminal.out(`${instantiation === undefined ? 'imports' : 'to be given to `instantiate`:'} ${imports.join(', ')}`);
  const shim = '@bytecodealliance/preview2-shim';
  if (imports.some((each) => each.startsWith(shim)))
    terminal.out(dim(`\`npm install ${shim}\`: it has the rest of WASI`));
}
