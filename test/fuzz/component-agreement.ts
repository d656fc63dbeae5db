/** One random sequence of plausible calls, made by a core module of 0.10 and by a component of 0.11: both get the same answers. */
import * as nodeCrypto from 'node:crypto';
import {
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { RandomSource } from '../../runtime/random.js';
import { random, type Random } from '../abi/calls.js';
import { relayComponent } from '../components-relay/relay.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { ComponentAsymmetric, ComponentGuest, ComponentSymmetric } from '../guest/component.js';
import { CallFailed, Guest, type ErrnoName } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { authenticatedCiphers, hasSlowKeys, keyExchanges, signatures, symmetricAlgorithms } from '../registry.js';
import { projectRoot } from '../shared.js';
import type { AsymmetricCalls, Guests, SymmetricCalls } from '../vectors/guests.js';
import { chance, choose } from './component-arguments.js';

/** What one call gave. Handles have other numbers on either side. */
type Answer = ErrnoName | Uint8Array | 'done';

export interface Both {
  readonly core: readonly Answer[];
  readonly component: readonly Answer[];
  /** How many answers were bytes, and which errnos there were. */
  readonly answers: { readonly bytes: number; readonly errnos: ReadonlySet<string> };
}

export async function runOnBoth({ calls, seed }: { readonly calls: number; readonly seed: number }): Promise<Both> {
  const core = new Guest({ random: bytesOf(seed) });
  const relay = (await relayComponent(`${projectRoot}witx/0.11`, { bindings: 'hybrid' })).instantiate(
    createWasiCrypto({ random: bytesOf(seed) }).component,
  );
  const { realloc, memory } = relay;
  // Memory moves with each allocation: no view from before it can be read any more.
  relay.realloc = (...args) => {
    const start = realloc(...args);
    memory.grow(0);
    return start;
  };
  const guest = new ComponentGuest(relay);
  const run = (guests: Guests): readonly Answer[] => new Sequence(guests, random(seed)).run(calls);
  const answers = {
    core: run({ symmetric: new Symmetric(core), asymmetric: new Asymmetric(core) }),
    component: relay.run(() =>
      run({ symmetric: new ComponentSymmetric(guest), asymmetric: new ComponentAsymmetric(guest) }),
    ),
  };
  const texts = answers.core.filter((each): each is ErrnoName | 'done' => typeof each === 'string');
  return { ...answers, answers: { bytes: answers.core.length - texts.length, errnos: new Set(texts) } };
}

/** The same random bytes for both hosts. */
function bytesOf(seed: number): (bytes: Uint8Array) => void {
  const next = random(seed);
  return (bytes) => {
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = next();
  };
}

/** All that does not encrypt, and a name that nobody has. */
const hashing = [...symmetricAlgorithms.filter(({ authenticated }) => authenticated === undefined), undefined];
/** Where OpenSSL has ML-KEM (Node 24) its randomness is its own: two hosts then encapsulate differently, and only errnos compare. */
const usesOwnersRandomness = typeof Reflect.get(nodeCrypto, 'encapsulate') !== 'function';

const systemRandom = new RandomSource(undefined, () => undefined);

/** Keys are made out of bytes of the test's own. */
const signers = signatures.filter(({ keys }) => keys.secretFromRaw !== undefined && !hasSlowKeys(keys));
const exchanges = keyExchanges.filter(({ keys }) => keys.secretFromRaw !== undefined);
const secretSizes: ReadonlyMap<string, number> = new Map(
  [...signers, ...exchanges].map(({ id, keys }) => [id, keys.generate(systemRandom).raw?.().length ?? 0]),
);

class Sequence {
  readonly #symmetric: SymmetricCalls;
  readonly #asymmetric: AsymmetricCalls;
  readonly #next: Random;
  readonly #answers: Answer[] = [];
  /** Bytes that calls gave: encodings, signatures, ciphertexts. */
  readonly #made: Uint8Array[] = [];

  constructor({ symmetric, asymmetric }: Guests, next: Random) {
    this.#symmetric = symmetric;
    this.#asymmetric = asymmetric;
    this.#next = next;
  }

  run(calls: number): readonly Answer[] {
    const steps = [
      () => this.#hash(),
      () => this.#cipher(),
      () => this.#cipher(),
      () => this.#keys(),
      () => this.#exchange(),
    ];
    while (this.#answers.length < calls) this.#note(choose(this.#next, steps));
    return this.#answers;
  }

  /** Runs a call; the answer is its bytes or errno. */
  #note<T>(call: () => T): T | undefined {
    try {
      const value = call();
      this.#answers.push(value instanceof Uint8Array ? value.slice() : 'done');
      if (value instanceof Uint8Array && this.#made.push(value.slice()) > 16) this.#made.shift();
      return value;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.#answers.push(error.errno);
      return undefined;
    }
  }

  #hash(): void {
    const symmetric = this.#symmetric;
    const chosen = choose(this.#next, hashing);
    const algorithm = chosen?.id ?? 'no-such-hash';
    const rule = chosen?.key;
    const keyed = rule !== undefined || chance(this.#next, 10);
    const key = keyed && !chance(this.#next, 10) ? this.#noise(Math.min(64, rule?.maximum ?? 64)) : undefined;
    symmetric.withState({ algorithm, ...(key === undefined ? {} : { key }) }, (state) => {
      for (let rounds = this.#next() % 5; rounds >= 0; rounds -= 1) {
        choose<() => void>(this.#next, [
          () => this.#note(() => symmetric.absorb(state, this.#noise(this.#next() % 300))),
          // A component has no say in the length; where output goes on, all of it counts.
          () => this.#note(() => symmetric.squeeze(state, chosen?.naturalOutput ?? 32)),
          () => this.#tag(() => symmetric.squeezeTag(state)),
          () =>
            this.#derived(() =>
              symmetric.squeezeKey(
                state,
                choose(this.#next, ['HKDF-EXPAND/SHA-256', 'HKDF-EXPAND/SHA-512', 'AES-128-GCM', 'none']),
              ),
            ),
        ])();
      }
    });
  }

  #tag(make: () => number): void {
    const tag = this.#note(make);
    if (tag === undefined) return;
    this.#note(() => this.#symmetric.tagVerify(tag, this.#some(32)));
    this.#note(() => Uint8Array.of(this.#symmetric.tagLen(tag)));
    this.#note(() => this.#symmetric.tagPull(tag));
  }

  #derived(make: () => number): void {
    const key = this.#note(make);
    if (key === undefined) return;
    this.#note(() => this.#symmetric.keyExport(key));
    this.#note(() => this.#symmetric.keyClose(key));
  }

  #cipher(): void {
    const symmetric = this.#symmetric;
    const { id: algorithm, key: rule, nonce } = choose(this.#next, authenticatedCiphers);
    const key = this.#noise(chance(this.#next, 12) ? 20 : (rule?.generated ?? 0));
    const size = chance(this.#next, 12) ? 8 : (nonce?.minimum ?? 0);
    const options = chance(this.#next, 12) ? undefined : { nonce: this.#noise(size) };
    const message = this.#noise(this.#next() % 200);
    const open = (calls: (state: number) => void): void =>
      symmetric.withState({ algorithm, key, ...(options === undefined ? {} : { options }) }, calls);
    let sealed: Uint8Array | undefined;
    open((state) => {
      if (chance(this.#next, 2)) this.#note(() => symmetric.absorb(state, this.#noise(9)));
      sealed = this.#note(() => symmetric.encrypt(state, message));
      this.#note(() => symmetric.encrypt(state, message));
      this.#note(() => symmetric.decrypt(state, sealed ?? message));
      this.#note(() => symmetric.absorb(state, message));
    });
    open((state) => {
      const detached = this.#note(() => symmetric.encryptDetached(state, message));
      if (detached === undefined) return;
      this.#answers.push(detached.ciphertext.slice());
      const tag = this.#note(() => symmetric.tagPull(detached.tag)) as Uint8Array;
      this.#note(() => symmetric.decryptDetached(state, this.#damaged(detached.ciphertext), tag));
      this.#note(() =>
        symmetric.decryptDetached(state, detached.ciphertext, chance(this.#next, 3) ? tag.subarray(1) : tag),
      );
      this.#note(() => symmetric.decrypt(state, this.#some(40)));
    });
  }

  /** Keys and signatures. Those that are random, and not from the source of the host's owner, are only verified. */
  #keys(): void {
    const asymmetric = this.#asymmetric;
    const { id: algorithm } = choose(this.#next, signers);
    const scalar = this.#noise(secretSizes.get(algorithm) ?? 0);
    const secret = this.#note(() =>
      asymmetric.secretkeyImport(algorithm, chance(this.#next, 8) ? this.#some(32) : scalar, SecretkeyEncoding.Raw),
    );
    if (secret === undefined) return;
    const publickey = this.#note(() => asymmetric.publickeyFromSecretkey(secret));
    if (publickey === undefined) return;
    for (const encoding of Object.values(PublickeyEncoding))
      this.#note(() => asymmetric.publickeyExport(publickey, encoding));
    for (const encoding of Object.values(SecretkeyEncoding))
      this.#note(() => asymmetric.secretkeyExport(secret, encoding));
    this.#note(() => asymmetric.publickeyVerify(publickey));
    const encoded = this.#some(32);
    this.#note(() =>
      asymmetric.publickeyClose(
        asymmetric.publickeyImport(algorithm, encoded, choose(this.#next, Object.values(PublickeyEncoding))),
      ),
    );
    const pair = this.#note(() =>
      asymmetric.keypairImport(
        algorithm,
        chance(this.#next, 2) ? scalar : encoded,
        choose(this.#next, Object.values(KeypairEncoding)),
      ),
    );
    if (pair !== undefined) {
      const message = this.#noise(this.#next() % 100);
      const signature = asymmetric.signMessage(pair, message);
      if (Buffer.from(asymmetric.signMessage(pair, message)).equals(signature)) this.#note(() => signature);
      const own = asymmetric.keypairPublickey(pair);
      this.#note(() => asymmetric.verifyMessage(own, algorithm, message, signature));
      this.#note(() => asymmetric.verifyMessage(own, algorithm, this.#damaged(message), signature));
      this.#note(() =>
        asymmetric.verifyMessage(
          publickey,
          algorithm,
          message,
          this.#some(64),
          choose(this.#next, Object.values(SignatureEncoding)),
        ),
      );
      this.#note(() => asymmetric.publickeyClose(own));
      this.#note(() => asymmetric.keypairClose(pair));
    }
    this.#note(() => asymmetric.publickeyClose(publickey));
    this.#note(() => asymmetric.secretkeyClose(secret));
  }

  #exchange(): void {
    const asymmetric = this.#asymmetric;
    const [mine, theirs] = [choose(this.#next, exchanges).id, choose(this.#next, exchanges).id];
    const secret = (algorithm: string): number | undefined =>
      this.#note(() =>
        asymmetric.secretkeyImport(algorithm, this.#noise(secretSizes.get(algorithm) ?? 0), SecretkeyEncoding.Raw),
      );
    const [own, other] = [secret(mine), secret(chance(this.#next, 3) ? theirs : mine)];
    if (own === undefined || other === undefined) return;
    const publickey = this.#note(() => asymmetric.publickeyFromSecretkey(other));
    if (publickey === undefined) return;
    this.#note(() => asymmetric.dh(publickey, own));
    const sent = this.#note(() => asymmetric.encapsulate(publickey));
    if (sent !== undefined) {
      const opened = asymmetric.decapsulate(other, sent.encapsulated);
      if (!Buffer.from(opened).equals(sent.secret))
        throw new Error('what was encapsulated decapsulates to another secret');
      const note = (call: () => Uint8Array): unknown => this.#note(usesOwnersRandomness ? call : () => void call());
      note(() => sent.secret);
      note(() => sent.encapsulated);
      note(() => asymmetric.decapsulate(other, this.#damaged(sent.encapsulated)));
    }
    this.#note(() => asymmetric.decapsulate(own, this.#some(1120)));
  }

  /** Bytes that were made before, often damaged; or any. */
  #some(length: number): Uint8Array {
    return this.#made.length > 0 && !chance(this.#next, 4)
      ? this.#damaged(choose(this.#next, this.#made))
      : this.#noise(length);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0 || chance(this.#next, 2)) return bytes;
    const copy = bytes.slice();
    const at = this.#next() % copy.length;
    copy[at] = (copy[at] as number) ^ (1 << (this.#next() % 8));
    return copy;
  }

  #noise(length: number): Uint8Array {
    const step = this.#next();
    return Uint8Array.from({ length }, (_, index) => (Math.imul(index + 1, step) >>> 11) % 251);
  }
}
