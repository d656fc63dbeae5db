import { options_close, options_open, options_set_u64 } from "./common";
import { AREA, errnoAlone, errnoOf, handle, into, lengthInto, returnInto, some } from "./result";

@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-key-generate")
declare function generate(name: usize, nameLength: usize, hasOptions: u32, options: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-key-import")
declare function importKey(name: usize, nameLength: usize, raw: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]symmetric-key")
declare function dropKey(key: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-open")
declare function open(name: usize, nameLength: usize, hasKey: u32, key: u32, hasOptions: u32, options: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]symmetric-state")
declare function dropState(state: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-absorb")
declare function absorb(state: u32, data: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-squeeze")
declare function squeeze(state: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-squeeze-tag")
declare function squeezeTag(state: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-squeeze-key")
declare function squeezeKey(state: u32, name: usize, nameLength: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-max-tag-len")
declare function maxTagLength(state: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-encrypt")
declare function encrypt(state: u32, data: usize, length: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-decrypt")
declare function decrypt(state: u32, data: usize, length: usize, outLength: usize, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-tag-len")
declare function tagLength(tag: u32, area: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-tag-pull")
declare function pull(tag: u32, area: usize): void;

export function symmetric_key_generate(name: usize, nameLength: usize, options: usize, out: usize): u32 {
  generate(name, nameLength, some(options), handle(options), AREA);
  return into(out);
}

export function symmetric_key_import(name: usize, nameLength: usize, raw: usize, length: usize, out: usize): u32 {
  importKey(name, nameLength, raw, length, AREA);
  return into(out);
}

export function symmetric_key_close(key: u32): u32 {
  dropKey(key);
  return 0;
}

const OUTPUT_LENGTH = memory.data<u8>([0x6f, 0x75, 0x74, 0x70, 0x75, 0x74, 0x5f, 0x6c, 0x65, 0x6e]);
/** `HKDF-EXPAND/SHA-256` is the one algorithm here whose name is that long, and whose output has no size of its own. */
const EXPAND_NAME_LENGTH: usize = 19;
const EXPANDED_LENGTH: u64 = 64;

export function symmetric_state_open(name: usize, nameLength: usize, key: usize, options: usize, out: usize): u32 {
  if (nameLength == EXPAND_NAME_LENGTH) return openExpansion(name, nameLength, key, out);
  open(name, nameLength, some(key), handle(key), some(options), handle(options), AREA);
  return into(out);
}

function openExpansion(name: usize, nameLength: usize, key: usize, out: usize): u32 {
  let errno = options_open(1, out);
  if (errno != 0) return errno;
  const options = load<u32>(out);
  errno = options_set_u64(options, OUTPUT_LENGTH, 10, EXPANDED_LENGTH);
  if (errno == 0) {
    open(name, nameLength, some(key), handle(key), 1, options, AREA);
    errno = into(out);
  }
  options_close(options);
  return errno;
}

export function symmetric_state_close(state: u32): u32 {
  dropState(state);
  return 0;
}

export function symmetric_state_absorb(state: u32, data: usize, length: usize): u32 {
  absorb(state, data, length, AREA);
  return errnoAlone();
}

export function symmetric_state_squeeze(state: u32, out: usize, length: usize): u32 {
  returnInto(out, length);
  squeeze(state, AREA);
  return errnoOf();
}

export function symmetric_state_squeeze_tag(state: u32, out: usize): u32 {
  squeezeTag(state, AREA);
  return into(out);
}

export function symmetric_state_squeeze_key(state: u32, name: usize, nameLength: usize, out: usize): u32 {
  squeezeKey(state, name, nameLength, AREA);
  return into(out);
}

export function symmetric_state_max_tag_len(state: u32, out: usize): u32 {
  maxTagLength(state, AREA);
  return into(out);
}

export function symmetric_state_encrypt(state: u32, out: usize, outLength: usize, data: usize, length: usize, size: usize): u32 {
  returnInto(out, outLength);
  encrypt(state, data, length, AREA);
  return lengthInto(size);
}

export function symmetric_state_decrypt(state: u32, out: usize, outLength: usize, data: usize, length: usize, size: usize): u32 {
  returnInto(out, outLength);
  decrypt(state, data, length, outLength, AREA);
  return lengthInto(size);
}

export function symmetric_tag_len(tag: u32, out: usize): u32 {
  tagLength(tag, AREA);
  return into(out);
}

export function symmetric_tag_pull(tag: u32, out: usize, length: usize, size: usize): u32 {
  returnInto(out, length);
  pull(tag, AREA);
  return lengthInto(size);
}
