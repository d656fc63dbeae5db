/**
 * Ed448 (RFC 8032, 5.2). OpenSSL verifies with the cofactor, as the RFC has it: a part of small order in the key
 * or in R changes nothing (measured, 3.0 and 3.5).
 */
import { nobleEd448 } from '../../backends/noble.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { type EdwardsCurve, eddsaOn, littleEndian } from './edwards.js';
import { byOpenssl, type SignatureEntry } from './entry.js';

const PRIME = 2n ** 448n - 2n ** 224n - 1n;

const edwards448: EdwardsCurve = {
  identifier: ObjectIdentifiers.ed448,
  name: 'Ed448',
  opensslName: 'ed448',
  prime: PRIME,
  a: 1n,
  d: PRIME - 39081n,
  order: littleEndian(
    'f34458ab92c27823558fc58d72c26c219036d6ae49db4ec4e923ca7c' +
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffff3f00',
  ),
  // 1, -1 and 0.
  smallOrder: [`01${'00'.repeat(56)}`, `fe${'ff'.repeat(27)}fe${'ff'.repeat(27)}00`, '00'.repeat(57)].map(littleEndian),
  prices: {
    bytes: 4000,
    generate: 400_000,
    import: 1_000_000,
    publicHalf: 350_000,
    useSecret: 350_000,
    usePublic: 500_000,
    validate: 10_000_000,
  },
  isTorsionFree: (bytes) => {
    const point = nobleEd448().Point.fromBytes(bytes, false);
    return !point.is0() && point.isTorsionFree();
  },
};

export const ed448: SignatureEntry = byOpenssl(
  'Ed448',
  { tier: 'optional', approved: 'FIPS 186-5', vectors: ['acvp', 'keys', 'rfc', 'wycheproof'] },
  (_id, backend) => eddsaOn(edwards448, backend),
);
