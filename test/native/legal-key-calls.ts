/** Calls about asymmetric keys that are as they should be, and what `node:crypto` says of their results. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { same, type Call, type Inputs, type LiveObject, type LiveObjects } from './live-objects.js';

const curves = ['ed25519', 'ed448', 'x25519', 'x448', 'prime256v1', 'secp384r1', 'secp521r1', 'secp256k1'] as const;
type Type = (typeof curves)[number] | 'rsa';

const octets = ['ed25519', 'ed448', 'x25519', 'x448'] as const;
const jwkNames = {
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  x448: 'X448',
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  secp256k1: 'secp256k1',
};
const sizes: Readonly<Record<string, number>> = { ed448: 57, x448: 56, secp384r1: 48, secp521r1: 66 };
const secretSize = (type: string): number => sizes[type] ?? 32;
const publicSize = (type: string): number => (isOctets(type) ? secretSize(type) : 1 + 2 * secretSize(type));
const signing: readonly Type[] = [...curves.filter((type) => !type.startsWith('x')), 'rsa'];
const agreeing = curves.filter((type) => !type.startsWith('ed'));
const digests = ['SHA256', 'SHA384', 'SHA512'] as const;
const FAILED = -4;
const SIGNATURE_ROOM = 256;
/** Small, to be quick: the host takes none of this size. */
const MODULUS_BITS = 1024;

interface Pair {
  readonly type: Type;
  readonly privateKey: KeyObject;
  /** As `keySecret` takes them. */
  readonly secret: Buffer;
  readonly point: Buffer;
  /** RSA's exponent. */
  readonly exponent?: Buffer;
}

function isOctets(type: string): boolean {
  return (octets as readonly string[]).includes(type);
}

function newPair(type: Type): Pair {
  if (type === 'rsa') {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS });
    const { n = '', e = '' } = privateKey.export({ format: 'jwk' });
    const [point, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
    return { type, privateKey, secret: privateKey.export({ type: 'pkcs1', format: 'der' }), point, exponent };
  }
  const { privateKey } = isOctets(type)
    ? generateKeyPairSync(type as 'ed25519')
    : generateKeyPairSync('ec', { namedCurve: type });
  const { d = '', x = '', y } = privateKey.export({ format: 'jwk' });
  const [secret, first] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const point = y === undefined ? first : Buffer.concat([Buffer.of(4), first, Buffer.from(y, 'base64url')]);
  return { type, privateKey, secret, point };
}

function privateFrom(type: Type, secret: Uint8Array, point: Uint8Array): KeyObject {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const crv = jwkNames[type as (typeof curves)[number]];
  if (isOctets(type))
    return createPrivateKey({ key: { kty: 'OKP', crv, d: text(secret), x: text(point) }, format: 'jwk' });
  const middle = 1 + secret.length;
  const [x, y] = [text(point.subarray(1, middle)), text(point.subarray(middle))];
  return createPrivateKey({ key: { kty: 'EC', crv, d: text(secret), x, y }, format: 'jwk' });
}

export class LegalKeyCalls {
  readonly #library: NativeLibrary;
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #types: ReadonlyMap<string, number>;
  readonly #digests: ReadonlyMap<string, number>;
  readonly #pairs: readonly Pair[];
  readonly #kinds: readonly (() => Call | undefined)[];

  constructor(library: NativeLibrary, objects: LiveObjects, inputs: Inputs) {
    this.#library = library;
    this.#objects = objects;
    this.#inputs = inputs;
    const types: readonly Type[] = [...curves, 'rsa'];
    this.#types = new Map(types.map((name) => [name, library.keyFind(name)]));
    this.#digests = new Map(digests.map((name) => [name, library.digestFind(name)]));
    // The slow curves once, the others twice.
    this.#pairs = [...types, 'ed25519', 'x25519', 'prime256v1', 'rsa'].map((type) => newPair(type as Type));
    this.#kinds = [
      () => this.#public(),
      () => this.#secret(),
      () => this.#spoiltSecret(),
      () => this.#generate(),
      () => this.#publicBytes(),
      () => this.#secretBytes(),
      () => this.#sign(),
      () => this.#sign(),
      () => this.#verify(),
      () => this.#verify(),
      () => this.#derive(),
    ];
  }

  any(): Call {
    return this.#inputs.of(this.#kinds)() ?? this.#secret();
  }

  #public(): Call {
    const { type, privateKey, point, exponent } = this.#inputs.of(this.#pairs);
    const keyObject = createPublicKey(privateKey);
    return {
      name: 'keyPublic',
      args: [this.#types.get(type), point, exponent],
      right: (answer) =>
        this.#objects.made(answer, { kind: 'public key', name: type, key: point, keyObject, input: undefined }),
    };
  }

  #secret(): Call {
    const { type, privateKey, secret, point } = this.#inputs.of(this.#pairs);
    return {
      name: 'keySecret',
      args: [this.#types.get(type), secret, isOctets(type) ? undefined : point],
      right: (answer) =>
        this.#objects.made(answer, {
          kind: 'secret key',
          name: type,
          key: secret,
          keyObject: privateKey,
          input: undefined,
        }),
    };
  }

  /** RSA's numbers, of which some are no longer those of a key. Whatever can be imported can be used, and answers. */
  #spoiltSecret(): Call | undefined {
    const pair = this.#pairs.find(({ type }) => type === 'rsa');
    if (pair === undefined) return undefined;
    const spoilt = Buffer.from(pair.secret);
    for (let count = 1 + (this.#inputs.next() % 3); count > 0; count -= 1)
      spoilt[this.#inputs.next() % spoilt.length] = this.#inputs.next();
    return {
      name: 'keySecret',
      args: [this.#types.get('rsa'), spoilt, undefined],
      right: (answer) => {
        if (answer < 0) return answer === FAILED;
        const salt = this.#inputs.of([undefined, 32]);
        const length = this.#library.keySign(answer, this.#digests.get('SHA256'), salt, spoilt, Buffer.alloc(512));
        return this.#library.release(answer) === 0 && (length === FAILED || (length > 0 && length <= 512));
      },
    };
  }

  #generate(): Call {
    const type = this.#inputs.of(['ed25519', 'ed448', 'x25519', 'x448', 'prime256v1', 'secp521r1'] as const);
    return {
      name: 'keyGenerate',
      args: [this.#types.get(type)],
      right: (answer) => {
        const [secret, point] = [Buffer.alloc(secretSize(type)), Buffer.alloc(publicSize(type))];
        if (this.#library.keySecretBytes(answer, secret) !== secret.length) return false;
        if (this.#library.keyPublicBytes(answer, point) !== 0) return false;
        const keyObject = privateFrom(type, secret, point);
        const { x = '' } = createPublicKey(keyObject).export({ format: 'jwk' });
        const first = isOctets(type) ? point : point.subarray(1, 1 + secret.length);
        const made = { kind: 'secret key', name: type, key: secret, keyObject, input: undefined } as const;
        return same(first, Buffer.from(x, 'base64url')) && this.#objects.made(answer, made);
      },
    };
  }

  #publicBytes(): Call | undefined {
    const key = this.#key('public key', curves) ?? this.#key('secret key', curves);
    if (key === undefined) return undefined;
    const { x = '', y } = createPublicKey(pemOf(key)).export({ format: 'jwk' });
    const first = Buffer.from(x, 'base64url');
    const expected = y === undefined ? first : Buffer.concat([Buffer.of(4), first, Buffer.from(y, 'base64url')]);
    const out = this.#inputs.place(expected.length);
    return { name: 'keyPublicBytes', args: [key.number, out], right: (answer) => answer === 0 && same(out, expected) };
  }

  #secretBytes(): Call | undefined {
    const key = this.#key('secret key');
    if (key === undefined) return undefined;
    const out = this.#inputs.place(key.key.length + (key.name === 'rsa' ? this.#inputs.next() % 9 : 0));
    return {
      name: 'keySecretBytes',
      args: [key.number, out],
      right: (answer) => answer === key.key.length && same(out.subarray(0, answer), key.key),
    };
  }

  #sign(): Call | undefined {
    const key = this.#key('secret key', signing);
    if (key === undefined) return undefined;
    const { digest, hash, salt, settings } = this.#scheme(key);
    const message = this.#inputs.input(this.#inputs.size());
    const copy = Buffer.from(message);
    const out = this.#inputs.place(SIGNATURE_ROOM);
    const publicKey = createPublicKey(pemOf(key));
    return {
      name: 'keySign',
      args: [key.number, digest, salt, message, out],
      right: (answer) => answer > 0 && verify(hash, copy, { ...settings, key: publicKey }, out.subarray(0, answer)),
    };
  }

  #verify(): Call | undefined {
    const key = this.#key('public key', signing);
    if (key === undefined) return undefined;
    const pair = this.#pairs.find(({ point }) => point.equals(key.key));
    if (pair === undefined) return undefined;
    const { digest, hash, salt, settings } = this.#scheme(key);
    const message = this.#inputs.input(this.#inputs.size());
    const signature = sign(hash, message, { ...settings, key: pair.privateKey });
    const wrong = this.#inputs.chance(3);
    const at = signature.length - 1 - (this.#inputs.next() % 16);
    if (wrong) signature[at] = (signature[at] ?? 0) ^ (1 << (this.#inputs.next() % 8));
    return {
      name: 'keyVerify',
      args: [key.number, digest, salt, message, signature],
      right: (answer) => answer === Number(!wrong),
    };
  }

  #derive(): Call | undefined {
    const secret = this.#key('secret key', agreeing);
    const peer = secret && this.#key('public key', [secret.name]);
    if (secret?.keyObject === undefined || peer?.keyObject === undefined) return undefined;
    const expected = diffieHellman({ privateKey: secret.keyObject, publicKey: peer.keyObject });
    const out = this.#inputs.place(expected.length);
    return {
      name: 'keyDerive',
      args: [secret.number, peer.number, out],
      right: (answer) => answer === 0 && same(out, expected),
    };
  }

  /** A hash where the key has none of its own; a salt as long as the hash for half of the RSA calls. */
  #scheme({ name }: LiveObject): {
    readonly digest: number | undefined;
    readonly hash: string | null;
    readonly salt: number | undefined;
    readonly settings: Omit<SignKeyObjectInput, 'key'>;
  } {
    if (isOctets(name)) return { digest: undefined, hash: null, salt: undefined, settings: {} };
    const hash = this.#inputs.of(digests);
    const digest = this.#digests.get(hash);
    const salt = name === 'rsa' && this.#inputs.chance(2) ? { SHA256: 32, SHA384: 48, SHA512: 32 }[hash] : undefined;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return { digest, hash, salt, settings: salt === undefined ? {} : { padding, saltLength: salt } };
  }

  #key(kind: 'secret key' | 'public key', names?: readonly string[]): LiveObject | undefined {
    const found = this.#objects.live.filter((each) => each.kind === kind && (names?.includes(each.name) ?? true));
    return found.length === 0 ? undefined : this.#inputs.of(found);
  }
}

/** Only from PEM does `createPublicKey` take public and private keys alike. */
function pemOf({ kind, keyObject }: LiveObject): string {
  if (keyObject === undefined) throw new Error('an asymmetric key has a KeyObject');
  const type = kind === 'secret key' ? 'pkcs8' : 'spki';
  return keyObject.export({ type, format: 'pem' }).toString();
}
