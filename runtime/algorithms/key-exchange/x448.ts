/** X448 (RFC 7748, 5). */
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { byOpenssl, type KeyExchangeEntry } from './entry.js';
import { exchangeOn, littleEndian, type MontgomeryCurve, montgomeryKeys } from './montgomery.js';

/** All bytes but the first and the 29th of numbers near p. */
const nearPrime = (first: string, middle: string): string => `${first}${'ff'.repeat(27)}${middle}${'ff'.repeat(27)}`;

const montgomery448: MontgomeryCurve = {
  identifier: ObjectIdentifiers.x448,
  name: 'X448',
  opensslName: 'x448',
  // 2^448 - 2^224 - 1
  prime: littleEndian(nearPrime('ff', 'fe')),
  mask: 0xff,
  // 0, 1 and p - 1, also as p and p + 1: a clamped scalar is a multiple of 4 and takes them, and only them, to 0.
  lowOrder: [
    '00'.repeat(56),
    `01${'00'.repeat(55)}`,
    nearPrime('fe', 'fe'),
    nearPrime('ff', 'fe'),
    `${'00'.repeat(28)}${'ff'.repeat(28)}`,
  ].map(littleEndian),
  prices: {
    bytes: 4000,
    generate: 350_000,
    import: 800_000,
    publicHalf: 350_000,
    useSecret: 350_000,
    usePublic: 0,
    validate: 3000,
  },
};

const curve448 = montgomeryKeys(montgomery448);

export const x448: KeyExchangeEntry = byOpenssl(
  'X448',
  { tier: 'optional', vectors: ['acvp', 'keys', 'wycheproof'] },
  (_id, backend) => exchangeOn(montgomery448, curve448, backend),
);
