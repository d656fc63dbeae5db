/**
 * BLAKE3 (its specification of 2021, section 2). Four chunks, or four blocks of output, are computed at once, in the lanes of
 * vectors (T = v128); single blocks in words (T = u32).
 */
import { CHAINS, SECOND, VALUES, WORDS } from "./layout";

const CHUNK_START: u32 = 1, CHUNK_END: u32 = 2, PARENT: u32 = 4, ROOT: u32 = 8;
const CHUNK: usize = 1024, BLOCK: usize = 64, NODE: usize = 32;

// The state: the key's words; how many chunks are done (64 bits); how many bytes the chunk has that is being filled; flags
// of the mode; how many nodes wait; that chunk; the nodes, one for each level of the tree. Once there is output, it
// is the root: chaining value in the key's place, length of the block, flags, and the block in the chunk's place.
const COUNTER: usize = 32, USED: usize = 40, FLAGS: usize = 44, DEPTH: usize = 48, INPUT: usize = 64, NODES: usize = 1088;

@inline
function add<T>(a: T, b: T): T {
  return isVector<T>() ? i32x4.add(a, b) : a + b;
}

@inline
function xor<T>(a: T, b: T): T {
  return isVector<T>() ? v128.xor(a, b) : a ^ b;
}

@inline
function right<T>(a: T, bits: i32): T {
  return isVector<T>() ? v128.or(i32x4.shr_u(a, bits), i32x4.shl(a, 32 - bits)) : rotr<u32>(a, bits);
}

@inline
function right8<T>(a: T): T {
  return isVector<T>() ? i8x16.shuffle(a, a, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12) : rotr<u32>(a, 8);
}

@inline
function right16<T>(a: T): T {
  return isVector<T>() ? i8x16.shuffle(a, a, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13) : rotr<u32>(a, 16);
}

@inline
function all<T>(value: u32): T {
  return isVector<T>() ? i32x4.splat(value) : value;
}

/** A half of the counter in the first lane; the others follow. */
@inline
function half<T>(counter: u64, shift: u64): T {
  if (!isVector<T>()) return <u32>(counter >> shift);
  let lanes = i32x4.splat(<i32>(counter >> shift));
  lanes = i32x4.replace_lane(lanes, 1, <i32>((counter + 1) >> shift));
  lanes = i32x4.replace_lane(lanes, 2, <i32>((counter + 2) >> shift));
  return i32x4.replace_lane(lanes, 3, <i32>((counter + 3) >> shift));
}

@inline
function at<T>(base: usize, index: usize): T {
  return load<T>(base + index * sizeof<T>());
}

@inline
function put<T>(base: usize, index: usize, value: T): void {
  store<T>(base + index * sizeof<T>(), value);
}

/**
 * Compresses VALUES with the block at `words`. The first half of the result takes the place of VALUES, the second one
 * stands at SECOND.
 *
 * @param counter of the first lane; the others follow
 */
function compress<T>(words: usize, counter: u64, length: u32, flags: u32): void {
  let v0 = at<T>(VALUES, 0), v1 = at<T>(VALUES, 1), v2 = at<T>(VALUES, 2), v3 = at<T>(VALUES, 3);
  let v4 = at<T>(VALUES, 4), v5 = at<T>(VALUES, 5), v6 = at<T>(VALUES, 6), v7 = at<T>(VALUES, 7);
  let v8 = all<T>(0x6a09e667), v9 = all<T>(0xbb67ae85), v10 = all<T>(0x3c6ef372), v11 = all<T>(0xa54ff53a);
  let v12 = half<T>(counter, 0), v13 = half<T>(counter, 32), v14 = all<T>(length), v15 = all<T>(flags);
  let m0 = at<T>(words, 0), m1 = at<T>(words, 1), m2 = at<T>(words, 2), m3 = at<T>(words, 3);
  let m4 = at<T>(words, 4), m5 = at<T>(words, 5), m6 = at<T>(words, 6), m7 = at<T>(words, 7);
  let m8 = at<T>(words, 8), m9 = at<T>(words, 9), m10 = at<T>(words, 10), m11 = at<T>(words, 11);
  let m12 = at<T>(words, 12), m13 = at<T>(words, 13), m14 = at<T>(words, 14), m15 = at<T>(words, 15);
  for (let round = 0; round < 7; round++) {
    v0 = add<T>(add<T>(v0, v4), m0); v12 = right16<T>(xor<T>(v12, v0)); v8 = add<T>(v8, v12); v4 = right<T>(xor<T>(v4, v8), 12);
    v1 = add<T>(add<T>(v1, v5), m2); v13 = right16<T>(xor<T>(v13, v1)); v9 = add<T>(v9, v13); v5 = right<T>(xor<T>(v5, v9), 12);
    v2 = add<T>(add<T>(v2, v6), m4); v14 = right16<T>(xor<T>(v14, v2)); v10 = add<T>(v10, v14); v6 = right<T>(xor<T>(v6, v10), 12);
    v3 = add<T>(add<T>(v3, v7), m6); v15 = right16<T>(xor<T>(v15, v3)); v11 = add<T>(v11, v15); v7 = right<T>(xor<T>(v7, v11), 12);
    v0 = add<T>(add<T>(v0, v4), m1); v12 = right8<T>(xor<T>(v12, v0)); v8 = add<T>(v8, v12); v4 = right<T>(xor<T>(v4, v8), 7);
    v1 = add<T>(add<T>(v1, v5), m3); v13 = right8<T>(xor<T>(v13, v1)); v9 = add<T>(v9, v13); v5 = right<T>(xor<T>(v5, v9), 7);
    v2 = add<T>(add<T>(v2, v6), m5); v14 = right8<T>(xor<T>(v14, v2)); v10 = add<T>(v10, v14); v6 = right<T>(xor<T>(v6, v10), 7);
    v3 = add<T>(add<T>(v3, v7), m7); v15 = right8<T>(xor<T>(v15, v3)); v11 = add<T>(v11, v15); v7 = right<T>(xor<T>(v7, v11), 7);

    v0 = add<T>(add<T>(v0, v5), m8); v15 = right16<T>(xor<T>(v15, v0)); v10 = add<T>(v10, v15); v5 = right<T>(xor<T>(v5, v10), 12);
    v1 = add<T>(add<T>(v1, v6), m10); v12 = right16<T>(xor<T>(v12, v1)); v11 = add<T>(v11, v12); v6 = right<T>(xor<T>(v6, v11), 12);
    v2 = add<T>(add<T>(v2, v7), m12); v13 = right16<T>(xor<T>(v13, v2)); v8 = add<T>(v8, v13); v7 = right<T>(xor<T>(v7, v8), 12);
    v3 = add<T>(add<T>(v3, v4), m14); v14 = right16<T>(xor<T>(v14, v3)); v9 = add<T>(v9, v14); v4 = right<T>(xor<T>(v4, v9), 12);
    v0 = add<T>(add<T>(v0, v5), m9); v15 = right8<T>(xor<T>(v15, v0)); v10 = add<T>(v10, v15); v5 = right<T>(xor<T>(v5, v10), 7);
    v1 = add<T>(add<T>(v1, v6), m11); v12 = right8<T>(xor<T>(v12, v1)); v11 = add<T>(v11, v12); v6 = right<T>(xor<T>(v6, v11), 7);
    v2 = add<T>(add<T>(v2, v7), m13); v13 = right8<T>(xor<T>(v13, v2)); v8 = add<T>(v8, v13); v7 = right<T>(xor<T>(v7, v8), 7);
    v3 = add<T>(add<T>(v3, v4), m15); v14 = right8<T>(xor<T>(v14, v3)); v9 = add<T>(v9, v14); v4 = right<T>(xor<T>(v4, v9), 7);

    // The order of words changes (table 2).
    const n0 = m0, n1 = m1, n8 = m8;
    m0 = m2; m2 = m3; m3 = m10; m10 = m12; m12 = m9; m9 = m11; m11 = m5; m5 = n0;
    m1 = m6; m6 = m4; m4 = m7; m7 = m13; m13 = m14; m14 = m15; m15 = n8; m8 = n1;
  }
  put<T>(SECOND, 0, xor<T>(v8, at<T>(VALUES, 0)));
  put<T>(SECOND, 1, xor<T>(v9, at<T>(VALUES, 1)));
  put<T>(SECOND, 2, xor<T>(v10, at<T>(VALUES, 2)));
  put<T>(SECOND, 3, xor<T>(v11, at<T>(VALUES, 3)));
  put<T>(SECOND, 4, xor<T>(v12, at<T>(VALUES, 4)));
  put<T>(SECOND, 5, xor<T>(v13, at<T>(VALUES, 5)));
  put<T>(SECOND, 6, xor<T>(v14, at<T>(VALUES, 6)));
  put<T>(SECOND, 7, xor<T>(v15, at<T>(VALUES, 7)));
  put<T>(VALUES, 0, xor<T>(v0, v8));
  put<T>(VALUES, 1, xor<T>(v1, v9));
  put<T>(VALUES, 2, xor<T>(v2, v10));
  put<T>(VALUES, 3, xor<T>(v3, v11));
  put<T>(VALUES, 4, xor<T>(v4, v12));
  put<T>(VALUES, 5, xor<T>(v5, v13));
  put<T>(VALUES, 6, xor<T>(v6, v14));
  put<T>(VALUES, 7, xor<T>(v7, v15));
}

/** `memory.copy` is a call out of the module, and takes longer than 32 bytes do. */
@inline
function copyNode(to: usize, from: usize): void {
  const first = v128.load(from), second = v128.load(from, 16);
  v128.store(to, first);
  v128.store(to, second, 16);
}

/** The key, or a chaining value, in all lanes. */
function spreadValues(from: usize): void {
  for (let i: usize = 0; i < 8; i++) v128.store(VALUES + i * 16, i32x4.splat(load<u32>(from + i * 4)));
}

/** The block at `from` in the first lane, those at further multiples of `stride` in up to `lanes` lanes. */
function spreadWords(from: usize, stride: usize, lanes: usize): void {
  const second = from + min<usize>(1, lanes - 1) * stride;
  const third = from + min<usize>(2, lanes - 1) * stride;
  const fourth = from + min<usize>(3, lanes - 1) * stride;
  for (let i: usize = 0; i < BLOCK; i += 16) {
    const a = v128.load(from + i), b = v128.load(second + i), c = v128.load(third + i), d = v128.load(fourth + i);
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(WORDS + i * 4, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(WORDS + i * 4, v128.shuffle<i64>(ab, cd, 1, 3), 16);
    v128.store(WORDS + i * 4, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), 32);
    v128.store(WORDS + i * 4, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), 48);
  }
}

@inline
function storeLane(vectors: usize, lane: usize, out: usize): void {
  for (let i: usize = 0; i < 8; i++) store<u32>(out + i * 4, load<u32>(vectors + i * 16 + lane * 4));
}

/** Up to four whole chunks that are not the last one: their nodes join the tree. */
function addChunks(state: usize, input: usize, count: usize): void {
  const flags = load<u32>(state + FLAGS);
  let counter = load<u64>(state + COUNTER);
  spreadValues(state);
  for (let start: usize = 0; start < CHUNK; start += BLOCK) {
    spreadWords(input + start, CHUNK, count);
    const place = start == 0 ? CHUNK_START : start == CHUNK - BLOCK ? CHUNK_END : 0;
    compress<v128>(WORDS, counter, BLOCK, flags | place);
  }
  for (let lane: usize = 0; lane < count; lane++) storeLane(VALUES, lane, CHAINS + lane * NODE);
  let depth = load<u32>(state + DEPTH);
  for (let lane: usize = 0; lane < count; lane++) {
    copyNode(state + NODES + depth * NODE, CHAINS + lane * NODE);
    depth++;
    counter++;
    for (let total = counter; (total & 1) == 0; total >>= 1) {
      depth--;
      const left = state + NODES + (depth - 1) * NODE;
      copyNode(VALUES, state);
      compress<u32>(left, 0, BLOCK, flags | PARENT);
      copyNode(left, VALUES);
    }
  }
  store<u32>(state + DEPTH, depth);
  store<u64>(state + COUNTER, counter);
}

/** Takes input. What could be the last chunk waits. */
export function blake3Update(state: usize, input: usize, length: usize): void {
  while (length > 0) {
    let used: usize = load<u32>(state + USED);
    if (used == CHUNK) {
      addChunks(state, state + INPUT, 1);
      used = 0;
    }
    let taken: usize;
    if (used == 0 && length > CHUNK) {
      const count = min<usize>(4, (length - 1) / CHUNK);
      addChunks(state, input, count);
      taken = count * CHUNK;
    } else {
      taken = min<usize>(length, CHUNK - used);
      memory.copy(state + INPUT + used, input, taken);
      used += taken;
    }
    store<u32>(state + USED, used);
    input += taken;
    length -= taken;
  }
}

/** Ends the input: the state becomes the root. */
export function blake3End(state: usize): void {
  const flags = load<u32>(state + FLAGS), used: usize = load<u32>(state + USED), counter = load<u64>(state + COUNTER);
  copyNode(VALUES, state);
  let block = state + INPUT;
  let length = used;
  let place = CHUNK_START;
  for (; length > BLOCK; length -= BLOCK, block += BLOCK) {
    compress<u32>(block, counter, BLOCK, flags | place);
    place = 0;
  }
  if (length < BLOCK) memory.fill(block + length, 0, BLOCK - length);
  copyNode(state + INPUT, block);
  copyNode(state + INPUT + NODE, block + NODE);
  place |= CHUNK_END;
  let depth = load<u32>(state + DEPTH);
  // Of a node in the tree it is zero.
  let number = depth == 0 ? 0 : counter;
  for (; depth > 0; depth--) {
    compress<u32>(state + INPUT, number, <u32>length, flags | place);
    copyNode(state + INPUT, state + NODES + (depth - 1) * NODE);
    copyNode(state + INPUT + NODE, VALUES);
    copyNode(VALUES, state);
    length = BLOCK;
    place = PARENT;
    number = 0;
  }
  copyNode(state, VALUES);
  store<u32>(state + USED, <u32>length);
  store<u32>(state + FLAGS, flags | place | ROOT);
  if (used > BLOCK || counter > 0) memory.fill(state + INPUT + BLOCK, 0, CHUNK - BLOCK);
  memory.fill(state + NODES, 0, load<u32>(state + DEPTH) * NODE);
}

/** Writes so many bytes of output from block `first` on, and behind them up to 255 more. */
export function blake3Output(state: usize, first: f64, out: usize, length: usize): void {
  const used = load<u32>(state + USED), flags = load<u32>(state + FLAGS);
  let block = <u64>first;
  if (length <= BLOCK) {
    copyNode(VALUES, state);
    compress<u32>(state + INPUT, block, used, flags);
    copyNode(out, VALUES);
    copyNode(out + NODE, SECOND);
    return;
  }
  for (let end = out + length; out < end; block += 4) {
    spreadValues(state);
    spreadWords(state + INPUT, 0, 1);
    compress<v128>(WORDS, block, used, flags);
    for (let lane: usize = 0; lane < 4; lane++, out += BLOCK) {
      storeLane(VALUES, lane, out);
      storeLane(SECOND, lane, out + NODE);
    }
  }
}
