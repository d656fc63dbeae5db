import { AREA, handle, into, some } from "./result";

@external("wasi:crypto/wasi-ephemeral-crypto-asymmetric-common@0.11.0", "keypair-generate")
declare function generate(type: u32, name: usize, nameLength: usize, hasOptions: u32, options: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-asymmetric-common@0.11.0", "keypair-import")
declare function importKeypair(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-asymmetric-common@0.11.0", "keypair-publickey")
declare function publicOf(keypair: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]keypair")
declare function dropKeypair(keypair: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-asymmetric-common@0.11.0", "publickey-import")
declare function importPublic(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]publickey")
declare function dropPublic(publickey: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-asymmetric-common@0.11.0", "secretkey-import")
declare function importSecret(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, area: usize): void;

export function keypair_generate(type: u32, name: usize, nameLength: usize, options: usize, out: usize): u32 {
  generate(type, name, nameLength, some(options), handle(options), AREA);
  return into(out);
}

export function keypair_import(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, out: usize): u32 {
  importKeypair(type, name, nameLength, encoded, length, encoding, AREA);
  return into(out);
}

export function keypair_publickey(keypair: u32, out: usize): u32 {
  publicOf(keypair, AREA);
  return into(out);
}

export function keypair_close(keypair: u32): u32 {
  dropKeypair(keypair);
  return 0;
}

export function publickey_import(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, out: usize): u32 {
  importPublic(type, name, nameLength, encoded, length, encoding, AREA);
  return into(out);
}

export function publickey_close(publickey: u32): u32 {
  dropPublic(publickey);
  return 0;
}

export function secretkey_import(type: u32, name: usize, nameLength: usize, encoded: usize, length: usize, encoding: u32, out: usize): u32 {
  importSecret(type, name, nameLength, encoded, length, encoding, AREA);
  return into(out);
}
