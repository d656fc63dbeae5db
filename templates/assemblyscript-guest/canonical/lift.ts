/** From memory that the host has made to objects, and back to memory that is lent to it. */
import { lend } from "./memory";
import { discard } from "./realloc";

/** A text that the host has made. Frees it. */
export function liftText(start: usize, length: usize): string {
  const text = String.UTF8.decodeUnsafe(start, length);
  discard(start, length);
  return text;
}

/** Bytes that the host has made. Frees them. */
export function liftBytes(start: usize, length: usize): Uint8Array {
  const bytes = new Uint8Array(<i32>length);
  memory.copy(bytes.dataStart, start, length);
  discard(start, length);
  return bytes;
}

/** The text that `at` leads to. */
export function loadText(at: usize): string {
  return liftText(load<usize>(at), load<usize>(at, 4));
}

/** The bytes that `at` leads to. */
export function loadBytes(at: usize): Uint8Array {
  return liftBytes(load<usize>(at), load<usize>(at, 4));
}

/** Lends a text; `at` then leads to it. */
export function storeText(at: usize, text: string): void {
  const length = <usize>String.UTF8.byteLength(text);
  const start = lend(length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, start);
  store<usize>(at, start);
  store<usize>(at, length, 4);
}

/** Lends bytes; `at` then leads to them. */
export function storeBytes(at: usize, bytes: Uint8Array): void {
  const length = <usize>bytes.length;
  const start = lend(length);
  memory.copy(start, bytes.dataStart, length);
  store<usize>(at, start);
  store<usize>(at, length, 4);
}
