/** The commands, and what every way of failing means for the exit code. */
import { existsSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { Command, CommanderError } from 'commander';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { version } from '../package-root.js';
import { ConfigurationError } from '../project/errors.js';
import { listTargets } from '../project/targets.js';
import { algorithmsCommand } from './commands/algorithms.js';
import { checkCommand } from './commands/check.js';
import { completionCommand } from './commands/completion.js';
import { componentizeCommand } from './commands/componentize.js';
import { diffCommand } from './commands/diff.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { generateCommand } from './commands/generate.js';
import { importsCommand } from './commands/imports.js';
import { initCommand } from './commands/init.js';
import { inspectCommand } from './commands/inspect.js';
import { keysCommand } from './commands/keys.js';
import { nativeCommand } from './commands/native.js';
import { runCommand } from './commands/run.js';
import { transpileCommand } from './commands/transpile.js';
import { watchCommand } from './commands/watch.js';
import { exitCodes } from './exit-codes.js';
import { refuseRepeated } from './options.js';
import { permissionRefusal } from './permissions.js';
import { diagnosticsData, showDiagnostics } from './show.js';
import { Terminal, type Surroundings } from './terminal.js';

const examples = `
Examples:
  $ wasi-crypto-gen generate 0.10               bindings for revision 0.10 in generated/0.10
  $ wasi-crypto-gen generate                    make again what the manifests in generated/ record
  $ wasi-crypto-gen check                       for CI: exits 1 and names what is stale
  $ wasi-crypto-gen run guest.wasm < README.md  run a guest on this machine's OpenSSL
  $ wasi-crypto-gen componentize assembly/index.ts --wit wit --out guest.component.wasm
  $ wasi-crypto-gen generate --help             the options of a command

Exit codes: 0 done, 1 output is stale or edited by hand, 2 wrong arguments or configuration,
3 errors in the definitions or, for componentize, in the guest, 70 a bug of wasi-crypto-gen;
run: the guest's own, 134 when it traps.`;

/**
 * Runs the command line and sets the exit code. Never throws.
 *
 * @param surroundings the process, or what stands for it; the working folder, and what a guest is given, are always
 *   this process's own
 */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings = process): Promise<void> {
  const terminal = new Terminal(surroundings);
  try {
    const program = await buildProgram(terminal, args);
    if (args.length === 0) {
      // Nothing was asked, so nothing is made; a script that meant `generate` is to notice.
      terminal.error(program.helpInformation().trimEnd());
      terminal.exitCode = exitCodes.usage;
      return;
    }
    // Shells ask so, by the scripts of `completion`.
    if (args[0] === 'complete' && args[1] === '--') {
      const { completionsOf } = await import('./complete.js');
      for (const { value, text } of await completionsOf(program, args.slice(2))) terminal.out(`${value}\t${text}`);
      return;
    }
    await refuseUnknownCommand(program, args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    terminal.exitCode = await fail(error, terminal, args);
  }
}

async function buildProgram(terminal: Terminal, args: readonly string[]): Promise<Command> {
  const program = new Command('wasi-crypto-gen')
    .description('Bindings for WASI cryptography: generated from its interface definitions, run on OpenSSL.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    // What stands behind the guest of `run` is not ours.
    .enablePositionalOptions()
    .addHelpText('after', examples);
  // The help lists the targets, whose code nothing else here needs.
  const targets = args.some((each) => ['help', '-h', '--help'].includes(each)) ? await listTargets() : [];
  program.addCommand(generateCommand(terminal, targets));
  for (const command of [
    initCommand,
    checkCommand,
    watchCommand,
    diffCommand,
    inspectCommand,
    importsCommand,
    runCommand,
    algorithmsCommand,
    keysCommand,
    nativeCommand,
    doctorCommand,
    explainCommand,
    completionCommand,
    componentizeCommand,
    transpileCommand,
  ])
    program.addCommand(command(terminal));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.helpOption('-h, --help', 'print this help').configureHelp({ helpWidth: 100 }).exitOverride();
    refuseRepeated(command);
    addReporting(command, terminal);
    // Errors are shown by `fail`, in one style with all others.
    command.configureOutput({ writeOut: (text) => terminal.write(text), outputError: () => {} });
  }
  return program;
}

/** What every command that does something takes. */
function addReporting(command: Command, terminal: Terminal): void {
  // Those that have commands of their own, and the program, do nothing themselves.
  if (command.commands.length > 0) return;
  command
    .option('--silent', 'print nothing at all: the exit code tells')
    .option('--debug', 'show where it happened, should there be a bug of wasi-crypto-gen')
    .hook('preAction', () => {
      const { silent, debug } = command.opts<{ readonly silent?: boolean; readonly debug?: boolean }>();
      terminal.silent = silent === true;
      terminal.debug ||= debug === true;
    });
}

/** What stands in first place is a command, or an option of the program itself. */
async function refuseUnknownCommand(program: Command, first = ''): Promise<void> {
  const flag = first.replace(/=.*/, '');
  const isOption = (command: Command | undefined): boolean =>
    command?.options.some(({ short, long }) => short === flag || long === flag) === true;
  if (first.startsWith('-')) {
    // Options of `generate` alone made it once.
    if (isOption(program.commands.find((command) => command.name() === 'generate')) && !isOption(program))
      throw new ConfigurationError(
        `\`${flag}\` is an option of a command, and there is none`,
        `did you mean \`wasi-crypto-gen generate ${first} …\`?`,
      );
    return;
  }
  const known = [...program.commands.map((command) => command.name()), 'help'];
  if (known.includes(first)) return;
  const { didYouMean } = await import('../diagnostics/suggest.js');
  throw new ConfigurationError(
    `there is no command \`${first}\``,
    existsSync(first)
      ? `to generate from it: \`wasi-crypto-gen generate ${first}\``
      : (didYouMean(first, known) ?? `commands are ${known.join(', ')}`),
  );
}

/** Says what went wrong; returns the exit code. */
async function fail(error: unknown, terminal: Terminal, args: readonly string[]): Promise<number> {
  if (error instanceof CommanderError) {
    // Help and the version are thrown too, after they were printed.
    if (error.exitCode === 0) return exitCodes.ok;
    const [message = '', ...suggestion] = error.message
      .replace(/^error: /, '')
      // As all others quote.
      .replace(/'([^']*)'/g, '`$1`')
      .split('\n');
    return complain(
      terminal,
      message,
      suggestion.join(' ').replace(/^\(Did you mean (.*)\?\)$/, 'did you mean `$1`?') || `see \`${helpFor(args)}\``,
    );
  }
  if (error instanceof ConfigurationError) return complain(terminal, error.message, error.hint, error.diagnostics);
  const refusal = permissionRefusal(error);
  if (refusal !== undefined) return complain(terminal, refusal.message, refusal.hint);
  if (isSystemError(error))
    return complain(
      terminal,
      systemMessage(error),
      'the operating system refused; nothing is half-written, run the command again when it is mended',
    );
  report(error, terminal, args);
  return exitCodes.internal;
}

async function complain(
  terminal: Terminal,
  message: string,
  hint: string | undefined,
  diagnostics: readonly Diagnostic[] = [],
): Promise<number> {
  const found = diagnostics.length > 0 && { diagnostics: await diagnosticsData(diagnostics) };
  if (terminal.json) terminal.data({ ok: false, error: { message, hint: hint ?? null, ...found } });
  else {
    await showDiagnostics(diagnostics, { errorsOnly: true }, terminal);
    terminal.complain(message, hint);
  }
  return exitCodes.usage;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** What the system said, in words. */
function systemMessage({ syscall = 'use', path, errno, message }: NodeJS.ErrnoException): string {
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  if (words === undefined) return message;
  return `cannot ${syscall}${path === undefined ? '' : ` \`${path}\``}: ${words}`;
}

function helpFor([first = '']: readonly string[]): string {
  return `wasi-crypto-gen ${/^[a-z]/.test(first) ? `${first} ` : ''}--help`;
}

/** People copy these lines to places where others read them. */
function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/[^/@\s:"]*):[^\s"]*@/g, '$1:…@');
}

function report(error: unknown, terminal: Terminal, args: readonly string[]): void {
  // A bug is never silent.
  terminal.silent = false;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.complain('this is a bug of wasi-crypto-gen, not a mistake of yours; please report it with these lines');
  terminal.error(`  ${withoutPasswords(what)}`);
  terminal.error(`  wasi-crypto-gen ${version}, Node ${process.version}, ${process.platform} ${process.arch}`);
  terminal.error(`  arguments: ${withoutPasswords(JSON.stringify(args))}`);
  if (!terminal.debug) terminal.error('  add `--debug`, or set WASI_CRYPTO_GEN_DEBUG=1, to see where it happened');
  else if (error instanceof Error) terminal.error(error.stack ?? '');
}
