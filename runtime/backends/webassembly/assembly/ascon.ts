/** Ascon (SP 800-232): words are little-endian. */
import { KEY, NONCE, STATE, TAG } from "./layout";

@inline
function word(index: usize): u64 {
  return load<u64>(STATE + index * 8);
}

@inline
function setWord(index: usize, value: u64): void {
  store<u64>(STATE + index * 8, value);
}

@inline
function add(index: usize, value: u64): void {
  setWord(index, word(index) ^ value);
}

/** The last `rounds` rounds of the permutation (3). */
export function asconPermute(rounds: i32): void {
  let x0 = word(0), x1 = word(1), x2 = word(2), x3 = word(3), x4 = word(4);
  for (let round = 12 - rounds; round < 12; round++) {
    x2 ^= (u64(15 - round) << 4) | u64(round);
    x0 ^= x4;
    x4 ^= x3;
    x2 ^= x1;
    const t0 = x0 ^ (~x1 & x2);
    const t1 = x1 ^ (~x2 & x3);
    const t2 = x2 ^ (~x3 & x4);
    const t3 = x3 ^ (~x4 & x0);
    const t4 = x4 ^ (~x0 & x1);
    const s0 = t0 ^ t4;
    const s1 = t1 ^ t0;
    const s2 = ~t2;
    const s3 = t3 ^ t2;
    x0 = s0 ^ rotr<u64>(s0, 19) ^ rotr<u64>(s0, 28);
    x1 = s1 ^ rotr<u64>(s1, 61) ^ rotr<u64>(s1, 39);
    x2 = s2 ^ rotr<u64>(s2, 1) ^ rotr<u64>(s2, 6);
    x3 = s3 ^ rotr<u64>(s3, 10) ^ rotr<u64>(s3, 17);
    x4 = t4 ^ rotr<u64>(t4, 7) ^ rotr<u64>(t4, 41);
  }
  setWord(0, x0);
  setWord(1, x1);
  setWord(2, x2);
  setWord(3, x3);
  setWord(4, x4);
}

/** Ascon-AEAD128 (4.1), of the message where it stands. Leaves the tag in TAG. */
export function asconAead(decrypt: bool, associated: usize, associatedLength: usize, message: usize, length: usize): void {
  const k0 = load<u64>(KEY), k1 = load<u64>(KEY + 8);
  setWord(0, 0x00001000808c0001);
  setWord(1, k0);
  setWord(2, k1);
  setWord(3, load<u64>(NONCE));
  setWord(4, load<u64>(NONCE + 8));
  asconPermute(12);
  add(3, k0);
  add(4, k1);
  if (associatedLength > 0) {
    for (; associatedLength >= 16; associatedLength -= 16, associated += 16) {
      add(0, load<u64>(associated));
      add(1, load<u64>(associated + 8));
      asconPermute(8);
    }
    for (let i: usize = 0; i < associatedLength; i++) addByte(i, load<u8>(associated + i));
    addByte(associatedLength, 1);
    asconPermute(8);
  }
  add(4, 1 << 63);
  for (; length >= 16; length -= 16, message += 16) {
    crypt(decrypt, 0, message);
    crypt(decrypt, 1, message + 8);
    asconPermute(8);
  }
  for (let i: usize = 0; i < length; i++) {
    const input = load<u8>(message + i);
    const output = input ^ load<u8>(STATE + i);
    store<u8>(message + i, output);
    store<u8>(STATE + i, decrypt ? input : output);
  }
  addByte(length, 1);
  add(2, k0);
  add(3, k1);
  asconPermute(12);
  store<u64>(TAG, word(3) ^ k0);
  store<u64>(TAG + 8, word(4) ^ k1);
}

@inline
function crypt(decrypt: bool, index: usize, at: usize): void {
  const input = load<u64>(at);
  const output = input ^ word(index);
  store<u64>(at, output);
  setWord(index, decrypt ? input : output);
}

@inline
function addByte(index: usize, value: u8): void {
  store<u8>(STATE + index, load<u8>(STATE + index) ^ value);
}

/** Begins Ascon-Hash256 (5.1). */
export function asconHashBegin(): void {
  memory.fill(STATE, 0, 40);
  setWord(0, 0x0000080100cc0002);
  asconPermute(12);
}

/** Absorbs input into a block of which `used` bytes are taken; returns how many are then. */
export function asconHashUpdate(used: usize, input: usize, length: usize): usize {
  const end = input + length;
  while (input < end) {
    if (used == 0 && end - input >= 8) {
      add(0, load<u64>(input));
      asconPermute(12);
      input += 8;
    } else {
      addByte(used, load<u8>(input));
      input++;
      if (++used == 8) {
        asconPermute(12);
        used = 0;
      }
    }
  }
  return used;
}

/** Ends it: the digest's 32 bytes stand at `out`. */
export function asconHashEnd(used: usize, out: usize): void {
  addByte(used, 1);
  for (let i: usize = 0; i < 32; i += 8) {
    asconPermute(12);
    store<u64>(out + i, word(0));
  }
}
