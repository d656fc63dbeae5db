/** `run --link`: what guests import from modules of the user's; and names of functions in traps. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';

/** Runs a module that is linked with a file. */
async function run(folder: string, guest: string, file: string, ...links: readonly string[]): Promise<Outcome> {
  binaryen.setDebugInfo(true);
  const module = binaryen.parseText(guest);
  module.setFeatures(binaryen.Features.All);
  writeFileSync(join(folder, 'guest.wasm'), module.emitBinary());
  module.dispose();
  writeFileSync(join(folder, 'linked.mjs'), file);
  const given = links.length === 0 ? ['app=linked.mjs'] : links;
  const options = given.flatMap((each) => ['--link', join(folder, each).replace(`${folder}/`, '')]);
  return wasiCryptoGen(['run', ...options, 'guest.wasm'], { cwd: folder });
}

const exiting = (value: string): string =>
  `(module (import "app" "get" (func $get (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit ${value})))`;

describe('a linked module', () => {
  it('gives the guest functions', async ({ folder }) => {
    expect(await run(folder, exiting('(call $get)'), 'export const get = () => 7;')).toMatchObject({
      code: 7,
      stderr: '',
    });
  });

  it('gives globals, tables and memories', async ({ folder }) => {
    const guest = `(module (import "app" "code" (global $code i32)) (import "app" "table" (table 1 funcref))
      (import "app" "memory" (memory 1))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (func (export "_start") (call $exit (i32.add (global.get $code) (i32.load8_u (i32.const 3))))))`;
    const file = `export const code = new WebAssembly.Global({ value: 'i32' }, 5);
      export const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
      export const memory = new WebAssembly.Memory({ initial: 1 });
      new Uint8Array(memory.buffer)[3] = 4;`;
    expect(await run(folder, guest, file)).toMatchObject({ code: 9, stderr: '' });
  });

  it('is told of the instance before it starts', async ({ folder }) => {
    const file = `let memory;
      export default (instance) => { memory = instance.exports.memory; };
      export const get = () => memory.buffer.byteLength / 65536;`;
    expect(await run(folder, exiting('(call $get)'), file)).toMatchObject({ code: 1, stderr: '' });
  });

  it('adds to what is there, and wins over it', async ({ folder }) => {
    const file = 'export const proc_exit = () => {}; export const get = () => 0;';
    const outcome = await run(
      folder,
      exiting('(call $get)'),
      file,
      'app=linked.mjs',
      'wasi_snapshot_preview1=linked.mjs',
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  it('that throws ends the guest, and is told of', async ({ folder }) => {
    const file = "export const get = () => { throw new TypeError('no luck'); };";
    const { code, stderr } = await run(folder, exiting('(call $get)'), file);
    expect(code).toBe(134);
    expect(stderr).toContain('error: `guest.wasm` ended by what a linked module threw\n  TypeError: no luck\n');
    expect(stderr).not.toContain('bug');
  });

  it.for<[string, readonly string[], string]>([
    ['no name', ['linked.mjs'], '`--link linked.mjs` links nothing'],
    ['a file that is not there', ['app=absent.mjs'], '`absent.mjs` cannot be loaded'],
    ['the same name twice', ['app=linked.mjs', 'app=linked.mjs'], '`app` is linked twice'],
  ])('with %s is refused', async ([, links, message], { folder }) => {
    const { code, stderr } = await run(folder, exiting('(call $get)'), 'export const get = () => 7;', ...links);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('that lacks something leaves it missing', async ({ folder }) => {
    const { code, stderr } = await run(folder, exiting('(call $get)'), 'export const got = () => 7;');
    expect([code, stderr]).toEqual([2, expect.stringContaining('function app.get: did you mean `got`?')]);
  });
});

it.for([
  ['_ZN5guest4main17h0123456789abcdefE', 'guest::main'],
  ['_RNvNtCs1234_7mycrate3foo3bar', 'mycrate'],
  ['_Z3addii', 'add(int, int)'],
  ['assembly/index/inner', 'assembly/index/inner'],
])('a trap in %s names %s', async ([symbol, name], { folder }) => {
  const guest = `(module (memory (export "memory") 1) (func $${symbol} unreachable) (func (export "_start") (call $${symbol})))`;
  const { code, stderr } = await run(folder, guest, '');
  expect([code, stderr]).toEqual([134, expect.stringMatching(/trapped: unreachable\n {4}at .* \(wasm-function\[0\]/)]);
  expect(stderr).toContain(name);
});
