/** Xoodyak (NIST LWC, final round): the permutation Xoodoo, and the calls of Cyclist. The state has three planes of four lanes. */
import { STATE } from "./layout";

const LENGTH: usize = 48;

@inline
function rotateLanes(plane: v128, bits: i32): v128 {
  return v128.or(v128.shl<i32>(plane, bits), v128.shr<u32>(plane, 32 - bits));
}

/** Lane x gets lane x - 1. */
@inline
function shiftOne(plane: v128): v128 {
  return v128.shuffle<i32>(plane, plane, 3, 0, 1, 2);
}

@inline
function round(constant: u32): void {
  let a0 = v128.load(STATE), a1 = v128.load(STATE + 16), a2 = v128.load(STATE + 32);
  // theta
  const parity = shiftOne(v128.xor(v128.xor(a0, a1), a2));
  const effect = v128.xor(rotateLanes(parity, 5), rotateLanes(parity, 14));
  a0 = v128.xor(a0, effect);
  // rho west
  a1 = shiftOne(v128.xor(a1, effect));
  a2 = rotateLanes(v128.xor(a2, effect), 11);
  // iota
  a0 = v128.xor(a0, i32x4(constant, 0, 0, 0));
  // chi
  const b0 = v128.xor(a0, v128.andnot(a2, a1));
  const b1 = v128.xor(a1, v128.andnot(a0, a2));
  const b2 = v128.xor(a2, v128.andnot(a1, a0));
  // rho east
  v128.store(STATE, b0);
  v128.store(STATE + 16, rotateLanes(b1, 1));
  const east = v128.shuffle<i32>(b2, b2, 2, 3, 0, 1);
  v128.store(STATE + 32, rotateLanes(east, 8));
}

function xoodoo(): void {
  round(0x058);
  round(0x038);
  round(0x3c0);
  round(0x0d0);
  round(0x120);
  round(0x014);
  round(0x060);
  round(0x02c);
  round(0x380);
  round(0x0f0);
  round(0x1a0);
  round(0x012);
}

@inline
function addByte(index: usize, value: u32): void {
  store<u8>(STATE + index, load<u8>(STATE + index) ^ value);
}

@inline
function up(keyed: bool, domain: u32): void {
  if (keyed) addByte(LENGTH - 1, domain);
  xoodoo();
}

@inline
function down(keyed: bool, input: usize, length: usize, domain: u32): void {
  for (let i: usize = 0; i < length; i++) addByte(i, load<u8>(input + i));
  addByte(length, 1);
  addByte(LENGTH - 1, keyed ? domain : domain & 1);
}

/** AbsorbAny. @param isUp the phase before; afterwards it is down */
export function cyclistAbsorb(keyed: bool, isUp: bool, rate: usize, domain: u32, input: usize, length: usize): void {
  for (;;) {
    const part = min(length, rate);
    if (!isUp) up(keyed, 0);
    down(keyed, input, part, domain);
    isUp = false;
    domain = 0;
    input += part;
    length -= part;
    if (length == 0) return;
  }
}

/** SqueezeAny; afterwards the phase is up. */
export function cyclistSqueeze(keyed: bool, rate: usize, domain: u32, out: usize, length: usize): void {
  for (;;) {
    const part = min(length, rate);
    up(keyed, domain);
    memory.copy(out, STATE, part);
    out += part;
    length -= part;
    if (length == 0) return;
    domain = 0;
    down(keyed, 0, 0, 0);
  }
}

/** Crypt, where the message stands; afterwards the phase is down. */
export function cyclistCrypt(decrypt: bool, rate: usize, message: usize, length: usize): void {
  let domain: u32 = 0x80;
  for (;;) {
    const part = min(length, rate);
    up(true, domain);
    domain = 0;
    for (let i: usize = 0; i < part; i++) {
      const input = load<u8>(message + i);
      const output = input ^ load<u8>(STATE + i);
      store<u8>(message + i, output);
      addByte(i, decrypt ? output : input);
    }
    addByte(part, 1);
    message += part;
    length -= part;
    if (length == 0) return;
  }
}
