/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): ChaCha20-Poly1305 under a key that HChaCha20 makes of the key and the first
 * 16 bytes of the nonce. So nonces have 24 bytes, enough for random ones.
 */
import { sodiumUpTo } from '../../backends/libsodium.js';
import { nativeXchacha } from '../../backends/native/aead.js';
import { native } from '../../backends/native/backend.js';
import { opensslAead } from '../../backends/openssl/aead.js';
import { openssl } from '../../backends/openssl/backend.js';
import { opensslChacha20 } from '../../backends/openssl/modes.js';
import { SODIUM_AEAD_BYTES, sodiumXchacha } from '../../backends/sodium-aead.js';
import { giveBack, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { AeadCipher, CipherKey, CounterCipher } from '../../contracts/primitives.js';
import { aeadAlgorithm } from './aead.js';
import { DerivedKey } from './derived-key.js';
import { byBackends, type SymmetricEntry } from './entry.js';

const KEY = 32;
/** How much of the nonce HChaCha20 takes, in bytes. */
const EXTENSION = 16;
const BLOCK = 64;
/** The first row of ChaCha20's state: "expand 32-byte k" (RFC 8439, 2.3), little-endian. */
const CONSTANTS = Uint8Array.from(Buffer.from('expand 32-byte k'));

function littleEndian(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Subtracts words of 32 bits where they stand. */
function subtract(bytes: Uint8Array, others: Uint8Array): void {
  const [words, other] = [littleEndian(bytes), littleEndian(others)];
  for (let at = 0; at < bytes.length; at += 4)
    words.setUint32(at, words.getUint32(at, true) - other.getUint32(at, true), true);
}

/**
 * HChaCha20 (draft, 2.2): the first and the last row of the state after the rounds. A block of ChaCha20's stream is that
 * state plus the one before the rounds, of which these two rows are no secret.
 *
 * @param input of 16 bytes
 */
function subkey(chacha20: CounterCipher, key: CipherKey, input: Uint8Array): DerivedKey {
  const block = takeBytes(BLOCK);
  try {
    chacha20.add(key, input, 0, block);
    const last = part(block, BLOCK - EXTENSION, BLOCK);
    subtract(part(block, 0, EXTENSION), CONSTANTS);
    subtract(last, input);
    block.set(last, EXTENSION);
    return new DerivedKey(part(block, 0, KEY));
  } finally {
    giveBack(block, BLOCK);
  }
}

/** Every message has a nonce of its own, and so a key. */
function extended(chacha20: CounterCipher, cipher: AeadCipher): AeadCipher {
  function under(key: CipherKey, nonce: Uint8Array, use: (key: CipherKey, nonce: Uint8Array) => void): void {
    const short = takeBytes(12);
    // Four zero bytes come first.
    short.set(part(nonce, EXTENSION, nonce.length), 4);
    const derived = subkey(chacha20, key, part(nonce, 0, EXTENSION));
    try {
      use(derived, short);
    } finally {
      derived.wipe();
      giveBack(short, 12);
    }
  }
  return {
    seal: (key, nonce, ...rest) => under(key, nonce, (derived, short) => cipher.seal(derived, short, ...rest)),
    sealDetached: (key, nonce, ...rest) =>
      under(key, nonce, (derived, short) => cipher.sealDetached(derived, short, ...rest)),
    open: (key, nonce, ...rest) => under(key, nonce, (derived, short) => cipher.open(derived, short, ...rest)),
    openDetached: (key, nonce, ...rest) =>
      under(key, nonce, (derived, short) => cipher.openDetached(derived, short, ...rest)),
  };
}

const byOpenssl = (): AeadCipher => extended(opensslChacha20(), opensslAead('chacha20-poly1305', KEY));

function byLength(short: AeadCipher, long: AeadCipher): AeadCipher {
  const of = (associated: Uint8Array, data: Uint8Array): AeadCipher =>
    associated.length + data.length <= SODIUM_AEAD_BYTES ? short : long;
  return {
    seal: (key, nonce, associated, data, out) => of(associated, data).seal(key, nonce, associated, data, out),
    sealDetached: (key, nonce, associated, data, out, tag) =>
      of(associated, data).sealDetached(key, nonce, associated, data, out, tag),
    open: (key, nonce, associated, data, out) => of(associated, data).open(key, nonce, associated, data, out),
    openDetached: (key, nonce, associated, data, tag, out) =>
      of(associated, data).openDetached(key, nonce, associated, data, tag, out),
  };
}

/** Best first. */
const sources = [
  { backend: native, make: nativeXchacha },
  { backend: sodiumUpTo(SODIUM_AEAD_BYTES), make: () => byLength(sodiumXchacha(), byOpenssl()) },
  { backend: openssl, make: byOpenssl },
] as const;

export const xchachas: readonly SymmetricEntry[] = [
  byBackends(
    'XCHACHA20-POLY1305',
    { tier: 'optional', vectors: ['botan', 'wycheproof'] },
    sources,
    (id, { make }) => aeadAlgorithm(id, { key: KEY, nonce: 24, tag: 16 }, 'generated', make()),
    () => 'library',
  ),
];
