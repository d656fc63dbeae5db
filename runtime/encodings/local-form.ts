/**
 * The `local` encoding: this host's own form, for keys that leave and come back.
 *
 * "wcg", a version (1), the kind of key, the size of the id, the id, then the PKCS#8 or
 * SubjectPublicKeyInfo structure in DER. Unlike those it names the algorithm with its hash and its
 * purpose, so a key cannot change either on its way.
 */
import { newBytes } from '../blocks.js';
import { fail } from '../failures.js';

export const LocalKind = { KeyPair: 1, PublicKey: 2, SecretKey: 3 } as const;
export type LocalKind = (typeof LocalKind)[keyof typeof LocalKind];

const MAGIC = [0x77, 0x63, 0x67] as const;
const VERSION = 1;

function headerOf(kind: LocalKind, id: string): Uint8Array {
  return Uint8Array.of(...MAGIC, VERSION, kind, id.length, ...Array.from(id, (character) => character.charCodeAt(0)));
}

/** @param id the algorithm's, as the registry spells it */
export function writeLocalForm(kind: LocalKind, id: string, der: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = headerOf(kind, id);
  const bytes = newBytes(header.length + der.length);
  bytes.set(header);
  bytes.set(der, header.length);
  return bytes;
}

/** The structure inside, as a view; `invalid_key` for another host's form, version, kind or algorithm. */
export function readLocalForm(kind: LocalKind, id: string, bytes: Uint8Array): Uint8Array {
  const header = headerOf(kind, id);
  if (!header.every((byte, index) => bytes[index] === byte)) throw fail.InvalidKey;
  return bytes.subarray(header.length);
}
