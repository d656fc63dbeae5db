/** Bytes in constant time: the number of steps is that of the bytes, whatever they are. */

/** All bits where a value below 2^31 is not 0. */
@inline
function unlessZero(value: u32): u32 {
  return 0 - ((0 - value) >> 31);
}

/** -1, 0 or 1 by two numbers of the same size. */
export function bytesCompare(little: bool, a: usize, b: usize, length: usize): i32 {
  let result: i32 = 0;
  for (let count: usize = 0; count < length; count += 1) {
    // From the least significant byte on: what comes later counts for more.
    const at = little ? count : length - 1 - count;
    const x: i32 = load<u8>(a + at), y: i32 = load<u8>(b + at);
    const differs = <i32>unlessZero(<u32>(x ^ y));
    result = (result & ~differs) | (((x - y) >> 31) | 1) & differs;
  }
  return result;
}

/** 0 if all bytes are. */
export function bytesAny(a: usize, length: usize): u32 {
  let all: u32 = 0;
  for (let at: usize = 0; at < length; at += 1) all |= load<u8>(a + at);
  return all;
}

/** `a` if `choice` is 1, `b` if it is 0, into `b`. */
export function bytesSelect(choice: u32, a: usize, b: usize, length: usize): void {
  const mask = <u8>(0 - choice);
  for (let at: usize = 0; at < length; at += 1) {
    const other = load<u8>(b + at);
    store<u8>(b + at, other ^ (mask & (load<u8>(a + at) ^ other)));
  }
}

/** Adds `b` and a carry to `a`, in place. */
export function bytesAdd(little: bool, a: usize, b: usize, length: usize, carry: u32): void {
  for (let count: usize = 0; count < length; count += 1) {
    const at = little ? count : length - 1 - count;
    carry += <u32>load<u8>(a + at) + <u32>load<u8>(b + at);
    store<u8>(a + at, <u8>carry);
    carry >>= 8;
  }
}

/**
 * The number of bytes of padding at the end of a window, which is as long as it can be; 0 if it is wrong. ISO/IEC 7816-4:
 * a byte 0x80 and zeros.
 */
export function paddingIso(window: usize, length: usize): u32 {
  let found: u32 = 0, wrong: u32 = 0, count: u32 = 0;
  for (let back: usize = 1; back <= length; back += 1) {
    const byte: u32 = load<u8>(window + length - back);
    const before = ~found;
    const isMarker = ~unlessZero(byte ^ 0x80);
    wrong |= before & ~isMarker & unlessZero(byte);
    count |= before & isMarker & <u32>back;
    found |= isMarker;
  }
  return count & found & ~wrong;
}

/** The same of PKCS#7: as many bytes as each of them says. */
export function paddingPkcs7(window: usize, length: usize): u32 {
  const count: u32 = load<u8>(window + length - 1);
  let wrong = ~unlessZero(count) | <u32>((<i32>length - <i32>count) >> 31);
  for (let back: usize = 1; back <= length; back += 1) {
    const byte: u32 = load<u8>(window + length - back);
    // All bits where `back` is at most the count.
    const inside = ~<u32>((<i32>count - <i32>back) >> 31);
    wrong |= inside & unlessZero(byte ^ count);
  }
  return count & ~wrong;
}
