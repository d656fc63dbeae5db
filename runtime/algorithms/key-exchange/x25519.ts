/** X25519 (RFC 7748, 5). */
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { byOpenssl, type KeyExchangeEntry } from './entry.js';
import { exchangeOn, littleEndian, type MontgomeryCurve, montgomeryKeys } from './montgomery.js';

const montgomery25519: MontgomeryCurve = {
  identifier: ObjectIdentifiers.x25519,
  name: 'X25519',
  opensslName: 'x25519',
  // 2^255 - 19
  prime: littleEndian('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  mask: 0x7f,
  /**
   * 0, 1 and p - 1, also as p and p + 1, and the two of order 8. A clamped scalar is a multiple of 8 and takes
   * them, and only them, to 0.
   */
  lowOrder: [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  ].map(littleEndian),
  prices: {
    bytes: 3400,
    generate: 40_000,
    import: 400_000,
    publicHalf: 40_000,
    useSecret: 40_000,
    usePublic: 0,
    validate: 3000,
  },
};

export const curve25519 = montgomeryKeys(montgomery25519);

export const x25519: KeyExchangeEntry = byOpenssl(
  'X25519',
  { tier: 'recommended', vectors: ['acvp', 'keys', 'wycheproof'] },
  (_id, backend) => exchangeOn(montgomery25519, curve25519, backend),
);
