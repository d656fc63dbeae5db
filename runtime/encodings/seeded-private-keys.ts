/**
 * What PKCS#8 holds of keys of ML-KEM (RFC 9935, 6) and ML-DSA (RFC 9881, 6): the seed, the key that is expanded from
 * it, or both. A seed cannot be found again where only the expanded key is known.
 */
import { fail } from '../failures.js';
import { type Der, DerReader, octets, primitiveContextTag, sequence, Tag } from './der.js';

export type SeededPrivateKey =
  | { readonly seed: Uint8Array; readonly expanded?: Uint8Array | undefined }
  | { readonly seed?: undefined; readonly expanded: Uint8Array };

const SEED = primitiveContextTag(0);

/** Views of `key`; `invalid_key` unless it is exactly one of the three forms. */
export function readSeededPrivateKey(key: Uint8Array): SeededPrivateKey {
  const reader = new DerReader(key, fail.InvalidKey);
  const found = readForm(reader);
  reader.end();
  return found;
}

function readForm(reader: DerReader): SeededPrivateKey {
  switch (reader.peek()) {
    case SEED:
      return { seed: reader.read(SEED) };
    case Tag.OctetString:
      return { expanded: reader.read(Tag.OctetString) };
    case Tag.Sequence: {
      const both = reader.nested(Tag.Sequence);
      const found = { seed: both.read(Tag.OctetString), expanded: both.read(Tag.OctetString) };
      both.end();
      return found;
    }
    default:
      throw fail.InvalidKey;
  }
}

export function seededPrivateKey({ seed, expanded }: SeededPrivateKey): Der {
  if (seed === undefined) return octets(expanded);
  return expanded === undefined ? { tag: SEED, contents: seed } : sequence(octets(seed), octets(expanded));
}
