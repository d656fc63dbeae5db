/**
 * Keys from bytes and to bytes, in every encoding of the interface.
 *
 * Judged in this order: whether the family has the encoding (`unsupported_encoding`), then the
 * bytes (`invalid_key`). Everything that held a secret on the way is wiped here; what is returned
 * belongs to the caller.
 */
import {
  fail,
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import type { KeyFamily, PublicMaterial, SecretMaterial } from '../algorithms/keys/key-family.js';
import { wipe } from '../bytes.js';
import { LocalKind, readLocalForm, writeLocalForm } from './local-form.js';
import { readPem, writePem } from './pem.js';
import { type PrivateContainer, readPrivateContainer } from './private-keys.js';
import { readPublicKeyInfo } from './public-keys.js';

/** As much of an algorithm as its keys need. */
export interface KeyOwner {
  readonly id: string;
  readonly keys: KeyFamily;
}

/** Far above the largest key, so that no guest makes the host decode megabytes to learn that they are none. */
const LARGEST_KEY_BYTES = 65_536;

const containerLabels: Readonly<Record<string, PrivateContainer['form']>> = {
  'PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
};

export function importPublicKey(
  { id, keys }: KeyOwner,
  encoded: Uint8Array,
  encoding: PublickeyEncoding,
): PublicMaterial {
  switch (encoding) {
    case PublickeyEncoding.Raw:
      if (keys.publicFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.publicFromRaw(encoded);
    case PublickeyEncoding.Sec:
      if (keys.publicFromSec === undefined) throw fail.UnsupportedEncoding;
      return keys.publicFromSec(encoded);
    case PublickeyEncoding.Pkcs8:
      return keys.publicFromInfo(readPublicKeyInfo(encoded));
    case PublickeyEncoding.Pem:
      requireSize(encoded);
      return keys.publicFromInfo(readPublicKeyInfo(readPem(encoded, ['PUBLIC KEY']).der));
    case PublickeyEncoding.Local:
      return keys.publicFromInfo(readPublicKeyInfo(readLocalForm(LocalKind.PublicKey, id, encoded)));
    default:
      throw fail.UnsupportedEncoding;
  }
}

export function exportPublicKey({ id }: KeyOwner, key: PublicMaterial, encoding: PublickeyEncoding): Uint8Array {
  switch (encoding) {
    case PublickeyEncoding.Raw:
      if (key.raw === undefined) throw fail.UnsupportedEncoding;
      return key.raw();
    case PublickeyEncoding.Sec:
      if (key.sec === undefined) throw fail.UnsupportedEncoding;
      return key.sec();
    case PublickeyEncoding.Pkcs8:
      return key.info();
    case PublickeyEncoding.Pem:
      return writePem('PUBLIC KEY', key.info());
    case PublickeyEncoding.Local:
      return writeLocalForm(LocalKind.PublicKey, id, key.info());
    default:
      throw fail.UnsupportedEncoding;
  }
}

export function importSecretKey(
  { id, keys }: KeyOwner,
  encoded: Uint8Array,
  encoding: SecretkeyEncoding,
): SecretMaterial {
  switch (encoding) {
    case SecretkeyEncoding.Raw:
      if (keys.secretFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.secretFromRaw(encoded);
    case SecretkeyEncoding.Sec:
      if (keys.secretFromSec === undefined) throw fail.UnsupportedEncoding;
      return keys.secretFromSec(encoded);
    case SecretkeyEncoding.Pkcs8:
      return fromDer(keys, encoded);
    case SecretkeyEncoding.Pem:
      return fromPem(keys, encoded);
    case SecretkeyEncoding.Local:
      return fromDer(keys, readLocalForm(LocalKind.SecretKey, id, encoded), 'pkcs8');
    default:
      throw fail.UnsupportedEncoding;
  }
}

export function exportSecretKey({ id }: KeyOwner, key: SecretMaterial, encoding: SecretkeyEncoding): Uint8Array {
  switch (encoding) {
    case SecretkeyEncoding.Raw:
      if (key.raw === undefined) throw fail.UnsupportedEncoding;
      return key.raw();
    case SecretkeyEncoding.Sec:
      if (key.sec === undefined) throw fail.UnsupportedEncoding;
      return key.sec();
    case SecretkeyEncoding.Pkcs8:
      return key.info();
    case SecretkeyEncoding.Pem:
      return toPem(key);
    case SecretkeyEncoding.Local:
      return toLocal(LocalKind.SecretKey, id, key);
    default:
      throw fail.UnsupportedEncoding;
  }
}

export function importKeyPair({ id, keys }: KeyOwner, encoded: Uint8Array, encoding: KeypairEncoding): SecretMaterial {
  switch (encoding) {
    case KeypairEncoding.Raw:
      if (keys.pairFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.pairFromRaw(encoded);
    case KeypairEncoding.Pkcs8:
      return fromDer(keys, encoded);
    case KeypairEncoding.Pem:
      return fromPem(keys, encoded);
    case KeypairEncoding.Local:
      return fromDer(keys, readLocalForm(LocalKind.KeyPair, id, encoded), 'pkcs8');
    default:
      throw fail.UnsupportedEncoding;
  }
}

export function exportKeyPair({ id }: KeyOwner, key: SecretMaterial, encoding: KeypairEncoding): Uint8Array {
  switch (encoding) {
    case KeypairEncoding.Raw:
      if (key.rawPair === undefined) throw fail.UnsupportedEncoding;
      return key.rawPair();
    case KeypairEncoding.Pkcs8:
      return key.info();
    case KeypairEncoding.Pem:
      return toPem(key);
    case KeypairEncoding.Local:
      return toLocal(LocalKind.KeyPair, id, key);
    default:
      throw fail.UnsupportedEncoding;
  }
}

/** @param form which of the structures it must be; undefined: any */
function fromDer(keys: KeyFamily, der: Uint8Array, form?: PrivateContainer['form']): SecretMaterial {
  requireSize(der);
  const container = readPrivateContainer(der);
  if (form !== undefined && container.form !== form) throw fail.InvalidKey;
  return keys.secretFromContainer(container);
}

function fromPem(keys: KeyFamily, text: Uint8Array): SecretMaterial {
  requireSize(text);
  const { label, der } = readPem(text, Object.keys(containerLabels));
  try {
    return fromDer(keys, der, containerLabels[label]);
  } finally {
    wipe(der);
  }
}

function toPem(key: SecretMaterial): Uint8Array {
  const der = key.info();
  try {
    return writePem('PRIVATE KEY', der);
  } finally {
    wipe(der);
  }
}

function toLocal(kind: LocalKind, id: string, key: SecretMaterial): Uint8Array {
  const der = key.info();
  try {
    return writeLocalForm(kind, id, der);
  } finally {
    wipe(der);
  }
}

function requireSize(encoded: Uint8Array): void {
  if (encoded.length > LARGEST_KEY_BYTES) throw fail.InvalidKey;
}
