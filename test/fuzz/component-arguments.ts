/** Arguments as a guest makes them that knows wasi-crypto, but not whether it is right, and the handles it holds. */
import type { CanonicalPlan, CanonicalPass } from '../../generator/abi/plan.js';
import type { RelayGuest } from '../components-relay/relay.js';
import type { Random } from '../abi/calls.js';
import { algorithms, hasSlowKeys, idsOf, keyExchanges, signatures, symmetricAlgorithms } from '../registry.js';
import { ciphers, exchangeNames, knownKeys, optionNames, signatureNames, symmetricNames } from './known.js';

/** True once in `times`. */
export function chance(next: Random, times: number): boolean {
  return next() % times === 0;
}

export function choose<T>(next: Random, from: readonly T[]): T {
  if (from.length === 0) throw new Error('nothing to choose from');
  return from[next() % from.length] as T;
}

/** Good encodings, to be damaged. */
const encodings = knownKeys();

/** Making an RSA key takes longer than all other calls. */
const quickSigners = idsOf(signatures.filter(({ keys }) => !hasSlowKeys(keys)));
/** Those with which something is made without a nonce. */
const keyedAlgorithms = idsOf(symmetricAlgorithms.filter(({ key, nonce }) => key !== undefined && nonce === undefined));

/** How many handles of a kind a guest keeps before it drops some. */
const KEPT = 8;

export class Plausible {
  readonly #next: Random;
  /** Whether handles may be stale or made up. */
  readonly #guesses: boolean;
  #held = new Map<string, number[]>();
  /** Handles that are lent or given away already in the call that is made up. */
  #given = new Set<string>();
  #stale: number[] = [];
  /** Ciphertexts, tags and signatures that were made, to be judged again. */
  readonly #made: Uint8Array[] = [];

  constructor(next: Random, guesses: boolean) {
    this.#next = next;
    this.#guesses = guesses;
  }

  get held(): readonly (readonly [kind: string, handle: number])[] {
    return [...this.#held].flatMap(([kind, handles]) => handles.map((handle) => [kind, handle] as const));
  }

  /** Another instance: its handles are its own. */
  forget(): void {
    this.#held = new Map();
    this.#stale = [];
  }

  learn(kind: string, handle: number): void {
    this.#known(kind).push(handle);
  }

  gone(kind: string, handle: number): void {
    const known = this.#known(kind);
    const at = known.indexOf(handle);
    if (at < 0) return;
    known.splice(at, 1);
    this.#stale = [...this.#stale, handle].slice(-KEPT);
  }

  /** A function to call: mostly one that needs no secrets manager, and takes only what is there. Without guessing, always such a one. */
  function(plans: readonly CanonicalPlan[]): CanonicalPlan {
    this.#given = new Set();
    if (this.#guesses && chance(this.#next, 40)) return choose(this.#next, plans);
    return choose(
      this.#next,
      plans.filter((plan) =>
        plan.params.every(({ pass }) => pass.how !== 'handle' || this.#known(pass.kind.name.wire).length > 1),
      ),
    );
  }

  /** Drops the oldest of what there is too much of; something in any case. */
  dropAny(guest: RelayGuest): void {
    const crowded = [...this.#held].flatMap(([kind, handles]) =>
      handles.slice(0, Math.max(0, handles.length - KEPT)).map((handle) => [kind, handle] as const),
    );
    for (const [kind, handle] of crowded.length > 0 ? crowded : this.held.slice(-1)) this.#drop(guest, kind, handle);
  }

  dropAll(guest: RelayGuest): void {
    for (const [kind, handle] of this.held) this.#drop(guest, kind, handle);
  }

  /** Objects that random calls would hardly ever put together: a cipher with key and nonce, keyed hashes, signatures, keys to exchange. */
  prepare(guest: RelayGuest): void {
    const { realloc } = guest;
    guest.realloc = (_old, _oldSize, align, size) => guest.allocate(size, align);
    try {
      const cipher = choose(this.#next, ciphers);
      const key = this.#made1(guest, 'symmetric-key', 'symmetric-key-generate', cipher, undefined);
      const options = this.#made1(guest, 'options', 'options-open', 'symmetric');
      guest.call('options-set', options, 'nonce', this.#noise(algorithms.symmetric(cipher).nonce?.minimum ?? 0));
      const state = this.#made1(guest, 'symmetric-state', 'symmetric-state-open', cipher, key, options);
      const message = this.#noise(this.#next() % 60);
      this.#keep(this.#called(guest, 'symmetric-state-encrypt', state, message));
      this.#made1(guest, 'symmetric-state', 'symmetric-state-open', cipher, key, options);
      const pair = this.#made1(
        guest,
        'keypair',
        'keypair-generate',
        'signatures',
        choose(this.#next, quickSigners),
        undefined,
      );
      const signing = this.#made1(guest, 'signature-state', 'signature-state-open', pair);
      const publickey = this.#made1(guest, 'publickey', 'keypair-publickey', pair);
      this.#made1(guest, 'signature', 'signature-state-sign', signing);
      this.#made1(guest, 'signature-verification-state', 'signature-verification-state-open', publickey);
      const keyed = choose(this.#next, keyedAlgorithms);
      this.#made1(
        guest,
        'symmetric-state',
        'symmetric-state-open',
        keyed,
        this.#made1(
          guest,
          'symmetric-key',
          'symmetric-key-import',
          keyed,
          this.#noise(algorithms.symmetric(keyed).key?.generated ?? 64),
        ),
        undefined,
      );
      const exchange = this.#made1(
        guest,
        'keypair',
        'keypair-generate',
        'key-exchange',
        choose(this.#next, idsOf(keyExchanges)),
        undefined,
      );
      this.#made1(guest, 'publickey', 'keypair-publickey', exchange);
      this.#made1(guest, 'secretkey', 'keypair-secretkey', exchange);
    } finally {
      guest.realloc = realloc;
    }
  }

  /** A value for a parameter. */
  value(plan: CanonicalPlan, pass: CanonicalPass, name: string): unknown {
    switch (pass.how) {
      case 'handle':
        return this.#handle(pass.kind.name.wire, pass.ownership === 'own');
      case 'string':
        return this.#text(plan.wire, name);
      case 'enum':
        return choose(this.#next, pass.cases).name.wire;
      case 'scalar':
        if (pass.scalar === 'u64')
          return chance(this.#next, 2)
            ? BigInt(this.#next() % 40)
            : (BigInt(this.#next()) << 32n) | BigInt(this.#next());
        return chance(this.#next, 20) ? this.#next() : Math.max(0, this.#last - 16);
      case 'list':
        if (pass.element.how === 'scalar') return this.#bytes(name);
        return Array.from({ length: this.#next() % 5 }, () => this.value(plan, pass.element, name));
      case 'tuple':
        return pass.parts.map((item) => this.value(plan, item.pass, name));
      case 'option':
        return chance(this.#next, 2) ? this.value(plan, pass.some.pass, name) : undefined;
      case 'variant': {
        const { name: wire, pass: payload } = choose(this.#next, pass.cases);
        return { tag: wire.wire, val: payload === undefined ? undefined : this.value(plan, payload, name) };
      }
      case 'bool':
      case 'flags':
      case 'record':
      case 'result':
        throw new Error(`no argument for ${pass.how}`);
    }
  }

  /** The size of the bytes that were made up last. */
  #last = 0;

  #handle(kind: string, own: boolean): number {
    if (this.#guesses && chance(this.#next, own ? 80 : 14))
      return choose(this.#next, [0, 1, this.#next() | 0, this.#next() % 60, -0x8000_0000 + 1, ...this.#stale]);
    const free = this.#known(kind).filter((handle) => !this.#given.has(`${kind} ${handle}`));
    if (free.length === 0) return 0;
    const handle = choose(this.#next, free);
    if (own || !this.#guesses) this.#given.add(`${kind} ${handle}`);
    return handle;
  }

  #text(func: string, name: string): string {
    if (chance(this.#next, 25))
      return String.fromCodePoint(...Array.from({ length: this.#next() % 40 }, () => this.#next() % 0xd800));
    if (name === 'name') return choose(this.#next, optionNames);
    if (func.startsWith('symmetric')) return choose(this.#next, symmetricNames);
    return choose(this.#next, chance(this.#next, 2) ? signatureNames : exchangeNames);
  }

  #bytes(name: string): Uint8Array {
    const bytes = this.#content(name);
    this.#last = bytes.length;
    return bytes;
  }

  #content(name: string): Uint8Array {
    if (name.startsWith('encoded')) return this.#damaged(choose(this.#next, encodings));
    if (this.#made.length > 0 && chance(this.#next, 2)) return this.#damaged(choose(this.#next, this.#made));
    if (name === 'raw' || name === 'value')
      return this.#noise(choose(this.#next, [12, 16, 32, 0, 24, 64, this.#next() % 200]));
    return this.#noise(chance(this.#next, 30) ? this.#next() % 30_000 : this.#next() % 80);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(bytes);
    if (chance(this.#next, 2) || copy.length === 0) return copy;
    if (chance(this.#next, 3)) return copy.subarray(0, this.#next() % copy.length);
    const at = this.#next() % copy.length;
    copy[at] = (copy[at] as number) ^ (1 << (this.#next() % 8));
    return copy;
  }

  #noise(length: number): Uint8Array {
    const step = this.#next();
    return Uint8Array.from({ length }, (_, index) => (Math.imul(index + 1, step) >>> 11) % 192);
  }

  #known(kind: string): number[] {
    const known = this.#held.get(kind) ?? [];
    this.#held.set(kind, known);
    return known;
  }

  #drop(guest: RelayGuest, kind: string, handle: number): void {
    this.gone(kind, handle);
    guest.drop(kind, handle);
  }

  #keep(bytes: unknown): void {
    if (bytes instanceof Uint8Array) this.#made.push(bytes);
    if (this.#made.length > KEPT) this.#made.shift();
  }

  /** What a call returned if it succeeded: it may have come to a limit. */
  #called(guest: RelayGuest, name: string, ...args: readonly unknown[]): unknown {
    const { tag, val } = guest.call(name, ...args) as { readonly tag: string; readonly val: unknown };
    return tag === 'ok' ? val : undefined;
  }

  /** A call that makes one object; 0, which is no handle, if it failed. */
  #made1(guest: RelayGuest, kind: string, name: string, ...args: readonly unknown[]): number {
    const handle = this.#called(guest, name, ...args);
    if (typeof handle !== 'number') return 0;
    this.learn(kind, handle);
    return handle;
  }
}
