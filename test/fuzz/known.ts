/** What a guest can know beforehand: the names of algorithms and options, and good encodings of keys. */
import { exportKeyPair, exportPublicKey } from '../../runtime/encodings/key-codec.js';
import { optionTable } from '../../runtime/objects/option-table.js';
import { RandomSource } from '../../runtime/random.js';
import {
  authenticatedCiphers,
  idsOf,
  keyExchanges,
  keyPairAlgorithms,
  signatures,
  symmetricAlgorithms,
  withQuickKeys,
} from '../registry.js';

/** Case does not matter to the host. */
function spelled(ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => [id, id, id.toLowerCase()]);
}

export const symmetricNames = spelled(idsOf(symmetricAlgorithms));
export const signatureNames = spelled(idsOf(withQuickKeys(signatures)));
export const exchangeNames = spelled(idsOf(keyExchanges));
export const ciphers = idsOf(authenticatedCiphers);
export const optionNames: readonly string[] = optionTable.flatMap(({ name, spellings }) => [name, ...spellings]);

/** Both halves of a new key pair of each algorithm, in every encoding but the host's own. */
export function knownKeys(): readonly Uint8Array[] {
  const random = new RandomSource(undefined, () => undefined);
  return keyPairAlgorithms.flatMap((algorithm) => {
    const { keys } = algorithm;
    const secret = keys.generate(random);
    const encodings = [
      exportPublicKey(algorithm, secret.publicHalf, 'pkcs8'),
      exportPublicKey(algorithm, secret.publicHalf, 'pem'),
      exportKeyPair(algorithm, secret, 'pkcs8'),
      exportKeyPair(algorithm, secret, 'pem'),
      ...(keys.publicFromRaw === undefined ? [] : [exportPublicKey(algorithm, secret.publicHalf, 'raw')]),
      ...(keys.publicFromSec === undefined ? [] : [exportPublicKey(algorithm, secret.publicHalf, 'sec')]),
      ...(keys.pairFromRaw === undefined ? [] : [exportKeyPair(algorithm, secret, 'raw')]),
    ];
    secret.release();
    return encodings;
  });
}
