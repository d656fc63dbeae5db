/** Starts a guest's process, lets it use every planted secret, and scans it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { plant, type Planted } from './planted.js';
import { scan } from './scan.js';

export interface Found {
  readonly path: string;
  /** How many copies of it, or of a part of it, are left. */
  readonly copies: number;
}

export interface ScanOptions {
  /** A core module, with its own memory or with memory that is shared; a component; or a core module whose host has a process of its own, which is scanned, too. */
  readonly guest: 'core' | 'shared' | 'component' | 'isolated';
  /** Whether the native backend may be used. */
  readonly native: boolean;
  /** Whether the guest's process keeps every input and output: what the scan must find. */
  readonly keeps?: boolean;
}

/** Making their keys takes seconds, and one process knows nothing of those of another. */
let planted: readonly Planted[] | undefined;

/** What is left of each secret that there is a way to plant. */
export function scanned(options: ScanOptions): Promise<readonly Found[]> {
  planted ??= plant();
  return scanPlanted(planted, options);
}

export async function scanPlanted(planted: readonly Planted[], options: ScanOptions): Promise<readonly Found[]> {
  const script = fileURLToPath(new URL('guest.ts', import.meta.url));
  const flags = [
    ...(options.guest === 'core' ? [] : [`--${options.guest}`]),
    ...(options.native ? [] : ['--native-off']),
    ...(options.keeps === true ? ['--keep'] : []),
  ];
  const guest = spawn(process.execPath, ['--import', 'tsx', '--expose-gc', script, ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    guest.stdin.end(JSON.stringify(planted.map(({ plan }) => plan)));
    const ended = once(guest, 'exit').then(() => {
      throw new Error('the guest ended before it was done');
    });
    const [said] = (await Promise.race([once(guest.stdout, 'data'), ended])) as [Buffer];
    const all = planted.flatMap(({ needles }) => needles);
    const scans = (JSON.parse(said.toString()) as readonly number[]).map((pid) => scan(pid, all));
    let next = 0;
    return planted.map(({ path, needles }) => {
      const [from, to] = [next, (next += needles.length)];
      return { path, copies: Math.max(...scans.flatMap((counts) => counts.slice(from, to))) };
    });
  } finally {
    guest.kill();
  }
}
