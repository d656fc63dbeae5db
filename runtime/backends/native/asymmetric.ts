/** Keys for signatures and Diffie-Hellman, as the native library holds them. */
import { giveBack, takeBytes } from '../../blocks.js';
import { copyOf, part } from '../../bytes.js';
import type {
  CurveKeys,
  CurveName,
  HeldPublic,
  HeldSecret,
  RsaHolder,
  SignatureScheme,
} from '../../contracts/primitives.js';
import type { AsymmetricBackend } from '../backend.js';
import { missing, triedCurve } from '../provider.js';
import { native } from './backend.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

/** Bytes of either half. */
interface Sizes {
  readonly secret: number;
  readonly public: number;
}

const octets: Sizes = { secret: 32, public: 32 };
const sizesOf: Readonly<Record<CurveName, Sizes>> = {
  ed25519: octets,
  ed448: { secret: 57, public: 57 },
  x25519: octets,
  x448: { secret: 56, public: 56 },
  prime256v1: { secret: 32, public: 65 },
  secp384r1: { secret: 48, public: 97 },
  secp521r1: { secret: 66, public: 133 },
  secp256k1: { secret: 32, public: 65 },
};
/** RSAPrivateKey of 4096 bits has 2350. */
const rsaSizes: Sizes = { secret: 4096, public: 0 };

type DigestNumbers = Readonly<Record<NonNullable<SignatureScheme['hash']>, number>>;

/** Those of signatures, by the names that algorithms use. Throws where OpenSSL lacks one. */
function findDigests(library: NativeLibrary): DigestNumbers {
  const find = (name: string): number => required(library.digestFind(name), name);
  return { sha256: find('sha256'), sha384: find('sha384'), sha512: find('sha512') };
}

function required(found: number, name: string): number {
  if (found < 0) throw missing(name);
  return found;
}

/** What keys of one kind have in common. */
interface KeyFacts {
  readonly library: NativeLibrary;
  readonly type: number;
  readonly sizes: Sizes;
  readonly digests: DigestNumbers;
}

abstract class NativeKey {
  protected readonly facts: KeyFacts;
  readonly #object: NativeObject;
  readonly number: number;

  /** @param answer of the call that made it */
  constructor(facts: KeyFacts, answer: number) {
    this.facts = facts;
    this.#object = new NativeObject(answer);
    this.number = this.#object.number;
  }

  protected digest({ hash }: SignatureScheme): number | undefined {
    return hash === undefined ? undefined : this.facts.digests[hash];
  }

  /** New bytes, as `keyPublicBytes` of the library gives them. */
  publicBytes(): Uint8Array {
    const bytes = new Uint8Array(this.facts.sizes.public);
    answered(this.facts.library.keyPublicBytes(this.number, bytes));
    return bytes;
  }

  wipe(): void {
    this.#object.release();
  }
}

class NativePublic extends NativeKey implements HeldPublic {
  bytes(): Uint8Array {
    return this.publicBytes();
  }

  verify(scheme: SignatureScheme, message: Uint8Array, signature: Uint8Array): boolean {
    const { library } = this.facts;
    return answered(library.keyVerify(this.number, this.digest(scheme), scheme.saltLength, message, signature)) === 1;
  }
}

class NativeSecret extends NativeKey implements HeldSecret {
  bytes(): Uint8Array {
    const room = takeBytes(this.facts.sizes.secret);
    try {
      return copyOf(part(room, 0, answered(this.facts.library.keySecretBytes(this.number, room))));
    } finally {
      giveBack(room, room.length);
    }
  }

  sign(scheme: SignatureScheme, message: Uint8Array, out: Uint8Array): number {
    const { library } = this.facts;
    return answered(library.keySign(this.number, this.digest(scheme), scheme.saltLength, message, out));
  }

  agree(peer: HeldPublic, out: Uint8Array): void {
    if (!(peer instanceof NativePublic)) throw new TypeError('a key of another backend');
    answered(this.facts.library.keyDerive(this.number, peer.number, out));
  }
}

function factsOf(name: string, sizes: Sizes): KeyFacts {
  const library = nativeLibrary();
  return { library, type: required(library.keyFind(name), name), sizes, digests: findDigests(library) };
}

function curveKeys(name: CurveName): CurveKeys {
  const facts = factsOf(name, sizesOf[name]);
  const { library, type } = facts;
  return {
    generate() {
      const secret = new NativeSecret(facts, library.keyGenerate(type));
      return { secret, publicHalf: secret.publicBytes() };
    },
    secretFrom: (bytes, point) => new NativeSecret(facts, library.keySecret(type, bytes, point)),
    publicFrom: (bytes) => new NativePublic(facts, library.keyPublic(type, bytes, undefined)),
  };
}

function rsaHolder(): RsaHolder {
  const facts = factsOf('rsa', rsaSizes);
  const { library, type } = facts;
  return {
    secretFrom: (der) => new NativeSecret(facts, library.keySecret(type, der, undefined)),
    publicFrom: (n, e) => new NativePublic(facts, library.keyPublic(type, n, e)),
  };
}

export const nativeAsymmetric: AsymmetricBackend = {
  backend: native,
  curve: (name) => triedCurve(name, curveKeys(name)),
  rsa: rsaHolder,
};
