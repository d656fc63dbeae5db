/** Whether OpenSSL keeps to a FIPS provider in this process, and what it lacks. */
import { createHmac, getFips, type KeyObject } from 'node:crypto';
import type { CurveKeys, CurveName } from '../contracts/primitives.js';
import { Unavailable } from './backend.js';

/** Node keeps hash functions that it fetched before `crypto.setFips`, and so does this host with everything that it tried. */
const onFromTheBeginning = getFips() === 1;

/** Why OpenSSL keeps to no FIPS provider, for people; undefined: it does. */
export function providerObjection(): string | undefined {
  if (getFips() !== 1) return onFromTheBeginning ? 'it was turned off in this process' : 'it is not turned on';
  if (!onFromTheBeginning) return 'it was turned on too late: this process had begun with another provider';
  try {
    // `getFips` tells what is demanded, even where no provider is loaded that has it. HMAC is fetched anew each time.
    createHmac('sha256', new Uint8Array(32)).digest();
    return undefined;
  } catch {
    return 'it is turned on, but not loaded';
  }
}

/** Whether a thread can begin: Node ends the process where OpenSSL has no randomness for it, in FIPS mode without its provider. */
export function canBeginThreads(): boolean {
  return getFips() !== 1 || providerObjection() === undefined;
}

/** What an implementation throws where OpenSSL lacks what it needs. */
export function missing(name: string): Unavailable {
  return new Unavailable(`${getFips() === 1 ? 'the FIPS provider' : 'this OpenSSL'} has no ${name}`);
}

/**
 * Throws `Unavailable` where OpenSSL takes no such key, and where Node lets it in but can do nothing with it: Node 22 does so,
 * whose OpenSSL has algorithms that it does not know itself.
 */
export function requireKeys(name: string, trial: () => KeyObject): void {
  let type: string | undefined;
  try {
    type = trial().asymmetricKeyType;
  } catch {
    throw missing(name);
  }
  if (type === undefined) throw new Unavailable(`this Node has no ${name}`);
}

/** Keys on a curve, once a pair was made: only then OpenSSL may say that it was built or configured without it. */
export function triedCurve(name: CurveName, keys: CurveKeys): CurveKeys {
  try {
    keys.generate().secret.wipe();
  } catch {
    throw missing(name);
  }
  return keys;
}

/** OpenSSL's version, for people. */
export const opensslName = `OpenSSL ${process.versions['openssl'] ?? 'of unknown version'}${onFromTheBeginning ? ', FIPS provider' : ''}`;
