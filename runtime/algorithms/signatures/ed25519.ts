/** Ed25519 (RFC 8032, 5.1), verified without a cofactor. */
import { nobleEd25519 } from '../../backends/noble.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { type EdwardsCurve, eddsaOn, littleEndian } from './edwards.js';
import { byOpenssl, type SignatureEntry } from './entry.js';

const edwards25519: EdwardsCurve = {
  identifier: ObjectIdentifiers.ed25519,
  name: 'Ed25519',
  opensslName: 'ed25519',
  prime: 2n ** 255n - 19n,
  a: -1n,
  d: 37095705934669439343138083508754565189542113879843219016388785533085940283555n,
  order: littleEndian('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'),
  // 1, -1, 0, and two for order 8.
  smallOrder: [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ].map(littleEndian),
  prices: {
    bytes: 3400,
    generate: 70_000,
    import: 600_000,
    publicHalf: 60_000,
    useSecret: 35_000,
    usePublic: 100_000,
    validate: 5_000_000,
  },
  isTorsionFree: (bytes) => {
    const point = nobleEd25519().Point.fromBytes(bytes, false);
    return !point.is0() && point.isTorsionFree();
  },
};

export const ed25519: SignatureEntry = byOpenssl(
  'Ed25519',
  { tier: 'recommended', approved: 'FIPS 186-5', vectors: ['acvp', 'keys', 'rfc', 'wycheproof'] },
  (_id, backend) => eddsaOn(edwards25519, backend),
);
