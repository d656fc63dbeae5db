/** The parts of the evidence. Each runs a tool that there is anyway, and says what came of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { missedPlanted, type Timed } from '../../bench/timing-paths.js';
import { nativeLibrary, nativeObjection } from '../../runtime/backends/native/library.js';
import { fuzzComponent } from '../fuzz/component.js';
import { fuzzExtension } from '../fuzz/extension.js';
import { fuzzHost } from '../fuzz/host.js';
import type { FuzzReport } from '../fuzz/hostile-guest.js';
import { fuzzNative } from '../native/hostile.js';
import { isKnown } from '../residue/known.js';
import { scanned } from '../residue/scanned.js';
import { hasShared, missingShared, projectRoot } from '../shared.js';

/** How much is run. */
export interface Amount {
  readonly calls: number;
  readonly samples: number;
  readonly seed: number;
}

export interface Section {
  readonly title: string;
  /** In a few words; begins with `skipped` where nothing was run. */
  readonly summary: string;
  /** Rows of a table. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** What must not be. */
  readonly failures: readonly string[];
}

function skipped(title: string, why: string): Section {
  return { title, summary: why.startsWith('skipped') ? why : `skipped: ${why}`, rows: [], failures: [] };
}

/** A row of the table that the tests of vectors print: id, source, passed, skipped, failed. */
const COUNTS = /^(\S+) +(\w+) +(\d+) +(\d+) +(\d+)$/;

/** Test vectors through the guest's interface, core modules and components. */
export async function vectors(): Promise<Section> {
  const title = 'test vectors';
  if (!hasShared) return skipped(title, missingShared);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const { text, status } = await printed(...vitest, 'test/vectors');
  const rows = text.split('\n').flatMap((line) => {
    const [, algorithm = '', source = '', ...counts] = COUNTS.exec(line.trim()) ?? [];
    const [passed = 0, skippedCases = 0, failed = 0] = counts.map(Number);
    return counts.length === 0 ? [] : [{ algorithm, source, passed, skipped: skippedCases, failed }];
  });
  const total = (of: 'passed' | 'skipped' | 'failed'): number => rows.reduce((sum, row) => sum + row[of], 0);
  return {
    title,
    summary: `${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped by name`,
    rows,
    failures: status === 0 && rows.length > 0 ? [] : ['the tests of vectors failed: `npm run vectors` says where'],
  };
}

/** A hostile core module. */
export function fuzzedCore({ calls, seed }: Amount): Section {
  return fuzzed('hostile core module', fuzzHost({ calls, seed }));
}

/** A hostile core module that calls the extension. */
export function fuzzedExtension({ calls, seed }: Amount): Section {
  return fuzzed('hostile core module, the extension', fuzzExtension({ calls, seed }));
}

/** A hostile component. */
export async function fuzzedComponents({ calls, seed }: Amount): Promise<Section> {
  return fuzzed('hostile component', await fuzzComponent({ calls, seed }));
}

type Fuzzed = Pick<FuzzReport, 'calls' | 'contexts' | 'functions' | 'succeeded' | 'failures'> & {
  readonly errnos: Readonly<Record<string, number>>;
};

function fuzzed(title: string, { calls, contexts, functions, succeeded, errnos, failures }: Fuzzed): Section {
  return {
    title,
    summary: `${calls} calls of ${functions} functions before ${contexts} hosts, ${succeeded.size} functions succeeded at least once`,
    rows: Object.entries(errnos)
      .toSorted(([, left], [, right]) => right - left)
      .map(([answer, count]) => ({ answer, count })),
    failures,
  };
}

/** Hostile calls of the native library itself. */
export function fuzzedNative({ calls, seed }: Amount): Section {
  const title = 'hostile calls of the native library';
  const objection = nativeObjection();
  if (objection !== undefined) return skipped(title, objection);
  const { compared, answers, functions, succeeded, failures } = fuzzNative({ library: nativeLibrary(), calls, seed });
  return {
    title,
    summary: `${calls} calls, ${succeeded.size} of ${functions} functions succeeded at least once, ${compared} results compared`,
    rows: Object.entries(answers).map(([answer, count]) => ({ answer, count })),
    failures,
  };
}

const guests = {
  core: 'core module',
  shared: 'core module, shared memory',
  component: 'component, batches too',
  isolated: 'core module, host in a process of its own; both scanned',
} as const;

/** Secrets that are left in memory once all is closed. */
export async function residues(): Promise<Section> {
  const title = 'secrets in memory after their end';
  if (process.platform !== 'linux') return skipped(title, 'memory of other processes is read on Linux only');
  const natives = nativeObjection() === undefined ? [true, false] : [false];
  const rows: Record<string, string | number>[] = [];
  const failures: string[] = [];
  for (const native of natives) {
    for (const guest of ['core', 'shared', 'component', 'isolated'] as const) {
      const found = await scanned({ guest, native });
      const left = found.filter(({ copies }) => copies > 0).map(({ path }) => path);
      const unknown = left.filter((path) => !isKnown(path, native));
      rows.push({
        backend: native ? 'native' : 'node:crypto',
        guest: guests[guest],
        planted: found.length,
        left: left.length,
        'freed unwiped by Node or OpenSSL': left.length - unknown.length,
      });
      failures.push(...unknown.map((path) => `left in memory: ${path}`));
    }
  }
  const control = await scanned({ guest: 'core', native: false, keeps: true });
  const seen = control.filter(({ copies }) => copies > 0).length;
  if (seen < 0.9 * control.length)
    failures.push(`the scan saw only ${seen} of ${control.length} secrets that were kept`);
  const planted = rows.reduce((sum, row) => sum + Number(row['planted']), 0);
  return { title, summary: `${planted} secrets planted; ${seen} of ${control.length} kept ones seen`, rows, failures };
}

/** What a program of this project prints, and its status. */
async function printed(...args: readonly string[]): Promise<{ readonly text: string; readonly status: number | null }> {
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { text, status };
}

/**
 * Constant time: reported, and never a failure but where a control was not found. In a process of its own: after
 * millions of hostile calls V8 has compiled for them, and every look at a path is noise.
 */
export async function timings({ samples }: Amount): Promise<Section> {
  const title = 'time and secrets';
  const { text } = await printed('--import', 'tsx/esm', 'bench/timing.ts', '--json', '--samples', String(samples));
  if (text === '') return { title, summary: 'nothing was measured', rows: [], failures: ['`npm run timing` failed'] };
  const rows = JSON.parse(text) as readonly Timed[];
  const claimed = rows.filter(({ path }) => !path.startsWith('planted leak') && !path.endsWith('of variable time'));
  const leaks = claimed.filter(({ verdict }) => verdict !== 'no difference seen').length;
  return {
    title,
    summary: `${claimed.length} paths, ${samples} samples each; ${leaks} to look at again`,
    rows: rows.map((row) => ({ ...row })),
    failures: missedPlanted(rows),
  };
}
