/**
 * Bytes as characters and back: hexadecimal and base32; `base64.ts` has that. Sixteen characters at a time go through registers: the values
 * of bits are compared with the bounds of ranges, and nothing indexes memory or branches by them.
 */

import { decode64, encode64 } from "./base64";

/** The alphabets, as `../text.ts` numbers them. */
const HEX: i32 = 0, BASE64: i32 = 1, BASE64_URL: i32 = 2, BASE32: i32 = 3, BASE32_HEX: i32 = 4, CROCKFORD: i32 = 5;

/** Adds to all values from a bound on. */
@inline
function from(characters: v128, values: v128, bound: i32, add: i32): v128 {
  return i8x16.add(characters, v128.and(i8x16.ge_u(values, i8x16.splat(<i8>bound)), i8x16.splat(<i8>add)));
}

/** The characters of sixteen values. */
@inline
function characters(alphabet: i32, values: v128): v128 {
  if (alphabet == HEX) return from(i8x16.add(values, i8x16.splat(48)), values, 10, 39);
  if (alphabet == BASE32) return from(i8x16.add(values, i8x16.splat(65)), values, 26, -41);
  const text = from(i8x16.add(values, i8x16.splat(48)), values, 10, 7);
  if (alphabet == BASE32_HEX) return text;
  // Crockford's leaves out I, L, O and U.
  return from(from(from(from(text, values, 18, 1), values, 20, 1), values, 22, 1), values, 27, 1);
}

/** Puts value + 1 where a character is from `first` to `last`, which have the values from `value` on. */
@inline
function range(found: v128, text: v128, first: i32, last: i32, value: i32): v128 {
  const place = i8x16.sub(text, i8x16.splat(<i8>first));
  const inside = i8x16.le_u(place, i8x16.splat(<i8>(last - first)));
  return v128.or(found, v128.and(inside, i8x16.add(place, i8x16.splat(<i8>(value + 1)))));
}

/** One more than the values of sixteen characters; 0 for those that have none. */
@inline
function valuesOf(alphabet: i32, text: v128): v128 {
  const none = i8x16.splat(0);
  if (alphabet == HEX) return range(range(range(none, text, 48, 57, 0), text, 97, 102, 10), text, 65, 70, 10);
  if (alphabet == BASE32) return range(range(none, text, 65, 90, 0), text, 50, 55, 26);
  const digits = range(none, text, 48, 57, 0);
  if (alphabet == BASE32_HEX) return range(digits, text, 65, 86, 10);
  // Crockford's takes either case, and what looks alike. Bit 5 tells the cases of letters apart.
  const upper = v128.andnot(text, v128.and(i8x16.ge_u(text, i8x16.splat(64)), i8x16.splat(32)));
  let found = range(range(digits, upper, 65, 72, 10), upper, 74, 75, 18);
  found = range(range(range(found, upper, 77, 78, 20), upper, 80, 84, 22), upper, 86, 90, 27);
  found = range(range(found, upper, 79, 79, 0), upper, 73, 73, 1);
  return range(found, upper, 76, 76, 1);
}

@inline
function field(word: v128, shift: i32, mask: i64): v128 {
  return v128.and(shift < 0 ? i64x2.shl(word, -shift) : i64x2.shr_u(word, shift), i64x2.splat(mask));
}

/** The values of sixteen characters: of 10 or 8 bytes. */
@inline
function spread(alphabet: i32, input: usize): v128 {
  const bytes = v128.load(input);
  if (alphabet == HEX) {
    const low = v128.and(bytes, i8x16.splat(15));
    return i8x16.shuffle(i8x16.shr_u(bytes, 4), low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }
  const zero = i8x16.splat(0);
  const words = i8x16.shuffle(bytes, zero, 4, 3, 2, 1, 0, 16, 16, 16, 9, 8, 7, 6, 5, 16, 16, 16);
  const first = v128.or(v128.or(field(words, 35, 0x1f), field(words, 22, 0x1f00)), v128.or(field(words, 9, 0x1f0000), field(words, -4, 0x1f000000)));
  const second = v128.or(
    v128.or(field(words, -17, 0x1f00000000), field(words, -30, 0x1f0000000000)),
    v128.or(field(words, -43, 0x1f000000000000), field(words, -56, 0x1f00000000000000)),
  );
  return v128.or(first, second);
}

/** Writes the 10 or 8 bytes that sixteen values are of, and some zeros behind them. */
@inline
function gather(alphabet: i32, values: v128, out: usize): void {
  const zero = i8x16.splat(0);
  if (alphabet == HEX) {
    const high = i8x16.shuffle(values, zero, 0, 2, 4, 6, 8, 10, 12, 14, 16, 16, 16, 16, 16, 16, 16, 16);
    const low = i8x16.shuffle(values, zero, 1, 3, 5, 7, 9, 11, 13, 15, 16, 16, 16, 16, 16, 16, 16, 16);
    v128.store(out, v128.or(i8x16.shl(high, 4), low));
    return;
  }
  const first = v128.or(v128.or(field(values, -35, 0xf800000000), field(values, -22, 0x7c0000000)), v128.or(field(values, -9, 0x3e000000), field(values, 4, 0x1f00000)));
  const second = v128.or(v128.or(field(values, 17, 0xf8000), field(values, 30, 0x7c00)), v128.or(field(values, 43, 0x3e0), field(values, 56, 0x1f)));
  v128.store(out, i8x16.shuffle(v128.or(first, second), zero, 4, 3, 2, 1, 0, 12, 11, 10, 9, 8, 16, 16, 16, 16, 16, 16));
}

/** Bytes that sixteen characters stand for. */
@inline
function step(alphabet: i32): usize {
  return alphabet == HEX ? 8 : 10;
}

@inline
function encoded(alphabet: i32, input: usize, length: usize, out: usize): void {
  const end = input + length;
  for (; input < end; input += step(alphabet), out += 16) v128.store(out, characters(alphabet, spread(alphabet, input)));
}

@inline
function decoded(alphabet: i32, input: usize, length: usize, out: usize): bool {
  const end = input + length;
  const one = i8x16.splat(1);
  let lacking = i8x16.splat(0);
  for (; input < end; input += 16, out += step(alphabet)) {
    const found = valuesOf(alphabet, v128.load(input));
    lacking = v128.or(lacking, i8x16.eq(found, i8x16.splat(0)));
    gather(alphabet, i8x16.sub(found, one), out);
  }
  return !v128.any_true(lacking);
}

/**
 * Writes bytes as characters, up to 64 at a time: `out` has room for that. As many bytes behind the input are read, of which
 * the first 16 are zeros.
 */
export function textEncode(alphabet: i32, input: usize, length: usize, out: usize): void {
  if (alphabet == HEX) encoded(HEX, input, length, out);
  else if (alphabet == BASE64 || alphabet == BASE64_URL) encode64(alphabet == BASE64_URL, input, length, out);
  else if (alphabet == BASE32) encoded(BASE32, input, length, out);
  else if (alphabet == BASE32_HEX) encoded(BASE32_HEX, input, length, out);
  else encoded(CROCKFORD, input, length, out);
}

/**
 * Reads characters as bytes, up to 64 at a time: as many behind the input are read too, and as many bytes behind the output
 * are written. Whether all of them were of the alphabet. `out` may be `input`.
 */
export function textDecode(alphabet: i32, input: usize, length: usize, out: usize): bool {
  if (alphabet == HEX) return decoded(HEX, input, length, out);
  if (alphabet == BASE64 || alphabet == BASE64_URL) return decode64(alphabet == BASE64_URL, input, length, out);
  if (alphabet == BASE32) return decoded(BASE32, input, length, out);
  if (alphabet == BASE32_HEX) return decoded(BASE32_HEX, input, length, out);
  return decoded(CROCKFORD, input, length, out);
}

/**
 * Leaves out all characters of a set, in place, and gives the number of the others. Each character is compared with all
 * of the set; whether it is of it is public, and nothing else about it.
 */
export function textStrip(text: usize, length: usize, set: usize, size: usize): usize {
  const end = text + length;
  let out = text;
  for (let at = text; at < end; at += 1) {
    const character = load<u8>(at);
    let differs: u32 = 1;
    for (let each: usize = 0; each < size; each += 1) {
      const difference = <u32>(character ^ load<u8>(set + each));
      // 0 where they are the same, otherwise 1.
      differs &= (0 - difference) >> 31;
    }
    if (differs != 0) {
      store<u8>(out, character);
      out += 1;
    }
  }
  return out - text;
}
