import { Command } from 'commander';
import { gather } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly dir?: readonly string[];
  readonly env?: readonly string[];
  readonly policy?: string;
  readonly limits?: readonly string[];
  readonly link?: readonly string[];
  readonly stats?: boolean;
  readonly isolated?: boolean;
}

const details = `
The guest gets WASI preview 1 (standard input and output, arguments, environment, folders) and
wasi-crypto on this machine's OpenSSL, both 0.9 and 0.10. It sees only the folders and variables that
are named here, before the guest: what stands behind it is for the guest. Its exit code is passed through;
134 when it traps. A component that exports wasi:cli/run gets WASI 0.2 and wasi-crypto 0.11, by
jco and preview2-shim, which have to be installed.

Examples:
  $ wasi-crypto-gen run build/guest.wasm < README.md
  $ wasi-crypto-gen run --dir ./data:/data --env LEVEL=3 guest.wasm --verbose /data/file
  $ wasi-crypto-gen run --env HOME guest.wasm        the variable as it is here
  $ wasi-crypto-gen run --link app=app.mjs guest.wasm    what it imports from \`app\`
  $ wasi-crypto-gen run --policy fips --limits totalBytes=1000000,callCost=100000000 --stats guest.wasm`;

export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('run a WebAssembly guest, core module or component, with WASI and wasi-crypto')
    .argument('<guest.wasm>', 'a core module, or a component that exports wasi:cli/run')
    .argument('[arguments...]', 'what the guest gets: all that stands behind it, options and `--` included')
    .passThroughOptions()
    .option('--dir <host[:guest]>', 'a folder the guest may use, and the name it has there; repeatable', gather)
    .option('--env <name[=value]>', 'an environment variable for the guest; repeatable', gather)
    .option('--policy <profile or file>', 'a profile (default, no-fallback, fips), or a JSON file with a policy')
    .option('--limits <name=number>', 'limits of the host, with commas between; repeatable', gather)
    .option('--link <module=file>', 'a module of JavaScript whose exports the guest imports; repeatable', gather)
    .option('--isolated', 'a process of its own for the host, so that the one of the guest has no keys; core modules')
    .option('--stats', 'print to standard error what the guest used')
    .addHelpText('after', details)
    .action(async (guest: string, args: readonly string[], flags: Flags) => {
      const { runGuest } = await import('../run/guest.js');
      terminal.exitCode = await runGuest(
        {
          guest,
          args,
          folders: flags.dir ?? [],
          variables: flags.env ?? [],
          policy: flags.policy,
          limits: flags.limits ?? [],
          links: flags.link ?? [],
          stats: flags.stats === true,
          isolated: flags.isolated === true,
        },
        terminal,
      );
    });
}
