/** The guests that measure what a call costs: the same loops, as a core module and as a component. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { componentOf, instantiated, type Bindings } from './components.js';
import type { RuntimeModule } from './guest-host.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The exports of `boundary/operations.ts`. */
export interface Loops {
  prepare(): void;
  absorbs(count: number, length: number): void;
  opens(count: number): void;
  reads(count: number): void;
}

async function compiled(abi: 'core' | 'component'): Promise<Uint8Array<ArrayBuffer>> {
  const files: Readonly<Record<string, string>> = {
    'guest.ts': `export * from "./operations"; ${abi === 'component' ? 'export { cabi_realloc } from "abi";' : ''}`,
    'operations.ts': readFileSync(here('boundary/operations.ts'), 'utf8'),
    'lib/abi/index.ts': readFileSync(here(`boundary/${abi}.ts`), 'utf8'),
  };
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(['guest.ts', '--path', 'lib', '-o', 'guest.wasm', '-O3', '--runtime', 'stub', '--use', 'abort='], {
    readFile: (name) => files[posix.normalize(name)] ?? null,
    writeFile: (_, contents) => void (wasm = Uint8Array.from(contents as Uint8Array)),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(stderr.toString());
  return wasm;
}

export async function coreLoops({ createWasiCrypto }: RuntimeModule): Promise<Loops> {
  const host = createWasiCrypto();
  const { instance } = await WebAssembly.instantiate(await compiled('core'), host.imports as unknown as WebAssembly.Imports);
  host.attach(instance);
  return instance.exports as unknown as Loops;
}

const world = `
  export prepare: func();
  export absorbs: func(count: u32, length: u32);
  export opens: func(count: u32);
  export reads: func(count: u32);`;

export async function componentLoops(bindings: Bindings, { createWasiCrypto }: RuntimeModule): Promise<Loops> {
  const component = await componentOf(await compiled('component'), ['symmetric'], world);
  // Through the exports of the component: jco's trampolines leave something behind for every call outside of one.
  return (await instantiated(component, bindings, createWasiCrypto().component, 'absorbs')).exports as Loops;
}
