/** At least one file of every kind of operation. */
export const sample: readonly string[] = [
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
