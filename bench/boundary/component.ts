/** The calls as a component makes them (WIT 0.11). */
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-open")
declare function symmetric_state_open(name: usize, length: usize, hasKey: u32, key: u32, hasOptions: u32, options: u32, out: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-common@0.11.0", "[resource-drop]symmetric-state")
declare function symmetric_state_drop(state: u32): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-absorb")
declare function symmetric_state_absorb(state: u32, data: usize, length: usize, out: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-state-squeeze-tag")
declare function symmetric_state_squeeze_tag(state: u32, out: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-key-import")
declare function symmetric_key_import(name: usize, length: usize, raw: usize, rawLength: usize, out: usize): void;
@external("wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0", "symmetric-tag-len")
declare function symmetric_tag_len(tag: u32, out: usize): void;

const AREA = memory.data(32, 16);

/** Nothing here takes memory from its host. */
export function cabi_realloc(_old: usize, _oldSize: usize, _align: usize, _size: usize): usize {
  return unreachable();
}

function taken(): u32 {
  assert(load<u8>(AREA) == 0);
  return load<u32>(AREA, 4);
}

export function openState(name: usize, length: usize, key: u32): u32 {
  symmetric_state_open(name, length, key == 0 ? 0 : 1, key, 0, 0, AREA);
  return taken();
}

export function close(state: u32): void {
  symmetric_state_drop(state);
}

export function absorb(state: u32, data: usize, length: usize): void {
  symmetric_state_absorb(state, data, length, AREA);
  assert(load<u8>(AREA) == 0);
}

export function squeezeTag(state: u32): u32 {
  symmetric_state_squeeze_tag(state, AREA);
  return taken();
}

export function importKey(name: usize, length: usize, raw: usize, rawLength: usize): u32 {
  symmetric_key_import(name, length, raw, rawLength, AREA);
  return taken();
}

export function tagLength(tag: u32): u32 {
  symmetric_tag_len(tag, AREA);
  return taken();
}
