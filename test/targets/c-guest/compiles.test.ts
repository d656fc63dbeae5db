/** The header, as compilers see it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect, it } from 'vitest';
import { isPlanned, type CoreSignature, type PlannedUnit } from '../../../generator/abi/plan.js';
import { cGuest } from '../../../generator/targets/c-guest/index.js';
import { emit, plannedUnit, writeTemporary } from '../../generated.js';
import { describeUnless, hasShared, shared } from '../../shared.js';
import { clang, clangMissing, readHeader, standards } from './clang.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const definitions: readonly (readonly [string, string])[] = [
  ['wasi-crypto 0.10', here('../../../witx/0.10')],
  ['wasi-crypto 0.9', here('../../../witx/0.9')],
  ['the extension', here('../../../witx/extension-0.1/witx')],
  ['one of everything', here('../../abi/cases/everything.witx')],
  ['names that mean something in C', here('../typescript-host/cases/names.witx')],
  ['docs that try to end comments', here('../typescript-host/cases/odd.witx')],
  ...(hasShared ? [['WASI preview 1', shared('spec/witx-preview1')] as const] : []),
];

interface Header {
  readonly planned: PlannedUnit;
  readonly folder: string;
  /** Its name. */
  readonly file: string;
}

async function headerOf(label: string, entry: string): Promise<Header> {
  const planned = plannedUnit(label, entry);
  const files = await emit(cGuest, planned);
  const [file = ''] = files.keys();
  return { planned, folder: writeTemporary(files), file };
}

/** The functions that a header declares. */
function functionsIn(header: string): readonly string[] {
  return [...header.matchAll(/(\w+)\([^()]*\)\s+\w+_IMPORT\(/g)].map(([, name = '']) => name);
}

describeUnless(clangMissing, 'the header for C', () => {
  describe.each(definitions)('of %s', (label, entry) => {
    it.each(standards)('is taken by clang as %s without a word, its layouts included', async (_, options) => {
      const { folder, file } = await headerOf(label, entry);
      await readHeader(folder, file, options);
    });

    it('imports each function under its name and with the type that the ABI gives it', async () => {
      const { planned, folder, file } = await headerOf(label, entry);
      const all = functionsIn(readFileSync(join(folder, file), 'utf8')).map((name) => `(void *)${name}`);
      writeFileSync(
        join(folder, 'guest.c'),
        `#include "${file}"\nvoid *all[] = { ${all.join(', ')} };\nvoid **guest(void) { return all; }\n`,
      );
      await clang(folder, ['-nostdlib', '-Wl,--no-entry', '-Wl,--export=guest', 'guest.c', '-o', 'guest.wasm']);
      expect(importsOf(join(folder, 'guest.wasm'))).toEqual(expectedImports(planned));
    });
  });

  it('refuses what is compiled for another machine', async () => {
    const { folder, file } = await headerOf('everything', here('../../abi/cases/everything.witx'));
    writeFileSync(join(folder, 'guest.c'), `#include "${file}"\n`);
    await expect(clang(folder, ['--target=x86_64-linux-gnu', '-fsyntax-only', 'guest.c'])).rejects.toThrow(
      'compile with --target=wasm32-wasi',
    );
  });

  it('warns of an errno that is not looked at, but not of that of a close', async () => {
    const { folder, file } = await headerOf('wasi-crypto 0.10', here('../../../witx/0.10'));
    const source = (call: string): void =>
      writeFileSync(
        join(folder, 'guest.c'),
        `#include "${file}"\nvoid guest(wasi_crypto_options_t options) { ${call}(options); }\n`,
      );
    source('wasi_crypto_options_close');
    await clang(folder, ['-fsyntax-only', 'guest.c']);
    writeFileSync(
      join(folder, 'guest.c'),
      `#include "${file}"\nvoid guest(wasi_crypto_options_t *options) { wasi_crypto_options_open(0, options); }\n`,
    );
    await expect(clang(folder, ['-fsyntax-only', 'guest.c'])).rejects.toThrow('ignoring return value');
  });

  it('takes no kind of handle for another', async () => {
    const { folder, file } = await headerOf('wasi-crypto 0.10', here('../../../witx/0.10'));
    writeFileSync(
      join(folder, 'guest.c'),
      `#include "${file}"\nvoid guest(wasi_crypto_symmetric_key_t key) { wasi_crypto_options_close(key); }\n`,
    );
    await expect(clang(folder, ['-fsyntax-only', 'guest.c'])).rejects.toThrow('incompatible type');
  });
});

function expectedImports({ plans }: PlannedUnit): ReadonlyMap<string, string> {
  return sorted(
    [...plans.values()]
      .filter(isPlanned)
      .map(({ module, func, core }) => [`${module.name.wire} ${func.name.wire}`, signature(core)] as const),
  );
}

function signature({ params, result }: CoreSignature): string {
  return `${params.map(({ type }) => type).join(' ')} -> ${result ?? 'none'}`;
}

function importsOf(path: string): ReadonlyMap<string, string> {
  const module = binaryen.readBinary(readFileSync(path));
  const names = new Map([
    [binaryen.i32, 'i32'],
    [binaryen.i64, 'i64'],
    [binaryen.f32, 'f32'],
    [binaryen.f64, 'f64'],
    [binaryen.none, 'none'],
  ]);
  const found: [string, string][] = [];
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (info.module === '') continue;
    const params = binaryen.expandType(info.params).map((type) => names.get(type) ?? '?');
    found.push([`${info.module} ${info.base}`, `${params.join(' ')} -> ${names.get(info.results) ?? '?'}`]);
  }
  module.dispose();
  return sorted(found);
}

function sorted(entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
