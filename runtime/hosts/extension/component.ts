/** The extension for components: results are objects and lists of their own. */
import { bindComponent, fail, type Hosts } from '../../../generated/extension-0.1/wit/component-host/index.js';
import * as types from '../../../generated/extension-0.1/wit/component-host/types.js';
import type { Take } from '../../../templates/component-host/guest.js';
import type { Makers } from '../../../templates/typescript-host/late.js';
import { giveBack, takeBytes } from '../../blocks.js';
import { part, wipe } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import { fail as failed } from '../../failures.js';
import { bytesHost } from '../../interfaces/extension/bytes.js';
import { encodingHost } from '../../interfaces/extension/encoding.js';
import { groupHost } from '../../interfaces/extension/group.js';
import type { ExtensionKinds } from '../../interfaces/extension/kinds.js';
import { numbersHost } from '../../interfaces/extension/numbers.js';
import { paddingHost } from '../../interfaces/extension/padding.js';
import { queryHost } from '../../interfaces/extension/query.js';
import { randomHost } from '../../interfaces/extension/random.js';
import { requireRoom, requireSameSize } from '../../interfaces/extension/sizes.js';
import { MOST_BIGNUM_BYTES } from '../../numbers/bignum.js';
import type { ByteOrder } from '../../numbers/context.js';
import { counted } from '../calls.js';
import { clears, translator } from '../errnos.js';

type Functions<Name extends keyof Hosts<ExtensionKinds>> = Hosts<ExtensionKinds>[Name];

const orders: Readonly<Record<types.ByteOrder, ByteOrder>> = { 'big-endian': 'big', 'little-endian': 'little' };

/** A function of the definitions that is missing here is a type error. */
function hosts(context: RuntimeContext): Makers<Hosts<ExtensionKinds>> {
  return {
    bytes: () => bytes(context),
    encoding: () => encoding(context),
    group: () => group(context),
    numbers: () => numbers(context),
    padding: () => padding(context),
    query: () => query(context),
    random: () => random(context),
  };
}

function bytes(context: RuntimeContext): Functions<'bytes'> {
  const host = bytesHost(context);
  return {
    bytesEqual: host.bytesEqual,
    bytesIsZero: host.bytesIsZero,
    bytesCompare: (order, a, b) => host.bytesCompare(orders[order], a, b),
    bytesSelect: (a, b, choice, take) => {
      requireSameSize(a, b);
      return given(context, a.length, take, (out) => host.bytesSelect(a, b, choice, out));
    },
    bytesIncrement: (order, value, take) =>
      given(context, value.length, take, (out) => host.bytesIncrement(orders[order], value, out)),
    bytesAdd: (order, a, b, take) => {
      requireSameSize(a, b);
      return given(context, a.length, take, (out) => host.bytesAdd(orders[order], a, b, out));
    },
  };
}

function encoding(context: RuntimeContext): Functions<'encoding'> {
  const host = encodingHost(context);
  return {
    encodingEncodedLen: host.encodingEncodedLen,
    encodingDecodedMaxLen: host.encodingDecodedMaxLen,
    encodingEncode: (form, data, take) => {
      const size = host.encodingEncodedLen(form, data.length);
      requireRoom(context, size);
      const [out, input] = take(size, data);
      host.encodingEncode(form, input, out);
      return out;
    },
    encodingDecode: (form, text, ignored, take) => {
      const most = host.encodingDecodedMaxLen(form, text.length);
      return given(context, most, take, (out) => host.encodingDecode(form, text, ignored, out));
    },
  };
}

function padding(context: RuntimeContext): Functions<'padding'> {
  const host = paddingHost(context);
  return {
    paddingPaddedLen: host.paddingPaddedLen,
    paddingUnpaddedLen: host.paddingUnpaddedLen,
    paddingPad: (scheme, block, data, take) => {
      const size = host.paddingPaddedLen(scheme, block, data.length);
      requireRoom(context, size);
      const [out, message] = take(size, data);
      host.paddingPad(scheme, block, message, out);
      return out;
    },
  };
}

function query(context: RuntimeContext): Functions<'query'> {
  const { queryModule, queryAlgorithm, queryOption, queryFunction, queryAlgorithmsText } = queryHost(context);
  return {
    queryModule,
    queryAlgorithm,
    queryOption,
    queryFunction,
    queryAlgorithms: (take) => written(queryAlgorithmsText(), take),
  };
}

function random(context: RuntimeContext): Functions<'random'> {
  const host = randomHost(context);
  return {
    randomFill: (length, take) => written(host.randomBytes(length), take),
    randomBelow: (order, bound, take) => written(host.randomBelow(orders[order], bound), take),
    randomBelowU64: host.randomBelowU64,
  };
}

function numbers(context: RuntimeContext): Functions<'numbers'> {
  const host = numbersHost(context);
  const of = host.residueOf;
  return {
    modulusImport: (order, value) => host.modulusImport(orders[order], value),
    modulusWidth: host.modulusWidth,
    residueOpen: host.residueOpen,
    residueImport: (modulus, order, value) => made(of(modulus), (to) => host.residueImport(to, orders[order], value)),
    residueReduce: (modulus, order, wide) => made(of(modulus), (to) => host.residueReduce(to, orders[order], wide)),
    residueRandom: (modulus) => made(of(modulus), (to) => host.residueRandom(to)),
    residueExport: (x, order, take) =>
      given(context, host.residueWidth(x), take, (out) => host.residueExport(x, orders[order], out)),
    residueAdd: (a, b) => made(of(a), (to) => host.residueAdd(to, a, b)),
    residueSub: (a, b) => made(of(a), (to) => host.residueSub(to, a, b)),
    residueMul: (a, b) => made(of(a), (to) => host.residueMul(to, a, b)),
    residueSquare: (a) => made(of(a), (to) => host.residueSquare(to, a)),
    residueInverse: (a) => made(of(a), (to) => host.residueInverse(to, a)),
    residueSqrt: (a) => made(of(a), (to) => host.residueSqrt(to, a)),
    residueExp: (a, exponent) => made(of(a), (to) => host.residueExp(to, a, exponent)),
    residueEqual: host.residueEqual,
    residueSelect: (a, b, choice) => made(of(a), (to) => host.residueSelect(to, a, b, choice)),
    ...bignums(context, host),
  };
}

/** Results have as much room as they can need. */
function bignums(context: RuntimeContext, host: ReturnType<typeof numbersHost>) {
  type Bignum = ExtensionKinds['bignum'];
  const size = (x: Bignum): number => Math.ceil(host.bignumBitLen(x) / 8);
  const room = (bytes: number, fill: (to: Bignum) => void): Bignum =>
    made(host.bignumOpen(Math.min(Math.max(bytes, 0), MOST_BIGNUM_BYTES)), fill);
  return {
    bignumOpen: () => room(0, () => undefined),
    bignumImport: (order: types.ByteOrder, value: Uint8Array) =>
      room(value.length, (to) => host.bignumImport(to, orders[order], value)),
    bignumExport: (x: Bignum, order: types.ByteOrder, width: number, take: Take) => {
      if (width < size(x)) throw failed.Overflow;
      return given(context, width, take, (out) => host.bignumExport(x, orders[order], out));
    },
    bignumBitLen: host.bignumBitLen,
    bignumAdd: (a: Bignum, b: Bignum) => room(Math.max(size(a), size(b)) + 1, (to) => host.bignumAdd(to, a, b)),
    bignumSub: (a: Bignum, b: Bignum) => room(size(a), (to) => host.bignumSub(to, a, b)),
    bignumMul: (a: Bignum, b: Bignum) => room(size(a) + size(b), (to) => host.bignumMul(to, a, b)),
    bignumGcd: (a: Bignum, b: Bignum) => room(Math.max(size(a), size(b)), (to) => host.bignumGcd(to, a, b)),
    bignumDivRem: (a: Bignum, b: Bignum) => {
      const remainder = host.bignumOpen(size(b));
      try {
        const quotient = room(size(a), (to) => host.bignumDivRem(to, remainder, a, b));
        return [quotient, remainder] as const;
      } catch (error) {
        remainder.release();
        throw error;
      }
    },
    bignumShift: (a: Bignum, bits: number) =>
      room(size(a) + Math.ceil(bits / 8), (to) => host.bignumShift(to, a, bits)),
    bignumCompare: host.bignumCompare,
    bignumIsProbablePrime: host.bignumIsProbablePrime,
    bignumGeneratePrime: (bits: number, safe: boolean) =>
      room(Math.ceil(bits / 8), (to) => host.bignumGeneratePrime(to, bits, safe)),
  };
}

function group(context: RuntimeContext): Functions<'group'> {
  const host = groupHost(context);
  const { scalarOf, elementOf } = host;
  return {
    groupOpen: host.groupOpen,
    groupElementLen: host.groupElementLen,
    groupScalarLen: host.groupScalarLen,
    scalarOpen: host.scalarOpen,
    scalarDecode: (of, secrecy, encoded) => made(host.scalarOpen(of, secrecy), (to) => host.scalarDecode(to, encoded)),
    scalarEncode: (s, take) => given(context, host.scalarLength(s), take, (out) => host.scalarEncode(s, out)),
    scalarReduce: (of, secrecy, wide) => made(host.scalarOpen(of, secrecy), (to) => host.scalarReduce(to, wide)),
    scalarRandom: (of, secrecy) => made(host.scalarOpen(of, secrecy), (to) => host.scalarRandom(to)),
    scalarHash: (of, secrecy, message, dst) =>
      made(host.scalarOpen(of, secrecy), (to) => host.scalarHash(to, message, dst)),
    scalarAdd: (a, b) => made(scalarOf(a, b), (to) => host.scalarAdd(to, a, b)),
    scalarSub: (a, b) => made(scalarOf(a, b), (to) => host.scalarSub(to, a, b)),
    scalarMul: (a, b) => made(scalarOf(a, b), (to) => host.scalarMul(to, a, b)),
    scalarNeg: (a) => made(scalarOf(a), (to) => host.scalarNeg(to, a)),
    scalarInvert: (a) => made(scalarOf(a), (to) => host.scalarInvert(to, a)),
    scalarEqual: host.scalarEqual,
    elementOpen: host.elementOpen,
    elementGenerator: (of) => made(elementOf(of), (to) => host.elementGenerator(to)),
    elementDecode: (of, encoded) => made(elementOf(of), (to) => host.elementDecode(to, encoded)),
    elementEncode: (e, format, take) =>
      given(context, host.elementLength(e, format), take, (out) => host.elementEncode(e, format, out)),
    elementHash: (of, message, dst) => made(elementOf(of), (to) => host.elementHash(to, message, dst)),
    elementEncodeToGroup: (of, message, dst) =>
      made(elementOf(of), (to) => host.elementEncodeToGroup(to, message, dst)),
    elementMap: (of, uniform) => made(elementOf(of), (to) => host.elementMap(to, uniform)),
    elementAdd: (a, b) => made(elementOf(a), (to) => host.elementAdd(to, a, b)),
    elementSub: (a, b) => made(elementOf(a), (to) => host.elementSub(to, a, b)),
    elementNeg: (a) => made(elementOf(a), (to) => host.elementNeg(to, a)),
    elementClearCofactor: (a) => made(elementOf(a), (to) => host.elementClearCofactor(to, a)),
    elementMul: (a, s) => made(elementOf(a), (to) => host.elementMul(to, a, s)),
    elementMulBase: (s) => made(elementOf(s), (to) => host.elementMulBase(to, s)),
    elementMulPublic: (of, elements, scalars) =>
      made(elementOf(of), (to) => host.elementMulPublic(to, elements, scalars)),
    elementEqual: host.elementEqual,
    elementInSubgroup: host.elementInSubgroup,
  };
}

/** A new object that a computation fills; it ends where that fails. */
function made<T extends { release(): void }>(to: T, fill: (to: T) => void): T {
  try {
    fill(to);
    return to;
  } catch (error) {
    to.release();
    throw error;
  }
}

/**
 * Bytes that a computation writes, or as many of them as it says: the guest's memory is asked for them when they are there.
 * Errors: `overflow` over a limit, before there is room for them.
 */
function given(
  context: RuntimeContext,
  size: number,
  take: Take,
  fill: (out: Uint8Array) => number | void,
): Uint8Array {
  requireRoom(context, size);
  const room = takeBytes(size);
  try {
    const length = fill(room.length === size ? room : part(room, 0, size)) ?? size;
    const [out] = take(length);
    out.set(part(room, 0, length));
    return out;
  } finally {
    giveBack(room, size);
  }
}

function written(found: Uint8Array, take: Take): Uint8Array {
  const [out] = take(found.length);
  out.set(found);
  wipe(found);
  return out;
}

/** @param fastPath whether functions offer jco core functions for its trampolines */
export function bindExtensionComponents(context: RuntimeContext, fastPath: boolean) {
  return bindComponent<ExtensionKinds>(counted(context, hosts(context)), {
    budget: context.handles,
    fastPath,
    onError: (error: unknown): void => context.report(error),
    failureOf: translator(context, fail),
    clears,
    // The functions that count calls pass on what they are given.
    fewerParameters: true,
  });
}
