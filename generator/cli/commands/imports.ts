import { Command } from 'commander';
import { spellingNote } from '../../model/spelling.js';
import { exitCodes } from '../exit-codes.js';
import { formatOption, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly format: 'text' | 'json';
}

const details = `
Reads the file and runs nothing. For every function of wasi-crypto and its extension it says which revisions
have it, and whether the host of this version does. Ids of algorithms are those that stand in the guest's
data: it may put others together while it runs, and may not use all of these. Exits 1 when the host lacks
something of wasi-crypto, or an algorithm.

Examples:
  $ wasi-crypto-gen imports guest.wasm
  $ wasi-crypto-gen imports guest.component.wasm --json | jq -r '.algorithms[].id'`;

export function importsCommand(terminal: Terminal): Command {
  return new Command('imports')
    .description('show what a compiled guest needs, and what of it this host has')
    .argument('<guest.wasm>', 'a core module or a component')
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (guest: string, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const report = await examine(guest);
      if (terminal.json) terminal.data(report);
      else show(report, terminal);
      terminal.exitCode = report.ok ? exitCodes.ok : exitCodes.drift;
    });
}

interface Report {
  readonly ok: boolean;
  readonly kind: 'component' | 'module';
  readonly functions: readonly {
    readonly module: string;
    readonly name: string;
    readonly revisions: readonly string[];
    readonly here: boolean;
  }[];
  readonly others: readonly string[];
  readonly algorithms: readonly { readonly id: string; readonly here: boolean; readonly reason: string | null }[];
}

async function examine(guest: string): Promise<Report> {
  const [{ createWasiCrypto }, { guestNeeds }] = await Promise.all([
    import('../../../runtime/index.js'),
    import('../../components/needs.js'),
  ]);
  const crypto = createWasiCrypto();
  try {
    const table = crypto.capabilities().algorithms;
    const { kind, functions, others, algorithms } = await guestNeeds({ guest, ids: table.map(({ id }) => id) });
    const host: Readonly<Record<string, object>> = kind === 'module' ? { ...crypto.imports } : { ...crypto.component };
    const has = (module: string, name: string): boolean => {
      const found = host[module] ?? host[module.replace(/@.*$/, '')];
      return found !== undefined && (kind === 'component' || Object.hasOwn(found, name));
    };
    const needed = functions.map((each) => ({
      ...each,
      here: each.revisions.length > 0 && has(each.module, each.name),
    }));
    const mentioned = algorithms.map((id) => {
      const entry = table.find((each) => each.id === id);
      return { id, here: entry?.supported === true, reason: entry?.reason ?? null };
    });
    const ok = [...needed, ...mentioned].every(({ here }) => here);
    return { ok, kind, functions: needed, others, algorithms: mentioned };
  } finally {
    crypto.close();
  }
}

function show({ kind, functions, others, algorithms }: Report, terminal: Terminal): void {
  const { bold, dim, green, red } = terminal.outColors;
  const mark = (here: boolean): string => (here ? green('yes') : red('no '));
  terminal.out(`a ${kind === 'module' ? 'core module' : 'component'}\n`);
  for (const module of new Set(functions.map((each) => each.module))) {
    const note = spellingNote(module);
    terminal.out(`${bold(module)}${note === undefined ? '' : dim(`  ${note}`)}`);
    for (const { name, revisions, here } of functions.filter((each) => each.module === module))
      terminal.out(
        `  ${mark(here)}  ${name}  ${dim(revisions.length === 0 ? 'in no revision known here' : revisions.join(', '))}`,
      );
  }
  if (functions.length === 0) terminal.out('imports nothing of wasi-crypto');
  if (algorithms.length > 0) terminal.out(`\n${bold('algorithms that its data mentions')}`);
  for (const { id, here, reason } of algorithms)
    terminal.out(`  ${mark(here)}  ${id}${reason === null ? '' : dim(`  ${reason}`)}`);
  if (others.length > 0) terminal.out(`\n${bold('other imports')}`);
  for (const each of others) terminal.out(`  ${each}`);
}
