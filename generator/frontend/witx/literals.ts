/** The values of strings and integers, both as in WebAssembly text. */

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The value of a string with its quotes. */
export function textValue(image: string): string {
  return image
    .slice(1, -1)
    .replace(
      /\\(?:u\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})|(.))/g,
      (_whole, point: string | undefined, byte: string | undefined, other = '') => {
        const code = Number.parseInt(point ?? byte ?? '', 16);
        if (Number.isNaN(code)) return escapes[String(other)] ?? String(other);
        return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      },
    );
}

const integer = /^([+-]?)(0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|[0-9]+(?:_[0-9]+)*)$/;

/** The value of an integer, or `undefined` when it is none. */
export function integerValue(image: string): bigint | undefined {
  const match = integer.exec(image);
  if (match === null) return undefined;
  const magnitude = BigInt((match[2] ?? '').replaceAll('_', ''));
  return match[1] === '-' ? -magnitude : magnitude;
}
