/** Payloads of variants share core values: floats then arrive as their bits (CanonicalABI.md, "Flat Lifting"). */
const bits = new DataView(new ArrayBuffer(8));

export function f32Of(i32: number): number {
  bits.setInt32(0, i32);
  return bits.getFloat32(0);
}

export function f64Of(i64: bigint): number {
  bits.setBigInt64(0, i64);
  return bits.getFloat64(0);
}

export function i32Of(i64: bigint): number {
  return Number(BigInt.asIntN(32, i64));
}
