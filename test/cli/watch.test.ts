/** `watch` as a process: it sees what changes, tells it in one line, goes on after mistakes, and ends with 0. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { builtMain, it, wasiCryptoGen } from './command-line.js';
import { smallDefinition, types, writeDefinition } from './small-project.js';

class Watcher {
  readonly #child;
  readonly #ended: Promise<unknown>;
  #lines: string[] = [];
  stderr = '';
  #heard: (() => void) | undefined;

  private constructor(main: string, folder: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [main, 'watch', ...args], { cwd: folder });
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#heard?.();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  static async start(folder: string, ...args: readonly string[]): Promise<Watcher> {
    return new Watcher(await builtMain(), folder, args);
  }

  /** The next line, as soon as it is there. */
  async line(): Promise<string> {
    while (this.#lines.length === 0) {
      const heard = new Promise<void>((resolve) => (this.#heard = resolve));
      await Promise.race([
        heard,
        this.#ended.then((code) => Promise.reject(new Error(`ended with ${String(code)}: ${this.stderr}`))),
      ]);
    }
    return this.#lines.shift() ?? '';
  }

  /** Ctrl-C; what it printed since, and how it ended. */
  async interrupt(): Promise<{ readonly code: unknown; readonly lines: readonly string[] }> {
    this.#child.kill('SIGINT');
    return { code: await this.#ended, lines: this.#lines };
  }
}

describe('watch', () => {
  it('makes output again after changes of definitions and configuration, and goes on after mistakes', async ({
    folder,
  }) => {
    await writeDefinition(folder);
    const config = join(folder, 'wasi-crypto.config.mjs');
    const output = { spec: 'definitions', targets: ['typescript-host'], out: 'src/host' };
    const configured = (more: object): string =>
      `export default { outputs: [${JSON.stringify({ ...output, ...more })}] };\n`;
    await writeFile(config, configured({}));
    const watcher = await Watcher.start(folder);
    expect(await watcher.line()).toMatch(/^at first: src\/host \d+ written$/);
    expect(await watcher.line()).toBe('watching 2 files; Ctrl-C ends it');

    // Two files that change together are one line.
    await writeDefinition(folder, smallDefinition.replace('$forbidden', '$not_allowed'));
    await writeFile(join(folder, 'definitions/more.witx'), '(module $more)\n(typename $size u32)\n');
    expect(await watcher.line()).toMatch(
      /^definitions\/(common|more)\.witx, definitions\/(common|more)\.witx: src\/host \d+ written/,
    );
    expect(await readFile(join(folder, 'src/host', types), 'utf8')).toContain('NotAllowed');

    await writeDefinition(folder, '(module $common');
    expect(await watcher.line()).toBe('definitions/common.witx: src/host nothing written');
    expect(watcher.stderr).toContain('[unbalanced-parenthesis]');
    expect(watcher.stderr).toContain('definitions/common.witx:1:1');

    await writeFile(config, configured({ lnt: 'disable' }));
    expect(await watcher.line()).toBe('wasi-crypto.config.mjs: nothing written');
    expect(watcher.stderr).toContain('did you mean `lint`?');

    await writeFile(config, configured({ lint: 'disable' }));
    expect(await watcher.line()).toBe('wasi-crypto.config.mjs: src/host nothing written');
    await writeDefinition(folder);
    expect(await watcher.line()).toMatch(/^definitions\/common\.witx: src\/host \d+ written/);
    expect(await readFile(join(folder, 'src/host', types), 'utf8')).toMatch(/^\/\* eslint-disable/);

    // The same content is no change, nor is a file beside.
    await writeDefinition(folder);
    await writeFile(join(folder, 'definitions/notes.txt'), 'notes');
    await rm(join(folder, 'definitions/more.witx'));
    expect(await watcher.line()).toMatch(/^definitions\/more\.witx: src\/host \d+ written/);
    expect(await watcher.interrupt()).toEqual({ code: 0, lines: [] });
    expect(watcher.stderr).not.toMatch(/^ +at /m);
    expect((await wasiCryptoGen(['check'], { cwd: folder })).code).toBe(0);
  });

  it.for<[readonly string[], string]>([
    [[], 'there are no definitions of your own to watch'],
    [['0.10'], 'there are no definitions of your own to watch'],
    [['absent'], 'there is no revision, file or folder `absent`'],
  ])('%j ends with 2: nothing would ever change', async ([args, message], { folder }) => {
    await mkdir(join(folder, 'empty'));
    const { code, stdout, stderr } = await wasiCryptoGen(['watch', ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
