/** Entries of algorithms: what follows from the facts in them. */
import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../runtime/contracts/algorithms.js';
import type { AlgorithmEntry, AlgorithmFacts } from '../../runtime/algorithms/descriptor.js';
import { openssl } from '../../runtime/backends/openssl/backend.js';
import { createWasiCrypto, type PolicyOptions } from '../../runtime/index.js';
import { foldName } from '../../runtime/names.js';
import { defaultRules, Policy } from '../../runtime/policy.js';
import { entries } from '../../runtime/registry.js';
import { idsOf, supportedEntries } from '../registry.js';

function allowed(policy: PolicyOptions): readonly string[] {
  return idsOf(
    createWasiCrypto({ policy })
      .capabilities()
      .algorithms.filter((each) => each.supported),
  );
}

/** What a policy says of an algorithm of OpenSSL's. */
function objection(
  rules: Partial<typeof defaultRules>,
  facts: Partial<AlgorithmFacts>,
  algorithm: Partial<Algorithm>,
): string | undefined {
  const made: Algorithm = { id: 'NEW', category: 'symmetric', ...algorithm };
  const entry: AlgorithmEntry = {
    tier: 'extra',
    vectors: [],
    ...facts,
    id: made.id,
    category: made.category,
    implementations: [{ backend: openssl, constantTime: 'library', make: () => made }],
  };
  const [implementation] = entry.implementations;
  if (implementation === undefined) throw new Error('an entry has implementations');
  return new Policy({ ...defaultRules, ...rules }, true).objection(entry, implementation, made);
}

describe('the profile fips', () => {
  it('allows just the algorithms of OpenSSL whose entries name a publication of NIST', () => {
    const onOpenssl = new Set(allowed({ backends: ['native', 'openssl'], unauthenticatedCiphers: true }));
    const approved = supportedEntries.filter(({ id, approved: by }) => by !== undefined && onOpenssl.has(id));
    expect(approved.length).toBeGreaterThan(20);
    expect(allowed({ profile: 'fips', unauthenticatedCiphers: true }).toSorted()).toEqual(idsOf(approved).toSorted());
  });

  it('is changed by nobody who does not change this list: an algorithm that joins a family is not approved with it', () => {
    expect(Object.fromEntries(entries.flatMap(({ id, approved }) => (approved === undefined ? [] : [[id, approved]]))))
      .toMatchInlineSnapshot(`
        {
          "AES-128-CBC": "SP 800-38A",
          "AES-128-CMAC": "SP 800-38B",
          "AES-128-CTR": "SP 800-38A",
          "AES-128-GCM": "SP 800-38D",
          "AES-256-CBC": "SP 800-38A",
          "AES-256-CMAC": "SP 800-38B",
          "AES-256-CTR": "SP 800-38A",
          "AES-256-GCM": "SP 800-38D",
          "ASCON-AEAD": "SP 800-232",
          "ASCON-HASH": "SP 800-232",
          "CSHAKE-128": "SP 800-185",
          "CSHAKE-256": "SP 800-185",
          "ECDSA_P256_SHA256": "FIPS 186-5",
          "ECDSA_P384_SHA384": "FIPS 186-5",
          "ECDSA_P521_SHA512": "FIPS 186-5",
          "Ed25519": "FIPS 186-5",
          "Ed448": "FIPS 186-5",
          "HKDF-EXPAND/SHA-256": "SP 800-56C",
          "HKDF-EXPAND/SHA-384": "SP 800-56C",
          "HKDF-EXPAND/SHA-512": "SP 800-56C",
          "HKDF-EXTRACT/SHA-256": "SP 800-56C",
          "HKDF-EXTRACT/SHA-384": "SP 800-56C",
          "HKDF-EXTRACT/SHA-512": "SP 800-56C",
          "HMAC/SHA-256": "FIPS 198-1",
          "HMAC/SHA-384": "FIPS 198-1",
          "HMAC/SHA-512": "FIPS 198-1",
          "KMAC-128": "SP 800-185",
          "KMAC-256": "SP 800-185",
          "ML-DSA-44": "FIPS 204",
          "ML-DSA-65": "FIPS 204",
          "ML-DSA-87": "FIPS 204",
          "ML-KEM-1024": "FIPS 203",
          "ML-KEM-512": "FIPS 203",
          "ML-KEM-768": "FIPS 203",
          "P256-SHA256": "SP 800-56A",
          "P384-SHA384": "SP 800-56A",
          "P521-SHA512": "SP 800-56A",
          "PBKDF2-HMAC/SHA-256": "SP 800-132",
          "PBKDF2-HMAC/SHA-512": "SP 800-132",
          "RSA_PKCS1_2048_SHA256": "FIPS 186-5",
          "RSA_PKCS1_2048_SHA384": "FIPS 186-5",
          "RSA_PKCS1_2048_SHA512": "FIPS 186-5",
          "RSA_PKCS1_3072_SHA384": "FIPS 186-5",
          "RSA_PKCS1_3072_SHA512": "FIPS 186-5",
          "RSA_PKCS1_4096_SHA512": "FIPS 186-5",
          "RSA_PSS_2048_SHA256": "FIPS 186-5",
          "RSA_PSS_2048_SHA384": "FIPS 186-5",
          "RSA_PSS_2048_SHA512": "FIPS 186-5",
          "RSA_PSS_3072_SHA384": "FIPS 186-5",
          "RSA_PSS_3072_SHA512": "FIPS 186-5",
          "RSA_PSS_4096_SHA512": "FIPS 186-5",
          "SHA-224": "FIPS 180-4",
          "SHA-256": "FIPS 180-4",
          "SHA-384": "FIPS 180-4",
          "SHA-512": "FIPS 180-4",
          "SHA-512/224": "FIPS 180-4",
          "SHA-512/256": "FIPS 180-4",
          "SHA3-224": "FIPS 202",
          "SHA3-256": "FIPS 202",
          "SHA3-384": "FIPS 202",
          "SHA3-512": "FIPS 202",
          "SHAKE-128": "FIPS 202",
          "SHAKE-256": "FIPS 202",
          "SLH-DSA-SHA2-128f": "FIPS 205",
          "SLH-DSA-SHA2-128s": "FIPS 205",
          "SLH-DSA-SHAKE-128s": "FIPS 205",
          "TUPLEHASH-128": "SP 800-185",
          "TUPLEHASH-256": "SP 800-185",
        }
      `);
  });

  it('refuses an algorithm whose entry says nothing of approval', () => {
    expect(objection({ profile: 'fips' }, {}, {})).toMatch(/not an approved algorithm/);
    expect(objection({ profile: 'fips' }, { approved: 'FIPS 205' }, {})).toBeUndefined();
  });
});

describe('ciphers without authentication', () => {
  it('are refused unless a policy asks for them, whatever their name', () => {
    expect(objection({}, {}, { authenticated: false })).toBe('a cipher without authentication');
    expect(objection({ unauthenticatedCiphers: true }, {}, { authenticated: false })).toBeUndefined();
    expect(objection({}, {}, { authenticated: true })).toBeUndefined();
    expect(objection({}, {}, {})).toBeUndefined();
  });
});

describe('the tables of algorithms', () => {
  it('name each id once, and every entry has an implementation', () => {
    const names = entries.map(({ id }) => foldName(id));
    expect(new Set(names).size).toBe(names.length);
    expect(entries.filter(({ implementations }) => implementations.length === 0)).toEqual([]);
  });

  it('have all 72 ids of the proposal, and are the report, by tier', () => {
    const count = (tier: string): number => entries.filter((each) => each.tier === tier).length;
    expect(['required', 'recommended', 'optional'].map(count)).toEqual([14, 18, 40]);
    const { algorithms } = createWasiCrypto().capabilities();
    expect(idsOf(algorithms).toSorted()).toEqual(idsOf(entries).toSorted());
    const tiers = algorithms.map(({ tier }) => ['required', 'recommended', 'optional', 'extra'].indexOf(tier));
    expect(tiers).toEqual(tiers.toSorted());
  });
});
