/**
 * Private keys in DER: PKCS#8 (RFC 5958, versions 1 and 2), and the two older structures that travel
 * under its name, PKCS#1's RSAPrivateKey (RFC 8017, A.1.2) and SEC 1's ECPrivateKey (RFC 5915).
 * Which one it is shows after the version; an encrypted key has no version and is refused.
 */
import type { EcPrivateKey, PrivateContainer, PrivateKeyInfo, RsaNumbers } from '../contracts/keys.js';
import { fail } from '../failures.js';
import {
  contextTag,
  type Der,
  DerReader,
  encodeDer,
  explicit,
  bits,
  objectIdentifier,
  octets,
  octetsOf,
  primitiveContextTag,
  sequence,
  small,
  Tag,
  unsigned,
} from './der.js';
import { readAlgorithmIdentifier } from './public-keys.js';

/** Views of `der`; `invalid_key` unless it is exactly one of the three structures. */
export function readPrivateContainer(der: Uint8Array): PrivateContainer {
  const whole = new DerReader(der, fail.InvalidKey);
  const inner = whole.nested(Tag.Sequence);
  whole.end();
  const version = inner.small();
  switch (inner.peek()) {
    case Tag.Sequence:
      return readPrivateKeyInfo(inner, version);
    case Tag.Integer:
      return readRsaNumbers(inner, version);
    case Tag.OctetString:
      return readEcPrivateKey(inner, version);
    default:
      throw fail.InvalidKey;
  }
}

function readPrivateKeyInfo(reader: DerReader, version: number): PrivateKeyInfo {
  const algorithm = readAlgorithmIdentifier(reader);
  const key = reader.read(Tag.OctetString);
  // Attributes carry names and notes, nothing of the key: checked for form and left behind.
  if (reader.peek() === contextTag(0)) {
    const attributes = reader.nested(contextTag(0));
    while (attributes.peek() !== -1) {
      const attribute = attributes.nested(Tag.Sequence);
      attribute.read(Tag.ObjectIdentifier);
      attribute.read(Tag.Set);
      attribute.end();
    }
  }
  const publicKey = reader.peek() === primitiveContextTag(1) ? reader.bits(primitiveContextTag(1)) : undefined;
  reader.end();
  // RFC 5958, 2: version 2 if a public key is present, else version 1.
  if (version !== (publicKey === undefined ? 0 : 1)) throw fail.InvalidKey;
  return { form: 'pkcs8', algorithm, key, publicKey };
}

function readRsaNumbers(reader: DerReader, version: number): RsaNumbers {
  const numbers: RsaNumbers = {
    form: 'pkcs1',
    n: reader.unsigned(),
    e: reader.unsigned(),
    d: reader.unsigned(),
    p: reader.unsigned(),
    q: reader.unsigned(),
    dp: reader.unsigned(),
    dq: reader.unsigned(),
    qInverse: reader.unsigned(),
  };
  reader.end();
  // Version 1 means more than two primes.
  if (version !== 0) throw fail.InvalidKey;
  return numbers;
}

function readEcPrivateKey(reader: DerReader, version: number): EcPrivateKey {
  const scalar = reader.read(Tag.OctetString);
  let curve: Uint8Array | undefined;
  if (reader.peek() === contextTag(0)) {
    const parameters = reader.nested(contextTag(0));
    curve = parameters.read(Tag.ObjectIdentifier);
    parameters.end();
  }
  let publicKey: Uint8Array | undefined;
  if (reader.peek() === contextTag(1)) {
    const outer = reader.nested(contextTag(1));
    publicKey = outer.bits();
    outer.end();
  }
  reader.end();
  if (version !== 1) throw fail.InvalidKey;
  return { form: 'sec1', scalar, curve, publicKey };
}

/** The object identifier in ECParameters (RFC 5480, 2.1.1); `invalid_key` unless they name a curve. */
export function readNamedCurve(der: Uint8Array): Uint8Array {
  const parameters = new DerReader(der, fail.InvalidKey);
  const curve = parameters.read(Tag.ObjectIdentifier);
  parameters.end();
  return curve;
}

/** PKCS#8, version 1. The caller wipes it. */
export function writePrivateKeyInfo(algorithm: Der, key: Uint8Array | Der): Uint8Array<ArrayBuffer> {
  return encodeDer(sequence(small(0), algorithm, key instanceof Uint8Array ? octets(key) : octetsOf(key)));
}

/** ECPrivateKey without the curve where a PKCS#8 around it names it. */
export function ecPrivateKey(scalar: Uint8Array, publicKey: Uint8Array, curve?: Uint8Array): Der {
  const parameters = curve === undefined ? [] : [explicit(0, objectIdentifier(curve))];
  return sequence(small(1), octets(scalar), ...parameters, explicit(1, bits(publicKey)));
}

export function rsaPrivateKey({ n, e, d, p, q, dp, dq, qInverse }: RsaNumbers): Der {
  return sequence(small(0), ...[n, e, d, p, q, dp, dq, qInverse].map(unsigned));
}
