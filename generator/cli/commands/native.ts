import { Command } from 'commander';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly ifPossible?: boolean;
}

const details = `
The native backend is C code of this package that calls the OpenSSL inside Node without JavaScript
between. It is optional: without it guests run on node:crypto, slower and with the same results.

Examples:
  $ wasi-crypto-gen native build   compile it with this machine's C compiler (CC, else cc, gcc, clang)
  $ wasi-crypto-gen native status  whether it loads here, and if not, why: then it exits with 1`;

export function nativeCommand(terminal: Terminal): Command {
  const command = new Command('native')
    .description('build the native backend of the host, or ask whether it works here')
    .addHelpText('after', details);
  command
    .command('build')
    .description('compile it into this package')
    .option('--if-possible', 'say in one line if it cannot be, and exit with 0')
    .allowExcessArguments(false)
    .action(async ({ ifPossible }: Flags) => {
      const { buildNative, BuildError } = await import('../../../runtime/native.js');
      try {
        terminal.out(`built: ${await terminal.during('compiling the native backend', () => buildNative())}`);
      } catch (error) {
        if (!(error instanceof BuildError)) throw error;
        if (ifPossible !== true) throw new ConfigurationError(error.message, error.hint);
        terminal.out(`the native backend was not built: ${error.message.split('\n')[0] ?? ''}`);
      }
    });
  command
    .command('status')
    .description('say whether it is used here')
    .allowExcessArguments(false)
    .action(async () => {
      const { nativeObjection } = await import('../../../runtime/native.js');
      const objection = nativeObjection();
      terminal.out(
        objection === undefined ? 'the native backend is in use' : `the native backend is not used: ${objection}`,
      );
      terminal.exitCode = objection === undefined ? exitCodes.ok : exitCodes.drift;
    });
  return command;
}
