/** The end of a guest's call, and with it of the component's instance, where the canonical ABI says `trap`. */
const RuntimeError: ErrorConstructor = (
  globalThis as unknown as { readonly WebAssembly: { readonly RuntimeError: ErrorConstructor } }
).WebAssembly.RuntimeError;

/** Thrown through the guest; a `WebAssembly.RuntimeError`, as the engine's own traps are. */
export class Trap extends RuntimeError {}
