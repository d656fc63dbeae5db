/**
 * wasi-crypto for guests in WebAssembly, on Node's OpenSSL.
 *
 * @module wasi-crypto-runtime
 */
import { providerObjection } from './backends/provider.js';
import { RuntimeContext } from './context.js';
import { bindComponents, type ComponentImports as CryptoImports } from './hosts/wit/0.11.js';
import { bindExtensionComponents } from './hosts/extension/component.js';
import { joined } from './hosts/joined.js';
import { bindPreview1, type Preview1Imports } from './hosts/preview1.js';
import type { Attachable } from './hosts/attachable.js';
import { Meter, type Usage } from './meter.js';
import { bytesReport } from './interfaces/extension/report.js';
import { arithmeticReport, type ArithmeticReport, type FunctionReport } from './numbers/report.js';
import { readOptions, type WasiCryptoOptions } from './options.js';
import type { AlgorithmReport } from './registry.js';

/** Mistakes with components have had a name of their own: it is the same class. */
export { HostUsageError, HostUsageError as ComponentUsageError } from '../templates/typescript-host/failure.js';
export type { MemoryLike } from '../templates/typescript-host/memory.js';
export type { Approval, Tier } from './algorithms/descriptor.js';
export type { Category } from './contracts/algorithms.js';
export type { AlgorithmType } from './contracts/vocabulary.js';
export type { BackendKind, ConstantTime } from './backends/backend.js';
export type { Attachable, InstanceLike } from './hosts/attachable.js';
export type { Preview1Imports } from './hosts/preview1.js';
export { configureComponents } from './default-host.js';
export type { CallEvent } from './events.js';
export type { Limits } from './limits.js';
export type { HandleKind, KindUsage, Usage } from './meter.js';
export type { ArithmeticReport, FunctionReport } from './numbers/report.js';
export {
  ConfigurationError,
  type ComponentOptions,
  type LimitOptions,
  type PolicyOptions,
  type SecretsOptions,
  type WasiCryptoOptions,
} from './options.js';
export type { PolicyRules, Profile } from './policy.js';
export type { RandomFill } from './random.js';
export type { AlgorithmReport } from './registry.js';

/** The interfaces that a component imports, by their names without version: those of wasi-crypto 0.11, and the extension's. */
export type ComponentImports = CryptoImports & ReturnType<typeof bindExtensionComponents>['imports'];

/** What a host can do, and on what. */
export interface Capabilities {
  readonly node: string;
  readonly openssl: string;
  /** Whether OpenSSL keeps to a FIPS provider; the profile `fips` restricts algorithms, not OpenSSL. */
  readonly fipsProvider: boolean;
  /** Every id of the proposal. */
  readonly algorithms: readonly AlgorithmReport[];
  /** Numbers and groups of the extension: each function, what computes it, and in what time. */
  readonly arithmetic: readonly ArithmeticReport[];
  /** Functions of the extension over bytes: comparison, encoding, padding, random numbers. */
  readonly bytes: readonly FunctionReport[];
}

/** A host for one guest instance. */
export interface WasiCrypto {
  /** For `WebAssembly.instantiate`, next to the guest's other imports. */
  readonly imports: Preview1Imports;
  /**
   * Connects the guest's memory: an instance that exports `memory`, what `WebAssembly.instantiate` gives for bytes, or the
   * memory itself, which may be done before instantiation. Until then every call is a `HostUsageError`, thrown through the guest.
   */
  attach(target: Attachable): void;
  /**
   * What a component of wasi-crypto 0.11 and of the extension imports, for `instantiate` of `jco transpile --instantiation`. It
   * shares nothing with `imports`, and nothing is attached. With `--import-bindings hybrid` calls are
   * about as fast as those of core modules. A mistake in how it is used is a `HostUsageError`.
   */
  readonly component: ComponentImports;
  /** Tries out every algorithm. */
  capabilities(): Capabilities;
  /** What the guest takes of the host now. Reading it costs a microsecond, and the guest nothing. */
  usage(): Usage;
  /** Wipes everything the guest holds. Its later calls get `invalid_handle`. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Makes a host for one guest instance; two instances share nothing.
 *
 * Errors: `ConfigurationError` for an option that cannot be followed.
 */
export function createWasiCrypto(options: WasiCryptoOptions = {}): WasiCrypto {
  const parts = readOptions(options);
  // One for both ABIs: whichever the guest has, it is one guest.
  const meter = new Meter(parts.limits);
  const context = new RuntimeContext(parts, meter);
  let preview1: BoundPreview1 | undefined;
  let component: BoundComponents | undefined;
  let closed = false;
  const close = (): void => {
    closed = true;
    context.close();
    preview1?.close();
    component?.close();
  };
  // A guest is a core module or a component: nothing is made for the other.
  const boundPreview1 = (): BoundPreview1 => {
    preview1 ??= bindPreview1(context);
    return preview1;
  };
  const boundComponents = (): BoundComponents => {
    component ??= bindForComponents(parts, meter);
    if (closed) component.close();
    return component;
  };
  return {
    get imports() {
      return boundPreview1().imports;
    },
    attach: (target) => boundPreview1().attach(target),
    get component() {
      return boundComponents().imports;
    },
    capabilities: () => ({
      node: process.versions.node,
      openssl: process.versions['openssl'] ?? 'unknown',
      fipsProvider: providerObjection() === undefined,
      algorithms: context.algorithms.report(),
      arithmetic: arithmeticReport(context.policy),
      bytes: bytesReport,
    }),
    usage: () => meter.usage(),
    close,
    [Symbol.dispose]: close,
  };
}

type BoundPreview1 = ReturnType<typeof bindPreview1>;

interface BoundComponents {
  readonly imports: ComponentImports;
  close(): void;
}

/** A context of its own: a guest that is a core module and one that is a component are two. */
function bindForComponents(parts: ReturnType<typeof readOptions>, meter: Meter): BoundComponents {
  const context = new RuntimeContext(parts, meter);
  const bound = bindComponents(context, parts.fastPath);
  const extension = bindExtensionComponents(context, parts.fastPath);
  return {
    imports: joined(bound.imports, extension.imports),
    close: () => {
      context.close();
      bound.close();
      extension.close();
    },
  };
}
