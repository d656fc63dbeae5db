/**
 * TurboSHAKE and KangarooTwelve (RFC 9861, 2 and 3): Keccak-p[1600, 12] (FIPS 202, 3.3) under them. A state has 25 lanes, how
 * many bytes of its block are used, and the size of a block.
 */
import { VALUES } from "./layout";

const USED: usize = 200, RATE: usize = 204, KECCAK: usize = 208;
/** Of KangarooTwelve: the final node, the leaf that is being filled, how many bytes its chunk has, how many leaves there are. */
const LEAF: usize = KECCAK, FILLED: usize = 2 * KECCAK, LEAVES: usize = FILLED + 8;
const CHUNK: u32 = 8192;

/** Those of Keccak-f[1600] from its 13th round on. */
@inline
function constant(round: u32): u64 {
  switch (round) {
    case 0: return 0x8000808b;
    case 1: return 0x800000000000008b;
    case 2: return 0x8000000000008089;
    case 3: return 0x8000000000008003;
    case 4: return 0x8000000000008002;
    case 5: return 0x8000000000000080;
    case 6: return 0x800a;
    case 7: return 0x800000008000000a;
    case 8: return 0x8000000080008081;
    case 9: return 0x8000000000008080;
    case 10: return 0x80000001;
    default: return 0x8000000080008008;
  }
}

/** Names as in FIPS 202, 3.2: lane x + 5 y of the state a. */
function permute(state: usize): void {
  let a0 = load<u64>(state), a1 = load<u64>(state, 8), a2 = load<u64>(state, 16), a3 = load<u64>(state, 24), a4 = load<u64>(state, 32);
  let a5 = load<u64>(state, 40), a6 = load<u64>(state, 48), a7 = load<u64>(state, 56), a8 = load<u64>(state, 64), a9 = load<u64>(state, 72);
  let a10 = load<u64>(state, 80), a11 = load<u64>(state, 88), a12 = load<u64>(state, 96), a13 = load<u64>(state, 104), a14 = load<u64>(state, 112);
  let a15 = load<u64>(state, 120), a16 = load<u64>(state, 128), a17 = load<u64>(state, 136), a18 = load<u64>(state, 144), a19 = load<u64>(state, 152);
  let a20 = load<u64>(state, 160), a21 = load<u64>(state, 168), a22 = load<u64>(state, 176), a23 = load<u64>(state, 184), a24 = load<u64>(state, 192);
  for (let round: u32 = 0; round < 12; round++) {
    // theta
    const c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20,
      c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21,
      c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22,
      c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23,
      c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
    const d0 = c4 ^ rotl<u64>(c1, 1),
      d1 = c0 ^ rotl<u64>(c2, 1),
      d2 = c1 ^ rotl<u64>(c3, 1),
      d3 = c2 ^ rotl<u64>(c4, 1),
      d4 = c3 ^ rotl<u64>(c0, 1);
    // rho and pi
    const b0 = a0 ^ d0, b1 = rotl<u64>(a6 ^ d1, 44), b2 = rotl<u64>(a12 ^ d2, 43), b3 = rotl<u64>(a18 ^ d3, 21), b4 = rotl<u64>(a24 ^ d4, 14);
    const b5 = rotl<u64>(a3 ^ d3, 28), b6 = rotl<u64>(a9 ^ d4, 20), b7 = rotl<u64>(a10 ^ d0, 3), b8 = rotl<u64>(a16 ^ d1, 45), b9 = rotl<u64>(a22 ^ d2, 61);
    const b10 = rotl<u64>(a1 ^ d1, 1), b11 = rotl<u64>(a7 ^ d2, 6), b12 = rotl<u64>(a13 ^ d3, 25), b13 = rotl<u64>(a19 ^ d4, 8), b14 = rotl<u64>(a20 ^ d0, 18);
    const b15 = rotl<u64>(a4 ^ d4, 27), b16 = rotl<u64>(a5 ^ d0, 36), b17 = rotl<u64>(a11 ^ d1, 10), b18 = rotl<u64>(a17 ^ d2, 15), b19 = rotl<u64>(a23 ^ d3, 56);
    const b20 = rotl<u64>(a2 ^ d2, 62), b21 = rotl<u64>(a8 ^ d3, 55), b22 = rotl<u64>(a14 ^ d4, 39), b23 = rotl<u64>(a15 ^ d0, 41), b24 = rotl<u64>(a21 ^ d1, 2);
    // chi and iota
    a0 = b0 ^ (~b1 & b2) ^ constant(round); a1 = b1 ^ (~b2 & b3); a2 = b2 ^ (~b3 & b4); a3 = b3 ^ (~b4 & b0); a4 = b4 ^ (~b0 & b1);
    a5 = b5 ^ (~b6 & b7); a6 = b6 ^ (~b7 & b8); a7 = b7 ^ (~b8 & b9); a8 = b8 ^ (~b9 & b5); a9 = b9 ^ (~b5 & b6);
    a10 = b10 ^ (~b11 & b12); a11 = b11 ^ (~b12 & b13); a12 = b12 ^ (~b13 & b14); a13 = b13 ^ (~b14 & b10); a14 = b14 ^ (~b10 & b11);
    a15 = b15 ^ (~b16 & b17); a16 = b16 ^ (~b17 & b18); a17 = b17 ^ (~b18 & b19); a18 = b18 ^ (~b19 & b15); a19 = b19 ^ (~b15 & b16);
    a20 = b20 ^ (~b21 & b22); a21 = b21 ^ (~b22 & b23); a22 = b22 ^ (~b23 & b24); a23 = b23 ^ (~b24 & b20); a24 = b24 ^ (~b20 & b21);
  }
  store<u64>(state, a0); store<u64>(state, a1, 8); store<u64>(state, a2, 16); store<u64>(state, a3, 24); store<u64>(state, a4, 32);
  store<u64>(state, a5, 40); store<u64>(state, a6, 48); store<u64>(state, a7, 56); store<u64>(state, a8, 64); store<u64>(state, a9, 72);
  store<u64>(state, a10, 80); store<u64>(state, a11, 88); store<u64>(state, a12, 96); store<u64>(state, a13, 104); store<u64>(state, a14, 112);
  store<u64>(state, a15, 120); store<u64>(state, a16, 128); store<u64>(state, a17, 136); store<u64>(state, a18, 144); store<u64>(state, a19, 152);
  store<u64>(state, a20, 160); store<u64>(state, a21, 168); store<u64>(state, a22, 176); store<u64>(state, a23, 184); store<u64>(state, a24, 192);
}

export function keccakUpdate(state: usize, input: usize, length: usize): void {
  const rate = load<u32>(state, RATE);
  let used = load<u32>(state, USED);
  while (length > 0) {
    const at = state + used;
    let step: u32 = 1;
    if ((used & 7) == 0 && length >= 8) {
      store<u64>(at, load<u64>(at) ^ load<u64>(input));
      step = 8;
    } else store<u8>(at, load<u8>(at) ^ load<u8>(input));
    used += step;
    input += step;
    length -= step;
    if (used == rate) {
      permute(state);
      used = 0;
    }
  }
  store<u32>(state, used, USED);
}

/** Pads: what follows is output. @param domain with the first bit of the padding */
export function keccakEnd(state: usize, domain: u32): void {
  const at = state + load<u32>(state, USED), last = state + load<u32>(state, RATE) - 1;
  store<u8>(at, load<u8>(at) ^ domain);
  store<u8>(last, load<u8>(last) ^ 0x80);
  permute(state);
  store<u32>(state, 0, USED);
}

/** Output goes on where it ended. */
export function keccakOutput(state: usize, out: usize, length: usize): void {
  const rate = load<u32>(state, RATE);
  let used = load<u32>(state, USED);
  while (length > 0) {
    if (used == rate) {
      permute(state);
      used = 0;
    }
    const part = min<usize>(length, rate - used);
    memory.copy(out, state + used, part);
    used += <u32>part;
    out += part;
    length -= part;
  }
  store<u32>(state, used, USED);
}

/** The chaining value of a leaf goes into the final node. It is as long as the strength demands: twice 128 or 256 bits. */
function endLeaf(state: usize): void {
  const size: usize = load<u32>(state, RATE) == 168 ? 32 : 64;
  keccakEnd(state + LEAF, 0x0b);
  keccakOutput(state + LEAF, VALUES, size);
  keccakUpdate(state, VALUES, size);
}

function beginLeaf(state: usize): void {
  const leaves = load<u64>(state, LEAVES);
  if (leaves == 0) {
    store<u64>(VALUES, 3);
    keccakUpdate(state, VALUES, 8);
  } else endLeaf(state);
  memory.fill(state + LEAF, 0, RATE);
  store<u32>(state + LEAF, load<u32>(state, RATE), RATE);
  store<u64>(state, leaves + 1, LEAVES);
  store<u32>(state, 0, FILLED);
}

/** A chunk is begun only where there is more input. */
export function kangarooUpdate(state: usize, input: usize, length: usize): void {
  while (length > 0) {
    if (load<u32>(state, FILLED) == CHUNK) beginLeaf(state);
    const filled = load<u32>(state, FILLED), part = min<usize>(length, CHUNK - filled);
    keccakUpdate(load<u64>(state, LEAVES) == 0 ? state : state + LEAF, input, part);
    store<u32>(state, filled + <u32>part, FILLED);
    input += part;
    length -= part;
  }
}

/** What follows is output of the final node. The input ends with the customization and its length. */
export function kangarooEnd(state: usize): void {
  const leaves = load<u64>(state, LEAVES);
  if (leaves == 0) return keccakEnd(state, 0x07);
  endLeaf(state);
  // length_encode: big-endian, without zeros before it.
  const size: usize = 8 - (<usize>clz<u64>(leaves) >> 3);
  store<u64>(VALUES, bswap<u64>(leaves) >> ((8 - size) << 3));
  store<u8>(VALUES + size, <u32>size);
  store<u16>(VALUES + size, 0xffff, 1);
  keccakUpdate(state, VALUES, size + 3);
  keccakEnd(state, 0x06);
}
