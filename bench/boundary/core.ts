/** The calls as a core module makes them (WITX 0.10). */
@external("wasi_ephemeral_crypto_symmetric", "symmetric_state_open")
declare function symmetric_state_open(name: usize, length: usize, key: usize, options: usize, out: usize): u32;
@external("wasi_ephemeral_crypto_symmetric", "symmetric_state_close")
declare function symmetric_state_close(state: u32): u32;
@external("wasi_ephemeral_crypto_symmetric", "symmetric_state_absorb")
declare function symmetric_state_absorb(state: u32, data: usize, length: usize): u32;
@external("wasi_ephemeral_crypto_symmetric", "symmetric_state_squeeze_tag")
declare function symmetric_state_squeeze_tag(state: u32, out: usize): u32;
@external("wasi_ephemeral_crypto_symmetric", "symmetric_key_import")
declare function symmetric_key_import(name: usize, length: usize, raw: usize, rawLength: usize, out: usize): u32;
@external("wasi_ephemeral_crypto_symmetric", "symmetric_tag_len")
declare function symmetric_tag_len(tag: u32, out: usize): u32;

const AREA = memory.data(32, 16);
const KEY = AREA + 8;
const OPTIONS = AREA + 16;

export function openState(name: usize, length: usize, key: u32): u32 {
  store<u8>(KEY, key == 0 ? 1 : 0);
  store<u32>(KEY, key, 4);
  store<u8>(OPTIONS, 1);
  assert(symmetric_state_open(name, length, KEY, OPTIONS, AREA) == 0);
  return load<u32>(AREA);
}

export function close(state: u32): void {
  assert(symmetric_state_close(state) == 0);
}

export function absorb(state: u32, data: usize, length: usize): void {
  assert(symmetric_state_absorb(state, data, length) == 0);
}

export function squeezeTag(state: u32): u32 {
  assert(symmetric_state_squeeze_tag(state, AREA) == 0);
  return load<u32>(AREA);
}

export function importKey(name: usize, length: usize, raw: usize, rawLength: usize): u32 {
  assert(symmetric_key_import(name, length, raw, rawLength, AREA) == 0);
  return load<u32>(AREA);
}

export function tagLength(tag: u32): u32 {
  assert(symmetric_tag_len(tag, AREA) == 0);
  return load<u32>(AREA);
}
