/** Where an implementation comes from, and what it can promise. */

/**
 * What is known about the time an implementation takes.
 * - `library`: constant time in secrets, by the library's own claim, in compiled code
 * - `best-effort`: written to be so, but in JavaScript, where no compiler promises to keep it
 * - `no-secrets`: the algorithm handles none
 */
export type ConstantTime = 'library' | 'best-effort' | 'no-secrets';

export interface Backend {
  readonly kind: 'openssl' | 'noble' | 'own';
  /** Name and version, for people. */
  readonly name: string;
}

/** Thrown by a candidate that finds the machine lacking: the message becomes the report's reason. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
