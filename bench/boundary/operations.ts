/** The loops, the same for both ABIs. Each traps when a call does not succeed. */
import * as raw from "calls/symmetric";
import { Bytes, Optional, result, Text } from "../guest/memory";

const none = new Optional();
const sha256 = new Text("SHA-256");
const hmac = new Text("HMAC/SHA-256");
const data = Bytes.ofPattern(65536, 1);

let state: u32 = 0;
let tag: u32 = 0;

function opened(algorithm: Text, key: Optional): u32 {
  assert(raw.symmetric_state_open(algorithm.pointer, algorithm.length, key.pointer, none.pointer, result) == 0);
  return load<u32>(result);
}

/** A state to absorb into, and a tag to ask for its length. */
export function prepare(): void {
  state = opened(sha256, none);
  assert(raw.symmetric_key_import(hmac.pointer, hmac.length, data.pointer, 32, result) == 0);
  const key = new Optional();
  key.set(load<u32>(result));
  assert(raw.symmetric_state_squeeze_tag(opened(hmac, key), result) == 0);
  tag = load<u32>(result);
}

export function absorbs(count: u32, length: u32): void {
  for (let done: u32 = 0; done < count; done++) assert(raw.symmetric_state_absorb(state, data.pointer, length) == 0);
}

export function opens(count: u32): void {
  for (let done: u32 = 0; done < count; done++) assert(raw.symmetric_state_close(opened(sha256, none)) == 0);
}

export function reads(count: u32): void {
  for (let done: u32 = 0; done < count; done++) {
    assert(raw.symmetric_tag_len(tag, result) == 0);
    assert(load<u32>(result) == 32);
  }
}
