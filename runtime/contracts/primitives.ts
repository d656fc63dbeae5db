/** What backends offer to algorithms. Whoever calls has checked all sizes; sizes are in bytes. */
import type { KeyObject } from 'node:crypto';
import type { Account } from '../meter.js';

/** A computation over input that arrives in parts. */
export interface Running {
  /** Errors: `overflow`, and nothing is added. */
  update(data: Uint8Array): void;
  /** Writes the result so far, or its front if `out` is shorter. More input can follow. */
  write(out: Uint8Array): void;
  /** Another one that goes on from the same point. Errors: `overflow`. */
  clone(): Running;
  /** The last call. */
  wipe(): void;
}

export interface HashFunction {
  /** OpenSSL's. */
  readonly name: string;
  readonly length: number;
  /** @param account charged for what is kept of the input */
  start(account: Account): Running;
}

export interface HmacFunction {
  /** The hash function's. */
  readonly name: string;
  /** Of a code. */
  readonly length: number;
  /** @param bytes of any size; copied */
  key(bytes: Uint8Array): HmacKey;
}

/** Something computed from a key that is as secret as the key. */
export interface Prepared {
  /** The last call. */
  wipe(): void;
}

export interface HmacKey extends Prepared {
  /** @param account charged for what is kept of the input */
  start(account: Account): Running;
  /** Writes the code of input that is at hand. */
  write(input: Uint8Array, out: Uint8Array): void;
  /** HKDF's second step (RFC 5869, 2.3). @param out of 255 codes at most */
  expand(info: Uint8Array, out: Uint8Array): void;
}

/** What a cipher needs of a key. */
export interface CipherKey {
  readonly keyObject: KeyObject;
  /** What the key's algorithm computes from the key once. */
  prepared<P extends Prepared>(prepare: (bytes: Uint8Array) => P): P;
}

/** OpenSSL's names of ciphers with 12 bytes of nonce and 16 bytes of tag. */
export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** Authenticated encryption with associated data. `out` may overlap `data` and `tag`. */
export interface AeadCipher {
  /** Writes the ciphertext and its tag. */
  seal(key: CipherKey, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void;
  /** Writes the ciphertext, as long as the message, to `out`, and its tag to `tag`. */
  sealDetached(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    out: Uint8Array,
    tag: Uint8Array,
  ): void;
  /** Takes ciphertext and tag; writes the message once the tag is verified; `invalid_tag` otherwise. */
  open(key: CipherKey, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void;
  openDetached(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): void;
}
