/**
 * Keys that are plain strings of bytes on an Edwards or Montgomery curve (RFC 7748, 8032, 8410):
 * one family for each curve. Secrets are KeyObjects; their bytes pass through wiped buffers only.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
  PublicMaterial,
} from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { concat, copyOf, sameBytes, wipe } from '../../bytes.js';
import { DerReader, octets, Tag } from '../../encodings/der.js';
import { readPrivateContainer, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';
import { SharedSecretMaterial } from './secret-material.js';

export interface OctetCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  /** As JSON Web Keys call it. */
  readonly name: string;
  /** As Node calls its keys. */
  readonly keyType: 'ed25519' | 'x25519';
  /** Bytes of either half. */
  readonly size: number;
  readonly prices: KeyPrices;
  /** Which half stands first in a raw key pair. */
  readonly firstHalf: 'secret' | 'public';
  /** Whether a public key has one encoding only: all other bytes are another key, or none. */
  readonly oneEncoding: boolean;
  /** Judges a public key of the right size at import (`invalid_key`), and gives the bytes to keep. */
  decode(bytes: Uint8Array): DecodedPoint;
  /** Judges a public key that was imported: `publickey_verify`. */
  validate(bytes: Uint8Array): void;
}

export interface DecodedPoint {
  /** In memory of ours. */
  readonly bytes: Uint8Array;
  /** The point generates only a few others: nothing that is computed with it can be trusted. */
  readonly lowOrder: boolean;
}

export class OctetPublic implements PublicMaterial {
  readonly lowOrder: boolean;
  readonly #curve: OctetCurve;
  #bytes: Uint8Array | undefined;
  #keyObject: KeyObject | undefined;

  /** @param from the point, or OpenSSL's key of a good one, whose bytes are taken out when first asked for */
  constructor(curve: OctetCurve, from: DecodedPoint | KeyObject) {
    this.#curve = curve;
    const isKey = from instanceof KeyObject;
    this.#keyObject = isKey ? from : undefined;
    this.#bytes = isKey ? undefined : from.bytes;
    this.lowOrder = !isKey && from.lowOrder;
  }

  /** Out of DER: Node 20 can hang for ever when it exports a key that it generated as a JSON Web Key (measured). */
  get bytes(): Uint8Array {
    this.#bytes ??= copyOf(readPublicKeyInfo(this.keyObject.export({ type: 'spki', format: 'der' })).key);
    return this.#bytes;
  }

  /** From a JSON Web Key, since Node parses that fifteen times as fast as DER (measured on Node 20). */
  get keyObject(): KeyObject {
    this.#keyObject ??= createPublicKey({
      key: { kty: 'OKP', crv: this.#curve.name, x: Buffer.from(this.bytes).toString('base64url') },
      format: 'jwk',
    });
    return this.#keyObject;
  }

  raw(): Uint8Array {
    return copyOf(this.bytes);
  }

  info(): Uint8Array {
    return writePublicKeyInfo(algorithmIdentifier(this.#curve.identifier), this.bytes);
  }

  validate(): void {
    this.#curve.validate(this.bytes);
  }
}

export class OctetSecret extends SharedSecretMaterial {
  readonly #curve: OctetCurve;
  #keyObject: KeyObject | undefined;
  #publicHalf: OctetPublic | undefined;

  /** @param publicHalf undefined: follows from the key when first asked for, which a generated key must not be (see `OctetPublic.bytes`) */
  constructor(curve: OctetCurve, keyObject: KeyObject, publicHalf?: OctetPublic) {
    super();
    this.#curve = curve;
    this.#keyObject = keyObject;
    this.#publicHalf = publicHalf;
  }

  get keyObject(): KeyObject {
    if (this.#keyObject === undefined) throw fail.InvalidHandle;
    return this.#keyObject;
  }

  /** Computed when first asked for. It is a multiple of the base point, so it needs no judging. */
  get publicHalf(): OctetPublic {
    if (this.#publicHalf === undefined) {
      const { x = '' } = createPublicKey(this.keyObject).export({ format: 'jwk' });
      this.#publicHalf = new OctetPublic(this.#curve, { bytes: copyOf(Buffer.from(x, 'base64url')), lowOrder: false });
    }
    return this.#publicHalf;
  }

  override raw(): Uint8Array {
    const der = this.keyObject.export({ type: 'pkcs8', format: 'der' });
    try {
      return copyOf(innerSecret(this.#curve, readPrivateContainer(der)));
    } finally {
      wipe(der);
    }
  }

  override rawPair(): Uint8Array {
    const secret = this.raw();
    try {
      return this.#curve.firstHalf === 'secret'
        ? concat(secret, this.publicHalf.bytes)
        : concat(this.publicHalf.bytes, secret);
    } finally {
      wipe(secret);
    }
  }

  override info(): Uint8Array {
    const secret = this.raw();
    try {
      return writeInfo(this.#curve, secret);
    } finally {
      wipe(secret);
    }
  }

  protected override dispose(): void {
    this.#keyObject = undefined;
  }
}

export class OctetKeys implements KeyFamily<OctetSecret, OctetPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #curve: OctetCurve;

  constructor(curve: OctetCurve) {
    this.kind = curve.name;
    this.prices = curve.prices;
    this.#curve = curve;
  }

  /** By OpenSSL, since Node 20 takes nine times as long to import a secret as to generate one (measured); an owner's randomness has to be imported. */
  generate(random: Random): OctetSecret {
    if (random.isSystem) {
      // One type for all: Node declares the same for each.
      const { privateKey, publicKey } = generateKeyPairSync(this.#curve.keyType as 'ed25519');
      return new OctetSecret(this.#curve, privateKey, new OctetPublic(this.#curve, publicKey));
    }
    const secret = random.bytes(this.#curve.size);
    try {
      return this.secretFromRaw(secret);
    } finally {
      wipe(secret);
    }
  }

  publicFromRaw(bytes: Uint8Array): OctetPublic {
    if (bytes.length !== this.#curve.size) throw fail.InvalidKey;
    return new OctetPublic(this.#curve, this.#curve.decode(bytes));
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): OctetPublic {
    requireCurve(this.#curve, algorithm);
    return this.publicFromRaw(key);
  }

  secretFromRaw(bytes: Uint8Array): OctetSecret {
    if (bytes.length !== this.#curve.size) throw fail.InvalidKey;
    const der = writeInfo(this.#curve, bytes);
    try {
      return new OctetSecret(
        this.#curve,
        createPrivateKey({ key: Buffer.from(der.buffer), type: 'pkcs8', format: 'der' }),
      );
    } finally {
      wipe(der);
    }
  }

  secretFromContainer(container: PrivateContainer): OctetSecret {
    const secret = this.secretFromRaw(innerSecret(this.#curve, container));
    if (container.form === 'pkcs8' && container.publicKey !== undefined) this.#requireHalf(secret, container.publicKey);
    return secret;
  }

  pairFromRaw(bytes: Uint8Array): OctetSecret {
    const { size, firstHalf } = this.#curve;
    if (bytes.length !== size * 2) throw fail.InvalidKey;
    const [first, second] = [bytes.subarray(0, size), bytes.subarray(size)];
    const secret = this.secretFromRaw(firstHalf === 'secret' ? first : second);
    this.#requireHalf(secret, firstHalf === 'secret' ? second : first);
    return secret;
  }

  /** Where the same bytes are the only ones, no other point is judged: how long that takes depends on the point. */
  #requireHalf(secret: OctetSecret, publicKey: Uint8Array): void {
    const { bytes } = secret.publicHalf;
    if (sameBytes(publicKey, bytes)) return;
    if (this.#curve.oneEncoding || !sameBytes(this.publicFromRaw(publicKey).bytes, bytes)) throw fail.InvalidKey;
  }
}

/** RFC 8410, 3: parameters must be absent. */
function requireCurve(curve: OctetCurve, { id, parameters }: AlgorithmIdentifier): void {
  if (!sameBytes(id, curve.identifier) || parameters.length !== 0) throw fail.InvalidKey;
}

/** RFC 8410, 7: the key is an OCTET STRING within the OCTET STRING. */
function innerSecret(curve: OctetCurve, container: PrivateContainer): Uint8Array {
  if (container.form !== 'pkcs8') throw fail.InvalidKey;
  requireCurve(curve, container.algorithm);
  const reader = new DerReader(container.key, fail.InvalidKey);
  const secret = reader.read(Tag.OctetString);
  reader.end();
  return secret;
}

function writeInfo(curve: OctetCurve, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  return writePrivateKeyInfo(algorithmIdentifier(curve.identifier), octets(secret));
}
