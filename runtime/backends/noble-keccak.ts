/** What noble has over Keccak: KMAC, cSHAKE and TupleHash for where OpenSSL's Keccak is out of reach, TurboSHAKE and KangarooTwelve. */
import type { XofFunction } from '../contracts/primitives.js';
import type { KeccakBackend } from './backend.js';
import { nobleHashes, nobleSha3Addons } from './noble.js';
import { NobleDigestStream, nobleXof } from './noble-streams.js';
import { RunningStream } from './running.js';

export const nobleKeccak: KeccakBackend = {
  backend: nobleHashes,
  kmac(strength) {
    const { kmac128, kmac256 } = nobleSha3Addons();
    const kmac = strength === 128 ? kmac128 : kmac256;
    return {
      start: (key, personalization, length, account) =>
        new RunningStream(
          account,
          () => new NobleDigestStream(kmac.create(key, { personalization, dkLen: length }), length),
        ),
    };
  },
  cshake(strength) {
    const { cshake128, cshake256 } = nobleSha3Addons();
    const cshake = strength === 128 ? cshake128 : cshake256;
    return nobleXof(({ customization }) => cshake.create(personalized(customization)));
  },
  tupleHash(strength) {
    const { tuplehash128, tuplehash256 } = nobleSha3Addons();
    const tuplehash = strength === 128 ? tuplehash128 : tuplehash256;
    return {
      start: (personalization, length, account) =>
        new RunningStream(
          account,
          () => new NobleDigestStream(tuplehash.create({ personalization, dkLen: length }), length),
        ),
    };
  },
};

export function nobleTurboShake(strength: 128 | 256): XofFunction {
  const { turboshake128, turboshake256 } = nobleSha3Addons();
  const turboshake = strength === 128 ? turboshake128 : turboshake256;
  return nobleXof(() => turboshake.create());
}

/** KangarooTwelve. */
export function nobleKt(strength: 128 | 256): XofFunction {
  const { kt128, kt256 } = nobleSha3Addons();
  const kt = strength === 128 ? kt128 : kt256;
  return nobleXof(({ customization }) => kt.create(personalized(customization)));
}

function personalized(personalization: Uint8Array | undefined): { personalization?: Uint8Array } {
  return personalization === undefined ? {} : { personalization };
}
