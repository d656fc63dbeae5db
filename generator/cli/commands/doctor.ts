import { Command } from 'commander';
import { formatOption, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { exitCodes } from '../exit-codes.js';

interface Flags {
  readonly format: 'text' | 'json';
}

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  /** `missing`: nothing works without it; `absent`: something optional is not there. */
  readonly state: 'good' | 'absent' | 'missing';
  /** What was found, or what is lost without it. */
  readonly found: string;
  /** What to do. */
  readonly cure?: string;
}

/** What the optional peers are for. */
const purposes: Readonly<Record<string, string>> = {
  '@bytecodealliance/jco': '`componentize`, `transpile` and `run` of components need it',
  '@bytecodealliance/preview2-shim': '`run` of components needs it, and components that import WASI',
  '@types/node': 'types of these packages need it',
  assemblyscript: '`componentize` needs it, and guests in AssemblyScript',
  libsql: 'key stores in SQLite need it before Node 22.13',
  pg: 'key stores in PostgreSQL need it',
  pkcs11js: 'keys in an HSM need it',
  typescript: 'programs in TypeScript need it',
};

const details = `
Looks at Node and its OpenSSL, the native backend, the FIPS provider, optional packages and the
algorithms, and says what to do about what is not there. Exits 1 when something is missing that
nothing works without.

Examples:
  $ wasi-crypto-gen doctor
  $ wasi-crypto-gen doctor --json`;

export function doctorCommand(terminal: Terminal): Command {
  return new Command('doctor')
    .description('look at what this machine has, and say what is missing and how to get it')
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (flags: Flags) => {
      terminal.json = flags.format === 'json';
      const findings = await examine();
      const ok = findings.every(({ state }) => state !== 'missing');
      if (terminal.json) terminal.data({ ok, findings });
      else show(findings, terminal);
      terminal.exitCode = ok ? exitCodes.ok : exitCodes.drift;
    });
}

async function examine(): Promise<readonly Finding[]> {
  const [{ createWasiCrypto }, { nativeObjection }, { packageFile }, { findTool }] = await Promise.all([
    import('../../../runtime/index.js'),
    import('../../../runtime/native.js'),
    import('../../package-root.js'),
    import('../../project/tools.js'),
  ]);
  const crypto = createWasiCrypto();
  const { algorithms, node, openssl, fipsProvider } = crypto.capabilities();
  crypto.close();
  const { version, engines, peerDependencies } = packageFile();
  const [, least = ''] = />=(.*)/.exec(engines.node) ?? [];
  const objection = nativeObjection();
  const peers = Object.entries(peerDependencies).map(([what, range]): Finding => {
    const found = findTool(what);
    if (found !== undefined) return { what, state: 'good', found };
    const lost = `not installed: ${purposes[what] ?? 'it is optional'}`;
    return { what, state: 'absent', found: lost, cure: `npm install --save-dev '${what}@${range}'` };
  });
  const required = algorithms.filter(({ tier }) => tier === 'required');
  const otherTiers = new Set(algorithms.map(({ tier }) => tier).filter((each) => each !== 'required'));
  const lacking = required.filter(({ supported }) => !supported).map(({ id }) => id);
  return [
    { what: 'wasi-crypto-gen', state: 'good', found: version },
    atLeast(node, least)
      ? { what: 'Node', state: 'good', found: node }
      : {
          what: 'Node',
          state: 'missing',
          found: `${node}, ${least} or later is needed`,
          cure: `install Node ${least}`,
        },
    { what: 'OpenSSL', state: 'good', found: openssl },
    fipsProvider
      ? { what: 'FIPS provider', state: 'good', found: 'loaded' }
      : {
          what: 'FIPS provider',
          state: 'absent',
          found: 'not loaded; few need it',
          cure: 'docs/fips.md in the repository says how',
        },
    objection === undefined
      ? { what: 'native backend', state: 'good', found: 'in use' }
      : {
          what: 'native backend',
          state: 'absent',
          found: `${objection}; without it all is slower`,
          cure: 'wasi-crypto-gen native build',
        },
    lacking.length === 0
      ? { what: 'required algorithms', state: 'good', found: `all ${required.length}` }
      : {
          what: 'required algorithms',
          state: 'missing',
          found: `without ${lacking.join(', ')}`,
          cure: 'wasi-crypto-gen algorithms',
        },
    // As `algorithms` names them.
    ...[...otherTiers].map((tier): Finding => {
      const own = algorithms.filter((each) => each.tier === tier);
      const found = `${own.filter(({ supported }) => supported).length} of ${own.length}: wasi-crypto-gen algorithms`;
      return { what: `${tier} algorithms`, state: 'good', found };
    }),
    ...peers,
  ];
}

/** Whether a version is not before another one. */
function atLeast(version: string, least: string): boolean {
  return new Intl.Collator('en', { numeric: true }).compare(version, least) >= 0;
}

function show(findings: readonly Finding[], terminal: Terminal): void {
  const { green, yellow, red, dim } = terminal.outColors;
  const marks = { good: green('yes'), absent: yellow('no '), missing: red('NO ') };
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, state, found, cure } of findings) {
    terminal.out(`${marks[state]}  ${what.padEnd(width)}  ${found}`);
    if (cure !== undefined) terminal.out(dim(`     ${' '.repeat(width)}  ${cure}`));
  }
}
