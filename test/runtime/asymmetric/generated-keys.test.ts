/** Keys that OpenSSL generated, whose bytes come out only when asked for: they are keys like all others. */
import { describe, expect, it } from 'vitest';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { Guest } from '../../guest/guest.js';
import { hexOf } from './probes.js';

const signing = ['Ed25519', 'ECDSA_P256_SHA256', 'ECDSA_P384_SHA384', 'ECDSA_K256_SHA256'];
const exchanging = ['X25519', 'P256-SHA256', 'P384-SHA384'];
const message = Uint8Array.of(1, 2, 3);

describe.each([...signing, ...exchanging])('a generated key of %s', (id) => {
  it('has the bytes that it had when its pair was exported', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairGenerate(id);
    const [publicKey, secretKey] = [a.keypairPublickey(pair), a.keypairSecretkey(pair)];
    for (const encoding of [Pair.Raw, Pair.Pkcs8, Pair.Pem, Pair.Local]) {
      const copy = a.keypairImport(id, a.keypairExport(pair, encoding), encoding);
      expect(hexOf(a.keypairExport(copy, Pair.Pkcs8))).toBe(hexOf(a.keypairExport(pair, Pair.Pkcs8)));
      expect(hexOf(a.publickeyExport(a.keypairPublickey(copy), Public.Raw))).toBe(
        hexOf(a.publickeyExport(publicKey, Public.Raw)),
      );
    }
    const imported = a.secretkeyImport(id, a.secretkeyExport(secretKey, Secret.Raw), Secret.Raw);
    expect(hexOf(a.publickeyExport(a.publickeyFromSecretkey(imported), Public.Pkcs8))).toBe(
      hexOf(a.publickeyExport(publicKey, Public.Pkcs8)),
    );
    a.publickeyVerify(publicKey);
    a.keypairFromPkAndSk(publicKey, imported);
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
