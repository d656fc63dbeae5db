/** Core modules as components: embedded, transpiled by jco and instantiated, all but one file in memory. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { componentEmbed, componentNew } from '@bytecodealliance/jco';
import { transpileBytes } from '@bytecodealliance/jco-transpile';

const folder = fileURLToPath(new URL('../witx/0.11', import.meta.url));

/**
 * Makes a component of a module that imports interfaces of wasi-crypto 0.11.
 *
 * @param interfaces without `common`
 * @param exports what the world exports, as WIT
 */
export async function componentOf(
  module: Uint8Array,
  interfaces: readonly string[],
  exports = '',
): Promise<Uint8Array> {
  const texts = ['common', ...interfaces].map((name) =>
    readFileSync(join(folder, `wasi_ephemeral_crypto_${name.replaceAll('-', '_')}.wit`), 'utf8').replace(
      /^package [^;]+;$/m,
      '',
    ),
  );
  const imports = interfaces.map((name) => `import wasi-ephemeral-crypto-${name};`).join(' ');
  const witSource = `package wasi:crypto@0.11.0;\n${texts.join('\n')}\nworld bench { ${imports} ${exports} }`;
  return componentNew(await componentEmbed({ binary: module, witSource, world: 'bench' }), []);
}

/** How calls get from the component to its host: `hybrid` by `cabiLower`, `js` by the trampolines of jco. */
export type Bindings = 'hybrid' | 'js';

interface Transpiled {
  instantiate(
    getCoreModule: (path: string) => WebAssembly.Module,
    imports: object,
    instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
  ): object;
}

export interface Instantiated {
  /** What the component exports, through jco's lifting. */
  readonly exports: object;
  /** What its core module exports, which the world need not mention. */
  readonly core: WebAssembly.Exports;
}

/** @param mark an export that only the guest's own core module has */
export async function instantiated(
  component: Uint8Array,
  bindings: Bindings,
  imports: object,
  mark: string,
): Promise<Instantiated> {
  const { files } = await transpileBytes(component, {
    name: 'guest',
    instantiation: 'sync',
    importBindings: bindings,
    emitTypescriptDeclarations: false,
    wasiShim: false,
  });
  const { instantiate } = await loaded(files['guest.js'] as Uint8Array);
  const found: WebAssembly.Exports[] = [];
  const exports = instantiate(
    (path) => new WebAssembly.Module(files[path] as Uint8Array<ArrayBuffer>),
    imports,
    (module, given) => {
      const instance = new WebAssembly.Instance(module, given);
      if (mark in instance.exports) found.push(instance.exports);
      return instance;
    },
  );
  const [core] = found;
  if (core === undefined) throw new Error(`jco instantiated nothing that exports ${mark}`);
  return { exports, core };
}

async function loaded(text: Uint8Array): Promise<Transpiled> {
  const temporary = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-bench-'));
  try {
    writeFileSync(join(temporary, 'guest.mjs'), text);
    return (await import(pathToFileURL(join(temporary, 'guest.mjs')).href)) as Transpiled;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
