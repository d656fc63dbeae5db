import { Command } from 'commander';
import type { Capabilities } from '../../../runtime/index.js';
import { exitCodes } from '../exit-codes.js';
import { formatOption, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly format: 'text' | 'json';
  readonly why?: boolean;
}

const details = `
Every id of the proposal, whether this machine can do it, with which library, whether that library
claims constant time, which publication of NIST approves it, and why not where it cannot. Node and its
OpenSSL decide: ask on the machine that will run the guests.

Examples:
  $ wasi-crypto-gen algorithms
  $ wasi-crypto-gen algorithms --json | jq -r '.algorithms[] | select(.supported) | .id'`;

export function algorithmsCommand(terminal: Terminal): Command {
  return new Command('algorithms')
    .description('list every algorithm, and what this machine does about it')
    .addOption(formatOption())
    .addOption(jsonOption())
    .option('--why', 'say for each why a better backend is not used')
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { createWasiCrypto } = await import('../../../runtime/index.js');
      const crypto = createWasiCrypto();
      const capabilities = crypto.capabilities();
      crypto.close();
      if (terminal.json) terminal.data(capabilities);
      else show(capabilities, flags.why ?? false, terminal);
      terminal.exitCode = exitCodes.ok;
    });
}

/** The columns of the table. */
const columns = ['ALGORITHM', 'TIER', 'BACKEND', 'CONSTANT TIME', 'APPROVED'] as const;

function show({ algorithms, node, openssl, fipsProvider }: Capabilities, why: boolean, terminal: Terminal): void {
  const { bold, green, dim, yellow } = terminal.outColors;
  terminal.out(`Node ${node}, OpenSSL ${openssl}${fipsProvider ? ' with its FIPS provider' : ''}\n`);
  for (const category of new Set(algorithms.map((each) => each.category))) {
    const own = algorithms.filter((each) => each.category === category);
    const rows = own.map(({ id, tier, approved, backend, constantTime }) =>
      [id, tier, backend, constantTime, approved].map((cell) => cell ?? ''),
    );
    const widths = columns.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
    const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
    terminal.out(`${bold(category)}: ${own.filter((each) => each.supported).length} of ${own.length} supported here`);
    terminal.out(dim(`       ${line(columns)}`.trimEnd()));
    own.forEach(({ supported, reason: objection, passedOver }, index) => {
      const reason = objection ?? (why ? passedOver?.join('; ') : undefined);
      const mark = supported ? green('yes') : yellow('no ');
      terminal.out(`  ${mark}  ${line(rows[index] ?? []).trimEnd()}${reason === undefined ? '' : dim(`  ${reason}`)}`);
    });
    terminal.out('');
  }
}
