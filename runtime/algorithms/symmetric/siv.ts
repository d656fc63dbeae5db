/**
 * AES-SIV (RFC 5297): the tag is computed from all input and is where the stream starts, so that a nonce may be missing, or
 * come twice: equal messages then have equal ciphertexts, and no more is told.
 */
import type { SymmetricBackend } from '../../backends/backend.js';
import { double } from '../../backends/doubling.js';
import { giveBack, takeBytes, takeCopy } from '../../blocks.js';
import { ByteCollector, part, sameBytes } from '../../bytes.js';
import type { CounterCipher, MacFunction, MacKey, Prepared } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { unmetered } from '../../meter.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { requireSize, SymmetricTag } from '../../objects/symmetric-tags.js';
import { RESULT_COST, SIV_PREPARED_PRICE } from '../../prices.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import type { Permit } from './aead.js';
import { DerivedKey } from './derived-key.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

const BLOCK = 16;
const zeros = new Uint8Array(BLOCK);

/** @param size of a key, in bytes: of two keys of AES */
function sivAlgorithm(id: string, size: number, backend: SymmetricBackend): SymmetricAlgorithm {
  const [mac, counter] = [backend.cmac(size / 2), backend.counter(size / 2)];
  const prepare = (bytes: Uint8Array): SivKey => new SivKey(mac, counter, bytes);
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: size, maximum: size, generated: size },
    nonce: { minimum: 1, maximum: Infinity, absent: 'allowed' },
    options: ['nonce'],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: true,
    open(setup) {
      return new SivState(setup, prepare, undefined, false, { spent: false });
    },
  };
}

class SivKey implements Prepared {
  readonly #mac: MacKey;
  readonly #counter: CounterCipher;
  readonly #stream: DerivedKey;

  constructor(mac: MacFunction, counter: CounterCipher, bytes: Uint8Array) {
    const half = bytes.length / 2;
    this.#mac = mac.key(part(bytes, 0, half));
    this.#counter = counter;
    this.#stream = new DerivedKey(part(bytes, half, bytes.length));
  }

  /** RFC 5297, 2.4: S2V. @param components before the message */
  authenticate(components: readonly Uint8Array[], message: Uint8Array, out: Uint8Array): void {
    const [sum, block] = [takeBytes(BLOCK), takeBytes(BLOCK)];
    try {
      this.#code(out, zeros);
      sum.set(out);
      for (const component of components) {
        double(sum);
        this.#code(out, component);
        add(sum, out);
      }
      const whole = Math.max(0, message.length - BLOCK);
      block.set(part(message, whole, message.length));
      if (message.length < BLOCK) {
        block[message.length] = 0x80;
        double(sum);
      }
      add(block, sum);
      this.#code(out, part(message, 0, whole), block);
    } finally {
      giveBack(sum, BLOCK);
      giveBack(block, BLOCK);
    }
  }

  /** RFC 5297, 2.6: two bits of the tag are left out, so that counters of 32 bits do not carry. */
  addStream(tag: Uint8Array, data: Uint8Array): void {
    const counter = takeCopy(tag);
    counter[8] = (counter[8] as number) & 0x7f;
    counter[12] = (counter[12] as number) & 0x7f;
    try {
      this.#counter.add(this.#stream, counter, 0, data);
    } finally {
      giveBack(counter, BLOCK);
    }
  }

  wipe(): void {
    this.#mac.wipe();
    this.#stream.wipe();
  }

  #code(out: Uint8Array, ...input: readonly Uint8Array[]): void {
    const running = this.#mac.start(unmetered);
    try {
      for (const each of input) running.update(each);
      running.write(out);
    } finally {
      running.wipe();
    }
  }
}

function add(block: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < BLOCK; index += 1) block[index] = (block[index] as number) ^ (other[index] as number);
}

class SivState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #prepare: (bytes: Uint8Array) => SivKey;
  /** Undefined: nothing was absorbed, which is not the same as an empty absorption. */
  #associated: ByteCollector | undefined;
  /** Something was encrypted or decrypted here: no more associated data. */
  #begun: boolean;
  /** Only asked where there is a nonce. */
  readonly #permit: Permit;

  constructor(
    setup: StateSetup,
    prepare: (bytes: Uint8Array) => SivKey,
    associated: ByteCollector | undefined,
    begun: boolean,
    permit: Permit,
  ) {
    super();
    this.setup = setup;
    this.#prepare = prepare;
    this.#associated = associated;
    this.#begun = begun;
    this.#permit = permit;
  }

  override absorb(data: Uint8Array): void {
    if (this.#begun) throw fail.InvalidOperation;
    const associated = this.#associated ?? new ByteCollector(this.context.limits.messageBytes, this.account);
    associated.append(data);
    this.#associated = associated;
  }

  override maxTagLength(): number {
    return BLOCK;
  }

  override requireEncryption(): void {
    if (this.#permit.spent && this.#nonce() !== undefined) throw fail.NonceRequired;
  }

  override encrypt(out: Uint8Array, data: Uint8Array): number {
    this.requireEncryption();
    requireSize(out, data.length + BLOCK);
    const tag = takeBytes(BLOCK);
    try {
      this.#seal(part(out, BLOCK, out.length), data, tag);
      out.set(tag);
    } finally {
      giveBack(tag, BLOCK);
    }
    this.#spend();
    return out.length;
  }

  override encryptDetached(out: Uint8Array, data: Uint8Array): SymmetricTag {
    this.requireEncryption();
    requireSize(out, data.length);
    const bytes = takeBytes(BLOCK);
    // Before the nonce is spent.
    const tag = new SymmetricTag(this.context.meter.accounts.symmetricTag, bytes);
    try {
      this.#seal(out, data, bytes);
    } catch (error) {
      tag.release();
      throw error;
    }
    this.#spend();
    return tag;
  }

  override decrypt(out: Uint8Array, data: Uint8Array): number {
    if (data.length < BLOCK) throw fail.InvalidTag;
    return this.decryptDetached(out, part(data, BLOCK, data.length), part(data, 0, BLOCK));
  }

  override decryptDetached(out: Uint8Array, data: Uint8Array, tag: Uint8Array): number {
    if (tag.length !== BLOCK) throw fail.InvalidTag;
    requireSize(out, data.length);
    this.#spendFor(data);
    const key = this.#key();
    const computed = takeBytes(BLOCK);
    // Not where the guest looks, until it is verified.
    const room = takeBytes(data.length);
    const message = part(room, 0, data.length);
    try {
      message.set(data);
      key.addStream(tag, message);
      key.authenticate(this.#components(), message, computed);
      if (!sameBytes(computed, tag)) throw fail.InvalidTag;
      out.set(message);
    } finally {
      giveBack(room, data.length);
      giveBack(computed, BLOCK);
    }
    this.#spend();
    return data.length;
  }

  override clone(): SivState {
    const associated = this.#associated?.clone();
    return new SivState(this.clonedSetup(), this.#prepare, associated, this.#begun, this.#permit);
  }

  protected override dispose(): void {
    this.#associated?.wipe();
    super.dispose();
  }

  #seal(out: Uint8Array, data: Uint8Array, tag: Uint8Array): void {
    this.#spendFor(data);
    const key = this.#key();
    key.authenticate(this.#components(), data, tag);
    out.set(data);
    key.addStream(tag, out);
  }

  #key(): SivKey {
    return (this.key as KeyMaterial).prepared(this.#prepare, SIV_PREPARED_PRICE);
  }

  #nonce(): Uint8Array | undefined {
    return this.options.get('nonce');
  }

  #components(): readonly Uint8Array[] {
    return [this.#associated?.view(), this.#nonce()].filter((each) => each !== undefined);
  }

  /** The message is read twice: for its tag, and for its ciphertext. */
  #spendFor(data: Uint8Array): void {
    this.account.spend(RESULT_COST + 2 * data.length + (this.#associated?.length ?? 0) + (this.#nonce()?.length ?? 0));
  }

  #spend(): void {
    this.#permit.spent = true;
    this.#begun = true;
  }
}

/** @param size of a key, in bytes */
function entry(id: string, size: number, vectors: readonly string[]): SymmetricEntry {
  return byOpenssl(id, { tier: 'optional', vectors }, (_id, backend) => sivAlgorithm(id, size, backend));
}

export const sivs: readonly SymmetricEntry[] = [
  entry('AES-128-SIV', 32, ['botan', 'generated', 'wycheproof']),
  entry('AES-256-SIV', 64, ['generated', 'wycheproof']),
];
