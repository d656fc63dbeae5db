/**
 * The functions of the extension, for guests of either ABI: objects are handles, what is computed is a new one. A test of
 * these says the same of core modules and of components.
 */
import * as types from '../../generated/extension-0.1/witx/typescript-host/types.js';
import { createWasiCrypto, type WasiCryptoOptions } from '../../runtime/index.js';
import { relayComponent, type RelayGuest } from '../components-relay/relay.js';
import { pascal } from '../../generator/model/name.js';
import { projectRoot } from '../shared.js';
import type { ExtensionCalls, Format, ObjectKind, Order, Scheme, Secrecy, SupportAnswer } from './extension-calls.js';
import { CallFailed, Guest, type Core, type ErrnoName } from './guest.js';

/** As WIT spells them, in the order of their numbers. */
export const encodings: readonly string[] = wordsOf(types.TextEncoding);

function wordsOf(values: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(values).map((name) => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase());
}

function numberOf(values: Readonly<Record<string, number>>, word: string): number {
  const found = wordsOf(values).indexOf(word);
  if (found < 0) throw new Error(`there is no case ${word}`);
  return found;
}

/** Room for a result that is filled, or a number that is returned by address. */
interface Out {
  readonly size: number;
}

type Argument = Core | boolean | Uint8Array | string | Out | readonly number[];

const word: Out = { size: 4 };
const empty = new Uint8Array(0);

export class CoreExtension implements ExtensionCalls {
  readonly guest: Guest;

  constructor(guest: Guest) {
    this.guest = guest;
  }

  readonly close = (): void => this.guest.host.close();

  /** Calls a function, and reads what it wrote. */
  call(name: string, ...args: readonly Argument[]): readonly Uint8Array[] {
    return this.guest.scoped(() => {
      const outs: [number, number][] = [];
      const core = args.flatMap((argument, index): readonly Core[] => {
        if (typeof argument === 'number' || typeof argument === 'bigint') return [argument];
        if (typeof argument === 'boolean') return [Number(argument)];
        if (typeof argument === 'string') return this.guest.text(argument);
        if (argument instanceof Uint8Array) return [this.guest.put(argument), argument.length];
        if (!('size' in argument))
          return [this.guest.put(new Uint8Array(Uint32Array.from(argument).buffer)), argument.length];
        const at = this.guest.alloc(argument.size);
        outs.push([at, argument.size]);
        // Results of a fixed size come last, by address alone.
        return index === args.length - 1 && results.has(argument) ? [at] : [at, argument.size];
      });
      this.guest.call(name, ...core);
      return outs.map(([at, size]) => this.guest.read(at, size));
    });
  }

  bytes(name: string, ...args: readonly Argument[]): Uint8Array {
    return this.call(name, ...args)[0] ?? empty;
  }

  number(name: string, ...args: readonly Argument[]): number {
    return new DataView(this.bytes(name, ...args, word).buffer).getUint32(0, true);
  }

  truth(name: string, ...args: readonly Argument[]): boolean {
    return this.bytes(name, ...args, byte)[0] === 1;
  }

  /** A new object that a call fills. */
  #made(kind: ObjectKind, open: () => number, name: string, ...args: readonly Argument[]): number {
    const to = open();
    try {
      this.call(name, to, ...args);
      return to;
    } catch (error) {
      this.end(kind, to);
      throw error;
    }
  }

  fill(length: number): Uint8Array {
    return this.bytes('random_fill', { size: length });
  }
  below(order: Order, bound: Uint8Array): Uint8Array {
    return this.bytes('random_below', numberOf(types.ByteOrder, order), bound, { size: bound.length });
  }
  belowU64(bound: bigint): bigint {
    const found = this.bytes('random_below_u64', BigInt.asIntN(64, bound), long);
    return new DataView(found.buffer).getBigUint64(0, true);
  }
  equal(a: Uint8Array, b: Uint8Array): boolean {
    return this.truth('bytes_equal', a, b);
  }
  compare(order: Order, a: Uint8Array, b: Uint8Array): number {
    return this.number('bytes_compare', numberOf(types.ByteOrder, order), a, b) | 0;
  }
  isZero(a: Uint8Array): boolean {
    return this.truth('bytes_is_zero', a);
  }
  select(a: Uint8Array, b: Uint8Array, choice: boolean): Uint8Array {
    return this.bytes('bytes_select', a, b, choice, { size: a.length });
  }
  increment(order: Order, value: Uint8Array): Uint8Array {
    return this.bytes('bytes_increment', numberOf(types.ByteOrder, order), value, { size: value.length });
  }
  add(order: Order, a: Uint8Array, b: Uint8Array): Uint8Array {
    return this.bytes('bytes_add', numberOf(types.ByteOrder, order), a, b, { size: a.length });
  }
  encodedLength(encoding: string, bytes: number): number {
    return this.number('encoding_encoded_len', numberOf(types.TextEncoding, encoding), bytes);
  }
  encode(encoding: string, data: Uint8Array): Uint8Array {
    const size = this.encodedLength(encoding, data.length);
    return this.bytes('encoding_encode', numberOf(types.TextEncoding, encoding), data, { size });
  }
  decode(encoding: string, text: Uint8Array, ignored: Uint8Array = empty): Uint8Array {
    const form = numberOf(types.TextEncoding, encoding);
    const size = this.number('encoding_decoded_max_len', form, text.length);
    const [out = empty, length = empty] = this.call('encoding_decode', form, text, ignored, { size }, word);
    return out.slice(0, new DataView(length.buffer).getUint32(0, true));
  }
  paddedLength(scheme: Scheme, block: number, message: number): number {
    return this.number('padding_padded_len', numberOf(types.PaddingScheme, scheme), block, message);
  }
  pad(scheme: Scheme, block: number, data: Uint8Array): Uint8Array {
    const size = this.paddedLength(scheme, block, data.length);
    return this.bytes('padding_pad', numberOf(types.PaddingScheme, scheme), block, data, { size });
  }
  unpaddedLength(scheme: Scheme, block: number, padded: Uint8Array): number {
    return this.number('padding_unpadded_len', numberOf(types.PaddingScheme, scheme), block, padded);
  }
  hasModule(name: string): boolean {
    return this.truth('query_module', name);
  }
  hasOption(algorithm: string, option: string): boolean {
    return this.truth('query_option', algorithm, option);
  }
  algorithm(name: string): SupportAnswer {
    return supportOf(this.bytes('query_algorithm', name, three));
  }
  func(name: string, group: string): SupportAnswer {
    return supportOf(this.bytes('query_function', name, group, three));
  }
  algorithms(): string {
    const size = this.number('query_algorithms_len');
    return new TextDecoder().decode(this.bytes('query_algorithms', { size }));
  }
  end(kind: ObjectKind, handle: number): void {
    this.guest.call(`${kind}_close`, handle);
  }
  modulus(order: Order, value: Uint8Array): number {
    return this.number('modulus_import', numberOf(types.ByteOrder, order), value);
  }
  modulusWidth(modulus: number): number {
    return this.number('modulus_width', modulus);
  }
  residue(
    made: 'open' | 'random' | 'import' | 'reduce',
    modulus: number,
    order: Order = 'big-endian',
    value: Uint8Array = empty,
  ): number {
    const open = (): number => this.number('residue_open', modulus);
    if (made === 'open') return open();
    if (made === 'random') return this.#made('residue', open, 'residue_random');
    return this.#made('residue', open, `residue_${made}`, numberOf(types.ByteOrder, order), value);
  }
  residueOf(operation: string, modulus: number, ...operands: readonly number[]): number {
    return this.#made('residue', () => this.number('residue_open', modulus), `residue_${operation}`, ...operands);
  }
  residueExp(modulus: number, a: number, exponent: Uint8Array): number {
    return this.#made('residue', () => this.number('residue_open', modulus), 'residue_exp', a, exponent);
  }
  residueSelect(modulus: number, a: number, b: number, choice: boolean): number {
    return this.#made('residue', () => this.number('residue_open', modulus), 'residue_select', a, b, choice);
  }
  residueEqual(a: number, b: number): boolean {
    return this.truth('residue_equal', a, b);
  }
  residueExport(modulus: number, x: number, order: Order): Uint8Array {
    return this.bytes('residue_export', x, numberOf(types.ByteOrder, order), { size: this.modulusWidth(modulus) });
  }
  #room(bytes: number): number {
    return this.number('bignum_open', bytes);
  }
  bignum(order: Order, value: Uint8Array): number {
    return this.#made(
      'bignum',
      () => this.#room(value.length),
      'bignum_import',
      numberOf(types.ByteOrder, order),
      value,
    );
  }
  bignumOf(operation: string, a: number, b: number): number {
    const size = Math.ceil((this.bignumBitLength(a) + this.bignumBitLength(b)) / 8) + 1;
    return this.#made('bignum', () => this.#room(size), `bignum_${operation}`, a, b);
  }
  bignumDivRem(a: number, b: number): readonly [number, number] {
    const size = Math.ceil(Math.max(this.bignumBitLength(a), this.bignumBitLength(b)) / 8);
    const remainder = this.#room(size);
    try {
      return [this.#made('bignum', () => this.#room(size), 'bignum_div_rem', remainder, a, b), remainder];
    } catch (error) {
      this.end('bignum', remainder);
      throw error;
    }
  }
  bignumShift(a: number, bits: number): number {
    const size = Math.max(0, Math.ceil((this.bignumBitLength(a) + bits) / 8));
    return this.#made('bignum', () => this.#room(size), 'bignum_shift', a, bits);
  }
  bignumCompare(a: number, b: number): number {
    return this.number('bignum_compare', a, b) | 0;
  }
  bignumBitLength(a: number): number {
    return this.number('bignum_bit_len', a);
  }
  bignumExport(x: number, order: Order, width: number): Uint8Array {
    return this.bytes('bignum_export', x, numberOf(types.ByteOrder, order), { size: width });
  }
  isProbablePrime(x: number, rounds: number): boolean {
    return this.truth('bignum_is_probable_prime', x, rounds);
  }
  generatePrime(bits: number, safe: boolean): number {
    return this.#made('bignum', () => this.#room(Math.ceil(bits / 8)), 'bignum_generate_prime', bits, safe);
  }
  group(name: string): number {
    return this.number('group_open', name);
  }
  elementLength(group: number): number {
    return this.number('group_element_len', group);
  }
  scalarLength(group: number): number {
    return this.number('group_scalar_len', group);
  }
  #scalar(group: number, secrecy: Secrecy): number {
    return this.number('scalar_open', group, numberOf(types.Secrecy, secrecy));
  }
  scalar(
    made: 'open' | 'random' | 'decode' | 'reduce',
    group: number,
    secrecy: Secrecy,
    bytes: Uint8Array = empty,
  ): number {
    const open = (): number => this.#scalar(group, secrecy);
    if (made === 'open') return open();
    if (made === 'random') return this.#made('scalar', open, 'scalar_random');
    return this.#made('scalar', open, `scalar_${made}`, bytes);
  }
  scalarHash(group: number, secrecy: Secrecy, message: Uint8Array, dst: Uint8Array): number {
    return this.#made('scalar', () => this.#scalar(group, secrecy), 'scalar_hash', message, dst);
  }
  scalarOf(operation: string, group: number, secrecy: Secrecy, ...operands: readonly number[]): number {
    return this.#made('scalar', () => this.#scalar(group, secrecy), `scalar_${operation}`, ...operands);
  }
  scalarEncode(group: number, s: number): Uint8Array {
    return this.bytes('scalar_encode', s, { size: this.scalarLength(group) });
  }
  scalarEqual(a: number, b: number): boolean {
    return this.truth('scalar_equal', a, b);
  }
  #element(group: number): number {
    return this.number('element_open', group);
  }
  element(made: 'open' | 'generator' | 'decode' | 'map', group: number, bytes: Uint8Array = empty): number {
    const open = (): number => this.#element(group);
    if (made === 'open') return open();
    if (made === 'generator') return this.#made('element', open, 'element_generator');
    return this.#made('element', open, `element_${made}`, bytes);
  }
  elementHash(made: 'hash' | 'encode-to-group', group: number, message: Uint8Array, dst: Uint8Array): number {
    return this.#made('element', () => this.#element(group), `element_${made.replaceAll('-', '_')}`, message, dst);
  }
  elementOf(operation: string, group: number, ...operands: readonly number[]): number {
    const name = `element_${operation.replaceAll('-', '_')}`;
    return this.#made('element', () => this.#element(group), name, ...operands);
  }
  elementMul(group: number, e: number | undefined, s: number): number {
    const open = (): number => this.#element(group);
    return e === undefined
      ? this.#made('element', open, 'element_mul_base', s)
      : this.#made('element', open, 'element_mul', e, s);
  }
  elementMulPublic(group: number, elements: readonly number[], scalars: readonly number[]): number {
    return this.#made('element', () => this.#element(group), 'element_mul_public', elements, scalars);
  }
  elementEncode(_group: number, e: number, format: Format, length: number): Uint8Array {
    return this.bytes('element_encode', e, numberOf(types.ElementFormat, format), { size: length });
  }
  elementEqual(a: number, b: number): boolean {
    return this.truth('element_equal', a, b);
  }
  inSubgroup(e: number): boolean {
    return this.truth('element_in_subgroup', e);
  }
}

const byte: Out = { size: 1 };
const long: Out = { size: 8 };
const three: Out = { size: 3 };
const results: ReadonlySet<Argument> = new Set([byte, word, long, three]);

function supportOf([tier = 0, backend = 0, timing = 0]: Uint8Array): SupportAnswer {
  return {
    tier: wordsOf(types.Tier)[tier] ?? '',
    backend: wordsOf(types.Backend)[backend] ?? '',
    timing: wordsOf(types.Timing)[timing] ?? '',
  };
}

/** A guest that is a core module. */
export function coreExtension(options: WasiCryptoOptions = {}): CoreExtension {
  return new CoreExtension(new Guest(options));
}

/** A guest that is a component. @param bindings by which of jco's paths its calls go */
export async function componentExtension(
  options: WasiCryptoOptions = {},
  bindings: 'js' | 'hybrid' = 'hybrid',
): Promise<ComponentExtension> {
  const component = await relayComponent(`${projectRoot}witx/extension-0.1/wit`, { bindings });
  const host = createWasiCrypto(options);
  return new ComponentExtension(component.instantiate(host.component), () => host.close());
}

export class ComponentExtension implements ExtensionCalls {
  readonly close: () => void;
  readonly #relay: RelayGuest;

  constructor(relay: RelayGuest, close: () => void) {
    this.#relay = relay;
    this.close = close;
  }

  /** Every result is a value or an errno. */
  call<T>(name: string, ...args: readonly unknown[]): T {
    const { tag, val } = this.#relay.call(name, ...args) as { readonly tag: string; readonly val?: unknown };
    if (tag === 'ok') return val as T;
    throw new CallFailed(name, pascal(String(val).split('-')) as ErrnoName);
  }

  #static<T = number>(name: string, ...args: readonly unknown[]): T {
    return this.call(`[static]${name}`, ...args);
  }

  #method<T = number>(name: string, ...args: readonly unknown[]): T {
    return this.call(`[method]${name}`, ...args);
  }

  fill = (length: number): Uint8Array => this.call('random-fill', length);
  below = (order: Order, bound: Uint8Array): Uint8Array => this.call('random-below', order, bound);
  belowU64 = (bound: bigint): bigint => this.call('random-below-u64', bound);
  equal = (a: Uint8Array, b: Uint8Array): boolean => this.call('bytes-equal', a, b);
  compare = (order: Order, a: Uint8Array, b: Uint8Array): number => this.call('bytes-compare', order, a, b);
  isZero = (a: Uint8Array): boolean => this.call('bytes-is-zero', a);
  select = (a: Uint8Array, b: Uint8Array, choice: boolean): Uint8Array => this.call('bytes-select', a, b, choice);
  increment = (order: Order, value: Uint8Array): Uint8Array => this.call('bytes-increment', order, value);
  add = (order: Order, a: Uint8Array, b: Uint8Array): Uint8Array => this.call('bytes-add', order, a, b);
  encodedLength = (encoding: string, bytes: number): number => this.call('encoding-encoded-len', encoding, bytes);
  encode = (encoding: string, data: Uint8Array): Uint8Array => this.call('encoding-encode', encoding, data);
  decode = (encoding: string, text: Uint8Array, ignored: Uint8Array = empty): Uint8Array =>
    this.call('encoding-decode', encoding, text, ignored);
  paddedLength = (scheme: Scheme, block: number, message: number): number =>
    this.call('padding-padded-len', scheme, block, message);
  pad = (scheme: Scheme, block: number, data: Uint8Array): Uint8Array => this.call('padding-pad', scheme, block, data);
  unpaddedLength = (scheme: Scheme, block: number, padded: Uint8Array): number =>
    this.call('padding-unpadded-len', scheme, block, padded);
  hasModule = (name: string): boolean => this.call('query-module', name);
  hasOption = (algorithm: string, option: string): boolean => this.call('query-option', algorithm, option);
  algorithm = (name: string): SupportAnswer => this.call('query-algorithm', name);
  func = (name: string, group: string): SupportAnswer => this.call('query-function', name, group);
  algorithms = (): string => new TextDecoder().decode(this.call<Uint8Array>('query-algorithms'));
  end = (kind: ObjectKind, handle: number): void => this.#relay.drop(kind, handle);
  modulus = (order: Order, value: Uint8Array): number => this.#static('modulus.import', order, value);
  modulusWidth = (modulus: number): number => this.#method('modulus.width', modulus);
  residue = (
    made: 'open' | 'random' | 'import' | 'reduce',
    modulus: number,
    order: Order = 'big-endian',
    value: Uint8Array = empty,
  ): number =>
    made === 'open' || made === 'random'
      ? this.#static(`residue.${made}`, modulus)
      : this.#static(`residue.${made}`, modulus, order, value);
  residueOf = (operation: string, _modulus: number, ...operands: readonly number[]): number =>
    this.#method(`residue.${operation}`, ...operands);
  residueExp = (_modulus: number, a: number, exponent: Uint8Array): number => this.#method('residue.exp', a, exponent);
  residueSelect = (_modulus: number, a: number, b: number, choice: boolean): number =>
    this.#method('residue.select', a, b, choice);
  residueEqual = (a: number, b: number): boolean => this.#method('residue.equal', a, b);
  residueExport = (_modulus: number, x: number, order: Order): Uint8Array => this.#method('residue.export', x, order);
  bignum = (order: Order, value: Uint8Array): number => this.#static('bignum.import', order, value);
  bignumOf = (operation: string, a: number, b: number): number => this.#method(`bignum.${operation}`, a, b);
  bignumDivRem = (a: number, b: number): readonly [number, number] => this.#method('bignum.div-rem', a, b);
  bignumShift = (a: number, bits: number): number => this.#method('bignum.shift', a, bits);
  bignumCompare = (a: number, b: number): number => this.#method('bignum.compare', a, b);
  bignumBitLength = (a: number): number => this.#method('bignum.bit-len', a);
  bignumExport = (x: number, order: Order, width: number): Uint8Array => this.#method('bignum.export', x, order, width);
  isProbablePrime = (x: number, rounds: number): boolean => this.#method('bignum.is-probable-prime', x, rounds);
  generatePrime = (bits: number, safe: boolean): number => this.#static('bignum.generate-prime', bits, safe);
  group = (name: string): number => this.#static('group.open', name);
  elementLength = (group: number): number => this.#method('group.element-len', group);
  scalarLength = (group: number): number => this.#method('group.scalar-len', group);
  scalar = (
    made: 'open' | 'random' | 'decode' | 'reduce',
    group: number,
    secrecy: Secrecy,
    bytes: Uint8Array = empty,
  ): number =>
    made === 'open' || made === 'random'
      ? this.#static(`scalar.${made}`, group, secrecy)
      : this.#static(`scalar.${made}`, group, secrecy, bytes);
  scalarHash = (group: number, secrecy: Secrecy, message: Uint8Array, dst: Uint8Array): number =>
    this.#static('scalar.hash', group, secrecy, message, dst);
  scalarOf = (operation: string, _group: number, _secrecy: Secrecy, ...operands: readonly number[]): number =>
    this.#method(`scalar.${operation}`, ...operands);
  scalarEncode = (_group: number, s: number): Uint8Array => this.#method('scalar.encode', s);
  scalarEqual = (a: number, b: number): boolean => this.#method('scalar.equal', a, b);
  element = (made: 'open' | 'generator' | 'decode' | 'map', group: number, bytes: Uint8Array = empty): number =>
    made === 'open' || made === 'generator'
      ? this.#static(`element.${made}`, group)
      : this.#static(`element.${made}`, group, bytes);
  elementHash = (made: 'hash' | 'encode-to-group', group: number, message: Uint8Array, dst: Uint8Array): number =>
    this.#static(`element.${made}`, group, message, dst);
  elementOf = (operation: string, _group: number, ...operands: readonly number[]): number =>
    this.#method(`element.${operation}`, ...operands);
  elementMul = (_group: number, e: number | undefined, s: number): number =>
    e === undefined ? this.#static('element.mul-base', s) : this.#method('element.mul', e, s);
  elementMulPublic = (group: number, elements: readonly number[], scalars: readonly number[]): number =>
    this.#static('element.mul-public', group, elements, scalars);
  elementEncode = (_group: number, e: number, format: Format, _length: number): Uint8Array =>
    this.#method('element.encode', e, format);
  elementEqual = (a: number, b: number): boolean => this.#method('element.equal', a, b);
  inSubgroup = (e: number): boolean => this.#method('element.in-subgroup', e);
}
