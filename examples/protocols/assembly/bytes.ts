// Bytes in a row, and why a call returned none.
import { wipe } from "wasi-crypto-ext";

/** No bytes. */
export const NONE = new Uint8Array(0);

/** The UTF-8 of a text. */
export function text(characters: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(characters));
}

/** A number as `length` bytes, the most significant first: I2OSP of RFC 8017. */
export function numberBytes(value: u32, length: i32): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = length - 1; index >= 0 && rest != 0; index -= 1) {
    bytes[index] = <u8>rest;
    rest >>= 8;
  }
  return bytes;
}

/** All parts, one after another. */
export function concat(parts: Array<Uint8Array>): Uint8Array {
  let length = 0;
  for (let index = 0; index < parts.length; index += 1) length += parts[index].length;
  const all = new Uint8Array(length);
  let end = 0;
  for (let index = 0; index < parts.length; index += 1) {
    all.set(parts[index], end);
    end += parts[index].length;
  }
  return all;
}

/** Overwrites secrets that had to come into the memory of the guest. */
export function forget(secrets: Array<Uint8Array>): void {
  for (let index = 0; index < secrets.length; index += 1) wipe(secrets[index]);
}

let reason = "";

/** Returns nothing, and keeps why. */
export function refuse(why: string): Uint8Array | null {
  reason = why;
  return null;
}

/** The same where a number is returned: 0 is none. */
export function refuseNumber(why: string): u32 {
  reason = why;
  return 0;
}

/** The same where the answer is yes or no. */
export function refuseClaim(why: string): bool {
  reason = why;
  return false;
}

/** Why the latest call that returned nothing did so. */
export function refusal(): string {
  return reason;
}
