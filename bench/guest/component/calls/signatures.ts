import { AREA, errnoAlone, into } from "./result";

@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-export")
declare function exportSignature(signature: u32, encoding: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-import")
declare function importSignature(name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]signature")
declare function dropSignature(signature: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-state-open")
declare function open(keypair: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-state-update")
declare function update(state: u32, data: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-state-sign")
declare function sign(state: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]signature-state")
declare function dropState(state: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-verification-state-open")
declare function openVerification(publickey: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-verification-state-update")
declare function updateVerification(state: u32, data: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-signatures@0.11.0", "signature-verification-state-verify")
declare function verify(state: u32, signature: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]signature-verification-state")
declare function dropVerification(state: u32): void;

export function signature_export(signature: u32, encoding: u32, out: usize): u32 {
  exportSignature(signature, encoding, AREA);
  return into(out);
}

export function signature_import(name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, out: usize): u32 {
  importSignature(name, nameLength, encoded, length, encoding, AREA);
  return into(out);
}

export function signature_close(signature: u32): u32 {
  dropSignature(signature);
  return 0;
}

export function signature_state_open(keypair: u32, out: usize): u32 {
  open(keypair, AREA);
  return into(out);
}

export function signature_state_update(state: u32, data: usize, length: usize): u32 {
  update(state, data, length, AREA);
  return errnoAlone();
}

export function signature_state_sign(state: u32, out: usize): u32 {
  sign(state, AREA);
  return into(out);
}

export function signature_state_close(state: u32): u32 {
  dropState(state);
  return 0;
}

export function signature_verification_state_open(publickey: u32, out: usize): u32 {
  openVerification(publickey, AREA);
  return into(out);
}

export function signature_verification_state_update(state: u32, data: usize, length: usize): u32 {
  updateVerification(state, data, length, AREA);
  return errnoAlone();
}

export function signature_verification_state_verify(state: u32, signature: u32): u32 {
  verify(state, signature, AREA);
  return errnoAlone();
}

export function signature_verification_state_close(state: u32): u32 {
  dropVerification(state);
  return 0;
}
