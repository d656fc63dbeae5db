/** Keys that an owner gives, or has made, as records hold them: PKCS#8 for pairs, bytes for the rest. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { copyOf, wipe } from '../bytes.js';
import type { KeypairEncoding } from '../contracts/vocabulary.js';
import { exportKeyPair, importKeyPair } from '../encodings/key-codec.js';
import { readPrivateContainer } from '../encodings/private-keys.js';
import { isFailure } from '../failures.js';
import { defaultRules, Policy } from '../policy.js';
import { RandomSource } from '../random.js';
import { Algorithms, entries, knownId } from '../registry.js';
import type { KeyKind } from './keeper.js';
import { SecretsError, type RecordKind } from './store.js';

/**
 * A key as an owner has it. `pem`: a private key; `jwk`: the text of a JSON Web Key, private or symmetric; `pkcs8`, `local`: as
 * guests import them; `raw`: the bytes of a symmetric key or a secret, or a key pair in its raw form.
 */
export interface GivenKey {
  readonly encoding: 'pem' | 'jwk' | 'pkcs8' | 'raw' | 'local';
  /** The caller wipes them. */
  readonly bytes: Uint8Array;
}

/** As for guests: `greatestQuota.secretBytes`. Records are 16 MiB at most. */
const GREATEST_KEY = 2 ** 23;

/** An owner may keep keys of algorithms that a guest's policy then refuses. */
const algorithms = new Algorithms(new Policy({ ...defaultRules, unauthenticatedCiphers: true }, true));

/** The id of an algorithm, and what kind of records its keys are. Errors: `SecretsError` (`refused`). */
export function algorithmOf(name: string): { readonly kind: KeyKind; readonly algorithm: string } {
  const id = knownId(name);
  const found = entries.find((each) => each.id === id);
  if (found === undefined) throw new SecretsError('refused', `there is no algorithm ${name}`);
  return { kind: found.category, algorithm: found.id };
}

const givenEncodings: readonly string[] = ['pem', 'jwk', 'pkcs8', 'raw', 'local'] satisfies GivenKey['encoding'][];

/** A caller may have no types: what is no array of bytes would be another key than was meant. */
function requireGiven({ encoding, bytes }: GivenKey): void {
  if (!givenEncodings.includes(encoding))
    throw new SecretsError('refused', `the encoding of a key is one of ${givenEncodings.join(', ')}`);
  if (!((bytes as unknown) instanceof Uint8Array))
    throw new SecretsError('refused', 'the bytes of a key are a Uint8Array, such as a Buffer');
  if (bytes.length > GREATEST_KEY)
    throw new SecretsError('refused', `it has ${bytes.length} bytes, and a store takes ${GREATEST_KEY} at most`);
}

/** New bytes, which the caller wipes. Errors: `SecretsError` (`refused`). @param given undefined: a new key is made */
export function payloadOf(kind: RecordKind, algorithm: string, given: GivenKey | undefined): Uint8Array {
  if (given !== undefined) requireGiven(given);
  try {
    switch (kind) {
      case 'secret':
        if (given?.encoding !== 'raw') throw new SecretsError('refused', 'a secret needs its bytes, as raw');
        return copyOf(given.bytes);
      case 'symmetric':
        return symmetricPayload(algorithm, given);
      case 'signatures':
      case 'key-exchange':
        return pairPayload(kind, algorithm, given);
    }
  } catch (error) {
    if (!isFailure(error)) throw error;
    const fault = given?.encoding === 'pem' ? pemFault(given.bytes) : undefined;
    throw new SecretsError('refused', fault ?? `what was given is no key of ${algorithm} (${error.name})`);
  }
}

/** Why it is not the PEM of one private key; undefined: it is. Labels become text, and nothing else. */
function pemFault(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const labels: string[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    const start = at + BEGIN.length;
    const end = text.indexOf('-----', start);
    if (end >= 0 && end - start <= LONGEST_LABEL) labels.push(text.toString('latin1', start, end));
  }
  const keys = labels.filter((each) => each.endsWith('PRIVATE KEY'));
  const others = labels.filter((each) => !keys.includes(each) && each !== 'EC PARAMETERS');
  if (labels.length === 0) return 'the PEM has no line `-----BEGIN PRIVATE KEY-----`';
  if (keys.length === 0) return `the PEM has no private key, but ${others.join(', ') || 'parameters'}`;
  if (keys.some((each) => each.startsWith('ENCRYPTED')) || text.includes('\nProc-Type: 4,ENCRYPTED'))
    return 'the PEM is encrypted: decrypt it before, `openssl pkey -in key.pem -out plain.pem`';
  if (keys.length > 1) return `the PEM has ${keys.length} private keys: give one of them`;
  if (others.length > 0) return `the PEM has more than a private key (${others.join(', ')}): give that alone`;
  return undefined;
}

const BEGIN = '-----BEGIN ';
/** Longer than any that is used. */
const LONGEST_LABEL = 32;

/** New bytes, which the caller wipes. Errors: `SecretsError` (`refused`). @param payload that of a record */
export function exportedPayload(
  kind: RecordKind,
  algorithm: string,
  payload: Uint8Array,
  encoding: KeypairEncoding,
): Uint8Array {
  if (kind === 'secret' || kind === 'symmetric') {
    if (encoding !== 'raw') throw new SecretsError('refused', `there is no ${encoding} of what is no key pair`);
    return copyOf(payload);
  }
  const found = pairAlgorithm(kind, algorithm);
  const material = found.keys.secretFromContainer(readPrivateContainer(payload));
  try {
    return exportKeyPair(found, material, encoding);
  } catch (error) {
    if (isFailure(error)) throw new SecretsError('refused', `keys of ${algorithm} have no encoding ${encoding}`);
    throw error;
  } finally {
    material.release();
  }
}

function symmetricPayload(name: string, given: GivenKey | undefined): Uint8Array {
  const { key } = algorithms.symmetric(name);
  if (given === undefined) {
    if (key?.generated === undefined) throw new SecretsError('refused', `keys of ${name} are not generated`);
    return random.bytes(key.generated);
  }
  const bytes = given.encoding === 'jwk' ? symmetricJwk(given.bytes) : copyOf(given.bytes);
  const fits = key !== undefined && bytes.length >= key.minimum && bytes.length <= key.maximum;
  if (fits && (given.encoding === 'raw' || given.encoding === 'jwk')) return bytes;
  wipe(bytes);
  throw new SecretsError(
    'refused',
    fits ? `a symmetric key has no ${given.encoding}` : `${name} has no keys of ${bytes.length} bytes`,
  );
}

function pairPayload(kind: 'signatures' | 'key-exchange', name: string, given: GivenKey | undefined): Uint8Array {
  const algorithm = pairAlgorithm(kind, name);
  const imported = (bytes: Uint8Array, encoding: KeypairEncoding) => importKeyPair(algorithm, bytes, encoding);
  const der = given?.encoding === 'jwk' ? pairJwk(given.bytes) : undefined;
  try {
    const material =
      given === undefined
        ? algorithm.keys.generate(random)
        : given.encoding === 'jwk'
          ? imported(der as Uint8Array, 'pkcs8')
          : imported(given.bytes, given.encoding);
    try {
      return material.info();
    } finally {
      material.release();
    }
  } finally {
    wipe(der);
  }
}

function pairAlgorithm(kind: 'signatures' | 'key-exchange', name: string) {
  return kind === 'signatures' ? algorithms.signature(name) : algorithms.keyExchange(name);
}

/** RFC 7518, 6.4. */
function symmetricJwk(bytes: Uint8Array): Uint8Array {
  const { kty, k } = parsedJwk(bytes);
  if (kty !== 'oct' || typeof k !== 'string') throw new SecretsError('refused', 'the JSON Web Key is no symmetric key');
  // RFC 7515, 2: without padding, white space or other characters, which Buffer would leave out.
  if (!/^[\w-]+$/.test(k) || k.length % 4 === 1)
    throw new SecretsError('refused', 'the `k` of the JSON Web Key is no base64url');
  return copyOf(Buffer.from(k, 'base64url'));
}

/** New bytes: PKCS#8 in DER. */
function pairJwk(bytes: Uint8Array): Uint8Array {
  const key = parsedJwk(bytes);
  let pair: KeyObject;
  try {
    pair = createPrivateKey({ key: key, format: 'jwk' });
  } catch {
    // What it says could quote the key.
    throw new SecretsError('refused', 'the JSON Web Key is no private key that OpenSSL knows');
  }
  // Of RFC 8037 OpenSSL reads the secret half alone.
  if (key['kty'] === 'OKP' && createPublicKey(pair).export({ format: 'jwk' }).x !== key['x'])
    throw new SecretsError('refused', 'the `x` of the JSON Web Key is not that of its private key');
  return pair.export({ type: 'pkcs8', format: 'der' });
}

function parsedJwk(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // What it says could quote the key.
    throw new SecretsError('refused', 'the JSON Web Key is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || !('kty' in parsed))
    throw new SecretsError('refused', 'the JSON Web Key has no kty');
  return parsed;
}

const random = new RandomSource(undefined, () => undefined);
