/**
 * Runs the files of test vectors beside the project. A file of a family gets a reader, which makes
 * its entries into cases; every case runs through the guest ABI. Those that this host refuses on
 * purpose stand in `expected-failures.json`, by name of the reason and with the errno they must get;
 * one that passes all the same, or fails otherwise, is a failure.
 */
import { getFips } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { CallFailed } from '../guest/guest.js';
import { idsOf, supportedEntries } from '../registry.js';
import { shared } from '../shared.js';

/** One entry of a file. */
export interface VectorCase {
  /** `tcId`, or the place in the file where entries have none. */
  readonly number: number;
  /** Id of the algorithm, as the manifest has it. */
  readonly algorithm: string;
  /** Throws unless the host does what the entry says. */
  run(): void;
}

/** Makes cases of the parsed file. A file may hold entries for algorithms that are not read: leave them out. */
export type VectorReader = (data: unknown, path: string) => readonly VectorCase[];

interface ManifestEntry {
  readonly path: string;
  /** Who made them. */
  readonly source: string;
  readonly algs: Readonly<Record<string, number>>;
}

interface ExpectedFailure {
  readonly reason: string;
  readonly file: string;
  /** What the guest gets; `mismatch` for an output that differs. */
  readonly errno: string;
  /** Numbers and ranges, such as `1 3-5`; `*` for all. */
  readonly cases: string;
}

interface ExpectedFailures {
  readonly reasons: Readonly<Record<string, string>>;
  readonly vectors: readonly ExpectedFailure[];
}

/** Files of vectors of our own, where those beside the project have none. */
const own = (path: string): string => fileURLToPath(new URL(`files/${path}`, import.meta.url));

function readManifest(path: string): readonly ManifestEntry[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ManifestEntry[]) : [];
}

export const manifest: readonly ManifestEntry[] = [
  ...readManifest(shared('vectors/MANIFEST.json')),
  ...readManifest(own('MANIFEST.json')),
];

export const expectedFailures = JSON.parse(
  readFileSync(new URL('../expected-failures.json', import.meta.url), 'utf8'),
) as ExpectedFailures;

export function readVectors(path: string): unknown {
  const bytes = readFileSync(existsSync(own(path)) ? own(path) : shared(`vectors/${path}`));
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** Thrown by a case: the host succeeded, with another output. */
export class Mismatch extends Error {}

/** Throws unless the output is what the entry lists. */
export function requireSame(actual: Uint8Array, expected: string, what: string): void {
  const hex = hexOf(actual);
  if (hex !== expected.toLowerCase()) throw new Mismatch(`${what} is ${hex}, not ${expected.toLowerCase()}`);
}

/** Throws unless the call fails with one of these errnos. */
export function requireFailure(call: () => unknown, ...errnos: readonly string[]): void {
  try {
    call();
  } catch (error) {
    if (error instanceof CallFailed && errnos.includes(error.errno)) return;
    throw error;
  }
  throw new Mismatch(`succeeded instead of failing with ${errnos.join(' or ')}`);
}

interface Counts {
  passed: number;
  skipped: number;
  failed: number;
}

/** Counts for each id and source, printed when the file of tests is through. */
export class VectorReport {
  readonly #title: string;
  readonly #counts = new Map<string, Map<string, Counts>>();

  constructor(title: string) {
    this.#title = title;
    afterAll(() => process.stdout.write(this.#table()));
  }

  add(algorithm: string, path: string, outcome: keyof Counts): void {
    const source = path.slice(0, path.indexOf('/'));
    const sources = this.#counts.get(algorithm) ?? new Map<string, Counts>();
    const counts = sources.get(source) ?? { passed: 0, skipped: 0, failed: 0 };
    counts[outcome] += 1;
    sources.set(source, counts);
    this.#counts.set(algorithm, sources);
  }

  #table(): string {
    const total: Counts = { passed: 0, skipped: 0, failed: 0 };
    const rows = [...this.#counts].flatMap(([algorithm, sources]) =>
      [...sources].map(([source, counts]) => {
        for (const name of ['passed', 'skipped', 'failed'] as const) total[name] += counts[name];
        return row(algorithm, source, counts);
      }),
    );
    const head = `${this.#title.padEnd(24)}${'source'.padEnd(14)}${'passed'.padStart(8)}${'skipped'.padStart(9)}${'failed'.padStart(8)}\n`;
    return `\n${head}${rows.toSorted().join('')}${row('total', '', total)}`;
  }
}

function row(algorithm: string, source: string, counts: Counts): string {
  return `${algorithm.padEnd(24)}${source.padEnd(14)}${String(counts.passed).padStart(8)}${String(counts.skipped).padStart(9)}${String(counts.failed).padStart(8)}\n`;
}

const supportedIds: ReadonlySet<string> = new Set(idsOf(supportedEntries));

/** Whether a FIPS provider lacks it (`npm run fips`). Nothing else excuses a case. */
const isAbsent = (id: string): boolean => getFips() === 1 && !supportedIds.has(id);

/** What the manifest calls algorithms that are not in the proposal's tables. */
const manifestNames: Readonly<Record<string, string>> = {
  'ARGON2-ID-13': '(extra) ARGON2-ID',
  SCRYPT: '(extra) scrypt',
  BCRYPT: '(extra) bcrypt',
  'PBKDF2-HMAC/SHA-256': '(extra) PBKDF2-HMAC-SHA256',
  'PBKDF2-HMAC/SHA-512': '(extra) PBKDF2-HMAC-SHA512',
};

/** The files that have cases of an algorithm. */
export function filesOf(id: string): readonly ManifestEntry[] {
  return manifest.filter(({ algs }) => Object.hasOwn(algs, manifestNames[id] ?? id));
}

/** A test for a file: every case runs, and there are as many for each id as the manifest says. */
export function testVectors(path: string, read: VectorReader, report: VectorReport): void {
  it(path, ({ skip }) => {
    const cases = read(readVectors(path), path);
    const expected = expectedFailures.vectors.filter((each) => each.file === path);
    const failures: string[] = [];
    const counts = new Map<string, number>();
    const unused = new Set(expected);
    for (const each of cases) {
      const listed = expected.find((candidate) => includes(candidate.cases, each.number));
      if (listed !== undefined) unused.delete(listed);
      const failure = isAbsent(each.algorithm) ? 'skipped' : judge(each, listed);
      report.add(each.algorithm, path, failure === 'passed' || failure === 'skipped' ? failure : 'failed');
      if (failure !== 'passed' && failure !== 'skipped') failures.push(`${each.algorithm} ${each.number}: ${failure}`);
      counts.set(each.algorithm, (counts.get(each.algorithm) ?? 0) + 1);
    }
    expect(failures.slice(0, 20)).toEqual([]);
    expect([...unused]).toEqual([]);
    const listed = manifest.find((entry) => entry.path === path)?.algs ?? {};
    const due = Object.entries(listed).filter(([id]) => counts.has(id) || supportedIds.has(id));
    expect(Object.fromEntries(counts), 'cases that were read, and those of the manifest').toEqual(
      Object.fromEntries(due),
    );
    const ids = [...counts.keys()];
    if (ids.length > 0 && ids.every(isAbsent)) skip(`the FIPS provider has no ${ids.join(', ')}`);
  });
}

/** `passed`, `skipped`, or what is wrong. */
function judge(each: VectorCase, expected: ExpectedFailure | undefined): string {
  const outcome = outcomeOf(each);
  if (expected === undefined) return outcome === 'passed' ? outcome : outcome.replace(/^errno /, '');
  if (outcome === 'passed') return `passes, but is listed as ${expected.reason}`;
  const wanted = expected.errno === 'mismatch' ? 'mismatch' : `errno ${expected.errno}`;
  return outcome.startsWith(wanted)
    ? 'skipped'
    : `listed as ${expected.reason} with ${expected.errno}, but: ${outcome}`;
}

function outcomeOf(each: VectorCase): string {
  try {
    each.run();
    return 'passed';
  } catch (error) {
    if (error instanceof CallFailed) return `errno ${error.errno} (${error.message})`;
    if (error instanceof Mismatch) return `mismatch: ${error.message}`;
    throw error;
  }
}

function includes(cases: string, number: number): boolean {
  return cases.split(' ').some((part) => {
    if (part === '*') return true;
    const [first, last] = part.split('-').map(Number);
    return number >= (first ?? Infinity) && number <= (last ?? first ?? -Infinity);
  });
}
