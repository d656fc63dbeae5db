/** A sample of the vectors through a component and the trampolines of jco, a hundred times slower than the fast path. */
import { describeWithShared } from '../shared.js';
import { componentGuests } from './component-guests.js';
import { useGuests } from './guests.js';
import { testVectors, VectorReport, type VectorReader } from './suite.js';

useGuests(await componentGuests('js'));
const { symmetricFiles } = await import('./symmetric-files.js');
const { asymmetricFiles } = await import('./asymmetric-files.js');

/** At least one file of every kind of operation. */
const sample = [
  'acvp/HMAC-SHA2-256-2.0.json',
  'wycheproof/hkdf_sha256_test.json',
  'rfc/hkdf_extract_expand.json',
  'wycheproof/aes_gcm_test.json',
  'botan/chacha20_poly1305.json',
  'nist/kmac.json',
  'generated/aes_cbc_ctr.json',
  'wycheproof/ed25519_test.json',
  'acvp/RSA-SigVer-FIPS186-5.json',
  'wycheproof/rsa_pss_2048_sha256_mgf1_32_test.json',
  'wycheproof/ecdh_secp256r1_pem_test.json',
  'xwing/test-vectors.json',
  'keys/ec_okp_encodings.json',
];

describeWithShared('vectors through a component, default trampolines', () => {
  const report = new VectorReport('component, default');
  const files: Readonly<Record<string, VectorReader>> = { ...symmetricFiles, ...asymmetricFiles };
  for (const path of sample) testVectors(path, files[path] as VectorReader, report);
});
