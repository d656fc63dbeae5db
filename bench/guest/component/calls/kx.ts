import { AREA, into } from "./result";

@external("wasi:crypto/wasi-ephemeral-crypto-kx@0.11.0", "kx-dh")
declare function dh(publickey: u32, secretkey: u32, area: usize): void;

export function kx_dh(publickey: u32, secretkey: u32, out: usize): u32 {
  dh(publickey, secretkey, AREA);
  return into(out);
}
