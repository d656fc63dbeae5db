/**
 * Base64 (RFC 4648, section 4) over bytes. Keys pass through here, so characters are computed, not
 * looked up or branched on: neither the cache nor the time shows them. No string is made of them.
 */
import { newBytes } from '../blocks.js';

/** @returns the bytes, to be wiped by the caller; undefined unless the text is canonical and padded */
export function decodeBase64(text: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  if (text.length === 0) return new Uint8Array(0);
  const padding = text[text.length - 1] !== EQUALS ? 0 : text[text.length - 2] !== EQUALS ? 1 : 2;
  const bytes = newBytes((text.length / 4) * 3 - padding);
  let wrong = 0;
  let at = 0;
  for (let index = 0; index < text.length; index += 4) {
    const padded = index + 4 === text.length ? padding : 0;
    const a = valueOf(text[index] as number);
    const b = valueOf(text[index + 1] as number);
    const c = padded > 1 ? 0 : valueOf(text[index + 2] as number);
    const d = padded > 0 ? 0 : valueOf(text[index + 3] as number);
    wrong |= a | b | c | d;
    const group = (a << 18) | (b << 12) | (c << 6) | d;
    bytes[at++] = (group >> 16) & 0xff;
    if (padded < 2) bytes[at++] = (group >> 8) & 0xff;
    if (padded < 1) bytes[at++] = group & 0xff;
    // Bits beyond the last byte must be zero: every key has one text.
    if (padded === 2) wrong |= -(b & 15);
    if (padded === 1) wrong |= -(c & 3);
  }
  if (wrong >= 0) return bytes;
  bytes.fill(0);
  return undefined;
}

/** Writes the text of `bytes` to `text` from `at` on; returns where it ends. */
export function encodeBase64(bytes: Uint8Array, text: Uint8Array, at: number): number {
  let end = at;
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group = ((bytes[index] as number) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text[end++] = characterOf((group >> 18) & 63);
    text[end++] = characterOf((group >> 12) & 63);
    text[end++] = left > 1 ? characterOf((group >> 6) & 63) : EQUALS;
    text[end++] = left > 2 ? characterOf(group & 63) : EQUALS;
  }
  return end;
}

/** Characters for a number of bytes, padding included. */
export function base64Size(length: number): number {
  return Math.ceil(length / 3) * 4;
}

const EQUALS = 0x3d;

/** 0 to 63, or -1. A term is a mask, all ones inside its range of characters, over their distance to the value plus 1. */
function valueOf(character: number): number {
  return (
    -1 +
    ((((0x40 - character) & (character - 0x5b)) >> 8) & (character - 64)) +
    ((((0x60 - character) & (character - 0x7b)) >> 8) & (character - 70)) +
    ((((0x2f - character) & (character - 0x3a)) >> 8) & (character + 5)) +
    ((((0x2a - character) & (character - 0x2c)) >> 8) & 63) +
    ((((0x2e - character) & (character - 0x30)) >> 8) & 64)
  );
}

/** The character of 0 to 63: 'A' onwards, corrected where each further range begins. */
function characterOf(value: number): number {
  return (
    65 +
    value +
    (((25 - value) >> 8) & 6) -
    (((51 - value) >> 8) & 75) -
    (((61 - value) >> 8) & 15) +
    (((62 - value) >> 8) & 3)
  );
}
