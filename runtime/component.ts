/**
 * The interfaces of wasi-crypto 0.11 and of the extension for components whose transpiled code imports its host:
 * `jco transpile component.wasm -o out --import-bindings hybrid -M 'wasi:crypto/*=wasi-crypto-runtime/component#*'`.
 * All components of the process share one host, with the default policy and limits unless `configureComponents`
 * (`wasi-crypto-runtime`) was called before this module is loaded: calls do not say which instance they
 * come from. One component can therefore use up the budget of all, and what it leaves open stays until `closeHost`. For
 * guests that do not trust each other, for other policies and limits, and for a host that ends with its guest, transpile
 * with `--instantiation` and use `createWasiCrypto(options).component`.
 *
 * @module wasi-crypto-runtime/component
 */
import { componentOptions } from './default-host.js';
import { createWasiCrypto } from './index.js';
import type { Usage } from './meter.js';

const host = createWasiCrypto(componentOptions());
const { component } = host;

/** What all components of the process together take of the shared host now. */
export function hostUsage(): Usage {
  return host.usage();
}

/**
 * Wipes every key and state that components of the process left open. For the end of a program, or of its use of
 * components: the bindings are made when this module is loaded, so that later calls of any component fail (`invalid_handle`).
 */
export function closeHost(): void {
  host.close();
}

export const bytes = component['wasi:crypto-ext/bytes'];
export const encoding = component['wasi:crypto-ext/encoding'];
export const group = component['wasi:crypto-ext/group'];
export const numbers = component['wasi:crypto-ext/numbers'];
export const padding = component['wasi:crypto-ext/padding'];
export const query = component['wasi:crypto-ext/query'];
export const random = component['wasi:crypto-ext/random'];
export const wasiEphemeralCryptoAsymmetricCommon = component['wasi:crypto/wasi-ephemeral-crypto-asymmetric-common'];
export const wasiEphemeralCryptoCommon = component['wasi:crypto/wasi-ephemeral-crypto-common'];
export const wasiEphemeralCryptoExternalSecrets = component['wasi:crypto/wasi-ephemeral-crypto-external-secrets'];
export const wasiEphemeralCryptoKx = component['wasi:crypto/wasi-ephemeral-crypto-kx'];
export const wasiEphemeralCryptoSignatures = component['wasi:crypto/wasi-ephemeral-crypto-signatures'];
export const wasiEphemeralCryptoSignaturesBatch = component['wasi:crypto/wasi-ephemeral-crypto-signatures-batch'];
export const wasiEphemeralCryptoSymmetric = component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
export const wasiEphemeralCryptoSymmetricBatch = component['wasi:crypto/wasi-ephemeral-crypto-symmetric-batch'];
