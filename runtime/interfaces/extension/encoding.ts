/** The functions of `wasi_crypto_ext_encoding` (RFC 4648, and Crockford's base32). */
import {
  alphabets,
  byteCount,
  characterCount,
  decodeText,
  encodeText,
  withoutCharacters,
  type Alphabet,
} from '../../backends/webassembly/text.js';
import { part } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import type { TextEncoding } from '../../contracts/vocabulary.js';
import { fail } from '../../failures.js';
import { begin, guestSize, requireSize } from './sizes.js';

/** Greatest number of characters that are passed over. */
const MOST_IGNORED = 16;
const EQUALS = 0x3d;

interface Form {
  readonly alphabet: Alphabet;
  readonly padded: boolean;
}

const forms: Readonly<Record<TextEncoding, Form>> = {
  hex: { alphabet: alphabets.hex, padded: false },
  base64: { alphabet: alphabets.base64, padded: true },
  'base64-no-padding': { alphabet: alphabets.base64, padded: false },
  'base64-url': { alphabet: alphabets.base64Url, padded: true },
  'base64-url-no-padding': { alphabet: alphabets.base64Url, padded: false },
  base32: { alphabet: alphabets.base32, padded: true },
  'base32-no-padding': { alphabet: alphabets.base32, padded: false },
  'base32-hex': { alphabet: alphabets.base32Hex, padded: true },
  'base32-hex-no-padding': { alphabet: alphabets.base32Hex, padded: false },
  'base32-crockford': { alphabet: alphabets.crockford, padded: false },
};

/** Characters that whole bytes are written with: 2, 8 or 4. */
function groupOf({ bits }: Alphabet): number {
  return bits === 4 ? 2 : bits === 5 ? 8 : 4;
}

function encodedLength({ alphabet, padded }: Form, bytes: number): number {
  const count = characterCount(alphabet, bytes);
  const group = groupOf(alphabet);
  return padded ? Math.ceil(count / group) * group : count;
}

export function encodingHost(context: RuntimeContext) {
  return {
    encodingEncodedLen(encoding: TextEncoding, bytes: number): number {
      context.requireOpen();
      return guestSize(encodedLength(forms[encoding], bytes));
    },

    encodingDecodedMaxLen(encoding: TextEncoding, characters: number): number {
      context.requireOpen();
      return byteCount(forms[encoding].alphabet, characters);
    },

    encodingEncode(encoding: TextEncoding, data: Uint8Array, out: Uint8Array): void {
      const form = forms[encoding];
      requireSize(out, encodedLength(form, data.length));
      begin(context, out.length);
      encodeText(form.alphabet, data, out);
      out.fill(EQUALS, characterCount(form.alphabet, data.length));
    },

    /** Gives the number of bytes; the rest of `out` stays as it was. */
    encodingDecode(encoding: TextEncoding, text: Uint8Array, ignored: Uint8Array, out: Uint8Array): number {
      if (ignored.length > MOST_IGNORED) throw fail.Overflow;
      begin(context, text.length, 1 + ignored.length);
      const form = forms[encoding];
      const set = ignored.filter(
        (each) => each !== EQUALS && !form.alphabet.characters.includes(String.fromCharCode(each)),
      );
      if (set.length === 0) return decode(form, text, out);
      return withoutCharacters(text, set, (rest) => decode(form, rest, out));
    },
  };
}

/** Lengths, padding included, are public: they are judged first. */
function decode({ alphabet, padded }: Form, text: Uint8Array, out: Uint8Array): number {
  const group = groupOf(alphabet);
  let end = text.length;
  if (padded) {
    if (text.length % group !== 0) throw fail.Malformed;
    while (end > 0 && text.length - end < group && text[end - 1] === EQUALS) end -= 1;
    if (text.length - end >= group) throw fail.Malformed;
  }
  // A last character of which no byte is made at all.
  if ((end * alphabet.bits) % 8 >= alphabet.bits) throw fail.Malformed;
  const count = byteCount(alphabet, end);
  if (out.length < count) throw fail.Overflow;
  if (!decodeText(alphabet, part(text, 0, end), part(out, 0, count))) throw fail.Malformed;
  return count;
}
