/** Keys that OpenSSL generated, whose bytes come out only when asked for: they are keys like all others. */
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest, type ErrnoName } from '../../guest/guest.js';
import { diffieHellmans, idsOf, keyPairAlgorithms, signatures, withQuickKeys } from '../../registry.js';

const signing = idsOf(withQuickKeys(signatures));
const exchanging = idsOf(diffieHellmans);
const message = Uint8Array.of(1, 2, 3);

describe.each(keyPairAlgorithms)('a generated key of $id', ({ id, keys }) => {
  const pairEncodings = [Pair.Pkcs8, Pair.Pem, Pair.Local, ...(keys.pairFromRaw === undefined ? [] : [Pair.Raw])];
  const secretEncoding = keys.secretFromRaw === undefined ? Secret.Pkcs8 : Secret.Raw;
  const publicEncoding = keys.publicFromRaw === undefined ? Public.Pkcs8 : Public.Raw;

  it('has the bytes that it had when its pair was exported', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairGenerate(id);
    const [publicKey, secretKey] = [a.keypairPublickey(pair), a.keypairSecretkey(pair)];
    for (const encoding of pairEncodings) {
      const copy = a.keypairImport(id, a.keypairExport(pair, encoding), encoding);
      expect(hexOf(a.keypairExport(copy, Pair.Pkcs8))).toBe(hexOf(a.keypairExport(pair, Pair.Pkcs8)));
      expect(hexOf(a.publickeyExport(a.keypairPublickey(copy), publicEncoding))).toBe(
        hexOf(a.publickeyExport(publicKey, publicEncoding)),
      );
    }
    const imported = a.secretkeyImport(id, a.secretkeyExport(secretKey, secretEncoding), secretEncoding);
    expect(hexOf(a.publickeyExport(a.publickeyFromSecretkey(imported), Public.Pkcs8))).toBe(
      hexOf(a.publickeyExport(publicKey, Public.Pkcs8)),
    );
    a.publickeyVerify(publicKey);
    a.keypairFromPkAndSk(publicKey, imported);
  });

  it('comes out in just the encodings that its family takes in', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairGenerate(id);
    const [publicKey, secretKey] = [a.keypairPublickey(pair), a.keypairSecretkey(pair)];
    const expected = (taken: unknown): ErrnoName => (taken === undefined ? 'UnsupportedEncoding' : 'Success');
    expect(errnoOf(() => a.keypairExport(pair, Pair.Raw))).toBe(expected(keys.pairFromRaw));
    expect(errnoOf(() => a.secretkeyExport(secretKey, Secret.Raw))).toBe(expected(keys.secretFromRaw));
    expect(errnoOf(() => a.secretkeyExport(secretKey, Secret.Sec))).toBe(expected(keys.secretFromSec));
    expect(errnoOf(() => a.publickeyExport(publicKey, Public.Raw))).toBe(expected(keys.publicFromRaw));
    expect(errnoOf(() => a.publickeyExport(publicKey, Public.Sec))).toBe(expected(keys.publicFromSec));
  });
});

describe.each(signing)('a generated key of %s', (id) => {
  it('signs what its imported public half verifies, and verifies what its imported copy signs', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairGenerate(id);
    const publicKey = a.publickeyImport(id, a.publickeyExport(a.keypairPublickey(pair), Public.Pkcs8), Public.Pkcs8);
    a.verifyMessage(publicKey, id, message, a.signMessage(pair, message));
    const copy = a.keypairImport(id, a.keypairExport(pair, Pair.Pkcs8), Pair.Pkcs8);
    a.verifyMessage(a.keypairPublickey(pair), id, message, a.signMessage(copy, message));
  });
});

describe.each(exchanging)('generated keys of %s', (id) => {
  it('agree with each other and with their imported copies', () => {
    const a = new Asymmetric(new Guest());
    const [ours, theirs] = [a.keypairGenerate(id), a.keypairGenerate(id)];
    const copy = a.keypairImport(id, a.keypairExport(ours, Pair.Pkcs8), Pair.Pkcs8);
    const shared = hexOf(a.dh(a.keypairPublickey(theirs), a.keypairSecretkey(ours)));
    expect(hexOf(a.dh(a.keypairPublickey(ours), a.keypairSecretkey(theirs)))).toBe(shared);
    expect(hexOf(a.dh(a.keypairPublickey(theirs), a.keypairSecretkey(copy)))).toBe(shared);
    expect(hexOf(a.dh(a.keypairPublickey(copy), a.keypairSecretkey(theirs)))).toBe(shared);
  });
});
