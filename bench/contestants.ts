/** The same operations without a guest: node:crypto, noble, and cryptography compiled to WebAssembly. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  randomBytes,
  randomFillSync,
  sign,
  verify,
  type CipherGCMTypes,
} from 'node:crypto';
import { digest as asSha256 } from '@chainsafe/as-sha256';
import { initBundled, Memory, RsaPrivateKey } from '@hazae41/rsa.wasm';
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { createHMAC, createSHA256, createSHA512 } from 'hash-wasm';
import sodium from 'libsodium-wrappers';
import {
  aeadInput,
  hkdf,
  hmacKey,
  KiB,
  keys,
  messageOf,
  pattern,
  publicDer,
  publicKeys,
  sealed,
  TAG_BYTES,
  x25519Secret,
} from './inputs.js';
import { contestant, type Contestant } from './rounds.js';

/** The call that most programs make; what a guest is compared with first. */
export const PLAIN = 'node:crypto';
/** The same, with the results written where the guest gets them: into one buffer of the caller's. */
export const DELIVERED = 'node:crypto, delivered';
const ONCE = 'node:crypto hash()';

/** Slow ones are left out where one round of theirs would take longer than all others together. */
const LONGEST_FOR_LIBRARIES = 1024 * KiB;

await sodium.ready;
await initBundled();
const hashWasm = {
  sha256: await createSHA256(),
  sha512: await createSHA512(),
  hmac: await createHMAC(createSHA256(), hmacKey),
};

export function contestantsOf(operation: string, length: number): readonly Contestant[] {
  const all = table(operation, length);
  return length > LONGEST_FOR_LIBRARIES ? all.filter(({ name }) => name.startsWith('node:crypto')) : all;
}

function table(operation: string, length: number): readonly Contestant[] {
  const message = messageOf(length);
  if (operation === 'SHA-256')
    return [...hashes('sha256', message), contestant('@chainsafe/as-sha256', () => asSha256(message))];
  if (operation === 'SHA-512') return hashes('sha512', message);
  if (operation === 'HMAC/SHA-256') return hmacs(message);
  if (operation.includes(' encrypt')) return encryptions(operation, message);
  if (operation.includes(' decrypt')) return decryptions(operation, message);
  return singles[operation]?.() ?? [];
}

function hashes(name: 'sha256' | 'sha512', message: Uint8Array): readonly Contestant[] {
  const noble = { sha256, sha512 }[name];
  const compiled = hashWasm[name];
  return [
    contestant(PLAIN, () => createHash(name).update(message).digest()),
    contestant(ONCE, () => hash(name, message, 'buffer')),
    contestant('noble', () => noble(message)),
    contestant('hash-wasm', () => compiled.init().update(message).digest('binary')),
  ];
}

function hmacs(message: Uint8Array): readonly Contestant[] {
  const key = createSecretKey(hmacKey);
  return [
    contestant(PLAIN, () => createHmac('sha256', key).update(message).digest()),
    contestant('noble', () => nobleHmac(sha256, hmacKey, message)),
    contestant('hash-wasm', () => hashWasm.hmac.init().update(message).digest('binary')),
  ];
}

function encryptions(operation: string, message: Uint8Array): readonly Contestant[] {
  const { cipher, key, keyObject, nonce, associated } = aeadInput(operation);
  const out = new Uint8Array(message.length + TAG_BYTES);
  const bare = (): readonly [Buffer, Buffer] => {
    const running = createCipheriv(cipher, keyObject, nonce);
    if (associated.length > 0) running.setAAD(associated);
    const ciphertext = running.update(message);
    running.final();
    return [ciphertext, running.getAuthTag()];
  };
  const delivered = (): Uint8Array => {
    const [ciphertext, tag] = bare();
    out.set(ciphertext);
    out.set(tag, ciphertext.length);
    return out;
  };
  const all = [
    contestant(PLAIN, bare),
    contestant(DELIVERED, delivered),
    contestant('noble', () => noble(cipher, key, nonce, associated).encrypt(message)),
  ];
  // libsodium compiled to WebAssembly has no AES: it wants the CPU's instructions.
  if (cipher.endsWith('gcm')) return all;
  return [
    ...all,
    contestant('libsodium', () =>
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(message, associated, null, nonce, key),
    ),
  ];
}

function decryptions(operation: string, message: Uint8Array): readonly Contestant[] {
  const input = aeadInput(operation);
  const { cipher, key, keyObject, nonce, associated } = input;
  const whole = sealed(input, message);
  const [ciphertext, tag] = [whole.subarray(0, message.length), whole.subarray(message.length)];
  const out = new Uint8Array(message.length);
  const bare = (): Buffer => {
    const running = createDecipheriv(cipher, keyObject, nonce);
    if (associated.length > 0) running.setAAD(associated);
    running.setAuthTag(tag);
    const plaintext = running.update(ciphertext);
    running.final();
    return plaintext;
  };
  const all = [
    contestant(PLAIN, bare),
    contestant(DELIVERED, () => out.set(bare())),
    contestant('noble', () => noble(cipher, key, nonce, associated).decrypt(whole)),
  ];
  if (cipher.endsWith('gcm')) return all;
  return [
    ...all,
    contestant('libsodium', () =>
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, whole, associated, nonce, key),
    ),
  ];
}

function noble(cipher: CipherGCMTypes, key: Uint8Array, nonce: Uint8Array, associated: Uint8Array) {
  return cipher.endsWith('gcm') ? gcm(key, nonce, associated) : chacha20poly1305(key, nonce, associated);
}

type Kind = 'ed25519' | 'p256' | 'rsa2048';

const digestOf = { ed25519: null, p256: 'sha256', rsa2048: 'sha256' } as const;

function signer(kind: Kind): Contestant {
  return contestant(PLAIN, () => sign(digestOf[kind], signed, keys[kind]));
}

/** What precedes a SHA-256 digest in a signature of PKCS #1 v1.5 (RFC 8017, section 9.2, note 1). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

function rsaInWasm(): () => Uint8Array {
  const key = RsaPrivateKey.from_pkcs8_der(new Memory(keys.rsa2048.export({ format: 'der', type: 'pkcs8' })));
  const once = (): Uint8Array => {
    const input = new Memory(Buffer.concat([SHA256_INFO, createHash('sha256').update(signed).digest()]));
    const output = key.sign_pkcs1v15_unprefixed(input);
    const signature = output.bytes.slice();
    output[Symbol.dispose]();
    return signature;
  };
  if (!sign('sha256', signed, keys.rsa2048).equals(once())) throw new Error('rsa.wasm makes another signature');
  return once;
}

function verifier(kind: Kind): Contestant {
  const signature = sign(digestOf[kind], signed, keys[kind]);
  return contestant(PLAIN, () => {
    if (!verify(digestOf[kind], signed, publicKeys[kind], signature)) throw new Error('a good signature was refused');
  });
}

const signed = messageOf(64);
const seed = pattern(32, 9);
const sodiumPair = sodium.crypto_sign_seed_keypair(seed);
const scalar = Buffer.from(keys.p256.export({ format: 'jwk' }).d ?? '', 'base64url');
const x25519Peer = publicDer(publicKeys.x25519Peer).subarray(-32);
const random = new Uint8Array(32);

/** Operations of one size. */
const singles: Readonly<Record<string, () => readonly Contestant[]>> = {
  'HKDF/SHA-256': () => {
    const key = createSecretKey(hkdf.key);
    return [
      contestant(PLAIN, () => hkdfSync('sha256', key, hkdf.salt, hkdf.info, hkdf.length)),
      contestant('noble', () => nobleHkdf(sha256, hkdf.key, hkdf.salt, hkdf.info, hkdf.length)),
    ];
  },
  'Ed25519 sign': () => [
    signer('ed25519'),
    contestant('noble', () => ed25519.sign(signed, seed)),
    contestant('libsodium', () => sodium.crypto_sign_detached(signed, sodiumPair.privateKey)),
  ],
  'Ed25519 verify': () => {
    const signature = ed25519.sign(signed, seed);
    return [
      verifier('ed25519'),
      contestant('noble', () => ed25519.verify(signature, signed, sodiumPair.publicKey)),
      contestant('libsodium', () => sodium.crypto_sign_verify_detached(signature, signed, sodiumPair.publicKey)),
    ];
  },
  'ECDSA P-256 sign': () => [signer('p256'), contestant('noble', () => p256.sign(signed, scalar))],
  'ECDSA P-256 verify': () => {
    const [signature, publicKey] = [p256.sign(signed, scalar), p256.getPublicKey(scalar)];
    return [verifier('p256'), contestant('noble', () => p256.verify(signature, signed, publicKey))];
  },
  'RSA-2048 sign': () => [signer('rsa2048'), contestant('rsa.wasm', rsaInWasm())],
  'RSA-2048 verify': () => [verifier('rsa2048')],
  X25519: () => [
    contestant(PLAIN, () => diffieHellman({ privateKey: keys.x25519, publicKey: publicKeys.x25519Peer })),
    contestant('noble', () => x25519.getSharedSecret(x25519Secret, x25519Peer)),
    contestant('libsodium', () => sodium.crypto_scalarmult(x25519Secret, x25519Peer)),
  ],
  'Ed25519 generate': () => [
    contestant(PLAIN, () => generateKeyPairSync('ed25519')),
    contestant('noble', () => ed25519.keygen()),
    contestant('libsodium', () => sodium.crypto_sign_keypair()),
  ],
  'ECDSA P-256 generate': () => [
    contestant(PLAIN, () => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    contestant('noble', () => p256.keygen()),
  ],
  'X25519 generate': () => [
    contestant(PLAIN, () => generateKeyPairSync('x25519')),
    contestant('noble', () => x25519.keygen()),
    contestant('libsodium', () => sodium.crypto_box_keypair()),
  ],
  'Ed25519 import public': () => imports('ed25519'),
  'ECDSA P-256 import public': () => imports('p256'),
  'AES-256-GCM import': () => [contestant(PLAIN, () => createSecretKey(aesKey))],
  '32 random bytes': () => [
    contestant(PLAIN, () => randomBytes(32)),
    contestant('node:crypto randomFillSync', () => randomFillSync(random)),
  ],
};

const aesKey = pattern(32, 6);

function imports(kind: Kind): readonly Contestant[] {
  const key = publicDer(publicKeys[kind]);
  return [contestant(PLAIN, () => createPublicKey({ key, format: 'der', type: 'spki' }))];
}
