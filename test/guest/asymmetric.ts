/** Typed functions for key pairs, signatures and key exchange. They throw `CallFailed`. */
import { SignatureEncoding } from '../../generated/0.10/typescript-host/types.js';
import { typeOf } from '../registry.js';
import { Common } from './common.js';
import type { Guest } from './guest.js';

export class Asymmetric {
  readonly guest: Guest;
  readonly common: Common;

  constructor(guest: Guest) {
    this.guest = guest;
    this.common = new Common(guest);
  }

  keypairGenerate(algorithm: string, options?: number, type: number = typeOf(algorithm)): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32('keypair_generate', type, ...guest.text(algorithm), guest.optional(options)),
    );
  }

  keypairImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#import('keypair_import', type, algorithm, encoded, encoding);
  }

  keypairFromPkAndSk(publicKey: number, secretKey: number): number {
    return this.guest.callForU32('keypair_from_pk_and_sk', publicKey, secretKey);
  }

  keypairExport(keypair: number, encoding: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('keypair_export', keypair, encoding));
  }

  keypairPublickey(keypair: number): number {
    return this.guest.callForU32('keypair_publickey', keypair);
  }

  keypairSecretkey(keypair: number): number {
    return this.guest.callForU32('keypair_secretkey', keypair);
  }

  keypairClose(keypair: number): void {
    this.guest.call('keypair_close', keypair);
  }

  publickeyImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#import('publickey_import', type, algorithm, encoded, encoding);
  }

  publickeyExport(publicKey: number, encoding: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('publickey_export', publicKey, encoding));
  }

  publickeyVerify(publicKey: number): void {
    this.guest.call('publickey_verify', publicKey);
  }

  publickeyFromSecretkey(secretKey: number): number {
    return this.guest.callForU32('publickey_from_secretkey', secretKey);
  }

  publickeyClose(publicKey: number): void {
    this.guest.call('publickey_close', publicKey);
  }

  secretkeyImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#import('secretkey_import', type, algorithm, encoded, encoding);
  }

  secretkeyExport(secretKey: number, encoding: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('secretkey_export', secretKey, encoding));
  }

  secretkeyClose(secretKey: number): void {
    this.guest.call('secretkey_close', secretKey);
  }

  signatureImport(algorithm: string, encoded: Uint8Array, encoding: number): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32('signature_import', ...guest.text(algorithm), guest.put(encoded), encoded.length, encoding),
    );
  }

  signatureExport(signature: number, encoding: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('signature_export', signature, encoding));
  }

  signatureClose(signature: number): void {
    this.guest.call('signature_close', signature);
  }

  signOpen(keypair: number): number {
    return this.guest.callForU32('signature_state_open', keypair);
  }

  signUpdate(state: number, part: Uint8Array): void {
    const { guest } = this;
    guest.scoped(() => guest.call('signature_state_update', state, guest.put(part), part.length));
  }

  /** A handle of a signature. */
  sign(state: number): number {
    return this.guest.callForU32('signature_state_sign', state);
  }

  signClose(state: number): void {
    this.guest.call('signature_state_close', state);
  }

  verifyOpen(publicKey: number): number {
    return this.guest.callForU32('signature_verification_state_open', publicKey);
  }

  verifyUpdate(state: number, part: Uint8Array): void {
    const { guest } = this;
    guest.scoped(() => guest.call('signature_verification_state_update', state, guest.put(part), part.length));
  }

  verify(state: number, signature: number): void {
    this.guest.call('signature_verification_state_verify', state, signature);
  }

  verifyClose(state: number): void {
    this.guest.call('signature_verification_state_close', state);
  }

  dh(publicKey: number, secretKey: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('kx_dh', publicKey, secretKey));
  }

  encapsulate(publicKey: number): { readonly secret: Uint8Array; readonly encapsulated: Uint8Array } {
    const { guest } = this;
    const [secret, encapsulated] = guest.scoped(() => {
      const [first, second] = [guest.alloc(4), guest.alloc(4)];
      guest.call('kx_encapsulate', publicKey, first, second);
      return [guest.u32(first), guest.u32(second)] as const;
    });
    return { secret: this.common.drain(secret), encapsulated: this.common.drain(encapsulated) };
  }

  decapsulate(secretKey: number, encapsulated: Uint8Array): Uint8Array {
    const { guest } = this;
    return this.common.drain(
      guest.scoped(() => guest.callForU32('kx_decapsulate', secretKey, guest.put(encapsulated), encapsulated.length)),
    );
  }

  /** The raw signature of a message under a key pair. Closes what it opens. */
  signMessage(keypair: number, message: Uint8Array): Uint8Array {
    const state = this.signOpen(keypair);
    try {
      this.signUpdate(state, message);
      const signature = this.sign(state);
      try {
        return this.signatureExport(signature, SignatureEncoding.Raw);
      } finally {
        this.signatureClose(signature);
      }
    } finally {
      this.signClose(state);
    }
  }

  /** Imports a signature and verifies it on a message under a public key. Closes what it opens. */
  verifyMessage(
    publicKey: number,
    algorithm: string,
    message: Uint8Array,
    encoded: Uint8Array,
    encoding: number = SignatureEncoding.Raw,
  ): void {
    const state = this.verifyOpen(publicKey);
    try {
      this.verifyUpdate(state, message);
      const signature = this.signatureImport(algorithm, encoded, encoding);
      try {
        this.verify(state, signature);
      } finally {
        this.signatureClose(signature);
      }
    } finally {
      this.verifyClose(state);
    }
  }

  #import(func: string, type: number, algorithm: string, encoded: Uint8Array, encoding: number): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32(func, type, ...guest.text(algorithm), guest.put(encoded), encoded.length, encoding),
    );
  }
}
