/** SubjectPublicKeyInfo (RFC 5280, 4.1.2.7): what the interface calls `pkcs8` for public keys. */
import type { AlgorithmIdentifier, PublicKeyInfo } from '../contracts/keys.js';
import { fail } from '../failures.js';
import { bits, bitsOf, type Der, DerReader, encodeDer, objectIdentifier, sequence, Tag } from './der.js';

export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const inner = reader.nested(Tag.Sequence);
  return { id: inner.read(Tag.ObjectIdentifier), parameters: inner.rest() };
}

export function algorithmIdentifier(id: Uint8Array, ...parameters: readonly Der[]): Der {
  return sequence(objectIdentifier(id), ...parameters);
}

/** Views of `der`; `invalid_key` unless it is exactly one such structure. */
export function readPublicKeyInfo(der: Uint8Array): PublicKeyInfo {
  const whole = new DerReader(der, fail.InvalidKey);
  const inner = whole.nested(Tag.Sequence);
  whole.end();
  const algorithm = readAlgorithmIdentifier(inner);
  const key = inner.bits();
  inner.end();
  return { algorithm, key };
}

/** @param key the bytes of the key, or the structure that holds them */
export function writePublicKeyInfo(algorithm: Der, key: Uint8Array | Der): Uint8Array<ArrayBuffer> {
  return encodeDer(sequence(algorithm, key instanceof Uint8Array ? bits(key) : bitsOf(key)));
}
