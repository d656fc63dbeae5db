/** Hosts in processes of their own. What they compute is tested by the vectors (`test/vectors/isolated.test.ts`). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWasiCrypto, type CallEvent } from '../../runtime/index.js';
import {
  createIsolatedWasiCrypto,
  IsolationError,
  type IsolatedOptions,
  type IsolatedWasiCrypto,
} from '../../runtime/isolated.js';
import { functions, type CoreFunction } from '../../runtime/hosts/core-functions.js';
import { Connection } from '../../runtime/isolation/connection.js';
import { Pipes } from '../../runtime/isolation/pipes.js';
import { startProcess } from '../../runtime/isolation/process.js';
import { errnoName, errnoOf, Guest, newMemory, PAGE, UNTOUCHED, type CoreHost } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { hexOf } from '../hex.js';
import { scan } from '../residue/scan.js';
import { projectRoot } from '../shared.js';
import { MESSAGE } from './message.js';

const open: IsolatedWasiCrypto[] = [];

function isolated(options: IsolatedOptions = {}): IsolatedWasiCrypto {
  const host = createIsolatedWasiCrypto(options);
  open.push(host);
  return host;
}

afterEach(() => {
  for (const host of open.splice(0)) host.close();
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended stays as long as whoever inherited it does not ask how.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    // Where there is no `/proc`, somebody does.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

async function untilEnded(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 });
}

/** A module in a folder of its own. */
function moduleOf(text: string): URL {
  const file = join(mkdtempSync(join(tmpdir(), 'owner-')), 'owner.mjs');
  writeFileSync(file, text);
  return pathToFileURL(file);
}

/** SHA-256 of so many zeros. */
function hashOf(guest: Guest, size: number): Uint8Array {
  const symmetric = new Symmetric(guest);
  const state = symmetric.open('SHA-256');
  symmetric.absorb(state, new Uint8Array(size));
  return symmetric.squeeze(state, 32);
}

describe('the memory of a guest', () => {
  /** The same calls of a host in this process and of an isolated one. */
  const both = (calls: (guest: Guest) => unknown): void => {
    const [here, there] = [createWasiCrypto(), isolated()].map((host: CoreHost) => calls(new Guest(host)));
    expect(there).toEqual(here);
  };

  it('is read and written where parameters say, and nowhere else', () => {
    both((guest) => {
      const [name, length] = guest.text('SHA-256');
      const none = guest.put(Uint8Array.of(1));
      const state = guest.callForU32('symmetric_state_open', name, length, none, none);
      const out = guest.alloc(64);
      guest.call('symmetric_state_absorb', state, name, 3);
      guest.call('symmetric_state_squeeze', state, out + 16, 32);
      expect(guest.read(out, 16)).toEqual(new Uint8Array(16).fill(UNTOUCHED));
      return guest.read(0, guest.memory.buffer.byteLength);
    });
  });

  it('may have inputs and outputs that overlap', () => {
    both((guest) => {
      const symmetric = new Symmetric(guest);
      const key = symmetric.keyImport('AES-256-GCM', new Uint8Array(32).fill(1));
      const state = symmetric.common.withOptions({ nonce: new Uint8Array(12) }, (options) =>
        symmetric.open('AES-256-GCM', key, options),
      );
      const at = guest.put(new Uint8Array(100).fill(2));
      const size = guest.alloc(4);
      return [guest.raw('symmetric_state_encrypt', state, at + 5, 80, at, 64, size), guest.read(at, 100)];
    });
  });

  it('is judged in the same order', () => {
    both((guest) => {
      const end = guest.memory.buffer.byteLength;
      const [name, length] = guest.text('SHA-256');
      const out = guest.alloc(4);
      return [
        guest.raw('symmetric_state_open', name, length, end - 1, name, out),
        guest.raw('symmetric_state_open', name, 0xffff_ffff, name, name, out),
        guest.raw('symmetric_state_open', name, length, name, name, -1),
        guest.raw('symmetric_state_absorb', 77, end, 1),
        guest.raw('symmetric_state_absorb', 77, end, 0),
        guest.raw('options_open', 99, out),
        guest.raw('array_output_pull', 5, end + 1, 0, out),
      ];
    });
  });

  it('may grow, and may be shared between threads', () => {
    both((guest) => {
      const before = hashOf(guest, 10);
      guest.memory.grow(3);
      return [before, hashOf(guest, 2 * PAGE)];
    });
    const shared = new Guest(isolated(), newMemory({ initial: 4, maximum: 8, shared: true }));
    expect(hashOf(shared, 2 * PAGE)).toEqual(hashOf(new Guest(), 2 * PAGE));
  });

  it('crosses up to what the host may keep for the guest', () => {
    const guest = new Guest(isolated({ limits: { totalBytes: 100_000 } }), newMemory({ initial: 4 }));
    const symmetric = new Symmetric(guest);
    const state = symmetric.open('SHA-256');
    symmetric.absorb(state, new Uint8Array(90_000));
    expect(errnoOf(() => guest.call('symmetric_state_absorb', state, 0, 110_000))).toBe('Overflow');
    expect(symmetric.squeeze(state, 32)).toEqual(hashOf(new Guest(), 90_000));
  });
});

describe('the process of an isolated host', () => {
  it.skipIf(process.platform !== 'linux')(
    'has the keys of its guest, and the process of the guest has them not',
    async () => {
      const key = randomBytes(32);
      const file = join(mkdtempSync(join(tmpdir(), 'key-')), 'key');
      writeFileSync(file, key, { mode: 0o600 });
      const guest = spawn(
        process.execPath,
        ['--import', 'tsx', fileURLToPath(new URL('guest-main.ts', import.meta.url))],
        { cwd: projectRoot, env: { ...process.env, KEY_FILE: file }, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      try {
        const [printed] = (await once(guest.stdout, 'data')) as [Buffer];
        const { host, tag } = JSON.parse(printed.toString()) as { readonly host: number; readonly tag: string };
        expect(tag).toBe(createHmac('sha256', key).update(MESSAGE).digest('hex'));
        expect(scan(guest.pid as number, [key])).toEqual([0]);
        expect(scan(host, [key])[0]).toBeGreaterThan(0);
        guest.kill('SIGKILL');
        await untilEnded(host);
      } finally {
        guest.kill('SIGKILL');
      }
    },
  );

  it('ends with close, after it has wiped everything', async () => {
    const host = isolated();
    const guest = new Guest(host);
    const state = new Symmetric(guest).open('SHA-256');
    expect(host.usage()).toMatchObject({ handles: 1 });
    host.close();
    expect(host.usage()).toMatchObject({ handles: 0, bytes: 0, calls: 1 });
    expect(errnoOf(() => guest.call('symmetric_state_close', state))).toBe('InvalidHandle');
    expect(() => host.capabilities()).toThrow(expect.objectContaining({ code: 'host-ended' }));
    await untilEnded(host.pid);
  });

  it('may die in a call or between them: the guest gets internal_error, and the owner is told once', async () => {
    for (const between of [false, true]) {
      const onError = vi.fn<(error: unknown) => void>();
      const host = isolated({ onError });
      const guest = new Guest(host);
      const symmetric = new Symmetric(guest);
      const state = symmetric.open('SHA-256');
      process.kill(host.pid, 'SIGKILL');
      if (between) await vi.waitFor(() => expect(onError).toHaveBeenCalled());
      expect(errnoOf(() => symmetric.absorb(state, MESSAGE))).toBe('InternalError');
      expect(errnoOf(() => symmetric.close(state))).toBe('InternalError');
      expect(() => host.usage()).toThrow(IsolationError);
      await wait(50);
      expect(onError.mock.calls).toEqual([[expect.objectContaining({ name: 'IsolationError', code: 'host-ended' })]]);
    }
  });

  it('is asked nothing where the stack of the guest ends too early, and goes on', () => {
    const onError = vi.fn<(error: unknown) => void>();
    const host = isolated({ onError });
    const guest = new Guest(host);
    const symmetric = new Symmetric(guest);
    const state = symmetric.open('SHA-256');
    const at = guest.put(MESSAGE);
    const { symmetric_state_absorb: absorb } = host.imports.wasi_ephemeral_crypto_symmetric;
    const ends: string[] = [];
    const dive = (): void => {
      try {
        dive();
      } catch {
        // From here on up, a call at each depth.
      }
      if (ends.length >= 500) return;
      try {
        ends.push(errnoName(absorb(state, at, MESSAGE.length)));
      } catch (error) {
        ends.push((error as Error).name);
      }
    };
    dive();
    expect(new Set(ends)).toEqual(new Set(['RangeError', 'Success']));
    const absorbed = ends.filter((end) => end === 'Success').length;
    const whole = new Uint8Array(absorbed * MESSAGE.length).map((_, index) => MESSAGE[index % MESSAGE.length] ?? 0);
    expect(hexOf(symmetric.squeeze(state, 32))).toBe(createHash('sha256').update(whole).digest('hex'));
    expect(onError).not.toHaveBeenCalled();
  });

  it('is asked nothing where the stack has no room for what a message needs', () => {
    const frames = (count: number): number => (count === 0 ? 0 : 1 + frames(count - 1));
    /** A message that needs more of the stack than any does. */
    class DeepPipes extends Pipes {
      isInMessage = false;
      override writeNumber(): void {
        this.isInMessage = true;
      }
      override writeBytes(): void {}
      override send(): void {
        frames(100);
      }
      override readNumber(): number {
        return 0;
      }
      override readBytes(): void {}
      override forget(): void {
        this.isInMessage = false;
      }
    }
    const pipes = new DeepPipes(-1, -1);
    const end = vi.fn<() => void>();
    const onError = vi.fn<(error: unknown) => void>();
    const child = new EventEmitter() as ChildProcess;
    const connection = new Connection(
      { child, pipes, answersWithin: () => true, end },
      { onError, onEvent: undefined },
    );
    const memory = newMemory({ initial: 1 });
    const index = functions.findIndex(({ name }) => name === 'symmetric_state_close');
    const func = functions[index] as CoreFunction;
    for (let count = 0; count < 10; count += 1) connection.call(index, func, [1], memory);
    const ends: string[] = [];
    const dive = (): void => {
      try {
        dive();
      } catch {
        // From here on up, a call at each depth.
      }
      if (ends.length >= 500) return;
      try {
        ends.push(String(connection.call(index, func, [1], memory)));
      } catch (error) {
        ends.push(pipes.isInMessage ? 'in a message' : (error as Error).name);
      }
    };
    dive();
    expect(new Set(ends)).toEqual(new Set(['RangeError', '0']));
    expect(end).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
  });

  it('has its own work done between many calls', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'turn-')), 'file');
    const host = isolated({
      module: moduleOf(`
        import { writeFileSync } from 'node:fs';
        export default () => { setTimeout(() => writeFileSync(${JSON.stringify(file)}, 'done'), 1); return {}; };`),
    });
    await wait(20);
    const guest = new Guest(host);
    for (let count = 0; count < 3000; count += 1) errnoOf(() => guest.call('symmetric_state_close', 1));
    expect(readFileSync(file, 'utf8')).toBe('done');
  });

  it('ends when nobody can reach its host any more', async () => {
    const program = `
      import { createIsolatedWasiCrypto } from ${JSON.stringify(join(projectRoot, 'dist/runtime/isolated.js'))};
      const pid = (() => createIsolatedWasiCrypto().pid)();
      await new Promise((resolve) => setTimeout(resolve, 50));
      gc();
      for (let count = 0; count < 200; count += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        try { process.kill(pid, 0); } catch { console.log('ended'); process.exit(); }
      }`;
    const { stdout } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program]);
    expect(stdout.toString()).toBe('ended\n');
  });

  it('keeps no program from ending', () => {
    const program = `
      import { createIsolatedWasiCrypto } from ${JSON.stringify(join(projectRoot, 'dist/runtime/isolated.js'))};
      globalThis.host = createIsolatedWasiCrypto();`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 30_000 });
    expect(status).toBe(0);
  });
});

describe('the owner of an isolated host', () => {
  it('is told of calls and of errors, but for their messages', () => {
    const events: CallEvent[] = [];
    const errors: unknown[] = [];
    const guest = new Guest(
      isolated({
        onEvent: (event) => events.push(event),
        onError: (error) => errors.push(error),
        module: moduleOf(
          'export default { random: () => { throw Object.assign(new TypeError("bytes 1 2 3"), { code: "E_TEST" }); } };',
        ),
      }),
    );
    expect(errnoOf(() => new Symmetric(guest).keyGenerate('AES-256-GCM'))).toBe('RngError');
    expect(events).toEqual([
      expect.objectContaining({ operation: 'symmetricKeyGenerate', algorithm: 'AES-256-GCM', result: 'rng_error' }),
    ]);
    expect(errors).toEqual([expect.objectContaining({ name: 'TypeError', code: 'E_TEST' })]);
    const [error] = errors as [Error];
    expect(error.stack).toContain('owner.mjs');
    expect(`${error.message} ${error.stack ?? ''}`).not.toContain('bytes 1 2 3');
  });

  it('sees what the host can do', () => {
    const here = createWasiCrypto({ policy: { profile: 'no-fallback' } }).capabilities();
    expect(isolated({ policy: { profile: 'no-fallback' } }).capabilities()).toEqual(here);
  });

  it('gives options by a module, and what stands beside it comes first', () => {
    const module = moduleOf(
      'export default async () => ({ limits: { handles: 1 }, policy: { algorithms: ["SHA-512"] } });',
    );
    const symmetric = new Symmetric(new Guest(isolated({ module, policy: {} })));
    symmetric.open('SHA-256');
    expect(errnoOf(() => symmetric.open('SHA-256'))).toBe('TooManyHandles');
  });

  it.for<[string, IsolatedOptions, object]>([
    ['an unknown option', { clock: Date.now } as IsolatedOptions, { code: 'unknown-option' }],
    ['a policy that cannot be followed', { policy: { algorithms: ['none'] } }, { code: 'unknown-algorithm' }],
    ['what is no function', { onError: 1 as never }, { code: 'invalid-option' }],
    ['a relative path', { module: './owner.mjs' }, { code: 'invalid-option' }],
    ['flags that are no texts', { execArgv: [1 as never] }, { code: 'invalid-option' }],
    ['a module that is not there', { module: new URL('none.mjs', import.meta.url) }, { code: 'ERR_MODULE_NOT_FOUND' }],
    ['a module without options', { module: moduleOf('export const a = 1;') }, { code: 'invalid-option' }],
    ['a module that fails', { module: moduleOf('throw new Error("not today");') }, { message: 'not today' }],
    [
      'keys in the background',
      { module: moduleOf('export default { keyGeneration: "background" };') },
      { code: 'invalid-option' },
    ],
    ['flags that Node does not know', { execArgv: ['--none'] }, { name: 'IsolationError', code: 'cannot-start' }],
  ])('is told at once of %s', ([, options, error]) => {
    expect(() => isolated(options)).toThrow(expect.objectContaining(error));
  });

  it.for<[string, string, object]>([
    ['never comes to its end', 'for (;;);', { code: 'invalid-option', message: expect.stringContaining('2 seconds') }],
    ['waits for ever', 'setInterval(() => {}, 9); await new Promise(() => {});', { code: 'invalid-option' }],
    ['waits for nothing', 'await new Promise(() => {});', { code: 'cannot-start' }],
  ])('does not wait for a module that %s', async ([, text, error]) => {
    const process = startProcess({ env: globalThis.process.env, execArgv: [] });
    const connection = new Connection(process, { onError: () => undefined, onEvent: undefined });
    const begin = { options: {}, module: moduleOf(text).href, events: false };
    expect(() => connection.begin(begin, 2)).toThrow(expect.objectContaining(error));
    await untilEnded(process.child.pid as number);
  });

  it('is told where a host cannot have a process of its own', () => {
    vi.stubEnv('PATH', '');
    try {
      expect(() => isolated()).toThrow(
        expect.objectContaining({ code: 'cannot-start', message: expect.stringContaining('mkfifo') as string }),
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('attaches one memory, before the first call', () => {
    const host = isolated();
    expect(() => host.imports.wasi_ephemeral_crypto_symmetric.symmetric_state_close(1)).toThrow(
      expect.objectContaining({ code: 'not-attached' }),
    );
    const memory = newMemory({ initial: 1 });
    host.attach({ exports: { memory } });
    host.attach(memory);
    expect(() => host.attach(newMemory({ initial: 1 }))).toThrow(expect.objectContaining({ code: 'already-attached' }));
    expect(() => host.attach({ exports: {} })).toThrow(expect.objectContaining({ code: 'no-memory' }));
  });
});
