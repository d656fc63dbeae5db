/** What every contestant gets, and what it must answer: the guest carries the checksums of these results. */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  sign,
  type CipherGCMTypes,
  type KeyObject,
} from 'node:crypto';

export const KiB = 1024;
export const MiB = 1024 * KiB;
/** Lengths of messages, in bytes. The last one is for hashing and encryption by the guest and by node:crypto only. */
export const sizes = [64, KiB, 64 * KiB, MiB, 16 * MiB] as const;

/** As `Bytes.ofPattern` of the guest. */
export function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 7 + (at >>> 8) + seed);
}

const longest = pattern(16 * MiB, 1);

/** The message of every operation. */
export function messageOf(length: number): Uint8Array {
  return longest.subarray(0, length);
}

export const hmacKey = pattern(32, 2);
export const hkdf = { key: pattern(32, 3), salt: pattern(32, 4), info: pattern(32, 5), length: 64 };
export const TAG_BYTES = 16;

export interface AeadInput {
  readonly cipher: CipherGCMTypes;
  readonly key: Uint8Array;
  readonly keyObject: KeyObject;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
}

/** The inputs of an operation such as `AES-128-GCM decrypt`. */
export function aeadInput(operation: string): AeadInput {
  const id = operation.slice(0, operation.indexOf(' '));
  const key = pattern(id === 'AES-128-GCM' ? 16 : 32, 6);
  const associated = pattern(operation.endsWith('no associated data') ? 0 : 13, 8);
  // One type for all ciphers: that of ChaCha20-Poly1305 differs in an option only.
  return {
    cipher: id.toLowerCase() as CipherGCMTypes,
    key,
    keyObject: createSecretKey(key),
    nonce: pattern(12, 7),
    associated,
  };
}

/** Ciphertext, then tag. */
export function sealed({ cipher, keyObject, nonce, associated }: AeadInput, message: Uint8Array): Uint8Array {
  const running = createCipheriv(cipher, keyObject, nonce, { authTagLength: TAG_BYTES });
  if (associated.length > 0) running.setAAD(associated);
  return Buffer.concat([running.update(message), running.final(), running.getAuthTag()]);
}

function octetKey(identifier: '6e' | '70', secret: Uint8Array): KeyObject {
  // RFC 8410, 7: PKCS#8 around 32 bytes.
  const der = Buffer.concat([Buffer.from(`302e020100300506032b65${identifier}04220420`, 'hex'), secret]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export const x25519Secret = pattern(32, 10);
export const x25519PeerSecret = pattern(32, 11);

/** Throw-away keys, new in every process. */
export const keys = {
  ed25519: octetKey('70', pattern(32, 9)),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  rsa2048: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  x25519: octetKey('6e', x25519Secret),
  x25519Peer: octetKey('6e', x25519PeerSecret),
};

export const publicKeys = {
  ed25519: createPublicKey(keys.ed25519),
  p256: createPublicKey(keys.p256),
  rsa2048: createPublicKey(keys.rsa2048),
  x25519Peer: createPublicKey(keys.x25519Peer),
};

export function privateDer(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' });
}

export function publicDer(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

/** The result that an operation must have. Undefined: it is random, or none. */
function expected(operation: string, length: number): Uint8Array | undefined {
  const message = messageOf(length);
  if (operation.startsWith('SHA-')) return createHash(operation.replace('SHA-', 'sha')).update(message).digest();
  if (operation === 'HMAC/SHA-256') return createHmac('sha256', hmacKey).update(message).digest();
  if (operation === 'HKDF/SHA-256')
    return new Uint8Array(hkdfSync('sha256', hkdf.key, hkdf.salt, hkdf.info, hkdf.length));
  if (operation.includes(' encrypt')) return sealed(aeadInput(operation), message);
  if (operation.includes(' decrypt')) return message;
  if (operation === 'Ed25519 sign') return sign(null, messageOf(64), keys.ed25519);
  if (operation === 'RSA-2048 sign') return sign('sha256', messageOf(64), keys.rsa2048);
  if (operation === 'X25519') return diffieHellman({ privateKey: keys.x25519, publicKey: publicKeys.x25519Peer });
  return undefined;
}

const sizedOperations = [
  'SHA-256',
  'SHA-512',
  'HMAC/SHA-256',
  ...['AES-128-GCM', 'AES-256-GCM', 'CHACHA20-POLY1305'].flatMap((id) => [
    `${id} encrypt`,
    `${id} decrypt`,
    `${id} encrypt, no associated data`,
  ]),
];

/** A module of the guest: keys, and the checksums of all results. */
export function expectedModule(): string {
  const lines: string[] = [];
  const add = (operation: string, length: number): void => {
    const result = expected(operation, length);
    if (result !== undefined) lines.push(`sums.set("${operation} ${length}", ${checksum(result)});`);
  };
  for (const operation of sizedOperations) for (const size of sizes) add(operation, size);
  for (const operation of ['HKDF/SHA-256', 'Ed25519 sign', 'RSA-2048 sign', 'X25519']) add(operation, 0);
  const hex = {
    ed25519: privateDer(keys.ed25519),
    p256: privateDer(keys.p256),
    rsa2048: privateDer(keys.rsa2048),
    ed25519Public: publicDer(publicKeys.ed25519),
    p256Public: publicDer(publicKeys.p256),
    x25519Secret,
    x25519Public: publicDer(publicKeys.x25519Peer).subarray(-32),
  };
  return `// Written by bench/build-guest.ts.
export namespace keys {
${Object.entries(hex)
  .map(([name, bytes]) => `  export const ${name}: string = "${Buffer.from(bytes).toString('hex')}";`)
  .join('\n')}
}
const sums = new Map<string, u32>();
${lines.join('\n')}
export function checksumOf(operation: string, length: u32): u32 {
  const key = operation + " " + length.toString();
  return sums.has(key) ? sums.get(key) : 0;
}
`;
}

/** FNV-1a of 32 bits, as the guest computes it. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
