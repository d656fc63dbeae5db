/**
 * How the runtime fails: `throw fail.InvalidKey`. One failure a row, made once and thrown again and again;
 * none is an `Error`, whose stack would cost twenty times the call it reports on.
 *
 * The rows are what some revision of the interface, or the extension, has an errno for. Hosts match them by name
 * (`hosts/errnos.ts`); a revision without one says its fallback instead, which stands in a row above.
 */

/** Name, then fallback. The first row has none: every revision has it. */
const rows = [
  ['InternalError'],
  ['AlgorithmFailure', 'InternalError'],
  ['RngError', 'AlgorithmFailure'],
  ['GuestError', 'InternalError'],
  ['NotImplemented', 'InternalError'],
  ['UnsupportedFeature', 'NotImplemented'],
  ['ProhibitedOperation', 'UnsupportedFeature'],
  ['UnsupportedEncoding', 'UnsupportedFeature'],
  ['UnsupportedAlgorithm', 'UnsupportedFeature'],
  ['UnsupportedOption', 'UnsupportedFeature'],
  ['InProgress', 'UnsupportedFeature'],
  ['InvalidOperation', 'UnsupportedFeature'],
  ['InvalidHandle', 'InvalidOperation'],
  ['Closed', 'InvalidHandle'],
  ['InvalidKey', 'InvalidOperation'],
  ['KeyNotSupported', 'InvalidKey'],
  ['KeyRequired', 'InvalidKey'],
  ['IncompatibleKeys', 'InvalidKey'],
  ['InvalidLength', 'InvalidOperation'],
  ['Overflow', 'InvalidLength'],
  ['TooManyHandles', 'Overflow'],
  ['VerificationFailed', 'AlgorithmFailure'],
  ['InvalidSignature', 'VerificationFailed'],
  ['InvalidTag', 'VerificationFailed'],
  ['ParametersMissing', 'InvalidOperation'],
  ['NonceRequired', 'ParametersMissing'],
  ['InvalidNonce', 'InvalidOperation'],
  ['OptionNotSet', 'UnsupportedOption'],
  ['NotFound', 'InvalidOperation'],
  ['Expired', 'NotFound'],
  // Of the extension alone: input that is no encoding, and what has no result, as a division by zero.
  ['Malformed', 'InvalidOperation'],
  ['NoResult', 'InvalidOperation'],
] as const;

export type FailureName = (typeof rows)[number][0];

/** What every revision has an errno for. */
export type LastResort = (typeof rows)[0][0];

/** The property by which failures are known. */
const brand: unique symbol = Symbol.for('wasi-crypto-gen.runtime-failure');

/** Throw the ones of `fail`; never make your own. */
export class Failure {
  readonly [brand] = true;
  readonly name: FailureName;
  /** Its row. */
  readonly index: number;
  /** The row of its fallback; its own where there is none. */
  readonly fallback: number;

  constructor(name: FailureName, index: number, fallback: number) {
    this.name = name;
    this.index = index;
    this.fallback = fallback;
  }
}

/** By index. */
export const failures: readonly Failure[] = rows.map(
  ([name, fallback = name], index) =>
    new Failure(
      name,
      index,
      rows.findIndex(([other]) => other === fallback),
    ),
);

export const fail = Object.fromEntries(failures.map((each) => [each.name, each])) as {
  readonly [Name in FailureName]: Failure;
};

export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === 'object' && thrown !== null && brand in thrown;
}
