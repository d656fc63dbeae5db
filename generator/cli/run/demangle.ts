/** Names of functions as Rust and C++ write them: compilers put types and modules into the names of symbols. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { WebAssembly } from './web-assembly.js';

type Demangle = (name: string) => string;

let demangle: Promise<Demangle> | undefined;

/** The name as its language writes it; as it is, if it is no symbol of Rust or C++. */
export async function demangled(name: string): Promise<string> {
  // V8 puts the name of the module before that of the function.
  const symbol = /(?:^|\.)((?:_ZN?|_R)\w.*)$/.exec(name)?.[1];
  if (symbol === undefined) return name;
  demangle ??= load();
  const plain = (await demangle)(symbol);
  return plain === symbol ? name : plain;
}

interface Parts {
  readonly __wbg_set_wasm: (exported: Readonly<Record<string, unknown>>) => void;
  readonly demangle_any: Demangle;
}

/** The package imports WebAssembly as a module, which Node 20 does not: its parts are put together here. */
async function load(): Promise<Demangle> {
  const { resolve } = createRequire(import.meta.url);
  const parts = (await import(pathToFileURL(resolve('gecko-profiler-demangle/index_bg.js')).href)) as Parts;
  const module = await WebAssembly.compile(await readFile(resolve('gecko-profiler-demangle/index_bg.wasm')));
  const { exports } = await WebAssembly.instantiate(module, { './index_bg.js': { ...parts } });
  parts.__wbg_set_wasm(exports);
  (exports['__wbindgen_start'] as () => void)();
  return parts.demangle_any;
}
