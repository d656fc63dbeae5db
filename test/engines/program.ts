/**
 * Uses every algorithm that the report of this JavaScript engine calls supported, through the guest's interface, as guests
 * do, and prints what came of it in one line of JSON.
 */
import { KeypairEncoding, PublickeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { Guest } from '../guest/guest.js';
import { inputOf, outputOf, symmetricGuest, usesOf } from '../guest/uses.js';
import { diffieHellmans, keyExchanges, signatures, symmetricAlgorithms, withQuickKeys } from '../registry.js';

/** What went wrong, by id. */
const failed: Record<string, string> = {};
let worked = 0;

function tried(id: string, calls: () => void): void {
  try {
    calls();
    worked += 1;
  } catch (error) {
    failed[id] = String(error);
  }
}

for (const algorithm of symmetricAlgorithms)
  tried(algorithm.id, () => {
    const uses = usesOf(algorithm);
    if (uses.length === 0) throw new Error('gives no output');
    for (const use of uses) outputOf(symmetricGuest(), use, inputOf(use, 100, 50));
  });

for (const { id } of withQuickKeys(signatures))
  tried(id, () => {
    const a = new Asymmetric(new Guest());
    const generated = a.keypairGenerate(id);
    const message = Uint8Array.of(1, 2, 3);
    for (const encoding of [KeypairEncoding.Pkcs8, KeypairEncoding.Pem]) {
      const pair = a.keypairImport(id, a.keypairExport(generated, encoding), encoding);
      const exported = a.publickeyExport(a.keypairPublickey(generated), PublickeyEncoding.Pkcs8);
      const publicKey = a.publickeyImport(id, exported, PublickeyEncoding.Pkcs8);
      a.verifyMessage(publicKey, id, message, a.signMessage(pair, message));
    }
  });

for (const { id } of keyExchanges)
  tried(id, () => {
    const a = new Asymmetric(new Guest());
    const generated = a.keypairGenerate(id);
    const encoded = a.keypairExport(generated, KeypairEncoding.Pkcs8);
    const secret = a.keypairSecretkey(a.keypairImport(id, encoded, KeypairEncoding.Pkcs8));
    const publicKey = a.keypairPublickey(generated);
    if (diffieHellmans.some((each) => each.id === id)) {
      const other = a.keypairGenerate(id);
      const [one, two] = [a.dh(a.keypairPublickey(other), secret), a.dh(publicKey, a.keypairSecretkey(other))];
      if (Buffer.compare(one, two) !== 0) throw new Error('both sides disagree');
    } else {
      const { secret: sent, encapsulated } = a.encapsulate(publicKey);
      if (Buffer.compare(sent, a.decapsulate(secret, encapsulated)) !== 0) throw new Error('both sides disagree');
    }
  });

const { node, algorithms } = createWasiCrypto().capabilities();
const missing = algorithms.filter(({ supported, tier }) => !supported && tier !== 'optional');
const reasons = Object.fromEntries(missing.map(({ id, reason }) => [id, reason]));
console.log(JSON.stringify({ node, worked, failed, missing: reasons }));
