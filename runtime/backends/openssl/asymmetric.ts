/** Keys for signatures and Diffie-Hellman, as `node:crypto` holds them: KeyObjects. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { clear } from '../../blocks.js';
import { copyOf, wipe } from '../../bytes.js';
import type {
  CurveKeys,
  CurveName,
  HeldPublic,
  HeldSecret,
  RsaHolder,
  SignatureScheme,
} from '../../contracts/primitives.js';
import { DerReader, encodeDer, objectIdentifier, octets, Tag } from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { ecPrivateKey, readPrivateContainer, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo } from '../../encodings/public-keys.js';
import { fail } from '../../failures.js';
import type { AsymmetricBackend } from '../backend.js';
import { triedCurve } from '../provider.js';
import { openssl } from './backend.js';
import { requireHash } from './hashes.js';

/** OpenSSL 3.0 takes 0.3 of the time for an ECPrivateKey that it takes for PKCS#8, 3.5 takes 1.7 of it (measured). */
const readsBareKeysFaster = (process.versions['openssl'] ?? '').startsWith('3.0.');

type KeyAndScheme = Parameters<typeof sign>[2];

/** A KeyObject, or with RSASSA-PSS's settings: without them Node signs with the longest salt and verifies any. */
function keyFor(key: KeyObject, { saltLength }: SignatureScheme): KeyAndScheme {
  // A bare key, and so DER for ECDSA: asking Node for the raw form makes it twice as slow (measured).
  return saltLength === undefined ? key : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

class OpensslPublic implements HeldPublic {
  readonly keyObject: KeyObject;

  constructor(keyObject: KeyObject) {
    this.keyObject = keyObject;
  }

  /** Out of DER: Node 20 can hang for ever when it exports a key that it generated as a JSON Web Key (measured). */
  bytes(): Uint8Array {
    return copyOf(readPublicKeyInfo(this.keyObject.export({ type: 'spki', format: 'der' })).key);
  }

  verify(scheme: SignatureScheme, message: Uint8Array, signature: Uint8Array): boolean {
    return verify(scheme.hash, message, keyFor(this.keyObject, scheme) as KeyObject, signature);
  }

  /** OpenSSL frees its key when the KeyObject is garbage collected. */
  wipe(): void {}
}

abstract class OpensslSecret implements HeldSecret {
  #keyObject: KeyObject | undefined;

  constructor(keyObject: KeyObject) {
    this.#keyObject = keyObject;
  }

  protected get keyObject(): KeyObject {
    if (this.#keyObject === undefined) throw fail.InvalidHandle;
    return this.#keyObject;
  }

  bytes(): Uint8Array {
    const der = this.keyObject.export({ type: 'pkcs8', format: 'der' });
    try {
      const container = readPrivateContainer(der);
      return this.bytesIn(container.form === 'pkcs8' ? container.key : der);
    } finally {
      wipe(der);
    }
  }

  /** New bytes. @param key what PKCS#8 holds */
  protected abstract bytesIn(key: Uint8Array): Uint8Array;

  publicBytes(): Uint8Array {
    return new OpensslPublic(createPublicKey(this.keyObject)).bytes();
  }

  sign(scheme: SignatureScheme, message: Uint8Array, out: Uint8Array): number {
    const signature = sign(scheme.hash, message, keyFor(this.keyObject, scheme));
    out.set(signature);
    return signature.length;
  }

  agree(peer: HeldPublic, out: Uint8Array): void {
    if (!(peer instanceof OpensslPublic)) throw new TypeError('a key of another backend');
    const shared = diffieHellman({ privateKey: this.keyObject, publicKey: peer.keyObject });
    out.set(shared);
    clear(shared);
  }

  wipe(): void {
    this.#keyObject = undefined;
  }
}

/** RFC 8410, 7: an OCTET STRING within the OCTET STRING. */
class OctetSecret extends OpensslSecret {
  protected override bytesIn(key: Uint8Array): Uint8Array {
    return copyOf(new DerReader(key, fail.InvalidKey).read(Tag.OctetString));
  }

  /** As a JSON Web Key, which takes a fifth of the time of DER (measured, Node 20). A generated key must not be exported so, but its public half is at hand. */
  override publicBytes(): Uint8Array {
    const { x = '' } = createPublicKey(this.keyObject).export({ format: 'jwk' });
    return copyOf(Buffer.from(x, 'base64url'));
  }
}

/** RFC 5915, 3. */
class ScalarSecret extends OpensslSecret {
  protected override bytesIn(key: Uint8Array): Uint8Array {
    const inner = readPrivateContainer(key);
    if (inner.form !== 'sec1') throw fail.InvalidKey;
    return copyOf(inner.scalar);
  }
}

class RsaSecret extends OpensslSecret {
  protected override bytesIn(key: Uint8Array): Uint8Array {
    return copyOf(key);
  }
}

/** @param der wiped */
function privateKey(der: Uint8Array<ArrayBuffer>, type: 'pkcs8' | 'sec1' | 'pkcs1'): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der.buffer, der.byteOffset, der.length), type, format: 'der' });
  } finally {
    wipe(der);
  }
}

/** From a JSON Web Key, since Node 20 parses that up to fifteen times as fast as DER (measured). */
function publicKey(numbers: Readonly<Record<string, string | Uint8Array>>): OpensslPublic {
  const key = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : Buffer.from(value).toString('base64url'),
    ]),
  );
  return new OpensslPublic(createPublicKey({ key, format: 'jwk' }));
}

function octetKeys(type: 'ed25519' | 'ed448' | 'x25519' | 'x448', identifier: Uint8Array, jwkName: string): CurveKeys {
  return {
    generate() {
      // One type for all: Node declares the same for each.
      const pair = generateKeyPairSync(type as 'ed25519');
      return { secret: new OctetSecret(pair.privateKey), publicHalf: new OpensslPublic(pair.publicKey) };
    },
    secretFrom: (bytes) =>
      new OctetSecret(privateKey(writePrivateKeyInfo(algorithmIdentifier(identifier), octets(bytes)), 'pkcs8')),
    publicFrom: (bytes) => publicKey({ kty: 'OKP', crv: jwkName, x: bytes }),
  };
}

function pointKeys(namedCurve: string, identifier: Uint8Array, jwkName: string): CurveKeys {
  return {
    generate() {
      const pair = generateKeyPairSync('ec', { namedCurve });
      return { secret: new ScalarSecret(pair.privateKey), publicHalf: new OpensslPublic(pair.publicKey) };
    },
    secretFrom(bytes, point = new Uint8Array(0)) {
      if (readsBareKeysFaster)
        return new ScalarSecret(privateKey(encodeDer(ecPrivateKey(bytes, point, identifier)), 'sec1'));
      const curve = algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(identifier));
      return new ScalarSecret(privateKey(writePrivateKeyInfo(curve, ecPrivateKey(bytes, point)), 'pkcs8'));
    },
    publicFrom(point) {
      const middle = 1 + (point.length - 1) / 2;
      return publicKey({ kty: 'EC', crv: jwkName, x: point.subarray(1, middle), y: point.subarray(middle) });
    },
  };
}

const curves: Readonly<Record<CurveName, CurveKeys>> = {
  ed25519: octetKeys('ed25519', ObjectIdentifiers.ed25519, 'Ed25519'),
  ed448: octetKeys('ed448', ObjectIdentifiers.ed448, 'Ed448'),
  x448: octetKeys('x448', ObjectIdentifiers.x448, 'X448'),
  x25519: octetKeys('x25519', ObjectIdentifiers.x25519, 'X25519'),
  prime256v1: pointKeys('prime256v1', ObjectIdentifiers.p256, 'P-256'),
  secp384r1: pointKeys('secp384r1', ObjectIdentifiers.p384, 'P-384'),
  secp521r1: pointKeys('secp521r1', ObjectIdentifiers.p521, 'P-521'),
  secp256k1: pointKeys('secp256k1', ObjectIdentifiers.secp256k1, 'secp256k1'),
};

const rsaHolder: RsaHolder = {
  secretFrom: (der) => new RsaSecret(privateKey(der, 'pkcs1')),
  publicFrom: (n, e) => publicKey({ kty: 'RSA', n, e }),
};

export const opensslAsymmetric: AsymmetricBackend = {
  backend: openssl,
  curve: (name) => triedCurve(name, curves[name]),
  rsa() {
    for (const hash of [
      { name: 'sha256', length: 32 },
      { name: 'sha384', length: 48 },
      { name: 'sha512', length: 64 },
    ])
      requireHash(hash);
    return rsaHolder;
  },
};
