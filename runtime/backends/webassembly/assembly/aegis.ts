/**
 * AEGIS (draft-irtf-cfrg-aegis-aead), on planes: plane b holds bit b of every byte of up to eight blocks, block k in bit k of
 * each byte. One AES round works on all blocks of a set at once, with neither tables nor branches that depend on data.
 */
import { BLOCK, KEY, NONCE, PLANES, SUBSTITUTED, TAG } from "./layout";

@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

@inline
function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

@inline
function bytes(value: i32): v128 {
  return i8x16.splat(<i8>value);
}

@inline
function right(a: v128, bits: i32): v128 {
  return i64x2.shr_u(a, bits);
}

@inline
function left(a: v128, bits: i32): v128 {
  return i64x2.shl(a, bits);
}

/** SubBytes: the circuit of 113 gates by Boyar and Peralta (IACR ePrint 2009/191), whose names these are; u0 is the highest bit. */
function substitute(from: usize): void {
  const u0 = v128.load(from, 112), u1 = v128.load(from, 96), u2 = v128.load(from, 80), u3 = v128.load(from, 64);
  const u4 = v128.load(from, 48), u5 = v128.load(from, 32), u6 = v128.load(from, 16), u7 = v128.load(from);
  const y14 = xor(u3, u5), y13 = xor(u0, u6), y9 = xor(u0, u3), y8 = xor(u0, u5), t0 = xor(u1, u2);
  const y1 = xor(t0, u7), y4 = xor(y1, u3), y12 = xor(y13, y14), y2 = xor(y1, u0), y5 = xor(y1, u6), y3 = xor(y5, y8);
  const t1 = xor(u4, y12), y15 = xor(t1, u5), y20 = xor(t1, u1), y6 = xor(y15, u7), y10 = xor(y15, t0);
  const y11 = xor(y20, y9), y7 = xor(u7, y11), y17 = xor(y10, y11), y19 = xor(y10, y8), y16 = xor(t0, y11);
  const y21 = xor(y13, y16), y18 = xor(u0, y16);

  const t2 = and(y12, y15), t3 = and(y3, y6), t4 = xor(t3, t2), t5 = and(y4, u7), t6 = xor(t5, t2);
  const t7 = and(y13, y16), t8 = and(y5, y1), t9 = xor(t8, t7), t10 = and(y2, y7), t11 = xor(t10, t7);
  const t12 = and(y9, y11), t13 = and(y14, y17), t14 = xor(t13, t12), t15 = and(y8, y10), t16 = xor(t15, t12);
  const t17 = xor(t4, t14), t18 = xor(t6, t16), t19 = xor(t9, t14), t20 = xor(t11, t16);
  const t21 = xor(t17, y20), t22 = xor(t18, y19), t23 = xor(t19, y21), t24 = xor(t20, y18);
  const t25 = xor(t21, t22), t26 = and(t21, t23), t27 = xor(t24, t26), t28 = and(t25, t27), t29 = xor(t28, t22);
  const t30 = xor(t23, t24), t31 = xor(t22, t26), t32 = and(t31, t30), t33 = xor(t32, t24), t34 = xor(t23, t33);
  const t35 = xor(t27, t33), t36 = and(t24, t35), t37 = xor(t36, t34), t38 = xor(t27, t36), t39 = and(t29, t38);
  const t40 = xor(t25, t39), t41 = xor(t40, t37), t42 = xor(t29, t33), t43 = xor(t29, t40), t44 = xor(t33, t37);
  const t45 = xor(t42, t41);

  const z0 = and(t44, y15), z1 = and(t37, y6), z2 = and(t33, u7), z3 = and(t43, y16), z4 = and(t40, y1);
  const z5 = and(t29, y7), z6 = and(t42, y11), z7 = and(t45, y17), z8 = and(t41, y10), z9 = and(t44, y12);
  const z10 = and(t37, y3), z11 = and(t33, y4), z12 = and(t43, y13), z13 = and(t40, y5), z14 = and(t29, y2);
  const z15 = and(t42, y9), z16 = and(t45, y14), z17 = and(t41, y8);

  const t46 = xor(z15, z16), t47 = xor(z10, z11), t48 = xor(z5, z13), t49 = xor(z9, z10), t50 = xor(z2, z12);
  const t51 = xor(z2, z5), t52 = xor(z7, z8), t53 = xor(z0, z3), t54 = xor(z6, z7), t55 = xor(z16, z17);
  const t56 = xor(z12, t48), t57 = xor(t50, t53), t58 = xor(z4, t46), t59 = xor(z3, t54), t60 = xor(t46, t57);
  const t61 = xor(z14, t57), t62 = xor(t52, t58), t63 = xor(t49, t58), t64 = xor(z4, t59), t65 = xor(t61, t62);
  const t66 = xor(z1, t63), t67 = xor(t64, t65), s3 = xor(t53, t66);
  v128.store(SUBSTITUTED, xor(t59, t63), 112);
  v128.store(SUBSTITUTED, xor(t64, v128.not(s3)), 96);
  v128.store(SUBSTITUTED, xor(t55, v128.not(t67)), 80);
  v128.store(SUBSTITUTED, s3, 64);
  v128.store(SUBSTITUTED, xor(t51, t66), 48);
  v128.store(SUBSTITUTED, xor(t47, t65), 32);
  v128.store(SUBSTITUTED, xor(t56, v128.not(t62)), 16);
  v128.store(SUBSTITUTED, xor(t48, v128.not(t60)));
}

/** ShiftRows. */
@inline
function rows(a: v128): v128 {
  return v128.shuffle<i8>(a, a, 0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11);
}

/** ShiftRows; then each byte is the one below it in its column. */
@inline
function below(a: v128): v128 {
  return v128.shuffle<i8>(a, a, 5, 10, 15, 0, 9, 14, 3, 4, 13, 2, 7, 8, 1, 6, 11, 12);
}

/** The byte that is two below in its column. */
@inline
function twoBelow(a: v128): v128 {
  return v128.shuffle<i8>(a, a, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

/** Block k moves to k + 1, the last of `blocks` to the front. */
@inline
function next(a: v128, blocks: i32): v128 {
  return v128.or(
    and(left(a, 1), bytes(blocks == 8 ? 0xfe : 0x3e)),
    and(right(a, blocks - 1), bytes(1))
  );
}

/** Bit `bit` of each byte, in bit `to`. */
@inline
function bitAt(a: v128, bit: i32, to: i32): v128 {
  return and(bit > to ? right(a, bit - to) : left(a, to - bit), bytes(1 << to));
}

/** MixColumns for plane `bit`, the rounds' keys (each block gets the one before it, rounded), and a message in blocks 0 and 4. */
@inline
function mix(at: usize, bit: i32, doubled: v128, sum: v128, byteBelow: v128, blocks: i32, m0: v128, m1: v128): void {
  const plane = at + usize(bit) * 16;
  const rounded = xor(xor(doubled, byteBelow), twoBelow(sum));
  let message = bitAt(m0, bit, 0);
  if (blocks == 8) message = v128.or(message, bitAt(m1, bit, 4));
  v128.store(plane, xor(xor(v128.load(plane), next(rounded, blocks)), message));
}

@inline
function update(at: usize, blocks: i32, m0: v128, m1: v128): void {
  substitute(at);
  const s0 = v128.load(SUBSTITUTED), s1 = v128.load(SUBSTITUTED, 16), s2 = v128.load(SUBSTITUTED, 32), s3 = v128.load(SUBSTITUTED, 48);
  const s4 = v128.load(SUBSTITUTED, 64), s5 = v128.load(SUBSTITUTED, 80), s6 = v128.load(SUBSTITUTED, 96), s7 = v128.load(SUBSTITUTED, 112);
  const b0 = below(s0), b1 = below(s1), b2 = below(s2), b3 = below(s3), b4 = below(s4), b5 = below(s5), b6 = below(s6), b7 = below(s7);
  // A byte and the one below: twice their sum, the one below, and the sum two below make a column of MixColumns.
  const c0 = xor(rows(s0), b0), c1 = xor(rows(s1), b1), c2 = xor(rows(s2), b2), c3 = xor(rows(s3), b3);
  const c4 = xor(rows(s4), b4), c5 = xor(rows(s5), b5), c6 = xor(rows(s6), b6), c7 = xor(rows(s7), b7);
  mix(at, 0, c7, c0, b0, blocks, m0, m1);
  mix(at, 1, xor(c0, c7), c1, b1, blocks, m0, m1);
  mix(at, 2, c1, c2, b2, blocks, m0, m1);
  mix(at, 3, xor(c2, c7), c3, b3, blocks, m0, m1);
  mix(at, 4, xor(c3, c7), c4, b4, blocks, m0, m1);
  mix(at, 5, c4, c5, b5, blocks, m0, m1);
  mix(at, 6, c5, c6, b6, blocks, m0, m1);
  mix(at, 7, c6, c7, b7, blocks, m0, m1);
}

function update8(at: usize, m0: v128, m1: v128): void {
  update(at, 8, m0, m1);
}

function update6(at: usize, m: v128): void {
  update(at, 6, m, m);
}

/** Adds to one block of a set. */
function add(at: usize, block: i32, value: v128): void {
  for (let bit = 0; bit < 8; bit++) {
    const plane = at + usize(bit) * 16;
    const one = and(right(value, bit), bytes(1));
    v128.store(plane, xor(v128.load(plane), left(one, block)));
  }
}

@inline
function bitOf(plane: v128, block: i32): v128 {
  return right(plane, block);
}

/** One block of a set. */
function read(at: usize, block: i32): v128 {
  let value = bytes(0);
  for (let bit = 0; bit < 8; bit++) {
    const one = and(right(v128.load(at + usize(bit) * 16), block), bytes(1));
    value = v128.or(value, left(one, bit));
  }
  return value;
}

/** a + b + c d of blocks, or a + b + e + c d. */
@inline
function stream(at: usize, a: i32, b: i32, e: i32, c: i32, d: i32): v128 {
  let value = bytes(0);
  for (let bit = 0; bit < 8; bit++) {
    const plane = v128.load(at + usize(bit) * 16);
    let sum = xor(xor(bitOf(plane, a), bitOf(plane, b)), and(bitOf(plane, c), bitOf(plane, d)));
    if (e >= 0) sum = xor(sum, bitOf(plane, e));
    value = v128.or(value, left(and(sum, bytes(1)), bit));
  }
  return value;
}

@inline
function set(lane: i32): usize {
  return PLANES + usize(lane) * 128;
}

/** The two constants, from Fibonacci's numbers modulo 256. */
@inline
function c0(): v128 {
  return i64x2(0x0d08050302010100, 0x6279e99059372215);
}

@inline
function c1(): v128 {
  return i64x2(0xf12fc26d55183ddb, 0xdd28b57342311120);
}

/** What tells lanes apart. */
@inline
function context(lane: i32, lanes: i32): v128 {
  return i64x2(i64(lane | ((lanes - 1) << 8)), 0);
}

function begin8(lanes: i32): void {
  const key = v128.load(KEY), nonce = v128.load(NONCE);
  memory.fill(PLANES, 0, 512);
  for (let lane = 0; lane < lanes; lane++) {
    const at = set(lane);
    add(at, 0, xor(key, nonce));
    add(at, 1, c1());
    add(at, 2, c0());
    add(at, 3, c1());
    add(at, 4, xor(key, nonce));
    add(at, 5, xor(key, c0()));
    add(at, 6, xor(key, c1()));
    add(at, 7, xor(key, c0()));
    for (let i = 0; i < 10; i++) {
      if (lanes > 1) {
        add(at, 3, context(lane, lanes));
        add(at, 7, context(lane, lanes));
      }
      update8(at, nonce, key);
    }
  }
}

function begin6(lanes: i32): void {
  const k0 = v128.load(KEY), k1 = v128.load(KEY + 16), n0 = v128.load(NONCE), n1 = v128.load(NONCE + 16);
  memory.fill(PLANES, 0, 512);
  for (let lane = 0; lane < lanes; lane++) {
    const at = set(lane);
    add(at, 0, xor(k0, n0));
    add(at, 1, xor(k1, n1));
    add(at, 2, c1());
    add(at, 3, c0());
    add(at, 4, xor(k0, c0()));
    add(at, 5, xor(k1, c1()));
    for (let i = 0; i < 16; i++) {
      if (lanes > 1) {
        add(at, 3, context(lane, lanes));
        add(at, 5, context(lane, lanes));
      }
      update6(at, (i & 3) == 0 ? k0 : (i & 3) == 1 ? k1 : (i & 3) == 2 ? xor(k0, n0) : xor(k1, n1));
    }
  }
}

/** One block of the rate where it stands: `operation` absorbs, encrypts, decrypts. */
@inline
function block8(operation: i32, lanes: i32, at: usize): void {
  for (let lane = 0; lane < lanes; lane++) {
    const first = at + usize(lane) * 16, second = at + usize(lanes + lane) * 16;
    let m0 = v128.load(first), m1 = v128.load(second);
    if (operation != ABSORB) {
      const o0 = xor(m0, stream(set(lane), 6, 1, -1, 2, 3)), o1 = xor(m1, stream(set(lane), 2, 5, -1, 6, 7));
      v128.store(first, o0);
      v128.store(second, o1);
      if (operation == DECRYPT) {
        m0 = o0;
        m1 = o1;
      }
    }
    update8(set(lane), m0, m1);
  }
}

@inline
function block6(operation: i32, lanes: i32, at: usize): void {
  for (let lane = 0; lane < lanes; lane++) {
    const first = at + usize(lane) * 16;
    let m = v128.load(first);
    if (operation != ABSORB) {
      const o = xor(m, stream(set(lane), 1, 4, 5, 2, 3));
      v128.store(first, o);
      if (operation == DECRYPT) m = o;
    }
    update6(set(lane), m);
  }
}

const ABSORB = 0, ENCRYPT = 1, DECRYPT = 2;

function blocks(long: bool, operation: i32, lanes: i32, at: usize, length: usize): void {
  const rate = usize(lanes) << (long ? 4 : 5);
  for (; length >= rate; length -= rate, at += rate) {
    if (long) block6(operation, lanes, at);
    else block8(operation, lanes, at);
  }
  if (length == 0) return;
  memory.fill(BLOCK, 0, rate);
  memory.copy(BLOCK, at, length);
  if (operation == DECRYPT) {
    // What the padding would decrypt to is not part of the message: the stream first, then the message as it was.
    partial(long, lanes, at, length, rate);
    return;
  }
  if (long) block6(operation, lanes, BLOCK);
  else block8(operation, lanes, BLOCK);
  if (operation == ENCRYPT) memory.copy(at, BLOCK, length);
}

/** The last, shorter block of a ciphertext. */
@inline
function partial(long: bool, lanes: i32, at: usize, length: usize, rate: usize): void {
  for (let lane = 0; lane < lanes; lane++) {
    const first = BLOCK + usize(lane) * 16, second = BLOCK + usize(lanes + lane) * 16;
    if (long) v128.store(first, xor(v128.load(first), stream(set(lane), 1, 4, 5, 2, 3)));
    else {
      v128.store(first, xor(v128.load(first), stream(set(lane), 6, 1, -1, 2, 3)));
      v128.store(second, xor(v128.load(second), stream(set(lane), 2, 5, -1, 6, 7)));
    }
  }
  memory.fill(BLOCK + length, 0, rate - length);
  memory.copy(at, BLOCK, length);
  if (long) block6(ABSORB, lanes, BLOCK);
  else block8(ABSORB, lanes, BLOCK);
}

/** Leaves the tag of 128 bits in TAG. */
function end(long: bool, lanes: i32, associatedLength: usize, length: usize): void {
  const lengths = i64x2(i64(associatedLength) << 3, i64(length) << 3);
  let tag = bytes(0);
  for (let lane = 0; lane < lanes; lane++) {
    const at = set(lane);
    const last = xor(lengths, read(at, long ? 3 : 2));
    for (let i = 0; i < 7; i++) {
      if (long) update6(at, last);
      else update8(at, last, last);
    }
    const summed = long ? 6 : 7;
    for (let block = 0; block != summed; block++) tag = xor(tag, read(at, block));
  }
  v128.store(TAG, tag);
}

/**
 * AEGIS of the message where it stands; leaves the tag in TAG.
 *
 * @param long AEGIS-256 and its kin, with keys and nonces of 32 bytes; else AEGIS-128L and its kin, with 16
 * @param lanes 1; 2 and 4: X2 and X4
 */
export function aegis(
  long: bool,
  lanes: i32,
  decrypt: bool,
  associated: usize,
  associatedLength: usize,
  message: usize,
  length: usize
): void {
  if (long) begin6(lanes);
  else begin8(lanes);
  blocks(long, ABSORB, lanes, associated, associatedLength);
  blocks(long, decrypt ? DECRYPT : ENCRYPT, lanes, message, length);
  end(long, lanes, associatedLength, length);
}
