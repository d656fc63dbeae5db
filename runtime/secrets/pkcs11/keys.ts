/** Keys in a token, as the runtime uses keys: each call is one of the token, which is asked for the key by its identifier. */
import { createHash } from 'node:crypto';
import { giveBack } from '../../blocks.js';
import { ByteCollector, concat, part, wipe } from '../../bytes.js';
import type {
  AeadCipher,
  HeldKey,
  HeldPublic,
  HeldSecret,
  MacKey,
  Running,
  SignatureScheme,
} from '../../contracts/primitives.js';
import { derFromRaw } from '../../encodings/ecdsa-signatures.js';
import { fail } from '../../failures.js';
import { greatestLimits } from '../../limits.js';
import type { Account } from '../../meter.js';
import type { Handle, Mechanism } from './cryptoki.js';
import { agreedTemplate, ecdh, gcm, GCM_TAG_BYTES, type KeyRecipe, type PairRecipe } from './recipes.js';
import type { Session, Token } from './token.js';

/** Uses a key in a token. Errors: as `Token.compute`. */
export type Use = <T>(work: (session: Session, key: Handle) => T) => T;

/** Uses the key that `find` finds in the session at hand, once its time was paid for. */
export function useOf(token: Token, find: (session: Session) => Handle, charge: () => void): Use {
  return (work) => {
    charge();
    return token.compute((session) => work(session, find(session)));
  };
}

export class TokenSecret implements HeldSecret {
  readonly #recipe: PairRecipe;
  readonly #use: Use;
  readonly #publicBytes: Uint8Array;

  constructor(recipe: PairRecipe, use: Use, publicBytes: Uint8Array) {
    this.#recipe = recipe;
    this.#use = use;
    this.#publicBytes = publicBytes;
  }

  bytes(): Uint8Array {
    throw fail.ProhibitedOperation;
  }

  publicBytes(): Uint8Array {
    return this.#publicBytes.slice();
  }

  sign(scheme: SignatureScheme, message: Uint8Array, out: Uint8Array): number {
    const { signing } = this.#recipe;
    if (signing === undefined) throw new TypeError('a key that agrees');
    const { hash } = scheme;
    const digest = hash === undefined ? message : createHash(hash).update(message).digest();
    const input = signing.input?.(scheme, digest) ?? digest;
    const signature = this.#use((session, key) => session.sign(signing.mechanism(scheme), key, input, signing.size));
    if (signature.length !== signing.size) throw fail.AlgorithmFailure;
    if (signing.form === 'whole') {
      out.set(signature);
      return signature.length;
    }
    const der = derFromRaw(signature);
    out.set(der);
    const { length } = der;
    giveBack(der, length);
    return length;
  }

  agree(peer: HeldPublic, out: Uint8Array): void {
    const shared = this.#use((session, key) => session.agreed(ecdh(peer.bytes()), key, agreedTemplate(out.length)));
    try {
      if (shared.length !== out.length) throw fail.AlgorithmFailure;
      out.set(shared);
    } finally {
      wipe(shared);
    }
  }

  /** The token keeps the key. */
  wipe(): void {}
}

export function tokenKey({ length, purpose, use: mechanism }: KeyRecipe, use: Use): HeldKey {
  const held = { length, wipe: () => undefined };
  return purpose === 'cipher'
    ? { ...held, cipher: new TokenCipher(use) }
    : { ...held, code: new TokenCode({ mechanism }, length, use) };
}

class TokenCipher implements AeadCipher {
  readonly #use: Use;

  constructor(use: Use) {
    this.#use = use;
  }

  seal(_key: unknown, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void {
    out.set(this.#sealed(nonce, associated, data));
  }

  sealDetached(
    _key: unknown,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    out: Uint8Array,
    tag: Uint8Array,
  ): void {
    const { length } = data;
    const sealed = this.#sealed(nonce, associated, data);
    out.set(part(sealed, 0, length));
    tag.set(part(sealed, length, sealed.length));
  }

  open(_key: unknown, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): void {
    const mechanism = gcm(nonce, associated);
    const opened = this.#use((session, key) => session.decrypt(mechanism, key, data));
    if (opened === undefined) throw fail.InvalidTag;
    try {
      if (opened.length !== data.length - GCM_TAG_BYTES) throw fail.AlgorithmFailure;
      out.set(opened);
    } finally {
      wipe(opened);
    }
  }

  openDetached(
    key: unknown,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): void {
    this.open(key, nonce, associated, concat(data, tag), out);
  }

  #sealed(nonce: Uint8Array, associated: Uint8Array, data: Uint8Array): Uint8Array {
    const mechanism = gcm(nonce, associated);
    const size = data.length + GCM_TAG_BYTES;
    const sealed = this.#use((session, key) => session.encrypt(mechanism, key, data, size));
    if (sealed.length !== size) throw fail.AlgorithmFailure;
    return sealed;
  }
}

/** A code is asked for when it is wanted, over all input at once: a computation that a session holds could be neither cloned nor gone on with. */
class TokenCode implements MacKey {
  readonly #mechanism: Mechanism;
  readonly #length: number;
  readonly #use: Use;

  constructor(mechanism: Mechanism, length: number, use: Use) {
    this.#mechanism = mechanism;
    this.#length = length;
    this.#use = use;
  }

  start(account: Account): Running {
    return this.#running(new ByteCollector(greatestLimits.messageBytes, account));
  }

  wipe(): void {}

  #running(input: ByteCollector): Running {
    return {
      update: (data) => input.append(data),
      write: (out) => {
        const code = this.#use((session, key) => session.sign(this.#mechanism, key, input.view(), this.#length));
        out.set(part(code, 0, out.length));
      },
      clone: () => this.#running(input.clone()),
      wipe: () => input.wipe(),
    };
  }
}
