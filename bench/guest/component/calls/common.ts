import { AREA, errnoAlone, into, lengthInto, returnInto } from "./result";

@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "options-open")
declare function open(type: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]options")
declare function dropOptions(options: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "options-set")
declare function set(options: u32, name: usize, nameLength: usize, value: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "options-set-u64")
declare function setInteger(options: u32, name: usize, nameLength: usize, value: u64, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "array-output-pull")
declare function pull(output: u32, area: usize): void;

export function options_open(type: u32, out: usize): u32 {
  open(type, AREA);
  return into(out);
}

export function options_close(options: u32): u32 {
  dropOptions(options);
  return 0;
}

export function options_set(options: u32, name: usize, nameLength: usize, value: usize, length: usize): u32 {
  set(options, name, nameLength, value, length, AREA);
  return errnoAlone();
}

export function options_set_u64(options: u32, name: usize, nameLength: usize, value: u64): u32 {
  setInteger(options, name, nameLength, value, AREA);
  return errnoAlone();
}

export function array_output_pull(output: u32, buffer: usize, length: usize, size: usize): u32 {
  returnInto(buffer, length);
  pull(output, AREA);
  return lengthInto(size);
}
