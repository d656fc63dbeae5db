/** Names that guests give: of algorithms and of options. */

/** Longer names are unsupported: no identifier is that long. The bindings do not even decode them. */
export const LONGEST_NAME = 256;

/**
 * The form in which names are compared: A to Z as a to z, everything else as it is (no Unicode case
 * folding, no trimming). Undefined for what can be no name: empty, or over 256 bytes of UTF-8.
 */
export function foldName(name: string): string | undefined {
  if (name === '' || name.length > LONGEST_NAME || Buffer.byteLength(name) > LONGEST_NAME) return undefined;
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
