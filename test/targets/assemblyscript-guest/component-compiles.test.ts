/** What is generated for components compiles as a whole, under each of the compiler's runtimes. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { compile, compileWorld, runtimes } from './asc.js';
import { everyCallOf, everyExportOf, packagesOf } from './component-every-call.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the raw imports of a package are called; in place of `…-close` handles are dropped. */
function importsOf(files: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const raw = [...files].flatMap(([path, text]) => (path.startsWith(`${folder}/raw/`) ? [text] : []));
  const imports = raw.flatMap((text) =>
    [...text.matchAll(/^@external\("(.*)", "(.*)"\)$/gm)].map(([, module, name]) => `${module} ${name}`),
  );
  return imports.filter((each) => !each.endsWith('-close')).sort();
}

for (const runtime of runtimes) {
  it.each([
    ['wasi-crypto 0.11', here('../../../witx/0.11')],
    ['the extension', here('../../../witx/extension-0.1/wit')],
    ['one of everything', here('cases/component.wit')],
    ['interfaces like those of WASI 0.2', here('cases/ecosystem.wit')],
  ])(`output of %s compiles without a word from asc under the ${runtime} runtime`, async (label, entry) => {
    const files = await emit(assemblyscriptGuest, plannedUnit(label, entry));
    for (const folder of packagesOf(files)) {
      const { wasm, messages } = await compile(files, everyCallOf(files, folder), [
        '--runtime',
        runtime,
        '--use',
        'abort=',
      ]);
      expect(messages, folder).toBe('');
      const imports = WebAssembly.Module.imports(await WebAssembly.compile(wasm));
      expect(imports.map(({ module, name }) => `${module} ${name}`).sort(), folder).toEqual(importsOf(files, folder));
    }
    for (const [path, text] of files) {
      const [, world] = /^worlds\/(.*)\.ts$/.exec(path) ?? [];
      if (world !== undefined)
        expect((await compileWorld(files, world, everyExportOf(text), ['--runtime', runtime])).messages, path).toBe('');
    }
  });
}
