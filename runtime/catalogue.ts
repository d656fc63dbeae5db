/**
 * Every algorithm id of the proposal, whether this host has it or not: what the capability report
 * lists, and what a policy may name.
 */
import type { Category, Tier } from './algorithms/descriptor.js';

export interface CatalogueEntry {
  readonly id: string;
  readonly category: Category;
  readonly tier: Tier;
  /** Approved by NIST for use in FIPS 140-3 modules (FIPS 180-4, 186-5, 197, 198-1, 202, 203, 204; SP 800-38, -56, -185, -232). */
  readonly approved: boolean;
}

const NOT_APPROVED = new Set([
  'ECDSA_K256_SHA256',
  'CHACHA20-POLY1305',
  'XCHACHA20-POLY1305',
  'X25519',
  'X448',
  'X-WING',
  'XOODYAK-128',
  'AEGIS-128L',
  'AEGIS-128X2',
  'AEGIS-128X4',
  'AEGIS-256',
  'AEGIS-256X2',
  'AEGIS-256X4',
  'AES-128-GCM-SIV',
  'AES-256-GCM-SIV',
  'AES-128-SIV',
  'AES-256-SIV',
  'BLAKE2B-256',
  'BLAKE2B-512',
  'BLAKE3',
  'TURBOSHAKE-128',
  'TURBOSHAKE-256',
  'KT128',
  'KT256',
  'ARGON2-ID-13',
]);

function entries(category: Category, tier: Tier, ids: readonly string[]): readonly CatalogueEntry[] {
  return ids.map((id) => ({ id, category, tier, approved: !NOT_APPROVED.has(id) }));
}

export const catalogue: readonly CatalogueEntry[] = [
  ...entries('signatures', 'required', ['RSA_PKCS1_2048_SHA256', 'RSA_PKCS1_3072_SHA384', 'RSA_PKCS1_4096_SHA512']),
  ...entries('symmetric', 'required', [
    'HKDF-EXTRACT/SHA-256',
    'HKDF-EXTRACT/SHA-512',
    'HKDF-EXPAND/SHA-256',
    'HKDF-EXPAND/SHA-512',
    'HMAC/SHA-256',
    'HMAC/SHA-512',
    'SHA-256',
    'SHA-512',
    'SHA-512/256',
    'AES-128-GCM',
    'AES-256-GCM',
  ]),
  ...entries('signatures', 'recommended', [
    'ECDSA_P256_SHA256',
    'ECDSA_P384_SHA384',
    'ECDSA_K256_SHA256',
    'Ed25519',
    'RSA_PKCS1_2048_SHA384',
    'RSA_PKCS1_2048_SHA512',
    'RSA_PKCS1_3072_SHA512',
    'RSA_PSS_2048_SHA256',
    'RSA_PSS_2048_SHA384',
    'RSA_PSS_2048_SHA512',
    'RSA_PSS_3072_SHA384',
    'RSA_PSS_3072_SHA512',
    'RSA_PSS_4096_SHA512',
  ]),
  ...entries('key-exchange', 'recommended', ['P256-SHA256', 'P384-SHA384', 'X25519', 'X-WING']),
  ...entries('symmetric', 'recommended', ['CHACHA20-POLY1305']),
  ...entries('signatures', 'optional', ['Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']),
  ...entries('key-exchange', 'optional', ['X448', 'ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024']),
  ...entries('symmetric', 'optional', [
    'XOODYAK-128',
    'XCHACHA20-POLY1305',
    'CSHAKE-128',
    'CSHAKE-256',
    'AEGIS-128L',
    'AEGIS-128X2',
    'AEGIS-128X4',
    'AEGIS-256',
    'AEGIS-256X2',
    'AEGIS-256X4',
    'AES-128-GCM-SIV',
    'AES-256-GCM-SIV',
    'AES-128-SIV',
    'AES-256-SIV',
    'AES-128-CMAC',
    'AES-256-CMAC',
    'AES-128-CBC',
    'AES-256-CBC',
    'AES-128-CTR',
    'AES-256-CTR',
    'KMAC-128',
    'KMAC-256',
    'ASCON-AEAD',
    'ASCON-HASH',
    'BLAKE2B-256',
    'BLAKE2B-512',
    'BLAKE3',
    'TURBOSHAKE-128',
    'TURBOSHAKE-256',
    'KT128',
    'KT256',
    'ARGON2-ID-13',
  ]),
  ...entries('symmetric', 'extra', ['SHA-384']),
];
