/**
 * The generator as a library: what the command line does, without process, colours or exit codes.
 *
 * ```ts
 * import { generate } from 'wasi-crypto-gen';
 *
 * const { ok, folders } = await generate({ spec: '0.10', targets: ['typescript-host'], out: 'src/bindings' });
 * ```
 *
 * Relative paths are seen from the working folder. Mistakes in definitions and guests come back as
 * diagnostics; mistakes in how the functions are called are thrown as `ConfigurationError`.
 *
 * `componentize` and `transpile` need `@bytecodealliance/jco`, `componentize` also `assemblyscript`:
 * optional peers, loaded when called.
 *
 * @module wasi-crypto-gen
 */
export type { Change, Comparison, Party } from './changes/change.js';
export type { FailOn } from './changes/compare.js';
export { componentize } from './components/componentize.js';
export type { ComponentizeOptions, ComponentizeResult } from './components/componentize.js';
export type { AscRuntime } from './components/guest-compiler.js';
export { guestNeeds } from './components/needs.js';
export type { NeededFunction, Needs, NeedsOptions } from './components/needs.js';
export { transpile } from './components/transpile.js';
export type { TranspileOptions, TranspileResult } from './components/transpile.js';
export { bundleWit } from './components/world.js';
export type { BundleResult, WorldOptions } from './components/world.js';
export type { Code, Severity } from './diagnostics/catalog.js';
export type { Diagnostic, Related } from './diagnostics/diagnostic.js';
export type { Dialect } from './model/model.js';
export { checkProject as check } from './project/check.js';
export type { CheckedFolder, CheckOptions, CheckResult, Finding } from './project/check.js';
export { defineConfig } from './project/config/config.js';
export type { Config, OutputConfig, OutputOptions } from './project/config/config.js';
export { diffDefinitions as diff } from './project/diff.js';
export type { DiffOptions, DiffResult } from './project/diff.js';
export { ConfigurationError } from './project/errors.js';
export type { Obstacle } from './project/files.js';
export { generateProject as generate } from './project/generate.js';
export type { GeneratedFolder, GenerateOptions, GenerateResult } from './project/generate.js';
export { inspectDefinitions as inspect } from './project/inspect.js';
export type { InspectOptions, InspectResult } from './project/inspect.js';
export type { FunctionDescription, PassDescription } from './abi/describe.js';
export type { CoreParam, CoreSignature, CoreType } from './abi/plan.js';
export type { Features } from './frontend/wit/gates.js';
export type { Choices } from './project/choices.js';
export type { ImportSuffix } from './project/manifest.js';
export { listTargets as targets } from './project/targets.js';
export type { TargetSummary } from './project/targets.js';
export type { Position, SourceFile, Span } from './source/source.js';
export type { FileMap } from './targets/target.js';
