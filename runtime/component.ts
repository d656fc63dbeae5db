/**
 * The interfaces of wasi-crypto 0.11 for components whose transpiled code imports its host:
 * `jco transpile component.wasm -o out --import-bindings hybrid -M 'wasi:crypto/*=wasi-crypto-gen/component#*'`.
 * All components of the process share one host with the default policy and limits. For other ones, and for
 * a host of its own, transpile with `--instantiation` and use `createWasiCrypto(options).component`.
 */
import { createWasiCrypto } from './index.js';

const { component } = createWasiCrypto();

export const wasiEphemeralCryptoAsymmetricCommon = component['wasi:crypto/wasi-ephemeral-crypto-asymmetric-common'];
export const wasiEphemeralCryptoCommon = component['wasi:crypto/wasi-ephemeral-crypto-common'];
export const wasiEphemeralCryptoExternalSecrets = component['wasi:crypto/wasi-ephemeral-crypto-external-secrets'];
export const wasiEphemeralCryptoKx = component['wasi:crypto/wasi-ephemeral-crypto-kx'];
export const wasiEphemeralCryptoSignatures = component['wasi:crypto/wasi-ephemeral-crypto-signatures'];
export const wasiEphemeralCryptoSignaturesBatch = component['wasi:crypto/wasi-ephemeral-crypto-signatures-batch'];
export const wasiEphemeralCryptoSymmetric = component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
export const wasiEphemeralCryptoSymmetricBatch = component['wasi:crypto/wasi-ephemeral-crypto-symmetric-batch'];
