/** The vector files of symmetric algorithms, and their readers. */
import { argon2File, bcryptFile, scryptFile, wycheproofPbkdf2 } from './password-readers.js';
import { acvpAead, chainingFile, combinedAead, counterFile, sivFile, wycheproofAead } from './cipher-readers.js';
import {
  acvpHash,
  acvpKmac,
  acvpMac,
  hkdfSteps,
  listedHash,
  listedKmacs,
  listedMacs,
  wycheproofHkdf,
  wycheproofKmac,
  wycheproofMac,
} from './symmetric-readers.js';
import type { VectorReader } from './suite.js';
import { acvpAscon, aegisFile, namedFor, sessionFile, xoodyakFile } from './lightweight-readers.js';
import { acvpCshake, blake2File, blake3File, listedTuples, listedXofs } from './xof-readers.js';

const cmac = (keySize: number): string => `AES-${keySize}-CMAC`;
const gcm = (keySize: number): string => `AES-${keySize}-GCM`;

const listedId = ({ alg = '' }: { readonly alg?: string }): string => alg;
/** The cases of a file that are for one mode. */
const only = (mode: string, data: unknown): unknown => ({
  cases: (data as { readonly cases: readonly { readonly alg: string }[] }).cases.filter(({ alg }) =>
    alg.endsWith(mode),
  ),
});

export const symmetricFiles: Readonly<Record<string, VectorReader>> = {
  'acvp/SHA2-256-1.0.json.gz': acvpHash('SHA-256'),
  'acvp/SHA2-512-1.0.json.gz': acvpHash('SHA-512'),
  'acvp/SHA2-512-256-1.0.json.gz': acvpHash('SHA-512/256'),
  'nist/sha-384.json': acvpHash('SHA-384'),
  'nist/hashes.json': listedHash(),
  'nist/shake.json': listedXofs,
  'nist/tuplehash.json': listedTuples,
  'rfc/hmac-sha-384.json': listedMacs,
  'wycheproof/hkdf-sha-384.json': wycheproofHkdf('SHA-384'),
  'acvp/HMAC-SHA2-256-2.0.json': acvpMac(() => 'HMAC/SHA-256'),
  'acvp/HMAC-SHA2-512-2.0.json': acvpMac(() => 'HMAC/SHA-512'),
  'acvp/CMAC-AES-1.0.json': acvpMac(cmac),
  'wycheproof/aes_cmac_test.json': wycheproofMac((keySize) =>
    [128, 256].includes(keySize) ? [cmac(keySize)] : [cmac(128), cmac(256)],
  ),
  'botan/aes_cmac.json': listedMacs,
  'acvp/cSHAKE-128-1.0.json': acvpCshake('CSHAKE-128'),
  'acvp/cSHAKE-256-1.0.json': acvpCshake('CSHAKE-256'),
  'nist/cshake.json': listedXofs,
  'generated/cshake.json': listedXofs,
  'kangarootwelve/rfc9861.json': listedXofs,
  'kangarootwelve/generated.json': listedXofs,
  'blake3/test_vectors.json': blake3File,
  'blake2/blake2b-256.json': blake2File,
  'blake2/blake2b-512.json.gz': blake2File,
  'acvp/KMAC-128-1.0.json': acvpKmac('KMAC-128'),
  'acvp/KMAC-256-1.0.json': acvpKmac('KMAC-256'),
  'nist/kmac.json': listedKmacs,
  'wycheproof/kmac128_no_customization_test.json': wycheproofKmac('KMAC-128'),
  'wycheproof/kmac256_no_customization_test.json': wycheproofKmac('KMAC-256'),
  'acvp/ACVP-AES-GCM-1.0.json': acvpAead(gcm),
  'wycheproof/hmac_sha256_test.json': wycheproofMac(() => ['HMAC/SHA-256']),
  'wycheproof/hmac_sha512_test.json': wycheproofMac(() => ['HMAC/SHA-512']),
  'wycheproof/hkdf_sha256_test.json': wycheproofHkdf('SHA-256'),
  'wycheproof/hkdf_sha512_test.json': wycheproofHkdf('SHA-512'),
  'wycheproof/aes_gcm_test.json': wycheproofAead(gcm),
  'wycheproof/chacha20_poly1305_test.json.gz': wycheproofAead(() => 'CHACHA20-POLY1305'),
  'wycheproof/xchacha20_poly1305_test.json.gz': wycheproofAead(() => 'XCHACHA20-POLY1305'),
  'rfc/hkdf_extract_expand.json': hkdfSteps,
  'botan/aes_siv.json': sivFile,
  'generated/aes_siv.json': sivFile,
  'wycheproof/aes_siv_cmac_test.json': sivFile,
  'wycheproof/aead_aes_siv_cmac_test.json.gz': sivFile,
  'acvp/ACVP-AES-CTR-1.0.json': counterFile((_test, size) => `AES-${size}-CTR`),
  'cavp/aes_128_ctr.json': counterFile(() => 'AES-128-CTR'),
  'cavp/aes_256_ctr.json': counterFile(() => 'AES-256-CTR'),
  'rfc/aes_ctr_sp800_38a.json': counterFile(listedId),
  'generated/aes_cbc_ctr.json': (data, path) => [
    ...counterFile(listedId)(only('CTR', data), path),
    ...chainingFile(listedId)(only('CBC', data), path),
  ],
  'acvp/ACVP-AES-CBC-1.0.json': chainingFile((_test, size) => `AES-${size}-CBC`, false),
  'wycheproof/aes_cbc_pkcs5_test.json': chainingFile((_test, size) => `AES-${size}-CBC`),
  'botan/chacha20_poly1305.json': combinedAead,
  'botan/xchacha20_poly1305.json': combinedAead,
  'acvp/ACVP-AES-GCM-SIV-1.0.json': acvpAead((keySize) => `AES-${keySize}-GCM-SIV`),
  'botan/aes_gcm_siv.json': combinedAead,
  'wycheproof/aes_gcm_siv_test.json': wycheproofAead((keySize) => `AES-${keySize}-GCM-SIV`),
  'wycheproof/aegis128L_test.json.gz': wycheproofAead(() => 'AEGIS-128L'),
  'wycheproof/aegis256_test.json.gz': wycheproofAead(() => 'AEGIS-256'),
  ...Object.fromEntries(
    ['128L', '128X2', '128X4', '256', '256X2', '256X4'].flatMap((name) =>
      [`aegis/aegis-${name.toLowerCase()}-test-vectors.json`, `aegis/generated-${name.toLowerCase()}.json`].map(
        (path) => [path, aegisFile(`AEGIS-${name}`)] as const,
      ),
    ),
  ),
  'acvp/Ascon-AEAD128-SP800-232.json': acvpAscon,
  'acvp/Ascon-Hash256-SP800-232.json': acvpHash('ASCON-HASH'),
  'lwc/ascon_aead128.json.gz': namedFor('ASCON-AEAD', combinedAead),
  'lwc/ascon_hash256.json.gz': listedHash('ASCON-HASH'),
  'wycheproof/ascon_sp800_232_aead128_test.json': wycheproofAead(() => 'ASCON-AEAD'),
  'lwc/xoodyak_aead.json.gz': xoodyakFile,
  'lwc/xoodyak_hash.json.gz': listedHash('XOODYAK-128'),
  'lwc/xoodyak_sessions.json': sessionFile,
  'extras/argon2.json': argon2File,
  'extras/scrypt.json': scryptFile,
  'extras/bcrypt.json': bcryptFile,
  'wycheproof/pbkdf2_hmacsha256_test.json': wycheproofPbkdf2('PBKDF2-HMAC/SHA-256', 'SHA256'),
  'wycheproof/pbkdf2_hmacsha512_test.json': wycheproofPbkdf2('PBKDF2-HMAC/SHA-512', 'SHA512'),
};
