/** The loops, the same for both ABIs. Each traps when a call does not succeed. */
import { absorb, close, importKey, openState, squeezeTag, tagLength } from "abi";

const SHA256 = memory.data<u8>([0x53, 0x48, 0x41, 0x2d, 0x32, 0x35, 0x36]);
const HMAC = memory.data<u8>([0x48, 0x4d, 0x41, 0x43, 0x2f, 0x53, 0x48, 0x41, 0x2d, 0x32, 0x35, 0x36]);
const DATA = memory.data(65536, 16);

let state: u32 = 0;
let tag: u32 = 0;

/** A state to absorb into, and a tag to ask for its length. */
export function prepare(): void {
  state = openState(SHA256, 7, 0);
  const key = importKey(HMAC, 12, DATA, 32);
  tag = squeezeTag(openState(HMAC, 12, key));
}

export function absorbs(count: u32, length: u32): void {
  for (let done: u32 = 0; done < count; done++) absorb(state, DATA, length);
}

export function opens(count: u32): void {
  for (let done: u32 = 0; done < count; done++) close(openState(SHA256, 7, 0));
}

export function reads(count: u32): void {
  let sum: u32 = 0;
  for (let done: u32 = 0; done < count; done++) sum += tagLength(tag);
  assert(sum == count * 32);
}
