/** Packages in `deps` that are WebAssembly, as `wkg` keeps them. They are encoded here by jco's own tools. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { encodedPackage } from '../frontend/wit/reference.js';
import { asProcess, it, wasiCryptoGen } from './command-line.js';
import { writePackage } from './small-project.js';

const clocks = 'package test:clocks@1.0.0; interface wall { record instant { seconds: u64 } now: func() -> instant; }';
const files = `package test:files@1.0.0;
interface types { use test:clocks/wall@1.0.0.{instant}; changed: func(path: string) -> instant; }
world imports { import types; }
package test:clocks@1.0.0 { interface wall { record instant { seconds: u64 } now: func() -> instant; } }`;
const app = `package test:app;
world app { import test:files/types@1.0.0; export run: func(); }`;

async function writeDefinitions(folder: string): Promise<void> {
  await writePackage(folder);
  await mkdir(join(folder, 'wit/deps'), { recursive: true });
  await writeFile(join(folder, 'wit/app.wit'), app);
  await writeFile(join(folder, 'wit/deps/test-files-1.0.0.wasm'), await encodedPackage(files, 'imports'));
}

const generate = ['generate', '--spec', 'wit', '--target', 'component-host', '--out', 'out'];

describe('a binary package in `deps`', () => {
  it('is read, with what it brings along, and recorded', async ({ folder }) => {
    await writeDefinitions(folder);
    const made = await wasiCryptoGen(generate, { cwd: folder });
    expect(made.code, made.stderr).toBe(0);
    expect(await readFile(join(folder, 'out/component-host/index.ts'), 'utf8')).toContain('test:files/types');
    const manifest = JSON.parse(await readFile(join(folder, 'out/manifest.json'), 'utf8')) as { inputs: object };
    expect(Object.keys(manifest.inputs)).toEqual(['app.wit', 'deps/test-files-1.0.0.wasm']);
    expect(await wasiCryptoGen(['check', '--out', 'out', '--full'], { cwd: folder })).toMatchObject({ code: 0 });
  });

  it('is imported by a component that is made', async ({ folder }) => {
    await writeDefinitions(folder);
    const guest = 'import { changed } from "test-files";\nexport function run(): void {\n  changed("x");\n}\n';
    await writeFile(join(folder, 'guest.ts'), guest);
    // In a process of its own: asc keeps for good the libraries that other tests compiled guests with.
    const made = await asProcess(['componentize', 'guest.ts', '--wit', 'wit', '--out', 'guest.wasm'], { cwd: folder });
    expect(made.code, made.stderr).toBe(0);
    const { stdout } = await wasiCryptoGen(['imports', 'guest.wasm'], { cwd: folder });
    expect(stdout).toContain('test:files/types');
  });

  it('is checked by its bytes', async ({ folder }) => {
    await writeDefinitions(folder);
    await wasiCryptoGen(generate, { cwd: folder });
    const other = files.replace('path: string', 'path: string, since: instant');
    await writeFile(join(folder, 'wit/deps/test-files-1.0.0.wasm'), await encodedPackage(other, 'imports'));
    const { code, stdout } = await wasiCryptoGen(['check', '--out', 'out'], { cwd: folder });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('definition changed: deps/test-files-1.0.0.wasm') as string,
    });
  });

  it('stands back where what it brings along is there as text', async ({ folder }) => {
    await writeDefinitions(folder);
    const more = clocks.replace('}', ', nanoseconds: u32 }');
    await writeFile(join(folder, 'wit/deps/clocks.wit'), more);
    expect(await wasiCryptoGen(generate, { cwd: folder })).toMatchObject({ code: 0 });
    const types = await readFile(join(folder, 'out/abi.json'), 'utf8');
    expect(types).toContain('nanoseconds');
  });

  it('that is none is named', async ({ folder }) => {
    await writeDefinitions(folder);
    const path = join(folder, 'wit/deps/test-files-1.0.0.wasm');
    await writeFile(path, (await encodedPackage(files, 'imports')).slice(0, 60));
    const broken = await wasiCryptoGen(generate, { cwd: folder });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/`wit\/deps\/test-files-1\.0\.0\.wasm` is no package of WIT: .*\n.*wkg wit fetch/);
    await writeFile(path, Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    expect((await wasiCryptoGen(generate, { cwd: folder })).stderr).toContain('is no package of WIT');
    await rm(path);
    expect((await wasiCryptoGen(generate, { cwd: folder })).code).toBe(3);
  });

  it('is an error of its own for commands that read text alone', async ({ folder }) => {
    await writeDefinitions(folder);
    const { code, stderr } = await wasiCryptoGen(['inspect', 'wit'], { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('error[binary-package]: `');
  });
});
