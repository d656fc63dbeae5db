/** Hosts in processes of their own, on one store: killed, and at once. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { keyFromCallback, openKeyStore, type KeyStore } from '../../runtime/keys.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { Managed } from '../guest/managed.js';
import { projectRoot } from '../shared.js';
import { recordsAt, type StorePlace } from './places.js';

const NEVER = 2n ** 64n - 1n;

export interface ProcessSetup {
  readonly place: StorePlace;
  readonly mode: 'random' | 'shared' | 'ask';
  readonly seed: number;
  readonly count: number;
  readonly id?: string;
}

export type ProcessLine =
  | { readonly op: 'ready' }
  | {
      readonly op: 'trying';
      readonly next: string;
      readonly id?: string;
      readonly version?: string;
      readonly fill?: number;
    }
  | { readonly op: 'stored'; readonly id: string; readonly version: string; readonly fill: number }
  | { readonly op: 'invalidated'; readonly id: string; readonly version: string }
  | { readonly op: 'found'; readonly answer: string };

let bundled: Promise<string> | undefined;

/** One file, so that a process starts in a quarter of a second. */
async function program(): Promise<string> {
  bundled ??= (async () => {
    const folder = join(projectRoot, '.tmp');
    mkdirSync(folder, { recursive: true });
    const outfile = join(folder, `guest-process-${process.pid}.mjs`);
    await build({
      entryPoints: [join(projectRoot, 'test/stores/guest-process.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'warning',
    });
    return outfile;
  })();
  return bundled;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: ProcessLine[];
  /** When it has ended, by itself or not: its exit code, and what it said of errors. */
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
  /** The next line, one after the other. */
  next(): Promise<ProcessLine>;
}

export async function start(setup: ProcessSetup): Promise<Running> {
  const child = spawn(process.execPath, [await program(), JSON.stringify(setup)], { cwd: projectRoot });
  const lines: ProcessLine[] = [];
  const waiting: ((line: ProcessLine) => void)[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    // A process that was killed may leave half a line.
    if (!text.endsWith('}')) return;
    const line = JSON.parse(text) as ProcessLine;
    lines.push(line);
    waiting.shift()?.(line);
  });
  const closed = new Promise<void>((resolve) => reader.on('close', resolve));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve)).then(async (code) => {
    await closed;
    return { code, errors };
  });
  let taken = 0;
  const next = (): Promise<ProcessLine> => {
    // Two can come at once, before anybody asks for the second.
    const line = lines[taken];
    taken += 1;
    return line === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(line);
  };
  return { child, lines, ended, next };
}

export function openStore(place: StorePlace, cache?: number): KeyStore {
  return openKeyStore({
    records: recordsAt(place),
    kek: keyFromCallback('sevens', () => new Uint8Array(32).fill(7)),
    cache,
  });
}

export function guestOf(
  store: KeyStore,
  onError: (error: unknown) => void = () => undefined,
): { readonly managed: Managed; readonly manager: number } {
  const managed = new Managed(new Guest({ onError, secrets: { store, tenant: 'test' } }));
  return { managed, manager: managed.open() };
}

/** What guests of killed hosts were told must be there. */
class Told {
  /** By identifier: what each version is, `gone`, or undefined where a kill left it open. */
  readonly #ids = new Map<string, Map<string, number | 'gone' | undefined>>();

  /** @param lines of one process */
  add(lines: readonly ProcessLine[]): void {
    for (const line of lines) {
      if (line.op === 'stored') {
        const versions = this.#ids.get(line.id) ?? new Map<string, number | 'gone' | undefined>();
        const highest = [...versions.keys()].reduce((most, each) => (BigInt(each) > most ? BigInt(each) : most), 0n);
        if (BigInt(line.version) <= highest) throw new Error(`version ${line.version} of ${line.id} came twice`);
        versions.set(line.version, line.fill);
        this.#ids.set(line.id, versions);
      } else if (line.op === 'invalidated') this.#ids.get(line.id)?.set(line.version, 'gone');
    }
    const last = lines.at(-1);
    // The call that the kill cut off may have happened, or not.
    if (last?.op === 'trying' && last.next === 'invalidate' && last.id !== undefined && last.version !== undefined)
      this.#ids.get(last.id)?.set(last.version, undefined);
  }

  /** Looks everything up. */
  check(store: KeyStore): void {
    const { managed, manager } = guestOf(store);
    for (const [id, versions] of this.#ids) {
      for (const [version, expected] of versions) {
        let found: number | undefined;
        const errno = errnoOf(() => {
          found = managed.secretFromId(manager, Buffer.from(id, 'hex'), BigInt(version))[0];
        });
        const right =
          expected === 'gone'
            ? errno === 'NotFound'
            : expected === undefined
              ? errno === 'NotFound' || errno === 'Success'
              : found === expected;
        if (!right) throw new Error(`version ${version} of ${id}: ${errno}, ${found} instead of ${expected}`);
      }
    }
  }
}

export interface KillReport {
  readonly kills: number;
  readonly calls: number;
}

/** How many hosts share a store, and after how many rounds it is looked through. */
const HOSTS = 4;
const LOOK = 5;

/** Kills hosts on one store at random moments, again and again, and looks at what they leave. Throws if anything is lost. */
export async function killHosts(
  newPlace: () => StorePlace,
  rounds: number,
  onRound?: (round: number) => void,
): Promise<KillReport> {
  let calls = 0;
  let place = newPlace();
  let told = new Told();
  for (let round = 0; round < rounds; round += 1) {
    if (round % 25 === 0) {
      place = newPlace();
      told = new Told();
    }
    const seeds = Array.from({ length: HOSTS }, (_, index) => (round * HOSTS + index) * 1013 + 1);
    const running = await Promise.all(seeds.map((seed) => start({ place, mode: 'random', seed, count: 0 })));
    await Promise.all(running.map((each) => each.next()));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    for (const { child } of running) child.kill('SIGKILL');
    for (const { ended, lines } of running) {
      const { code, errors } = await ended;
      if (code !== null) throw new Error(`a host ended by itself: ${errors}`);
      calls += lines.filter(({ op }) => op !== 'trying').length;
      told.add(lines);
    }
    if ((round + 1) % LOOK !== 0 && round + 1 !== rounds) continue;
    const store = openStore(place);
    try {
      told.check(store);
      const { problems } = store.verify();
      if (problems.length > 0) throw new Error(problems.join('\n'));
    } finally {
      store.close();
    }
    onRound?.(round + 1);
  }
  return { kills: rounds * HOSTS, calls };
}

/** Hosts in several processes that replace one secret at once: every version must be given out once. Returns how many calls there were. */
export async function shareSecret(place: StorePlace, processes: number, count: number): Promise<number> {
  const store = openStore(place);
  const { managed, manager } = guestOf(store);
  const id = Buffer.from(managed.secretStore(manager, new Uint8Array(32), NEVER)).toString('hex');
  const setups = Array.from({ length: processes }, (_, seed) => ({
    place,
    mode: 'shared' as const,
    seed,
    count,
    id,
  }));
  const running = await Promise.all(setups.map(start));
  for (const { ended } of running) {
    const { code, errors } = await ended;
    if (code !== 0) throw new Error(errors);
  }
  const versions = running.flatMap(({ lines }) =>
    lines.flatMap((line) => (line.op === 'stored' ? [Number(line.version)] : [])),
  );
  const expected = Array.from({ length: processes * count }, (_, index) => index + 2);
  const sorted = versions.toSorted((left, right) => left - right);
  if (JSON.stringify(sorted) !== JSON.stringify(expected)) throw new Error('versions were lost, or given out twice');
  if (managed.secretReplace(manager, new Uint8Array(32), NEVER, Buffer.from(id, 'hex')) !== BigInt(versions.length + 2))
    throw new Error('the next version is another one');
  const { problems } = store.verify();
  if (problems.length > 0) throw new Error(problems.join('\n'));
  store.close();
  return versions.length * 4;
}

/** What a host in another process finds before and after a change here: its cache must not hide it. */
export async function seenElsewhere(place: StorePlace): Promise<readonly string[]> {
  const store = openStore(place);
  const { managed, manager } = guestOf(store);
  const id = managed.secretStore(manager, new Uint8Array(1).fill(1), NEVER);
  const other = await start({ place, mode: 'ask', seed: 0, count: 0, id: Buffer.from(id).toString('hex') });
  const found: string[] = [];
  const ask = async (): Promise<void> => {
    const next = other.next();
    other.child.stdin.write('?');
    const line = await next;
    if (line.op === 'found') found.push(line.answer);
  };
  await other.next();
  await other.next();
  await ask();
  managed.secretReplace(manager, new Uint8Array(1).fill(2), NEVER, id);
  await ask();
  managed.secretInvalidate(manager, id, 2n);
  await ask();
  managed.secretInvalidate(manager, id, 1n);
  await ask();
  other.child.stdin.end();
  await other.ended;
  store.close();
  return found;
}
