/** The functions of `wasi_crypto_ext_query`: what guests are told, as far as the policy wants. */
import { groups, type GroupFacts } from '../../backends/arithmetic/groups.js';
import type { BackendKind, ConstantTime } from '../../backends/backend.js';
import { own } from '../../backends/webassembly/module.js';
import type { RuntimeContext } from '../../context.js';
import type { Support } from '../../contracts/vocabulary.js';
import { fail } from '../../failures.js';
import { knownGroup } from '../../numbers/choice.js';
import { groupReport, numbersReport, type ArithmeticReport, type FunctionReport } from '../../numbers/report.js';
import { optionTable } from '../../objects/option-table.js';
import { entries, knownId, type Described } from '../../registry.js';
import { bytesReport } from './report.js';
import { begin, requireSize } from './sizes.js';

/** What a question costs. */
const QUERY_COST = 100_000;
/**
 * What it costs beside that for each algorithm and group that a guest has not asked about before: the implementations of it
 * are tried out (measured, for the first guest of a process: 0.5 to 1.2 seconds for all of them).
 */
const TRIAL_COST = 10_000_000;

/** The modules of core modules; those of components have the same names, but for the batches, which core modules lack. */
const cryptoModules = ['common', 'asymmetric_common', 'kx', 'signatures', 'symmetric'];
const batchModules = ['signatures_batch', 'symmetric_batch'];
const extensionModules = ['bytes', 'encoding', 'group', 'numbers', 'padding', 'query', 'random'];
const secretsModule = 'external_secrets';

/** @param crypto modules of wasi-crypto that core modules have */
const modulesWith = (crypto: readonly string[]): ReadonlySet<string> =>
  new Set([
    ...crypto.map((each) => `wasi_ephemeral_crypto_${each}`),
    ...[...crypto, ...batchModules].map((each) => `wasi:crypto/wasi-ephemeral-crypto-${each.replaceAll('_', '-')}`),
    ...extensionModules.flatMap((each) => [`wasi_crypto_ext_${each}`, `wasi:crypto-ext/${each}`]),
  ]);

const timings: Readonly<Record<ConstantTime, Support['timing']>> = {
  library: 'constant',
  'best-effort': 'best-effort',
  variable: 'variable',
  'no-secrets': 'constant',
};

const untold: Support = { tier: 'untold', backend: 'untold', timing: 'untold' };

export function queryHost(context: RuntimeContext) {
  const { queries } = context.policy.rules;
  const modules = modulesWith(context.secrets === undefined ? cryptoModules : [...cryptoModules, secretsModule]);
  const asked = new Set<string>();
  let text: string | undefined;
  let numbers: readonly ArithmeticReport[] | undefined;
  /** @param ids of algorithms and groups that the answer is about */
  const ask = (...ids: readonly string[]): void => {
    begin(context, 0);
    if (queries === 'none') throw fail.ProhibitedOperation;
    const tried = ids.filter((id) => !asked.has(id));
    context.meter.free.spend(QUERY_COST + TRIAL_COST * tried.length);
    for (const id of tried) asked.add(id);
  };
  const askAlgorithm = (name: string): Described => {
    const id = knownId(name);
    ask(...(id === undefined ? [] : [id]));
    return context.algorithms.described(name);
  };
  const askGroup = (facts: GroupFacts): readonly FunctionReport[] => {
    ask(facts.name);
    const { supported, functions } = groupReport(context.policy, facts);
    if (!supported) throw fail.UnsupportedAlgorithm;
    return functions;
  };
  const told = (support: Support): Support => (queries === 'all' ? support : untold);
  const list = (): Buffer => {
    ask(...entries.map(({ id }) => id), ...groups.map(({ name }) => name));
    text ??= [...context.algorithms.report(), ...groups.map((facts) => groupReport(context.policy, facts))]
      .map(({ id, supported }) => (supported ? `${id}\n` : ''))
      .join('');
    return Buffer.from(text, 'latin1');
  };

  return {
    queryModule(name: string): boolean {
      ask();
      return modules.has(name);
    },

    queryAlgorithm(name: string): Support {
      const group = knownGroup(name);
      if (group !== undefined) return told(overall(askGroup(group)));
      const { entry, implementation } = askAlgorithm(name);
      const { backend, constantTime } = implementation;
      return told({
        tier: entry.tier,
        backend: backendOf(backend.kind, backend.name),
        timing: timings[constantTime],
      });
    },

    queryOption(algorithm: string, option: string): boolean {
      if (askAlgorithm(algorithm).entry.category !== 'symmetric') return false;
      const { options } = context.algorithms.symmetric(algorithm);
      const name = option.toLowerCase();
      const row = optionTable.find((each) => each.name === name || each.spellings.some((other) => other === name));
      return row !== undefined && (row.hint || options.includes(row.name));
    },

    queryFunction(name: string, group: string): Support {
      const facts = knownGroup(group);
      if (facts !== undefined) return told(overall(named(askGroup(facts), name)));
      ask();
      if (group !== '') throw fail.UnsupportedAlgorithm;
      numbers ??= numbersReport(context.policy);
      return told(overall(named([...bytesReport, ...numbers.flatMap(({ functions }) => functions)], name)));
    },

    /** All ids and names, each followed by a line end. */
    queryAlgorithmsText: list,

    queryAlgorithmsLen: (): number => list().length,

    queryAlgorithms(out: Uint8Array): void {
      const text = list();
      requireSize(out, text.length);
      out.set(text);
    },
  };
}

/** Lines of one function: residues have one for each sort of modulus. Errors: `unsupported_algorithm`. */
function named(functions: readonly FunctionReport[], name: string): readonly FunctionReport[] {
  const found = functions.filter((each) => each.name === name);
  if (found.length === 0) throw fail.UnsupportedAlgorithm;
  // Those of even moduli have no secrets, and say nothing of the others.
  const secret = found.filter((each) => each.constantTime !== 'no-secrets');
  return secret.length > 0 ? secret : found;
}

/** The least that holds for all. */
function overall(functions: readonly FunctionReport[]): Support {
  const weakest = (['refused', 'variable', 'best-effort', 'constant'] as const).find((timing) =>
    functions.some((each) => timingOf(each) === timing),
  );
  const [example] = functions.filter((each) => timingOf(each) === weakest);
  if (example === undefined || weakest === undefined) throw fail.UnsupportedAlgorithm;
  return { tier: 'extra', backend: backendOf(example.kind, example.backend), timing: weakest };
}

function timingOf({ constantTime, secrets }: FunctionReport): Support['timing'] {
  return constantTime === 'variable' && !secrets ? 'refused' : timings[constantTime];
}

function backendOf(kind: BackendKind, name: string): Support['backend'] {
  switch (kind) {
    case 'native':
    case 'openssl':
      return 'native';
    case 'hash-wasm':
    case 'libsodium':
      return 'webassembly';
    case 'noble':
      return 'script';
    case 'own':
      return name === own.name ? 'webassembly' : 'script';
  }
}
