/** The vector files of signatures and key exchange, and their readers. */
import { PublickeyEncoding, SignatureEncoding } from '../../generated/0.10/typescript-host/types.js';
import * as exchange from './key-exchange-readers.js';
import { curveKeys } from './key-readers.js';
import * as mlDsa from './ml-dsa-readers.js';
import * as mlKem from './ml-kem-readers.js';
import * as signature from './signature-readers.js';
import { slhDsa } from './slh-dsa-readers.js';
import type { VectorReader } from './suite.js';

export const asymmetricFiles: Readonly<Record<string, VectorReader>> = {
  'acvp/EDDSA-SigGen-1.0.json': signature.acvpEddsaSign,
  'acvp/EDDSA-SigVer-1.0.json': signature.acvpEddsaVerify,
  'acvp/EDDSA-KeyVer-1.0.json': signature.acvpEddsaKeys,
  'rfc/rfc8032_ed25519.json': signature.rfc8032('Ed25519'),
  'rfc/rfc8032_ed448.json': signature.rfc8032('Ed448'),
  'wycheproof/ed25519_test.json': signature.wycheproofSignatures('Ed25519'),
  'wycheproof/ed448_test.json': signature.wycheproofSignatures('Ed448'),

  'acvp/DetECDSA-SigGen-FIPS186-5.json': signature.acvpEcdsa,
  'acvp/ECDSA-SigVer-1.0.json': signature.acvpEcdsa,
  'acvp/ECDSA-SigVer-FIPS186-5.json': signature.acvpEcdsa,
  'acvp/ECDSA-KeyVer-FIPS186-5.json': signature.acvpEcdsaKeys,
  'rfc/rfc6979_ecdsa.json': signature.rfc6979,
  'rfc/rfc6979_p521.json': signature.rfc6979,
  'wycheproof/ecdsa_secp256r1_sha256_test.json.gz': signature.wycheproofSignatures(
    'ECDSA_P256_SHA256',
    SignatureEncoding.Der,
  ),
  'wycheproof/ecdsa_secp256r1_sha256_p1363_test.json.gz': signature.wycheproofSignatures('ECDSA_P256_SHA256'),
  'wycheproof/ecdsa_secp384r1_sha384_test.json.gz': signature.wycheproofSignatures(
    'ECDSA_P384_SHA384',
    SignatureEncoding.Der,
  ),
  'wycheproof/ecdsa_secp384r1_sha384_p1363_test.json.gz': signature.wycheproofSignatures('ECDSA_P384_SHA384'),
  'wycheproof/ecdsa_secp256k1_sha256_test.json.gz': signature.wycheproofSignatures(
    'ECDSA_K256_SHA256',
    SignatureEncoding.Der,
  ),
  'wycheproof/ecdsa_secp256k1_sha256_p1363_test.json.gz': signature.wycheproofSignatures('ECDSA_K256_SHA256'),
  'wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json.gz': signature.wycheproofSignatures(
    'ECDSA_K256_SHA256',
    SignatureEncoding.Der,
  ),

  'acvp/RSA-SigGen-FIPS186-4.json': signature.acvpRsa,
  'acvp/RSA-SigGen-FIPS186-5.json': signature.acvpRsa,
  'acvp/RSA-SigVer-FIPS186-5.json': signature.acvpRsa,
  'cavp/rsa_pss_siggen_186-3.json.gz': signature.cavpPss,
  'wycheproof/rsa_signature_2048_sha256_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_signature_2048_sha384_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_signature_2048_sha512_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_signature_3072_sha384_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_signature_3072_sha512_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_signature_4096_sha512_test.json.gz': signature.wycheproofPkcs1,
  'wycheproof/rsa_pkcs1_2048_sig_gen_test.json': signature.wycheproofPkcs1Generate,
  'wycheproof/rsa_pkcs1_3072_sig_gen_test.json': signature.wycheproofPkcs1Generate,
  'wycheproof/rsa_pkcs1_4096_sig_gen_test.json': signature.wycheproofPkcs1Generate,
  'wycheproof/rsa_pss_2048_sha256_mgf1_0_test.json': signature.wycheproofPss,
  'wycheproof/rsa_pss_2048_sha256_mgf1_32_test.json': signature.wycheproofPss,
  'wycheproof/rsa_pss_2048_sha256_mgf1_32_params_test.json': signature.wycheproofPss,
  'wycheproof/rsa_pss_2048_sha384_mgf1_48_test.json': signature.wycheproofPss,
  'wycheproof/rsa_pss_2048_sha512_mgf1sha256_32_params_test.json': signature.wycheproofPss,
  'wycheproof/rsa_pss_4096_sha512_mgf1_32_test.json.gz': signature.wycheproofPss,
  'wycheproof/rsa_pss_4096_sha512_mgf1_64_test.json.gz': signature.wycheproofPss,
  'wycheproof/rsa_pss_4096_sha512_mgf1_64_params_test.json.gz': signature.wycheproofPss,
  'wycheproof/rsa_pss_misc_test.json': signature.wycheproofPss,

  'acvp/XECDH-SSC-RFC7748.json': exchange.acvpMontgomery,
  'acvp/XECDH-keyVer-RFC7748.json': exchange.acvpMontgomeryKeys,
  'wycheproof/x25519_test.json.gz': exchange.wycheproofMontgomery('X25519'),
  'wycheproof/x448_test.json.gz': exchange.wycheproofMontgomery('X448'),
  'cavp/ecdh_ecccdh.json': exchange.cavpEcdh,
  'wycheproof/ecdh_secp256r1_test.json.gz': exchange.wycheproofEcdh('P256-SHA256', 32, PublickeyEncoding.Pkcs8),
  'wycheproof/ecdh_secp384r1_test.json.gz': exchange.wycheproofEcdh('P384-SHA384', 48, PublickeyEncoding.Pkcs8),
  'wycheproof/ecdh_secp256r1_ecpoint_test.json.gz': exchange.wycheproofEcdh('P256-SHA256', 32, PublickeyEncoding.Sec),
  'wycheproof/ecdh_secp384r1_ecpoint_test.json.gz': exchange.wycheproofEcdh('P384-SHA384', 48, PublickeyEncoding.Sec),
  'wycheproof/ecdh_secp256r1_pem_test.json': exchange.wycheproofEcdhPem('P256-SHA256'),
  'wycheproof/ecdh_secp384r1_pem_test.json': exchange.wycheproofEcdhPem('P384-SHA384'),
  'rfc/rfc9180_p521.json': exchange.rfc9180,
  'xwing/test-vectors.json': exchange.xWing,
  'xwing/generated.json': exchange.xWing,

  'acvp/ML-DSA-keyGen-FIPS204.json.gz': mlDsa.acvpMlDsaKeys,
  'acvp/ML-DSA-sigGen-FIPS204.json.gz': mlDsa.acvpMlDsaSign,
  'acvp/ML-DSA-sigVer-FIPS204.json.gz': mlDsa.acvpMlDsaVerify,
  'wycheproof/mldsa_44_sign_noseed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-44'),
  'wycheproof/mldsa_44_sign_seed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-44'),
  'wycheproof/mldsa_44_verify_test.json.gz': mlDsa.wycheproofMlDsaVerify('ML-DSA-44'),
  'wycheproof/mldsa_65_sign_noseed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-65'),
  'wycheproof/mldsa_65_sign_seed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-65'),
  'wycheproof/mldsa_65_verify_test.json.gz': mlDsa.wycheproofMlDsaVerify('ML-DSA-65'),
  'wycheproof/mldsa_87_sign_noseed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-87'),
  'wycheproof/mldsa_87_sign_seed_test.json.gz': mlDsa.wycheproofMlDsaSign('ML-DSA-87'),
  'wycheproof/mldsa_87_verify_test.json.gz': mlDsa.wycheproofMlDsaVerify('ML-DSA-87'),

  'acvp/ML-KEM-keyGen-FIPS203.json.gz': mlKem.acvpMlKemKeys,
  'acvp/ML-KEM-encapDecap-FIPS203-tr1.json.gz': mlKem.acvpMlKem,
  'wycheproof/mlkem_512_keygen_seed_test.json.gz': mlKem.wycheproofMlKemKeys('ML-KEM-512'),
  'wycheproof/mlkem_512_encaps_test.json.gz': mlKem.wycheproofMlKemPublic('ML-KEM-512'),
  'wycheproof/mlkem_512_test.json.gz': mlKem.wycheproofMlKem('ML-KEM-512'),
  'wycheproof/mlkem_512_semi_expanded_decaps_test.json': mlKem.wycheproofMlKem('ML-KEM-512'),
  'wycheproof/mlkem_768_keygen_seed_test.json.gz': mlKem.wycheproofMlKemKeys('ML-KEM-768'),
  'wycheproof/mlkem_768_encaps_test.json.gz': mlKem.wycheproofMlKemPublic('ML-KEM-768'),
  'wycheproof/mlkem_768_test.json.gz': mlKem.wycheproofMlKem('ML-KEM-768'),
  'wycheproof/mlkem_768_semi_expanded_decaps_test.json': mlKem.wycheproofMlKem('ML-KEM-768'),
  'wycheproof/mlkem_1024_keygen_seed_test.json.gz': mlKem.wycheproofMlKemKeys('ML-KEM-1024'),
  'wycheproof/mlkem_1024_encaps_test.json.gz': mlKem.wycheproofMlKemPublic('ML-KEM-1024'),
  'wycheproof/mlkem_1024_test.json.gz': mlKem.wycheproofMlKem('ML-KEM-1024'),
  'wycheproof/mlkem_1024_semi_expanded_decaps_test.json': mlKem.wycheproofMlKem('ML-KEM-1024'),

  'generated/slh_dsa.json.gz': slhDsa,

  'keys/ec_okp_encodings.json': curveKeys,
  'keys/rsa_encodings_signatures.json.gz': signature.rsaKeys,
};
