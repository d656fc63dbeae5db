/** Exports under names AssemblyScript cannot write. */
import * as asc from 'assemblyscript/asc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import KebabExports from '../../generator/components/kebab-exports.js';
import { escapeExport, unescapeExport } from '../../generator/targets/assemblyscript-guest/component/export-names.js';

describe('escaped names', () => {
  it.each([
    ['sign-it', 'sign$2dit'],
    ['cabi_post_sign-it', 'cabi_post_sign$2dit'],
    ['wasi:cli/run@0.2.0#run', 'wasi$3acli$2frun$400$2e2$2e0$23run'],
    ['[constructor]file', '$5bconstructor$5dfile'],
    ['memory', 'memory'],
  ])('%s is written %s', (name, escaped) => {
    expect(escapeExport(name)).toBe(escaped);
    expect(unescapeExport(escaped)).toBe(name);
  });

  it('are identifiers, and lead back to every name in ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (name) => {
        expect(escapeExport(name)).toMatch(/^[\w$]*$/);
        expect(unescapeExport(escapeExport(name))).toBe(name);
      }),
    );
  });

  it('leave alone what is no escape', () => {
    for (const name of ['$', 'a$b', 'a$2', 'a$zz', 'a$2D']) expect(unescapeExport(name)).toBe(name);
  });
});

describe('the transform', () => {
  async function exportsOf(source: string): Promise<readonly WebAssembly.ModuleExportDescriptor[]> {
    const stderr = asc.createMemoryStream();
    let wasm = new Uint8Array();
    await asc.main(
      ['guest.ts', '--outFile', 'guest.wasm', '--exportStart', '_initialize', '--runtime', 'stub', '--noColors'],
      {
        stderr,
        transforms: [KebabExports as unknown as asc.Transform],
        readFile: (name) => (name === 'guest.ts' ? source : null),
        writeFile: (_, content) => void (wasm = Uint8Array.from(content as Uint8Array)),
        listFiles: () => [],
      },
    );
    expect(stderr.toString()).toBe('');
    return WebAssembly.Module.exports(new WebAssembly.Module(wasm));
  }

  it('gives functions their own names, and leaves all else', async () => {
    const source = `
      export function sign$2dit(): i32 { return 1; }
      export function wasi$3acli$2frun$400$2e2$2e0$23run(): i32 { return 2; }
      export function plain(): void {}
      export const a$2db: i32 = 3;`;
    const found = await exportsOf(source);
    expect(found.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'function _initialize',
      'function plain',
      'function sign-it',
      'function wasi:cli/run@0.2.0#run',
      'global a$2db',
      'memory memory',
    ]);
  });

  it('gives one function every name it is exported under', async () => {
    const found = await exportsOf('export function a$2db(): void {}\nexport { a$2db as c$2dd };');
    expect(found.map((each) => each.name).filter((name) => name.includes('-'))).toEqual(['a-b', 'c-d']);
  });
});
