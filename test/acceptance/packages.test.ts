/**
 * The two packages as they are published: what is in them, and that each works from its tarball in an empty folder, beside
 * the packages that it declares and no others. These are links to the ones of this project, so that no network is needed;
 * `npm run packages:try` installs from the registry, on several versions of Node and by several package managers.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import binaryen from 'assemblyscript/binaryen';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtMain } from '../cli/command-line.js';
import { describeUnless, oldTypeScript, projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 240_000 });

const run = promisify(execFile);
const names = ['wasi-crypto-runtime', 'wasi-crypto-gen'] as const;
type Name = (typeof names)[number];

interface Manifest {
  readonly version: string;
  readonly homepage: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Packed {
  readonly folder: string;
  readonly tarball: string;
  /** The paths in it. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
}

const built = resolve(await builtMain(), '../../../packages');
/** A build for tests has no types. */
const incomplete = existsSync(join(built, 'wasi-crypto-runtime/dist/runtime/index.d.ts'))
  ? undefined
  : 'skipped: dist/ is older than the sources, `npm run build` makes it anew';

const esm = { bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' } as const;

const bin = (path: string): string => join(projectRoot, 'node_modules', path);

describeUnless(incomplete, 'the packages', () => {
  const place = mkdtempSync(join(tmpdir(), 'packages-'));
  const packed = {} as Record<Name, Packed>;

  beforeAll(async () => {
    for (const name of names) {
      const folder = join(built, name);
      const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
        cwd: folder,
      });
      const [report] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
      packed[name] = {
        folder,
        tarball: join(place, report.filename),
        files: report.files.map(({ path }) => path).sort(),
        manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
      };
    }
  });

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  /** A folder with packages installed as npm does it, but for what they depend on, which is linked. */
  async function installed(folder: string, ...wanted: readonly Name[]): Promise<string> {
    const root = join(place, folder);
    const modules = join(root, 'node_modules');
    const link = (name: string): void => {
      if (existsSync(join(modules, name))) return;
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
    };
    for (const name of wanted) {
      mkdirSync(join(modules, name), { recursive: true });
      await run('tar', ['-xzf', packed[name].tarball, '--strip-components=1', '-C', join(modules, name)]);
    }
    for (const name of wanted) {
      const { dependencies, optionalDependencies } = packed[name].manifest;
      for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) link(each);
    }
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    return root;
  }

  /** Runs a program there; returns what it prints. */
  async function program(root: string, text: string, ...options: readonly string[]): Promise<unknown> {
    writeFileSync(join(root, 'program.js'), text);
    const { stdout } = await run(process.execPath, [...options, 'program.js'], { cwd: root });
    return JSON.parse(stdout);
  }

  describe('what is published', () => {
    it('is what is needed, and depends on what it imports', async () => {
      const lists = names.map((name) => {
        const { files, manifest } = packed[name];
        const { dependencies, optionalDependencies = {}, peerDependencies } = manifest;
        return [
          `${name} needs ${Object.keys(dependencies).join(', ')}`,
          `${name} may need ${[...Object.keys(optionalDependencies), ...Object.keys(peerDependencies)].join(', ')}`,
          // A machine without a compiler has no binaries.
          ...new Set(files.filter((path) => !path.startsWith('prebuilds/')).map((path) => `${name}/${inShort(path)}`)),
        ];
      });
      await expect(`${lists.flat().join('\n')}\n`).toMatchFileSnapshot('goldens/packages.txt');
    });

    it('has a source in the tree, file for file', () => {
      for (const path of names.flatMap((name) => packed[name].files)) {
        const source = path.replace(
          /^dist\/((?:generator|runtime|templates|generated)\/.*)\.(?:d\.ts|js|js\.map)$/,
          '$1.ts',
        );
        const made = /^(?:package\.json|README\.md|prebuilds\/.*|dist\/runtime\/(?:primitives\.wasm|shared-.*))$/.test(
          path,
        );
        if (!made) expect(existsSync(join(projectRoot, source)), path).toBe(true);
      }
    });

    it.each(names)('has nothing that publint or arethetypeswrong complain of: %s', async (name) => {
      const { tarball } = packed[name];
      const publint = bin('publint/src/cli.js');
      await run(process.execPath, [publint, 'run', tarball, '--strict', '--level', 'warning']);
      const types = bin('@arethetypeswrong/cli/dist/index.js');
      await run(process.execPath, [types, tarball, '--profile', 'esm-only', '--quiet']);
    });

    it.each(names)('has a README whose links lead somewhere from the page of a registry: %s', (name) => {
      const { folder, manifest } = packed[name];
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      const tree = `${manifest.homepage.replace(/#.*/, '')}/blob/main/`;
      const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(10);
      for (const link of links) {
        expect(link).toMatch(/^(?:https:\/\/|#)/);
        const inTree = link.startsWith(tree);
        const [path = '', anchor] = (inTree ? link.slice(tree.length) : link).split('#');
        if (inTree) expect(existsSync(join(projectRoot, path)), link).toBe(true);
        if (anchor === undefined || (!inTree && path !== '')) continue;
        const target = inTree ? readFileSync(join(projectRoot, path), 'utf8') : readme;
        expect(anchorsOf(target), link).toContain(anchor);
      }
    });
  });

  it('the runtime alone serves guests, with the dependencies that it declares', async () => {
    const root = await installed('runtime', 'wasi-crypto-runtime');
    const modules = Object.keys(packed['wasi-crypto-runtime'].manifest.exports).filter(
      (each) => !each.endsWith('.json'),
    );
    expect(await program(root, guest(modules), '--enable-source-maps')).toEqual({
      digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      unsupported: [],
      exported: modules.map(() => true),
      // Maps lead to the sources.
      place: expect.stringMatching(/runtime\/options\.ts:\d+/) as string,
    });
  });

  it('the host in the README of the runtime runs a guest', async () => {
    const root = await installed('readme', 'wasi-crypto-runtime');
    const readme = readFileSync(join(root, 'node_modules/wasi-crypto-runtime/README.md'), 'utf8');
    writeFileSync(join(root, 'host.js'), /```js\n(.*?)```/s.exec(readme)?.[1] ?? '');
    const module = binaryen.parseText(greets);
    writeFileSync(join(root, 'guest.wasm'), module.emitBinary());
    module.dispose();
    const { stdout } = await run(process.execPath, ['--no-warnings', 'host.js'], { cwd: root });
    expect(stdout).toBe('hello\n');
  });

  it('a host may be bundled; what is not installed where the bundle runs is reported as missing, and all else works', async () => {
    const root = await installed('bundled', 'wasi-crypto-runtime');
    const report = `import { createWasiCrypto } from 'wasi-crypto-runtime';
      const { algorithms } = createWasiCrypto().capabilities();
      console.log(JSON.stringify(Object.fromEntries(algorithms.map(({ id, supported, reason }) => [id, supported || reason]))));`;
    const here = (await program(root, report)) as Readonly<Record<string, unknown>>;
    const out = join(place, 'bundles');
    await build({ entryPoints: [join(root, 'program.js')], outfile: join(out, 'esbuild.mjs'), ...esm });
    const rolldown = ['rolldown/bin/cli.mjs', 'program.js', '--format', 'esm', '--platform', 'node'] as const;
    await run(process.execPath, [bin(rolldown[0]), ...rolldown.slice(1), '-o', join(out, 'rolldown.mjs')], {
      cwd: root,
    });
    const config = { build: { ssr: 'program.js', outDir: join(out, 'vite') }, ssr: { noExternal: true } };
    writeFileSync(join(root, 'vite.config.js'), `export default ${JSON.stringify(config)};`);
    await run(process.execPath, [bin('vite/bin/vite.js'), 'build', '--logLevel', 'error'], { cwd: root });
    for (const file of ['esbuild.mjs', 'rolldown.mjs', 'vite/program.js']) {
      const { stdout } = await run(process.execPath, [join(out, file)], { cwd: out });
      for (const [id, answer] of Object.entries(JSON.parse(stdout) as Readonly<Record<string, unknown>>))
        if (here[id] === true && answer !== true)
          expect(answer, `${file}: ${id}`).toMatch(/cannot be (?:loaded|had)|Cannot find module/);
      // What this package has inside itself.
      expect(JSON.parse(stdout)).toMatchObject({ 'SHA-256': true, 'AEGIS-256': true, BLAKE3: true });
    }
  });

  it('the generator generates, checks, reads a configuration and runs on the runtime that is installed', async () => {
    const root = await installed('generator', ...names);
    const main = join(root, 'node_modules/wasi-crypto-gen/dist/generator/cli/main.js');
    const command = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
      run(process.execPath, [main, ...args], { cwd: root });
    writeFileSync(
      join(root, 'wasi-crypto.config.ts'),
      `import { defineConfig } from 'wasi-crypto-gen';
      export default defineConfig({ outputs: [{ spec: '0.10', include: ['wasi_ephemeral_crypto_common'], targets: ['typescript-host', 'markdown'], out: 'made' }] });`,
    );
    await command('generate');
    await command('check', '--full');
    expect(existsSync(join(root, 'made/typescript-host/index.ts'))).toBe(true);
    expect((await command('algorithms')).stdout).toContain('SHA-256');
    const same = `import * as own from 'wasi-crypto-runtime';
      import * as keys from 'wasi-crypto-runtime/keys';
      import { createWasiCrypto } from 'wasi-crypto-gen/runtime';
      import { openKeyStore } from 'wasi-crypto-gen/keys';
      console.log(JSON.stringify([createWasiCrypto === own.createWasiCrypto, openKeyStore === keys.openKeyStore]));`;
    expect(await program(root, same)).toEqual([true, true]);
    // Types, of all files that are in the packages.
    for (const each of ['@types', 'undici-types'])
      cpSync(join(projectRoot, 'node_modules', each), join(root, 'node_modules', each), { recursive: true });
    const everything = names.flatMap((name) =>
      Object.keys(packed[name].manifest.exports)
        .filter((each) => !each.endsWith('.json'))
        .map(
          (each) => `export * as m${names.indexOf(name)}_${each.replace(/\W/g, '_')} from '${name}${each.slice(1)}';\n`,
        ),
    );
    writeFileSync(join(root, 'types.ts'), everything.join(''));
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022', '--module', 'nodenext'];
    const compile = (compiler: string, ...more: readonly string[]) =>
      run(process.execPath, [compiler, ...options, ...more, 'types.ts'], { cwd: root }).catch(
        (error: Error & { readonly stdout?: string }) => expect.fail(error.stdout),
      );
    // This version names no types by itself.
    await compile(bin('typescript/bin/tsc'), '--exactOptionalPropertyTypes');
    if (oldTypeScript !== undefined) await compile(join(oldTypeScript, 'bin/tsc'), '--skipLibCheck', '--types', 'node');
  });
});

/** A guest that greets if the host opens a state of SHA-256 for it. */
const greets = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_ephemeral_crypto_symmetric" "symmetric_state_open" (func $open (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "SHA-256")
  (data (i32.const 16) "\\01")
  (data (i32.const 32) "\\40\\00\\00\\00\\06\\00\\00\\00")
  (data (i32.const 64) "hello\\n")
  (func (export "_start")
    (if (i32.eqz (call $open (i32.const 0) (i32.const 7) (i32.const 16) (i32.const 16) (i32.const 128)))
      (then (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 48)))))))`;

/** What of a list need not be told file for file, since a test compares it with the tree; and what differs between machines. */
function inShort(path: string): string {
  return path
    .replace(/^(generated|templates|witx)\/.*/, '$1/**')
    .replace(/^dist\/generator\/.*?(\.d\.ts|\.js|\.js\.map)$/, 'dist/generator/**$1')
    .replace(/^dist\/(generated|runtime|templates)\/.*\.d\.ts$/, 'dist/$1/**.d.ts')
    .replace(/shared-\w+/, 'shared-*');
}

/** As registries and forges make anchors of headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** A program that imports modules, and calls the host as a guest without code. */
function guest(modules: readonly string[]): string {
  return `import { createWasiCrypto } from 'wasi-crypto-runtime';
const exported = [];
for (const each of ${JSON.stringify(modules)})
  exported.push(Object.keys(await import('wasi-crypto-runtime' + each.slice(1))).length > 0);
const crypto = createWasiCrypto();
const memory = new WebAssembly.Memory({ initial: 1 });
crypto.attach(memory);
const bytes = new Uint8Array(memory.buffer);
const put = (at, text) => [at, new TextEncoder().encodeInto(text, bytes.subarray(at)).written];
const { wasi_ephemeral_crypto_symmetric: symmetric } = crypto.imports;
const noKey = new DataView(memory.buffer);
noKey.setUint32(8, 1, true);
noKey.setUint32(24, 1, true);
const ok = (errno) => { if (errno !== 0) throw new Error('errno ' + errno); };
ok(symmetric.symmetric_state_open(...put(100, 'SHA-256'), 8, 24, 0));
const state = noKey.getUint32(0, true);
ok(symmetric.symmetric_state_absorb(state, ...put(200, 'abc')));
ok(symmetric.symmetric_state_squeeze(state, 300, 32));
const digest = Buffer.from(bytes.slice(300, 332)).toString('hex');
const slow = 'SLH-DSA-SHAKE-128s';
const unsupported = crypto.capabilities().algorithms
  .filter(({ id, supported, tier }) => !supported && tier !== 'optional' && id !== slow).map(({ id }) => id);
crypto.close();
let place = '';
try { createWasiCrypto({ native: 'on' }); } catch (error) { place = error.stack; }
console.log(JSON.stringify({ digest, unsupported, exported, place }));`;
}
