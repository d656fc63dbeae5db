/**
 * The guests that readers make their calls with. Those of core modules, unless others are chosen
 * before the readers are loaded.
 */
import { Asymmetric } from '../guest/asymmetric.js';
import { Guest } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';

/** What readers call; handles are numbers. */
export type SymmetricCalls = Pick<
  Symmetric,
  | 'anyLength'
  | 'clone'
  | 'ratchet'
  | 'withState'
  | 'openToSqueeze'
  | 'close'
  | 'absorb'
  | 'squeeze'
  | 'squeezeTag'
  | 'squeezeKey'
  | 'tagLen'
  | 'tagVerify'
  | 'tagPull'
  | 'keyExport'
  | 'keyClose'
  | 'encrypt'
  | 'encryptDetached'
  | 'decrypt'
  | 'decryptDetached'
>;

export type AsymmetricCalls = Pick<
  Asymmetric,
  | 'keypairImport'
  | 'keypairExport'
  | 'keypairPublickey'
  | 'keypairSecretkey'
  | 'keypairClose'
  | 'publickeyImport'
  | 'publickeyExport'
  | 'publickeyVerify'
  | 'publickeyFromSecretkey'
  | 'publickeyClose'
  | 'secretkeyImport'
  | 'secretkeyExport'
  | 'secretkeyClose'
  | 'signatureImport'
  | 'signatureExport'
  | 'signatureClose'
  | 'verifyOpen'
  | 'verifyUpdate'
  | 'verify'
  | 'verifyClose'
  | 'signMessage'
  | 'verifyMessage'
  | 'dh'
  | 'encapsulate'
  | 'decapsulate'
>;

export interface Guests {
  readonly symmetric: SymmetricCalls;
  readonly asymmetric: AsymmetricCalls;
}

let chosen: Guests | undefined;

let taken = false;

/** Call it before anything that reads vectors is imported, in a process of its own (`test/vitest.config.ts`). */
export function useGuests(guests: Guests): void {
  if (taken) throw new Error('readers of vectors have their guests already');
  chosen = guests;
}

export function symmetricGuest(): SymmetricCalls {
  taken = true;
  return chosen?.symmetric ?? new Symmetric(new Guest({ policy: { unauthenticatedCiphers: true } }));
}

export function asymmetricGuest(): AsymmetricCalls {
  taken = true;
  return chosen?.asymmetric ?? new Asymmetric(new Guest());
}
