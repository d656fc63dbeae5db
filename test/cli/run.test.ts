import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect } from 'vitest';
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { packageRoot } from '../../generator/package-root.js';
import { asProcess, it, wasiCryptoGen } from './command-line.js';

/** Assembles a module to `guest.wasm`. */
async function assemble(folder: string, text: string): Promise<void> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  await writeFile(join(folder, 'guest.wasm'), module.emitBinary());
  module.dispose();
}

/** Compiles AssemblyScript to `guest.wasm`. */
async function compile(folder: string, source: string, ...options: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'guest.ts'), source);
  // The compiler looks for libraries from its working folder only.
  await symlink(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { error, stderr } = await asc.main(['guest.ts', '-o', 'guest.wasm', '--exportStart', '_start', ...options]);
    if (error !== null) throw new Error(stderr.toString(), { cause: error });
  } finally {
    process.chdir(before);
  }
}

const shim = ['--config', 'node_modules/@assemblyscript/wasi-shim/asconfig.json'];

describe('how a guest ends', () => {
  it.for([0, 1, 7, 70, 255])('passes exit code %i through', async (code, { folder }) => {
    await assemble(
      folder,
      `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
        (func (export "_start") (call $exit (i32.const ${code}))))`,
    );
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({ code, stdout: '', stderr: '' });
  });

  it('is 0 when it returns', async ({ folder }) => {
    await assemble(folder, '(module (memory (export "memory") 1) (func (export "_start")))');
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('runs `_initialize` of a library', async ({ folder }) => {
    await assemble(folder, '(module (memory (export "memory") 1) (func (export "_initialize") unreachable))');
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toMatchObject({ code: 134 });
  });

  it('names a trap and where it was', async ({ folder }) => {
    await assemble(
      folder,
      '(module (memory (export "memory") 1) (func $inner unreachable) (func (export "_start") (call $inner)))',
    );
    const { code, stderr } = await asProcess(['run', 'guest.wasm'], { cwd: folder });
    expect(code).toBe(134);
    expect(stderr).toMatch(/^error: `guest\.wasm` trapped: unreachable\n {4}at .*wasm-function\[0\]:0x[0-9a-f]+\)?\n/);
    expect(stderr).not.toContain('node:internal');
  });

  it('names a stack that overflows', async ({ folder }) => {
    await assemble(folder, '(module (memory (export "memory") 1) (func $again (export "_start") (call $again)))');
    const { code, stderr } = await asProcess(['run', 'guest.wasm'], { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 134,
      stderr: expect.stringContaining('trapped: Maximum call stack size exceeded'),
    });
  });

  it('prints the message and the place of an abort', async ({ folder }) => {
    await compile(folder, '\n  throw new Error("the müsli is 空 🥣");\n');
    const { code, stdout, stderr } = await asProcess(['run', 'guest.wasm'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 134, stdout: '' });
    expect(stderr).toBe('error: `guest.wasm` aborted: the müsli is 空 🥣\n    at guest.ts:2:3\n');
  });

  it('survives an abort with nonsense in it', async ({ folder }) => {
    await assemble(
      folder,
      `(module (import "env" "abort" (func $abort (param i32 i32 i32 i32))) (memory (export "memory") 1)
        (func (export "_start") (call $abort (i32.const -4) (i32.const 65536) (i32.const 1) (i32.const 2))))`,
    );
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({
      code: 134,
      stdout: '',
      stderr: 'error: `guest.wasm` aborted: no message\n',
    });
  });
});

describe('what a guest gets', () => {
  it('standard streams, arguments and the variables that are named', async ({ folder }) => {
    await compile(
      folder,
      `
      process.stdout.write(process.argv.join("|") + "\\n");
      process.stderr.write("to stderr\\n");
      process.stdout.write(process.env.has("SECRET") ? "leaked\\n" : "no secret\\n");
      process.stdout.write(process.env.get("LEVEL") + process.env.get("NAME") + "\\n");
      const buffer = new ArrayBuffer(100);
      const size = process.stdin.read(buffer);
      process.stdout.write(String.UTF8.decode(buffer.slice(0, size)));
    `,
      ...shim,
    );
    const args = ['run', '--env', 'LEVEL=a=b', '--env', 'NAME', 'guest.wasm', '--verbose', 'x y', '--', '--env'];
    const { code, stdout, stderr } = await asProcess(args, {
      cwd: folder,
      env: { SECRET: 's', NAME: 'n' },
      input: 'the input',
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'guest.wasm|--verbose|x y|--|--env\nno secret\na=bn\nthe input',
      stderr: 'to stderr\n',
    });
  });

  /** Answers with the errno of opening a file below the first folder, plus 100 if there is no such folder. */
  const opens = (path: string): string => `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "${path}")
    (func (export "_start")
      (if (call $prestat (i32.const 3) (i32.const 0)) (then (call $exit (i32.const 100))))
      (call $exit (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const ${path.length}) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))))`;

  it('the folders that are named, and no others', async ({ folder }) => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/file'), '');
    await writeFile(join(folder, 'outside'), '');
    await assemble(folder, opens('file'));
    expect((await asProcess(['run', 'guest.wasm'], { cwd: folder })).code).toBe(100);
    expect((await asProcess(['run', '--dir', 'data', 'guest.wasm'], { cwd: folder })).code).toBe(0);
    expect((await asProcess(['run', '--dir', `${folder}/data:/here`, 'guest.wasm'], { cwd: folder })).code).toBe(0);
    await assemble(folder, opens('../outside'));
    expect((await asProcess(['run', '--dir', 'data', 'guest.wasm'], { cwd: folder })).code).toBe(76);
  });

  /** Exits with the errno of opening SHA-256, plus 100 if the handle is 0. */
  const hashes = (memory: string): string => `(module
    (import "wasi_ephemeral_crypto_symmetric" "symmetric_state_open" (func $open (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    ${memory}
    (data (i32.const 64) "SHA-256\\01")
    (func (export "_start")
      ;; two options that are absent, told by their tag 1
      (i32.store (i32.const 128) (i32.const 1))
      (i32.store (i32.const 144) (i32.const 1))
      (call $exit (i32.add
        (call $open (i32.const 64) (i32.const 7) (i32.const 128) (i32.const 144) (i32.const 160))
        (i32.mul (i32.const 100) (i32.eqz (i32.load (i32.const 160))))))))`;

  it('wasi-crypto, with a memory of its own', async ({ folder }) => {
    await assemble(folder, hashes('(memory (export "memory") 1)'));
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('wasi-crypto, with a memory it imports', async ({ folder }) => {
    // 200 pages of at most 1000: the declared limits must be met exactly.
    await assemble(folder, hashes('(import "env" "memory" (memory 200 1000))'));
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('what is said before anything runs', () => {
  it('names every import that nothing provides, with advice', async ({ folder }) => {
    await assemble(
      folder,
      `(module
        (import "wasi_snapshot_preview1" "fd_wriet" (func (param i32)))
        (import "wasi_ephemeral_crypto_symetric" "symmetric_state_open" (func))
        (import "wasi_ephemeral_crypto_symmetric" "symmetric_state_opne" (func))
        (import "env" "seed" (func (result f64)))
        (import "env" "table" (table 1 funcref))
        (import "env" "limit" (global i32))
        (import "wasi:cli/environment@0.2.0" "get-arguments" (func))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start") (call $exit (i32.const 99))))`,
    );
    const { code, stdout, stderr } = await wasiCryptoGen(['run', 'guest.wasm'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`error: \`guest.wasm\` imports what nothing here provides; it was not started
  function wasi_snapshot_preview1.fd_wriet: did you mean \`fd_write\`?
  function wasi_ephemeral_crypto_symetric.symmetric_state_open: did you mean \`wasi_ephemeral_crypto_symmetric\`?
  function wasi_ephemeral_crypto_symmetric.symmetric_state_opne: did you mean \`symmetric_state_open\`?
  function env.seed: compile with @assemblyscript/wasi-shim: asc --config node_modules/@assemblyscript/wasi-shim/asconfig.json
  function wasi:cli/environment@0.2.0.get-arguments: it belongs to the component model: build the guest as a core module for WASI preview 1
  global env.limit: nothing here provides a global: \`--link env=file.mjs\` can
  table env.table: nothing here provides a table: \`--link env=file.mjs\` can
`);
  });

  it('takes no inherited property for an import', async ({ folder }) => {
    await assemble(
      folder,
      '(module (import "env" "constructor" (func)) (import "toString" "call" (func)) (memory (export "memory") 1) (func (export "_start")))',
    );
    const { code, stderr } = await wasiCryptoGen(['run', 'guest.wasm'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('function env.constructor: the guest was linked without it: `--link env=file.mjs`');
    expect(stderr).toContain('function toString.call');
  });

  it('explains a guest that calls its host too early', async ({ folder }) => {
    await assemble(
      folder,
      `(module (import "wasi_ephemeral_crypto_common" "options_open" (func $open (param i32 i32) (result i32)))
        (memory (export "memory") 1) (func $early (drop (call $open (i32.const 0) (i32.const 0)))) (start $early) (func (export "_start")))`,
    );
    const { code, stderr } = await wasiCryptoGen(['run', 'guest.wasm'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--exportStart _start');
  });

  const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);
  it.for<[string, string | Uint8Array | undefined, string, ...string[]]>([
    ['a file that is not there', undefined, 'cannot read `guest.wasm` (no such file or directory)'],
    [
      'a file that is no WebAssembly',
      'hello, world',
      '`guest.wasm` is not a WebAssembly module this Node can load: expected magic word',
    ],
    ['an empty file', '', '`guest.wasm` is not a WebAssembly module'],
    ['a component', component, '`guest.wasm` is a component'],
    ['a component in isolation', component, '`guest.wasm` is a component, and `--isolated` serves', '--isolated'],
  ])('refuses %s', async ([, bytes, message, ...options], { folder }) => {
    if (bytes !== undefined) await writeFile(join(folder, 'guest.wasm'), bytes);
    expect(await wasiCryptoGen(['run', ...options, 'guest.wasm'], { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('refuses a guest without an entry, folders that are not there and variables without a name', async ({
    folder,
  }) => {
    await assemble(folder, '(module (memory (export "memory") 1))');
    expect((await wasiCryptoGen(['run', 'guest.wasm'], { cwd: folder })).stderr).toContain(
      'exports neither `_start` nor `_initialize`',
    );
    expect(await wasiCryptoGen(['run', '--dir', 'absent:/x', 'guest.wasm'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no folder `absent`'),
    });
    expect(await wasiCryptoGen(['run', '--env', '=x', 'guest.wasm'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('names no variable'),
    });
  });
});

it('silences the warning about WASI and no other', async ({ folder }) => {
  await assemble(folder, '(module (memory (export "memory") 1) (func (export "_start")))');
  const warn =
    "process.emitWarning('mine'); process.emitWarning('about something', 'ExperimentalWarning'); process.on('exit', () => process.emitWarning('late'));";
  const { code, stderr } = await asProcess(['run', 'guest.wasm'], {
    cwd: folder,
    node: ['--import', `data:text/javascript,${encodeURIComponent(warn)}`],
  });
  expect(code).toBe(0);
  expect(stderr).toContain('Warning: mine');
  expect(stderr).toContain('ExperimentalWarning: about something');
  expect(stderr).not.toContain('WASI');
});

describe('under the permissions of Node', () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const permissions = [flag, '--allow-fs-read=*', '--no-warnings'];
  const exits = `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 7))))`;

  it('a guest runs where WASI is allowed; elsewhere the missing flag is named', async ({ folder }) => {
    await assemble(folder, exits);
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder, node: permissions })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "error: Node's permissions do not let this process go on: WASI\n" +
        'hint: start Node with `--allow-wasi` besides, or without its permissions\n',
    });
    const allowed = await asProcess(['run', 'guest.wasm'], { cwd: folder, node: [...permissions, '--allow-wasi'] });
    expect(allowed).toEqual({ code: 7, stdout: '', stderr: '' });
  });

  it('other commands name what they may not do', async ({ folder }) => {
    const { code, stderr } = await asProcess(['init', 'demo', '--yes'], { cwd: folder, node: permissions });
    expect(code).toBe(2);
    expect(stderr).toMatch(/go on: FileSystemWrite of `.*demo`/);
    expect(stderr).toContain('hint: start Node with `--allow-fs-write=PATH`');
  });
});

describe('the host of a guest', () => {
  /** Opens a state of SHA-256; its exit code is the errno. */
  const opening = `(module
    (import "wasi_ephemeral_crypto_symmetric" "symmetric_state_open"
      (func $open (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "SHA-256")
    (data (i32.const 16) "\\01")
    (func (export "_start")
      (call $exit (call $open (i32.const 0) (i32.const 7) (i32.const 16) (i32.const 16) (i32.const 32)))))`;

  it('has the limits and the policy of the command line', async ({ folder }) => {
    await assemble(folder, opening);
    await writeFile(join(folder, 'policy.json'), '{ "algorithms": ["SHA-512"] }');
    const run = async (...options: readonly string[]): Promise<number> =>
      Number((await asProcess(['run', ...options, 'guest.wasm'], { cwd: folder })).code);
    expect(await run('--policy', 'fips', '--limits', 'totalBytes=100000,handles=1')).toBe(0);
    expect(await run('--limits', 'totalBytes=100')).toBe(CryptoErrno.Overflow);
    expect(await run('--policy', './policy.json')).toBe(CryptoErrno.ProhibitedOperation);
  });

  it('has a process of its own where that was asked for', async ({ folder }) => {
    await assemble(folder, opening);
    const isolated = await asProcess(['run', '--isolated', '--stats', 'guest.wasm'], { cwd: folder });
    expect(isolated).toEqual(await asProcess(['run', '--stats', 'guest.wasm'], { cwd: folder }));
    expect(await asProcess(['run', '--isolated', '--limits', 'bytes=1', 'guest.wasm'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no option limits.bytes') as string,
    });
  });

  it('tells what the guest used', async ({ folder }) => {
    await assemble(folder, opening);
    const { code, stdout, stderr } = await asProcess(['run', '--stats', 'guest.wasm'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /^used: 1 calls, cost 0; open in the end: 1 handles, \d+ bytes\n {2}symmetricState: cost 0, 1 handles, \d+ bytes\n$/,
    );
  });

  it.for([
    [['--policy', 'strict'], /policy\.profile is 'strict'/],
    [['--policy', './none.json'], /cannot read the policy `\.\/none\.json` \(no such file or directory\)/],
    [['--limits', 'bytes=1'], /there is no option limits\.bytes/],
    [['--limits', 'handles=many'], /is not name=number/],
    [['--limits', 'handles=1,handles=2'], /the limit handles is given twice/],
  ] as const)('is not made of mistakes: %j', async ([options, message], { folder }) => {
    await assemble(folder, opening);
    const { code, stderr } = await asProcess(['run', ...options, 'guest.wasm'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
