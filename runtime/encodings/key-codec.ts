/**
 * Keys from bytes and to bytes, in every encoding of the interface.
 *
 * Judged in this order: whether the family has the encoding (`unsupported_encoding`), then the
 * bytes (`invalid_key`). Everything that held a secret on the way is wiped here; what is returned
 * belongs to the caller.
 */
import type { KeyFamily, PrivateContainer, PublicMaterial, SecretMaterial } from '../contracts/keys.js';
import { sameBytes, wipe } from '../bytes.js';
import type { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import { LocalKind, readLocalForm, writeLocalForm } from './local-form.js';
import { readPem, readPemBefore, writePem } from './pem.js';
import { readNamedCurve, readPrivateContainer } from './private-keys.js';
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
    case 'raw':
      if (keys.publicFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.publicFromRaw(encoded);
    case 'sec':
      if (keys.publicFromSec === undefined) throw fail.UnsupportedEncoding;
      return keys.publicFromSec(encoded);
    case 'pkcs8':
      return keys.publicFromInfo(readPublicKeyInfo(encoded));
    case 'pem':
      requireSize(encoded);
      return keys.publicFromInfo(readPublicKeyInfo(readPem(encoded, ['PUBLIC KEY']).der));
    case 'local':
      return keys.publicFromInfo(readPublicKeyInfo(readLocalForm(LocalKind.PublicKey, id, encoded)));
  }
}

export function exportPublicKey({ id }: KeyOwner, key: PublicMaterial, encoding: PublickeyEncoding): Uint8Array {
  switch (encoding) {
    case 'raw':
      if (key.raw === undefined) throw fail.UnsupportedEncoding;
      return key.raw();
    case 'sec':
      if (key.sec === undefined) throw fail.UnsupportedEncoding;
      return key.sec();
    case 'pkcs8':
      return key.info();
    case 'pem':
      return writePem('PUBLIC KEY', key.info());
    case 'local':
      return writeLocalForm(LocalKind.PublicKey, id, key.info());
  }
}

export function importSecretKey(
  { id, keys }: KeyOwner,
  encoded: Uint8Array,
  encoding: SecretkeyEncoding,
): SecretMaterial {
  switch (encoding) {
    case 'raw':
      if (keys.secretFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.secretFromRaw(encoded);
    case 'sec':
      if (keys.secretFromSec === undefined) throw fail.UnsupportedEncoding;
      return keys.secretFromSec(encoded);
    case 'pkcs8':
      return fromDer(keys, encoded);
    case 'pem':
      return fromPem(keys, encoded);
    case 'local':
      return fromDer(keys, readLocalForm(LocalKind.SecretKey, id, encoded), 'pkcs8');
  }
}

export function exportSecretKey({ id }: KeyOwner, key: SecretMaterial, encoding: SecretkeyEncoding): Uint8Array {
  switch (encoding) {
    case 'raw':
      if (key.raw === undefined) throw fail.UnsupportedEncoding;
      return key.raw();
    case 'sec':
      if (key.sec === undefined) throw fail.UnsupportedEncoding;
      return key.sec();
    case 'pkcs8':
      return key.info();
    case 'pem':
      return toPem(key);
    case 'local':
      return toLocal(LocalKind.SecretKey, id, key);
  }
}

export function importKeyPair({ id, keys }: KeyOwner, encoded: Uint8Array, encoding: KeypairEncoding): SecretMaterial {
  switch (encoding) {
    case 'raw':
      if (keys.pairFromRaw === undefined) throw fail.UnsupportedEncoding;
      return keys.pairFromRaw(encoded);
    case 'pkcs8':
      return fromDer(keys, encoded);
    case 'pem':
      return fromPem(keys, encoded);
    case 'local':
      return fromDer(keys, readLocalForm(LocalKind.KeyPair, id, encoded), 'pkcs8');
  }
}

export function exportKeyPair({ id }: KeyOwner, key: SecretMaterial, encoding: KeypairEncoding): Uint8Array {
  switch (encoding) {
    case 'raw':
      if (key.rawPair === undefined) throw fail.UnsupportedEncoding;
      return key.rawPair();
    case 'pkcs8':
      return key.info();
    case 'pem':
      return toPem(key);
    case 'local':
      return toLocal(LocalKind.KeyPair, id, key);
  }
}

/**
 * @param form which of the structures it must be; undefined: any
 * @param curve the object identifier that a SEC 1 structure must name
 */
function fromDer(
  keys: KeyFamily,
  der: Uint8Array,
  form?: PrivateContainer['form'],
  curve?: Uint8Array,
): SecretMaterial {
  requireSize(der);
  const container = readPrivateContainer(der);
  if (form !== undefined && container.form !== form) throw fail.InvalidKey;
  if (curve !== undefined) {
    const own = container.form === 'sec1' ? container.curve : undefined;
    if (own === undefined || !sameBytes(own, curve)) throw fail.InvalidKey;
  }
  return keys.secretFromContainer(container);
}

/** `openssl ecparam -genkey` writes the parameters of the curve in a block of their own before the key. */
function fromPem(keys: KeyFamily, text: Uint8Array): SecretMaterial {
  requireSize(text);
  const { der: parameters, rest } = readPemBefore(text, 'EC PARAMETERS');
  const { label, der } = readPem(rest, Object.keys(containerLabels));
  try {
    return fromDer(keys, der, containerLabels[label], parameters && readNamedCurve(parameters));
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
