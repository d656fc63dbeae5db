/** A guest beside a model of what it should be charged: any sequence of calls takes what a few lines of sums predict. */
import { expect } from 'vitest';
import { KEY_PRICE, objectPrices, OPTION_PRICE, PREPARED_PRICE, STREAM_PRICE } from '../../runtime/prices.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest, type ErrnoName } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { algorithms } from '../registry.js';

/** Sums in the model. What is shared lives until its last user is gone. */
interface Shared {
  size: number;
  users: number;
}
interface Key extends Shared {
  readonly algorithm: string;
  prepared: boolean;
}
interface Held {
  readonly handle: number;
  readonly close: () => void;
  /** Gives back in the model what the handle stands for. */
  readonly end: () => void;
}
interface OptionsHeld extends Held {
  values: Shared & { readonly byName: Map<string, number> };
}
interface KeyHeld extends Held {
  readonly key: Key;
}
interface StateHeld extends Held {
  readonly algorithm: string;
  readonly key: Key | undefined;
  readonly values: Shared | undefined;
  readonly input: Input;
}
interface OutputHeld extends Held {
  left: number;
}
/** Input that is kept: how much, and what is charged for it. */
interface Input {
  length: number;
  charged: number;
  stream: boolean;
}

const MESSAGE = 8192;
const BLOCK = 4096;
const TOTAL = 25_000;
const states = ['SHA-256', 'HMAC/SHA-256', 'HKDF-EXTRACT/SHA-256', 'HKDF-EXPAND/SHA-256', 'AES-128-GCM'] as const;
const edKey = algorithms.signature('Ed25519').keys.prices.bytes;

/** A guest, and a model of what it should be charged. */
export class Compared {
  readonly s: Symmetric;
  readonly a: Asymmetric;
  /** OpenSSL's HMAC without the native backend keeps a block of the key before the input. */
  readonly #macPrefix: number;
  #total = 0;
  readonly #options: OptionsHeld[] = [];
  readonly #keys: KeyHeld[] = [];
  readonly #states: StateHeld[] = [];
  readonly #tags: Held[] = [];
  readonly #outputs: OutputHeld[] = [];
  readonly #pairs: Held[] = [];
  readonly #signers: (Held & { readonly input: Input })[] = [];
  readonly #signatures: Held[] = [];

  constructor(native: 'auto' | 'off') {
    const guest = new Guest({ native, limits: { totalBytes: TOTAL, messageBytes: MESSAGE, optionBytes: MESSAGE } });
    this.s = new Symmetric(guest);
    this.a = new Asymmetric(guest);
    const mac = guest.host.capabilities().algorithms.find(({ id }) => id === 'HMAC/SHA-256');
    this.#macPrefix = mac?.backend?.startsWith('native') === true ? 0 : 64;
  }

  step(operation: number, pick: number, size: number): void {
    const steps = [
      () => this.#openOptions(),
      () => this.#setOption(pick, size),
      () => this.#close(this.#options, pick),
      () => this.#importKey(pick, size),
      () => this.#close(this.#keys, pick),
      () => this.#openState(pick, size),
      () => this.#absorb(pick, size),
      () => this.#clone(pick),
      () => this.#close(this.#states, pick),
      () => this.#squeezeTag(pick),
      () => this.#encrypt(pick),
      () => this.#close(this.#tags, pick),
      () => this.#export(pick),
      () => this.#pull(pick, size),
      () => this.#squeezeKey(pick),
      () => this.#expand(pick),
      () => this.#generate(),
      () => this.#openSigner(pick),
      () => this.#update(pick, size),
      () => this.#sign(pick),
      () => this.#close(this.#pairs, pick),
      () => this.#close(this.#signers, pick),
      () => this.#close(this.#signatures, pick),
    ];
    (steps[operation % steps.length] as () => void)();
    expect(this.#measured()).toBe(this.#total);
  }

  /** Closes everything, one by one. */
  closeAll(): void {
    for (const list of [
      this.#options,
      this.#keys,
      this.#states,
      this.#tags,
      this.#pairs,
      this.#signers,
      this.#signatures,
    ])
      while (list.length > 0) this.#close(list, 0);
    for (const output of this.#outputs) output.close();
    expect(this.s.guest.host.usage()).toMatchObject({ bytes: 0, handles: 0 });
  }

  #measured(): number {
    return this.s.guest.host.usage().bytes;
  }

  /**
   * Makes a call. Whether it is refused follows from what it takes; any other error changes nothing.
   *
   * @param peak what it needs at once, if more than what stays charged
   */
  #expect(net: number, call: () => void, done: () => void, peak = net): void {
    const errno: ErrnoName = errnoOf(call);
    if (errno !== 'Success' && errno !== 'Overflow') return;
    expect(errno).toBe(this.#total + peak > TOTAL ? 'Overflow' : 'Success');
    if (errno === 'Overflow') return;
    this.#total += net;
    done();
  }

  #close(list: Held[], pick: number): void {
    const [held] = list.splice(pick % Math.max(1, list.length), 1);
    held?.close();
    held?.end();
  }

  #openOptions(): void {
    let handle = 0;
    const done = (): void => {
      const held: OptionsHeld = {
        handle,
        values: { size: 0, users: 1, byName: new Map() },
        close: () => this.s.common.optionsClose(handle),
        end: () => {
          this.#total -= objectPrices.options;
          this.#release(held.values);
        },
      };
      this.#options.push(held);
    };
    this.#expect(objectPrices.options, () => (handle = this.s.common.optionsOpen()), done);
  }

  #setOption(pick: number, size: number): void {
    const held = this.#options[pick % this.#options.length];
    if (held === undefined) return;
    const [name, length] = pick % 3 === 0 ? ['parallelism', 0] : ['nonce', pick % 3 === 1 ? 12 : size % MESSAGE];
    const { values } = held;
    const price = OPTION_PRICE + length;
    const replaced = values.byName.get(name) ?? 0;
    const copied = values.users > 1 ? values.size : 0;
    const call = (): void =>
      this.s.common.optionsSet(held.handle, name, name === 'nonce' ? pattern(length) : BigInt(size));
    this.#expect(price - replaced + copied, call, () => {
      if (copied > 0 || values.users > 1) {
        values.users -= 1;
        held.values = { size: values.size, users: 1, byName: new Map(values.byName) };
      }
      held.values.size += price - replaced;
      held.values.byName.set(name, price);
    });
  }

  #importKey(pick: number, size: number): void {
    const algorithm = states[1 + (pick % 4)] as string;
    const length = algorithm === 'AES-128-GCM' ? 16 : 32 + (size % 3000);
    let handle = 0;
    const call = (): number => (handle = this.s.keyImport(algorithm, pattern(length)));
    this.#expect(objectPrices.symmetricKey + KEY_PRICE + length, call, () =>
      this.#keys.push(this.#key(handle, { algorithm, size: KEY_PRICE + length, users: 1, prepared: false })),
    );
  }

  #key(handle: number, key: Key): KeyHeld {
    const end = (): void => {
      this.#total -= objectPrices.symmetricKey;
      this.#release(key);
    };
    return { handle, key, close: () => this.s.keyClose(handle), end };
  }

  #openState(pick: number, size: number): void {
    const held = this.#keys[pick % this.#keys.length];
    const key = pick % 4 === 0 ? undefined : held?.key;
    const algorithm = key?.algorithm ?? 'SHA-256';
    const set = algorithm === 'AES-128-GCM' || size % 5 === 0 ? this.#options[size % this.#options.length] : undefined;
    const prepares = algorithm === 'HMAC/SHA-256' && key !== undefined && !key.prepared;
    let handle = 0;
    this.#expect(
      objectPrices.symmetricState + (prepares ? PREPARED_PRICE : 0),
      () => (handle = this.s.open(algorithm, key === undefined ? undefined : held?.handle, set?.handle)),
      () => {
        if (prepares) this.#prepare(key);
        this.#states.push(this.#state(handle, algorithm, key, set?.values, { length: 0, charged: 0, stream: false }));
      },
    );
  }

  #state(handle: number, algorithm: string, key: Key | undefined, values: Shared | undefined, input: Input): StateHeld {
    if (key !== undefined) key.users += 1;
    if (values !== undefined) values.users += 1;
    return {
      handle,
      algorithm,
      key,
      values,
      input,
      close: () => this.s.close(handle),
      end: () => {
        this.#total -= objectPrices.symmetricState + input.charged;
        this.#release(key);
        this.#release(values);
      },
    };
  }

  #absorb(pick: number, size: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state === undefined) return;
    const collects = state.algorithm !== 'SHA-256' && state.algorithm !== 'HMAC/SHA-256';
    const call = (length: number) => (): void => this.s.absorb(state.handle, pattern(length));
    if (collects) this.#collect(state.input, size % 5000, call(size % 5000));
    else this.#run(state, size % 5000, call(size % 5000));
  }

  /** Input that is kept as a whole. */
  #collect(input: Input, size: number, call: () => void): void {
    const length = input.length + size;
    const wanted = input.length === 0 ? length : Math.min(MESSAGE, Math.max(length, 2 * input.charged));
    const fits = this.#total + wanted - input.charged <= TOTAL;
    const charged = length <= input.charged ? input.charged : fits ? wanted : length;
    const done = (): void => void Object.assign(input, { length, charged });
    this.#expect(length > MESSAGE ? 0 : charged - input.charged, call, done, length > MESSAGE ? Infinity : undefined);
  }

  /** Input that is kept while it is short. */
  #run({ algorithm, input }: StateHeld, size: number, call: () => void): void {
    const end = (algorithm === 'SHA-256' ? 0 : this.#macPrefix) + input.length + size;
    if (input.stream) this.#expect(0, call, () => undefined);
    else if (end > BLOCK) {
      const done = (): void => void Object.assign(input, { charged: STREAM_PRICE, stream: true });
      this.#expect(STREAM_PRICE - input.charged, call, done, STREAM_PRICE);
    } else {
      const charged = end <= input.charged ? input.charged : input.length === 0 ? end : Math.min(BLOCK, 2 * end);
      const done = (): void => void Object.assign(input, { length: input.length + size, charged });
      this.#expect(charged - input.charged, call, done);
    }
  }

  #clone(pick: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state === undefined) return;
    const { algorithm, key, values, input } = state;
    const prefix = algorithm === 'HMAC/SHA-256' && input.length > 0 ? this.#macPrefix : 0;
    const charged = input.stream ? STREAM_PRICE : prefix + input.length;
    let handle = 0;
    const call = (): number => (handle = this.s.clone(state.handle));
    this.#expect(objectPrices.symmetricState + charged, call, () =>
      this.#states.push(this.#state(handle, algorithm, key, values, { ...input, charged })),
    );
  }

  #squeezeTag(pick: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state === undefined) return;
    let handle = 0;
    const call = (): number => (handle = this.s.squeezeTag(state.handle));
    this.#expect(objectPrices.symmetricTag + 32, call, () => this.#tags.push(this.#tag(handle, 32)));
  }

  #encrypt(pick: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state === undefined) return;
    const prepares = state.key?.prepared === false;
    let handle = 0;
    const call = (): number => (handle = this.s.encryptDetached(state.handle, pattern(20)).tag);
    this.#expect(objectPrices.symmetricTag + 16 + (prepares ? PREPARED_PRICE : 0), call, () => {
      if (prepares) this.#prepare(state.key);
      this.#tags.push(this.#tag(handle, 16));
    });
  }

  #tag(handle: number, size: number): Held {
    const close = (): void => {
      if (handle % 2 === 0) this.s.tagClose(handle);
      else this.s.tagPull(handle);
    };
    return { handle, close, end: () => (this.#total -= objectPrices.symmetricTag + size) };
  }

  #export(pick: number): void {
    const held = this.#keys[pick % this.#keys.length];
    if (held === undefined) return;
    const length = held.key.size - KEY_PRICE - (held.key.prepared ? PREPARED_PRICE : 0);
    let handle = 0;
    const call = (): number => (handle = this.s.guest.callForU32('symmetric_key_export', held.handle));
    this.#expect(objectPrices.arrayOutput + length, call, () =>
      this.#outputs.push({
        handle,
        left: length,
        close: () => void this.s.common.drain(handle),
        end: () => (this.#total -= objectPrices.arrayOutput + length),
      }),
    );
  }

  #pull(pick: number, size: number): void {
    const index = pick % this.#outputs.length;
    const output = this.#outputs[index];
    if (output === undefined) return;
    output.left -= this.s.common.arrayOutputPull(output.handle, size % 4000).length;
    if (output.left > 0) return;
    this.#outputs.splice(index, 1);
    output.end();
  }

  #squeezeKey(pick: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state === undefined) return;
    const algorithm = 'HKDF-EXPAND/SHA-256';
    let handle = 0;
    const call = (): number => (handle = this.s.squeezeKey(state.handle, algorithm));
    this.#expect(objectPrices.symmetricKey + KEY_PRICE + 32, call, () =>
      this.#keys.push(this.#key(handle, { algorithm, size: KEY_PRICE + 32, users: 1, prepared: false })),
    );
  }

  #expand(pick: number): void {
    const state = this.#states[pick % this.#states.length];
    if (state?.algorithm !== 'HKDF-EXPAND/SHA-256') return;
    const prepares = state.key?.prepared === false;
    const done = (): void => {
      if (prepares) this.#prepare(state.key);
    };
    this.#expect(prepares ? PREPARED_PRICE : 0, () => this.s.squeeze(state.handle, 100), done);
  }

  #generate(): void {
    let handle = 0;
    const price = objectPrices.keypair + edKey;
    this.#expect(
      price,
      () => (handle = this.a.keypairGenerate('Ed25519')),
      () => this.#pairs.push({ handle, close: () => this.a.keypairClose(handle), end: () => (this.#total -= price) }),
    );
  }

  #openSigner(pick: number): void {
    const pair = this.#pairs[pick % this.#pairs.length];
    if (pair === undefined) return;
    const price = objectPrices.signatureState + edKey;
    const input: Input = { length: 0, charged: 0, stream: false };
    let handle = 0;
    const call = (): number => (handle = this.a.guest.callForU32('signature_state_open', pair.handle));
    this.#expect(price, call, () =>
      this.#signers.push({
        handle,
        input,
        close: () => this.a.guest.call('signature_state_close', handle),
        end: () => (this.#total -= price + input.charged),
      }),
    );
  }

  #update(pick: number, size: number): void {
    const signer = this.#signers[pick % this.#signers.length];
    if (signer === undefined) return;
    const { guest } = this.a;
    const data = pattern(size % 5000);
    this.#collect(signer.input, data.length, () =>
      guest.scoped(() => guest.call('signature_state_update', signer.handle, guest.put(data), data.length)),
    );
  }

  #sign(pick: number): void {
    const signer = this.#signers[pick % this.#signers.length];
    if (signer === undefined) return;
    const price = objectPrices.signature + 64;
    let handle = 0;
    const call = (): number => (handle = this.a.guest.callForU32('signature_state_sign', signer.handle));
    const close = (): void => this.a.guest.call('signature_close', handle);
    this.#expect(price, call, () => this.#signatures.push({ handle, close, end: () => (this.#total -= price) }));
  }

  #prepare(key: Key | undefined): void {
    if (key === undefined) return;
    key.prepared = true;
    key.size += PREPARED_PRICE;
  }

  #release(shared: Shared | undefined): void {
    if (shared === undefined) return;
    shared.users -= 1;
    if (shared.users === 0) this.#total -= shared.size;
  }
}
