/** Bytes as text and back, in constant time: `assembly/text.ts` computes. */
import { giveBack, takeBytes } from '../../blocks.js';
import { overlap, part, wipe } from '../../bytes.js';
import { INPUT, aligned, withMemory } from './module.js';

/** An alphabet, and how many bits each of its characters stands for. */
export interface Alphabet {
  /** As in `assembly/text.ts`. */
  readonly number: number;
  readonly bits: 4 | 5 | 6;
  /** All characters that are read, for telling them from those to be left out. */
  readonly characters: string;
  /** The character of the value 0. */
  readonly zero: number;
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const words = upper + upper.toLowerCase() + digits;

export const alphabets = {
  hex: { number: 0, bits: 4, characters: `${digits}abcdefABCDEF`, zero: 0x30 },
  base64: { number: 1, bits: 6, characters: `${words}+/`, zero: 0x41 },
  base64Url: { number: 2, bits: 6, characters: `${words}-_`, zero: 0x41 },
  base32: { number: 3, bits: 5, characters: `${upper}234567`, zero: 0x41 },
  base32Hex: { number: 4, bits: 5, characters: digits + upper.slice(0, 22), zero: 0x30 },
  crockford: { number: 5, bits: 5, characters: words.replace(/u/i, '').replace(/u/i, ''), zero: 0x30 },
} as const satisfies Readonly<Record<string, Alphabet>>;

/** Longer input crosses in pieces, so that memory stays small: whole groups of all alphabets. */
const PIECE_BYTES = 120 * 256;
/** The same of what is read, which is judged as a whole before any of it is written: longer text crosses twice. Memory of this size is kept. */
const PIECE_CHARACTERS = 1536 * 1024;
/** So many characters are read and written at once. */
const STEP = 64;

/** How many characters so many bytes are, without padding. */
export function characterCount({ bits }: Alphabet, bytes: number): number {
  return Math.ceil((bytes * 8) / bits);
}

/** How many whole bytes so many characters are. */
export function byteCount({ bits }: Alphabet, characters: number): number {
  return Math.floor((characters * bits) / 8);
}

/** Writes bytes as characters. `out` has room for all of them, and may share memory with the bytes. */
export function encodeText(alphabet: Alphabet, bytes: Uint8Array, out: Uint8Array): void {
  withApart(bytes, out, (input) => {
    for (let start = 0; start < input.length; start += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, input.length - start);
      const text = aligned(INPUT + length + 16);
      const count = characterCount(alphabet, length);
      withMemory(text - INPUT + count + STEP, (own, memory) => {
        memory.set(part(input, start, start + length), INPUT);
        own.textEncode(alphabet.number, INPUT, length, text);
        out.set(part(memory, text, text + count), characterCount(alphabet, start));
      });
    }
  });
}

/**
 * Reads characters as bytes. Nothing is written where a character is of another alphabet, or bits are left over that are
 * not zero: false then.
 *
 * @param text a number of characters that some bytes have
 * @param out at least as many bytes as the characters stand for; it may share memory with the text
 */
export function decodeText(alphabet: Alphabet, text: Uint8Array, out: Uint8Array): boolean {
  if (text.length === 0) return true;
  if (text.length <= PIECE_CHARACTERS) return decodePiece(alphabet, text, out);
  return withApart(
    text,
    out,
    (input) => decodePieces(alphabet, input, undefined) && decodePieces(alphabet, input, out),
  );
}

/** @param out undefined: all is only judged */
function decodePieces(alphabet: Alphabet, text: Uint8Array, out: Uint8Array | undefined): boolean {
  let isRight = true;
  for (let start = 0; start < text.length; start += PIECE_CHARACTERS) {
    const end = Math.min(text.length, start + PIECE_CHARACTERS);
    const room = out && part(out, byteCount(alphabet, start), byteCount(alphabet, end));
    isRight = decodePiece(alphabet, part(text, start, end), room) && isRight;
  }
  return isRight;
}

/** @param text not empty @param out undefined: it is only judged */
function decodePiece(alphabet: Alphabet, text: Uint8Array, out: Uint8Array | undefined): boolean {
  const end = INPUT + byteCount(alphabet, text.length);
  return withMemory(text.length + STEP, (own, memory) => {
    memory.set(text, INPUT);
    memory.fill(alphabet.zero, INPUT + text.length, INPUT + text.length + STEP);
    const known = own.textDecode(alphabet.number, INPUT, text.length, INPUT);
    // What no byte is made of stands in the next one, before zeros.
    if (known === 0 || memory[end] !== 0) return false;
    out?.set(part(memory, INPUT, end));
    return true;
  });
}

/**
 * Text without the characters of a set, in memory that is wiped afterwards.
 *
 * @param set at most 64 characters
 */
export function withoutCharacters<R>(text: Uint8Array, set: Uint8Array, use: (text: Uint8Array) => R): R {
  const rest = takeBytes(text.length);
  let length = 0;
  try {
    for (let start = 0; start < text.length; start += PIECE_BYTES) {
      const count = Math.min(PIECE_BYTES, text.length - start);
      withMemory(64 + count, (own, memory) => {
        memory.set(set, INPUT);
        memory.set(part(text, start, start + count), INPUT + 64);
        const kept = own.textStrip(INPUT + 64, count, INPUT, set.length);
        rest.set(part(memory, INPUT + 64, INPUT + 64 + kept), length);
        length += kept;
      });
    }
    return use(part(rest, 0, length));
  } finally {
    giveBack(rest, length);
  }
}

/** Passes the input, or a copy that is wiped afterwards where output would overwrite what is still to be read. */
function withApart<R>(input: Uint8Array, out: Uint8Array, use: (input: Uint8Array) => R): R {
  if (input.length <= PIECE_BYTES || !overlap(input, out)) return use(input);
  const copy = new Uint8Array(input);
  try {
    return use(copy);
  } finally {
    wipe(copy);
  }
}
