/** A process of its own for a host, and the two pipes to it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../backends/package-root.js';
import { Pipes } from './pipes.js';

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execArgv: readonly string[];
}

export interface HostProcess {
  readonly child: ChildProcess;
  readonly pipes: Pipes;
  /** Whether the process answers the first message within so many milliseconds. To be asked once. Errors: `PipeClosed`. */
  answersWithin(milliseconds: number): boolean;
  /** Closes the pipes: the process wipes what it has, and ends. */
  end(): void;
}

/** Errors: those of the system, such as `ENOENT` where there is no `mkfifo`. */
export function startProcess({ env, execArgv }: ProcessOptions): HostProcess {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-'));
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  const close = (descriptor: number): void => {
    opened.splice(opened.indexOf(descriptor), 1);
    closeSync(descriptor);
  };
  /** Both ends of a pipe. Whoever opens one end alone waits for the other. */
  const pipe = (path: string): { readonly from: number; readonly to: number } => {
    const both = open(path, constants.O_RDWR);
    const ends = { from: open(path, constants.O_RDONLY), to: open(path, constants.O_WRONLY) };
    close(both);
    return ends;
  };
  try {
    // Node has pipes that do not wait, and no function that makes these.
    const [calls, answers] = [join(folder, 'calls'), join(folder, 'answers')];
    execFileSync('mkfifo', ['-m', '600', calls, answers], { stdio: 'ignore' });
    const [there, back] = [pipe(calls), pipe(answers)];
    const early = open(answers, constants.O_RDONLY | constants.O_NONBLOCK);
    const program = join(packageRoot(), 'dist/runtime/isolation/program.js');
    const child = spawn(process.execPath, [...execArgv, program], {
      // What it prints is for people: the guest's program may print for others.
      stdio: ['ignore', 2, 2, there.from, back.to],
      env,
      // The interrupt of a terminal is for the guest's process: this one ends with it, and wipes first.
      detached: true,
    });
    child.unref();
    // Where it did not even start, the pipes have no other end, which tells it at once.
    child.on('error', () => undefined);
    // Where these ends stayed open here, nobody would notice that the process has ended.
    close(there.from);
    close(back.to);
    const pipes = new Pipes(back.from, there.to);
    return {
      child,
      pipes,
      answersWithin: (milliseconds) => {
        try {
          return pipes.beginsWithin(milliseconds, early);
        } finally {
          close(early);
        }
      },
      end: () => {
        for (const descriptor of opened.splice(0)) closeSync(descriptor);
      },
    };
  } catch (error) {
    for (const descriptor of opened) closeSync(descriptor);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
