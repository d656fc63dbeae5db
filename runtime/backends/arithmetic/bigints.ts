/** Between bytes and the engine's integers, which cannot be wiped. */

const WORD_BYTES = 8;
const WORD_BITS = 64n;

/** Big-endian. By words: text would be one more copy that stays. */
export function toBigInt(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = bytes.length % WORD_BYTES;
  let value = 0n;
  for (let at = 0; at < head; at += 1) value = (value << 8n) | BigInt(view.getUint8(at));
  for (let at = head; at < bytes.length; at += WORD_BYTES) value = (value << WORD_BITS) | view.getBigUint64(at);
  return value;
}

/** Big-endian, and zeros before it. @param value that fits */
export function writeBigInt(value: bigint, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  let rest = value;
  let at = out.length;
  for (; at >= WORD_BYTES; rest >>= WORD_BITS) {
    at -= WORD_BYTES;
    view.setBigUint64(at, BigInt.asUintN(64, rest));
  }
  for (; at > 0; rest >>= 8n) {
    at -= 1;
    view.setUint8(at, Number(rest & 0xffn));
  }
}

/** How many bits a number has that is not negative: 0 has none. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return digits.length * 4 + 28 - Math.clz32(parseInt(digits.charAt(0), 16));
}

/** A public number; faster than `toBigInt` for long ones. */
export function publicBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`);
}

/** The same for writing. @param value that fits */
export function writePublicBigInt(value: bigint, out: Uint8Array): void {
  out.set(Buffer.from(value.toString(16).padStart(out.length * 2, '0'), 'hex'));
}
