/** All vectors of hashes, HMAC, HKDF and authenticated ciphers, through the guest ABI. */
import { expect, it } from 'vitest';
import { Guest } from '../guest/guest.js';
import { describeWithShared } from '../shared.js';
import { acvpAead, acvpHash, acvpMac, combinedAead, hkdfSteps, wycheproofAead, wycheproofHkdf, wycheproofMac } from './symmetric-readers.js';
import { manifest, testVectors, VectorReport, type VectorReader } from './suite.js';

const gcm = (keySize: number): string => `AES-${keySize}-GCM`;

const files: Readonly<Record<string, VectorReader>> = {
  'acvp/SHA2-256-1.0.json.gz': acvpHash('SHA-256'),
  'acvp/SHA2-512-1.0.json.gz': acvpHash('SHA-512'),
  'acvp/SHA2-512-256-1.0.json.gz': acvpHash('SHA-512/256'),
  'acvp/HMAC-SHA2-256-2.0.json': acvpMac('HMAC/SHA-256'),
  'acvp/HMAC-SHA2-512-2.0.json': acvpMac('HMAC/SHA-512'),
  'acvp/ACVP-AES-GCM-1.0.json': acvpAead(gcm),
  'wycheproof/hmac_sha256_test.json': wycheproofMac('HMAC/SHA-256'),
  'wycheproof/hmac_sha512_test.json': wycheproofMac('HMAC/SHA-512'),
  'wycheproof/hkdf_sha256_test.json': wycheproofHkdf('SHA-256'),
  'wycheproof/hkdf_sha512_test.json': wycheproofHkdf('SHA-512'),
  'wycheproof/aes_gcm_test.json': wycheproofAead(gcm),
  'wycheproof/chacha20_poly1305_test.json.gz': wycheproofAead(() => 'CHACHA20-POLY1305'),
  'rfc/hkdf_extract_expand.json': hkdfSteps,
  'botan/chacha20_poly1305.json': combinedAead,
};

describeWithShared('vectors of symmetric algorithms', () => {
  const report = new VectorReport('symmetric');
  for (const [path, read] of Object.entries(files)) testVectors(path, read, report);

  it('leaves out no file of a supported algorithm', () => {
    const { algorithms } = new Guest().host.capabilities();
    const supported = new Set(algorithms.filter((each) => each.category === 'symmetric' && each.supported).map((each) => each.id));
    const due = manifest.filter((entry) => Object.keys(entry.algs).some((id) => supported.has(id))).map((entry) => entry.path);
    expect(due.filter((path) => files[path] === undefined)).toEqual([]);
  });
});
