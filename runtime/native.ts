/**
 * The native backend: builds it where the package has no binary for the machine, and says whether it is used.
 *
 * @module wasi-crypto-runtime/native
 */
export { BuildError, buildNative } from './backends/native/build.js';
export { nativeObjection } from './backends/native/library.js';
