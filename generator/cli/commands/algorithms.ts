import { Command } from 'commander';
import type { Capabilities, PolicyRules } from '../../../runtime/index.js';
import { exitCodes } from '../exit-codes.js';
import { formatOption, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly format: 'text' | 'json';
  readonly why?: boolean;
}

const details = `
Every id of the proposal, whether this machine can do it, with which library, whether that library
claims constant time, which publication of NIST approves it, and why not where it cannot. Marked "ask":
only where the owner's policy allows it. Node and its OpenSSL decide: run this on the machine that will
run the guests.

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
      const capabilitiesOf = (policy: Partial<PolicyRules>): Capabilities => {
        const crypto = createWasiCrypto({ policy });
        const capabilities = crypto.capabilities();
        crypto.close();
        return capabilities;
      };
      const capabilities = capabilitiesOf({});
      if (terminal.json) terminal.data(capabilities);
      else show(capabilities, capabilitiesOf(asked).algorithms, flags.why ?? false, terminal);
      terminal.exitCode = exitCodes.ok;
    });
}

/** What a host does only if its owner says so. */
const asked = { unauthenticatedCiphers: true } as const satisfies Partial<PolicyRules>;
const inWords = 'where a policy has `unauthenticatedCiphers: true`';

/** The columns of the table. */
const columns = ['ALGORITHM', 'TIER', 'BACKEND', 'CONSTANT TIME', 'APPROVED'] as const;

type Report = Capabilities['algorithms'];

/** @param all the same list, of a host whose policy allows everything */
function show({ algorithms, ...facts }: Capabilities, all: Report, why: boolean, terminal: Terminal): void {
  const { bold, green, dim, yellow } = terminal.outColors;
  terminal.out(`Node ${facts.node}, OpenSSL ${facts.openssl}${facts.fipsProvider ? ' with its FIPS provider' : ''}\n`);
  const usual = new Set(algorithms.flatMap(({ id, supported }) => (supported ? [id] : [])));
  for (const category of new Set(all.map((each) => each.category))) {
    const own = all.filter((each) => each.category === category);
    const rows = own.map(({ id, tier, approved, backend, constantTime }) =>
      [id, tier, backend, constantTime, approved].map((cell) => cell ?? ''),
    );
    const widths = columns.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
    const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
    const atRequest = own.filter(({ id, supported }) => supported && !usual.has(id)).length;
    terminal.out(
      `${bold(category)}: ${countOf(own)} supported here${atRequest === 0 ? '' : `, ${atRequest} of them ${inWords}`}`,
    );
    terminal.out(dim(`       ${line(columns)}`.trimEnd()));
    own.forEach(({ id, supported, reason: objection, passedOver }, index) => {
      const isAsked = supported && !usual.has(id);
      const reason = objection ?? (isAsked ? inWords : why ? passedOver?.join('; ') : undefined);
      const mark = isAsked ? yellow('ask') : supported ? green('yes') : yellow('no ');
      terminal.out(`  ${mark}  ${line(rows[index] ?? []).trimEnd()}${reason === undefined ? '' : dim(`  ${reason}`)}`);
    });
    terminal.out('');
  }
  const [proposed, extra] = [all.filter(({ tier }) => tier !== 'extra'), all.filter(({ tier }) => tier === 'extra')];
  terminal.out(`${bold('in all')}: ${countOf(proposed)} of the proposal, ${countOf(extra)} beyond it`);
}

function countOf(algorithms: Report): string {
  return `${algorithms.filter((each) => each.supported).length} of ${algorithms.length}`;
}
