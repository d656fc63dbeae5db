/** `inspect` shows definitions and plans, `imports` what a compiled guest needs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { componentOf, jco } from '../components/component.js';
import { it, wasiCryptoGen } from './command-line.js';
import { writeDefinition } from './small-project.js';

describe('inspect', () => {
  it('shows a function of WITX: core parameters, sizes, tags, errno', async () => {
    const { code, stdout, stderr } = await wasiCryptoGen(['inspect', '0.10', 'symmetric_state_open']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`wasi_ephemeral_crypto_symmetric#symmetric_state_open
  core (algorithm_ptr: i32, algorithm_len: i32, key_ptr: i32, options_ptr: i32, symmetric_state_out: i32) -> i32
  param algorithm: string (8 bytes, aligned to 4) <- algorithm_ptr, algorithm_len
  param key: option $opt_symmetric_key (8 bytes, aligned to 4; tag u8; payload at 4) <- key_ptr
    0 some: handle $symmetric_key (4 bytes, aligned to 4)
    1 none
  param options: option $opt_options (8 bytes, aligned to 4; tag u8; payload at 4) <- options_ptr
    0 some: handle $options (4 bytes, aligned to 4)
    1 none
  result: handle $symmetric_state (4 bytes, aligned to 4) -> memory at symmetric_state_out
  returns errno crypto_errno: 0, or no result is written
`);
  });

  it('shows a function of WIT: flattening, results in memory, ownership', async ({ folder }) => {
    await writeFile(
      join(folder, 'a.wit'),
      `package a:b@1.0.0;
interface box {
  resource thing;
  record pair { small: u8, large: u64 }
  swap: func(given: thing, lent: borrow<thing>, pair: pair) -> result<list<u8>, u32>;
}
`,
    );
    const { code, stdout, stderr } = await wasiCryptoGen(['inspect', 'a.wit', 'box#swap'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('a:b/box@1.0.0#swap\n');
    expect(stdout).toMatch(/param given: handle .*goes over to the callee/);
    expect(stdout).toMatch(/param lent: handle .*lent for the call/);
    expect(stdout).toMatch(
      /param pair: record .*16 bytes, aligned to 8\) <- \w+, \w+\n {4}\+0 small: scalar u8 .*\n {4}\+8 large: scalar u64/,
    );
    expect(stdout).toMatch(/result: result .*payload at 4\) -> memory at \w+\n {4}0 ok: list/);
    expect(stdout).toContain('whoever imports it needs cabi_realloc');
  });

  it('shows a whole definition, and the same as JSON', async ({ folder }) => {
    await writeDefinition(folder);
    const { code, stdout } = await wasiCryptoGen(['inspect', 'definitions'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('thing_open') as string });
    const json = await wasiCryptoGen(['inspect', 'definitions', '--json'], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      model: { modules: [{ name: 'common', functions: [{ name: 'thing_open' }] }] },
      functions: [
        { module: 'common', name: 'thing_open', errno: 'errno', results: [{ at: 'thing_out', how: 'handle' }] },
      ],
    });
  });

  it('says why a function has no core function, and marks what 0.9 misspells', async () => {
    expect((await wasiCryptoGen(['inspect', '0.10', 'batch_symmetric_state_encrypt'])).stdout).toContain(
      'no core function: ',
    );
    expect((await wasiCryptoGen(['inspect', '0.9', 'external_secret_store'])).stdout).toContain(
      'is how revision 0.9 spells `wasi_ephemeral_crypto_external_secrets`',
    );
  });

  it('ends with 2 without such a function, with 3 for broken definitions', async ({ folder }) => {
    const none = await wasiCryptoGen(['inspect', '0.10', 'symmetric_state_opne']);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `symmetric_state_open`?') as string,
    });
    await writeDefinition(folder, '(module $m (typename $a $b))');
    const broken = await wasiCryptoGen(['inspect', 'definitions'], { cwd: folder });
    expect(broken).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('[unknown-name]') as string });
  });
});

describe('imports', () => {
  it('names what a core module needs, what of it is here, and the ids in its data', async ({ folder }) => {
    await writeFile(
      join(folder, 'guest.wasm'),
      await jco.parse(`(module
        (import "wasi_ephemeral_crypto_common" "options_open" (func (param i32 i32) (result i32)))
        (import "wasi_ephemeral_crypto_exernal_secrets" "external_secret_store" (func (param i32 i32 i32 i64 i32) (result i32)))
        (import "wasi_ephemeral_crypto_common" "options_opne" (func))
        (import "wasi_ephemeral_crypto_comon" "options_open" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
        (memory 1)
        (data (i32.const 0) "SHA-512/256 and A\\00E\\00S\\00-\\001\\002\\008\\00-\\00G\\00C\\00M\\00"))`),
    );
    const { code, stdout, stderr } = await wasiCryptoGen(['imports', 'guest.wasm'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/yes {2}options_open {2}0\.9, 0\.10\n/);
    expect(stdout).toMatch(/no {3}options_opne {2}in no revision known here\n/);
    expect(stdout).toMatch(/crypto_comon\n {2}no {3}options_open {2}in no revision known here\n/);
    expect(stdout).toMatch(
      /exernal_secrets {2}.* is how revision 0\.9 spells .*\n {2}yes {2}external_secret_store {2}0\.9\n/,
    );
    expect(stdout).toMatch(/algorithms that its data mentions\n(?: {2}yes {2}(?:AES-128-GCM|SHA-512\/256)\n){2}/);
    expect(stdout).not.toMatch(/SHA-512\n/);
    expect(stdout).toContain('  wasi_snapshot_preview1.fd_write (function)\n');
  });

  it('names what a component needs, as JSON', async ({ folder }) => {
    const common = 'wasi:crypto/wasi-ephemeral-crypto-common@0.11.0';
    const module = `(module
      (import "${common}" "[constructor]options" (func (param i32) (result i32)))
      (import "wasi:random/random@0.2.0" "get-random-u64" (func (result i64)))
      (func (export "run")))`;
    const wit = `package test:app;
      world app { import ${common}; import wasi:random/random@0.2.0; export run: func(); }
      package wasi:crypto@0.11.0 { interface wasi-ephemeral-crypto-common { resource options { constructor(kind: u32); } } }
      package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }`;
    await writeFile(join(folder, 'guest.wasm'), await componentOf(module, wit, 'app'));
    const { stdout, stderr } = await wasiCryptoGen(['imports', 'guest.wasm', '--json'], { cwd: folder });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'component',
      functions: [{ module: common, name: '[constructor]options' }],
      others: ['wasi:random/random@0.2.0'],
      algorithms: [],
    });
  });

  it.for<[string, Uint8Array | undefined, string]>([
    ['absent', undefined, 'cannot read `guest.wasm` (no such file or directory)'],
    ['text', new TextEncoder().encode('text'), '`guest.wasm` is no WebAssembly'],
    ['cut off', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 9), '`guest.wasm` cannot be compiled'],
    ['a component that is cut off', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 1, 9), 'ends in the middle'],
  ])('ends with 2: %s', async ([, bytes, message], { folder }) => {
    if (bytes !== undefined) await writeFile(join(folder, 'guest.wasm'), bytes);
    const { code, stdout, stderr } = await wasiCryptoGen(['imports', 'guest.wasm'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
