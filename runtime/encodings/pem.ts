/**
 * PEM (RFC 7468): one block, nothing but white space around it, no headers. What the label says the
 * block is must be what the reader expects; an encrypted key, a certificate or several blocks are
 * refused, but for a block of parameters where the reader allows it. A byte order mark may begin the text.
 * Works on bytes throughout, because a string cannot be wiped.
 */
import { newBytes } from '../blocks.js';
import { fail } from '../failures.js';
import { wipe } from '../bytes.js';
import { base64Size, decodeBase64, encodeBase64 } from './base64.js';

export interface PemBlock<Label extends string> {
  readonly label: Label;
  /** To be wiped by the reader. */
  readonly der: Uint8Array<ArrayBuffer>;
}

const COLUMNS = 64;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DASH = 0x2d;

const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

/** The block in `text`, under one of the labels; else `invalid_key`. */
export function readPem<Label extends string>(text: Uint8Array, labels: readonly Label[]): PemBlock<Label> {
  const { block, end } = readBlock(text, start(text), labels);
  if (end === text.length) return block;
  wipe(block.der);
  throw fail.InvalidKey;
}

/** The block that may stand before another one, under a label of its own, and the text after it. */
export function readPemBefore(
  text: Uint8Array,
  label: string,
): { readonly der: Uint8Array | undefined; readonly rest: Uint8Array } {
  if (!startsWith(text, start(text), ascii(`-----BEGIN ${label}-----`))) return { der: undefined, rest: text };
  const { block, end } = readBlock(text, start(text), [label]);
  return { der: block.der, rest: text.subarray(end) };
}

/** A block, and where the white space after it ends. */
function readBlock<Label extends string>(
  text: Uint8Array,
  begin: number,
  labels: readonly Label[],
): { readonly block: PemBlock<Label>; readonly end: number } {
  for (const label of labels) {
    const open = ascii(`-----BEGIN ${label}-----`);
    if (!startsWith(text, begin, open)) continue;
    const { body, end } = readBody(text, begin + open.length);
    try {
      const close = ascii(`-----END ${label}-----`);
      if (!startsWith(text, end, close)) throw fail.InvalidKey;
      const der = decodeBase64(body);
      if (der === undefined) throw fail.InvalidKey;
      return { block: { label, der }, end: skipSpace(text, end + close.length) };
    } finally {
      wipe(body);
    }
  }
  throw fail.InvalidKey;
}

/** Where the first block must begin. */
function start(text: Uint8Array): number {
  return skipSpace(text, startsWith(text, 0, byteOrderMark) ? byteOrderMark.length : 0);
}

/** A block of lines of 64 characters, each ended by a line feed. The caller wipes it if it holds a secret. */
export function writePem(label: string, der: Uint8Array): Uint8Array<ArrayBuffer> {
  const open = ascii(`-----BEGIN ${label}-----\n`);
  const close = ascii(`-----END ${label}-----\n`);
  const characters = base64Size(der.length);
  const text = new Uint8Array(open.length + characters + Math.ceil(characters / COLUMNS) + close.length);
  text.set(open);
  let at = open.length;
  const bytesPerLine = (COLUMNS / 4) * 3;
  for (let start = 0; start < der.length; start += bytesPerLine) {
    at = encodeBase64(der.subarray(start, start + bytesPerLine), text, at);
    text[at++] = LINE_FEED;
  }
  text.set(close, at);
  return text;
}

/** The characters between the first line's end and the first dash, white space left out. */
function readBody(text: Uint8Array, start: number): { body: Uint8Array<ArrayBuffer>; end: number } {
  let end = start;
  while (end < text.length && text[end] !== DASH) end += 1;
  // Both boundaries stand on lines of their own.
  if (!isLineEnd(text[skipBlanks(text, start)]) || !isLineEnd(text[end - 1])) throw fail.InvalidKey;
  const body = newBytes(end - start);
  let length = 0;
  for (let index = start; index < end; index += 1) {
    const character = text[index] as number;
    if (!isSpace(character)) body[length++] = character;
  }
  return { body: body.subarray(0, length), end };
}

function startsWith(text: Uint8Array, at: number, expected: Uint8Array): boolean {
  return expected.every((character, index) => text[at + index] === character);
}

function skipSpace(text: Uint8Array, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text[at] as number)) at += 1;
  return at;
}

function skipBlanks(text: Uint8Array, start: number): number {
  let at = start;
  while (text[at] === 0x20 || text[at] === 0x09) at += 1;
  return at;
}

function isSpace(character: number): boolean {
  return character === 0x20 || (character >= 0x09 && character <= CARRIAGE_RETURN);
}

function isLineEnd(character: number | undefined): boolean {
  return character === LINE_FEED || character === CARRIAGE_RETURN;
}

/** Only for labels and boundaries. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
