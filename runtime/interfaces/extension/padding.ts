/**
 * The functions of `wasi_crypto_ext_padding`: ISO/IEC 7816-4, PKCS#7 (RFC 5652, section 6.3), and the lengths of Padmé
 * (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, section 4).
 */
import { paddingLength } from '../../backends/webassembly/bytes.js';
import { part } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import type { PaddingScheme } from '../../contracts/vocabulary.js';
import { fail } from '../../failures.js';
import { begin, guestSize, requireSize } from './sizes.js';

const MARK = 0x80;
/** Greatest block of PKCS#7: a byte says how many bytes there are. */
const MOST_PKCS7 = 255;

/** How many low bits of a length are rounded away. */
function padmeBits(length: number): number {
  if (length < 2) return 0;
  const exponent = Math.floor(Math.log2(length));
  return exponent - (Math.floor(Math.log2(exponent)) + 1);
}

function padme(length: number): number {
  const step = 2 ** Math.max(0, padmeBits(length));
  return Math.ceil(length / step) * step;
}

/** The length of a message with its padding. Errors: `invalid_length`. */
function paddedLength(scheme: PaddingScheme, block: number, message: number): number {
  requireBlock(scheme, block);
  return scheme === 'padme' ? padme(message + 1) : (Math.floor(message / block) + 1) * block;
}

function requireBlock(scheme: PaddingScheme, block: number): void {
  const isRight = scheme === 'padme' ? block === 0 : block > 0 && (scheme !== 'pkcs7' || block <= MOST_PKCS7);
  if (!isRight) throw fail.InvalidLength;
}

/** How long the padding can be at the end of so many bytes; undefined: nothing is padded to that length. */
function longestPadding(scheme: PaddingScheme, block: number, padded: number): number | undefined {
  if (padded === 0) return undefined;
  if (scheme !== 'padme') return padded % block === 0 ? block : undefined;
  // All lengths that are rounded to this one lie after the multiple before it.
  return padme(padded) === padded ? 2 ** Math.max(0, padmeBits(padded - 1)) : undefined;
}

export function paddingHost(context: RuntimeContext) {
  return {
    paddingPaddedLen(scheme: PaddingScheme, block: number, message: number): number {
      context.requireOpen();
      return guestSize(paddedLength(scheme, block, message));
    },

    paddingPad(scheme: PaddingScheme, block: number, data: Uint8Array, out: Uint8Array): void {
      requireSize(out, paddedLength(scheme, block, data.length));
      begin(context, out.length);
      const { length } = data;
      out.set(data);
      const added = out.length - length;
      if (scheme === 'pkcs7') {
        out.fill(added, length);
      } else {
        out.fill(0, length);
        out[length] = MARK;
      }
    },

    paddingUnpaddedLen(scheme: PaddingScheme, block: number, padded: Uint8Array): number {
      requireBlock(scheme, block);
      begin(context, padded.length);
      const longest = longestPadding(scheme, block, padded.length);
      if (longest === undefined) throw fail.Malformed;
      const window = part(padded, padded.length - longest, padded.length);
      const count = paddingLength(scheme === 'pkcs7' ? 'pkcs7' : 'iso7816', window);
      if (count === 0) throw fail.Malformed;
      return padded.length - count;
    },
  };
}
