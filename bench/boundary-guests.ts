/** The guests that measure what a call costs: the same loops, as a core module and as a component. */
import { compileGuest } from './build-guest.js';
import { componentOf, instantiated, type Bindings } from './components.js';
import type { RuntimeModule } from './guest-host.js';

/** The exports of `boundary/operations.ts`. */
export interface Loops {
  prepare(): void;
  absorbs(count: number, length: number): void;
  opens(count: number): void;
  reads(count: number): void;
}

export async function coreLoops({ createWasiCrypto }: RuntimeModule): Promise<Loops> {
  const host = createWasiCrypto();
  const { instance } = await WebAssembly.instantiate(
    Uint8Array.from(await compileGuest('bench/boundary/core.ts', 'core', 'boundary.wasm')),
    host.imports,
  );
  host.attach(instance);
  return instance.exports as unknown as Loops;
}

const world = `
  export prepare: func();
  export absorbs: func(count: u32, length: u32);
  export opens: func(count: u32);
  export reads: func(count: u32);`;

export async function componentLoops(bindings: Bindings, { createWasiCrypto }: RuntimeModule): Promise<Loops> {
  const component = await componentOf(
    await compileGuest('bench/boundary/component.ts', 'component', 'boundary-component.wasm'),
    ['symmetric'],
    world,
  );
  // Through the exports of the component: jco's trampolines leave something behind for every call outside of one.
  return (await instantiated(component, bindings, createWasiCrypto().component, 'absorbs')).exports as Loops;
}
