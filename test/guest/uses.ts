/**
 * What symmetric algorithms can do, found by trying: every way to get output from a state. Tests of what must hold for
 * all of them run over these uses, so that a new algorithm is tested as it stands in the registry.
 */
import { randomBytes } from 'node:crypto';
import type { SymmetricAlgorithm } from '../../runtime/algorithms/descriptor.js';
import type { LimitOptions } from '../../runtime/options.js';
import { optionTable } from '../../runtime/objects/option-table.js';
import { algorithms, supportedEntries, symmetricAlgorithms } from '../registry.js';
import type { OptionInput } from './common.js';
import { errnoOf, Guest, type ErrnoName } from './guest.js';
import { Symmetric } from './symmetric.js';

export type Way = 'squeeze' | 'squeeze tag' | 'squeeze key' | 'encrypt' | 'encrypt detached';

/** One way to get output. */
export interface Use {
  readonly algorithm: SymmetricAlgorithm;
  readonly way: Way;
  /** Whether there is a key: some algorithms do one thing with and another without. */
  readonly keyed: boolean;
  /** What a key is squeezed for. */
  readonly target: string | undefined;
}

/** All that an output depends on. */
export interface Input {
  /** Undefined: the use has none. */
  readonly key: Uint8Array | undefined;
  /** Every option of bytes that the algorithm defines; none where it does not take them with a key, or without one. */
  readonly options: Readonly<Record<string, Uint8Array>>;
  /** Empty where the algorithm absorbs nothing. */
  readonly absorbed: Uint8Array;
  /** Empty where nothing is encrypted. */
  readonly message: Uint8Array;
}

type Get = (s: Symmetric, state: number, use: Use, message: Uint8Array) => Uint8Array;

const passwordHashes = new Set(supportedEntries.flatMap(({ id, passwords }) => (passwords === true ? [id] : [])));

/** Whether it is slow on purpose, and its tags are strings for a database. */
export function isPasswordHash({ id }: SymmetricAlgorithm): boolean {
  return passwordHashes.has(id);
}

/** The numbers without which an algorithm opens no state: the smallest costs of password hashes, since tests compute thousands. */
export function numbersOf({ id, options }: SymmetricAlgorithm): Readonly<Record<string, bigint>> {
  if (!passwordHashes.has(id)) return {};
  const memory: Readonly<Record<string, bigint>> = options.includes('memory_limit') ? { memory_limit: 65_536n } : {};
  const choices = [1n, 2n, 4n].map((passes) => ({ ...memory, ops_limit: passes }));
  const opens = (chosen: OptionInput): boolean =>
    errnoOf(() => trials.withState({ algorithm: id, options: chosen }, () => undefined)) === 'Success';
  return choices.find(opens) ?? {};
}

const get: Readonly<Record<Way, Get>> = {
  squeeze: (s, state, { algorithm }) => s.squeeze(state, algorithm.naturalOutput ?? 32),
  'squeeze tag': (s, state) => s.tagPull(s.squeezeTag(state)),
  'squeeze key'(s, state, { target = '' }) {
    const key = s.squeezeKey(state, target);
    const exported = s.keyExport(key);
    s.keyClose(key);
    return exported;
  },
  encrypt: (s, state, _use, message) => s.encrypt(state, message),
  'encrypt detached'(s, state, _use, message) {
    const { ciphertext, tag } = s.encryptDetached(state, message);
    return Uint8Array.from([...ciphertext, ...s.tagPull(tag)]);
  },
};
const ways = Object.keys(get) as Way[];

function takesKey({ key }: SymmetricAlgorithm): boolean {
  return key !== undefined;
}

/** A guest whose host has all algorithms. */
export function symmetricGuest(native: 'auto' | 'off' = 'auto', limits: LimitOptions = {}): Symmetric {
  return new Symmetric(new Guest({ native, limits, policy: { unauthenticatedCiphers: true } }));
}

const trials = symmetricGuest();

/** The same bytes with one bit changed in one of them. */
export function changed(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.with(index, (bytes[index] as number) ^ (1 << (index % 8)));
}

/** Every input that differs from this one in one bit, for every byte. */
export function* neighbours(input: Input): Generator<readonly [what: string, Input]> {
  for (const part of ['key', 'absorbed', 'message'] as const) {
    const bytes = input[part] ?? new Uint8Array(0);
    for (const index of bytes.keys()) yield [`${part} ${index}`, { ...input, [part]: changed(bytes, index) }];
  }
  for (const [name, bytes] of Object.entries(input.options)) {
    for (const index of bytes.keys())
      yield [`${name} ${index}`, { ...input, options: { ...input.options, [name]: changed(bytes, index) } }];
  }
}

/** The size of the keys that tests use: that of generated ones, or the smallest; in bytes. */
function keySize({ key }: SymmetricAlgorithm): number | undefined {
  return key?.generated ?? key?.minimum;
}

/** The size of the nonces that tests use, in bytes. */
function nonceSize({ nonce }: SymmetricAlgorithm): number {
  return Math.min(Math.max(nonce?.minimum ?? 0, 12), nonce?.maximum ?? 12);
}

/** A random key, and a value of every option of bytes. */
function setupOf(algorithm: SymmetricAlgorithm, keyed: boolean): Pick<Input, 'key' | 'options'> {
  const size = keyed ? keySize(algorithm) : undefined;
  const names: readonly string[] = algorithm.options;
  const options = optionTable.flatMap(({ name, type }) =>
    type === 'bytes' && names.includes(name)
      ? [[name, randomBytes(name === 'nonce' ? nonceSize(algorithm) : 16)] as const]
      : [],
  );
  const whole = { key: size === undefined ? undefined : randomBytes(size), options: Object.fromEntries(options) };
  return opened(algorithm, whole, () => undefined) === 'UnsupportedOption' ? { ...whole, options: {} } : whole;
}

/** What becomes of opening a state, and of calls with it. */
function opened(
  algorithm: SymmetricAlgorithm,
  { key, options }: Pick<Input, 'key' | 'options'>,
  calls: (state: number) => void,
): ErrnoName {
  const all = { ...numbersOf(algorithm), ...options };
  const setup = { algorithm: algorithm.id, ...(key === undefined ? {} : { key }), options: all };
  return errnoOf(() => trials.withState(setup, calls));
}

/** Random input of every kind that the use takes. Sizes in bytes. */
export function inputOf({ algorithm, way, keyed }: Use, absorbed: number, message: number): Input {
  return {
    ...setupOf(algorithm, keyed),
    absorbed: randomBytes(Math.min(absorbed, absorbing.get(algorithm) ?? 0)),
    message: randomBytes(way.startsWith('encrypt') ? message : 0),
  };
}

/** Runs calls with a state that has absorbed its input. */
export function withInput<T>(s: Symmetric, { algorithm }: Use, input: Input, calls: (state: number) => T): T {
  const { key, options, absorbed } = input;
  const all = { ...numbersOf(algorithm), ...options };
  return s.withState({ algorithm: algorithm.id, ...(key === undefined ? {} : { key }), options: all }, (state) => {
    if (absorbed.length > 0) s.absorb(state, absorbed);
    return calls(state);
  });
}

/** What a state that has absorbed its input gives; of an encryption ciphertext and tag. */
export function outputFrom(s: Symmetric, use: Use, state: number, message: Uint8Array): Uint8Array {
  return get[use.way](s, state, use, message);
}

/** What comes of an input; everything is closed afterwards. */
export function outputOf(s: Symmetric, use: Use, input: Input): Uint8Array {
  return withInput(s, use, input, (state) => outputFrom(s, use, state, input.message));
}

/** Those whose states can be copied: a stream that goes on over calls is given out once. */
export const clonable: ReadonlySet<SymmetricAlgorithm> = new Set(
  symmetricAlgorithms.filter((algorithm) => {
    const setup = setupOf(algorithm, takesKey(algorithm));
    return opened(algorithm, setup, (state) => trials.close(trials.clone(state))) === 'Success';
  }),
);

function absorbs(algorithm: SymmetricAlgorithm, size: number): boolean {
  const setup = setupOf(algorithm, takesKey(algorithm));
  return opened(algorithm, setup, (state) => trials.absorb(state, new Uint8Array(size))) === 'Success';
}

/** How much they absorb, in bytes: nothing; as much as tests want; or, where that is refused, something less. */
const absorbing = new Map(
  symmetricAlgorithms.map((algorithm) => {
    if (absorbs(algorithm, 10_000)) return [algorithm, Infinity] as const;
    let size = 512;
    // Twice, since tests add more.
    while (size > 0 && !absorbs(algorithm, 2 * size)) size >>= 1;
    return [algorithm, size] as const;
  }),
);

/** Which errno a way to get output ends with. */
export function tried(use: Use): ErrnoName {
  return errnoOf(() => outputOf(trials, use, inputOf(use, 10, 10)));
}

/** Every way, whether an algorithm has it or not. */
export function allUses(algorithm: SymmetricAlgorithm): readonly Use[] {
  const targets = symmetricAlgorithms.filter(({ key }) => key !== undefined).map(({ id }) => id);
  const keyings = algorithm.key?.required === false ? [false, true] : [takesKey(algorithm)];
  return ways.flatMap((way) =>
    (way === 'squeeze key' ? targets : [undefined]).flatMap((target) =>
      keyings.map((keyed) => ({ algorithm, way, keyed, target })),
    ),
  );
}

/** The ways that an algorithm has; of targets whose keys have the same size, the first. */
export function usesOf(algorithm: SymmetricAlgorithm): readonly Use[] {
  const sizes = new Set<number | undefined>();
  return allUses(algorithm).filter((use) => {
    if (use.target === undefined) return tried(use) === 'Success';
    const size = algorithms.symmetric(use.target).key?.generated;
    if (sizes.has(size) || tried(use) !== 'Success') return false;
    sizes.add(size);
    return true;
  });
}

const sessions = new Set(supportedEntries.flatMap(({ id, session }) => (session === true ? [id] : [])));

/** Whether every call counts for those that follow. */
export function isSession({ id }: SymmetricAlgorithm): boolean {
  return sessions.has(id);
}

const lists = new Set(supportedEntries.flatMap(({ id, tuples }) => (tuples === true ? [id] : [])));

/** Whether input in two parts is other input than the same at once. */
export function countsParts(algorithm: SymmetricAlgorithm): boolean {
  return isSession(algorithm) || lists.has(algorithm.id);
}

/** Algorithms that give tags. */
export const macs = symmetricAlgorithms.filter(
  (algorithm) => tried({ algorithm, way: 'squeeze tag', keyed: takesKey(algorithm), target: undefined }) === 'Success',
);
