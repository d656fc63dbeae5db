/** The groups, as their standards say: what is the same whatever computes. */
import type { Expander } from './expand-message.js';

export type GroupName = 'P-256' | 'P-384' | 'P-521' | 'secp256k1' | 'edwards25519' | 'ristretto255' | 'decaf448';

export interface GroupFacts {
  readonly name: GroupName;
  /** Of the group of elements that scalars multiply in; a prime. */
  readonly order: bigint;
  /** Of a coordinate, in bytes; of the encoding where there is only one. */
  readonly fieldLength: number;
  readonly scalarLength: number;
  /** Of encoded scalars; SEC 1 has big-endian ones. */
  readonly scalarOrder: 'big' | 'little';
  /** Lengths of encoded elements. Undefined: there is no such format. */
  readonly compressed: number;
  readonly uncompressed: number | undefined;
  readonly xOnly: number | undefined;
  /** Whether 32 bytes are decoded as an x coordinate: BIP-340 alone says which of two points that is. */
  readonly decodesXOnly: boolean;
  /** Whether the identity has an encoding. */
  readonly encodesIdentity: boolean;
  /** Of the suites of RFC 9380 and RFC 9497. */
  readonly expander: Expander;
  /** Bytes that become one coordinate, or one scalar (L of RFC 9380); of ristretto255 and decaf448, one element. */
  readonly uniform: number;
  /** Bytes that become a scalar. */
  readonly scalarUniform: number;
  /** Whether a one-way map is all there is: no `encode_to_group`, no coordinates. */
  readonly oneWayMap: boolean;
}

const weierstrass = { scalarOrder: 'big', decodesXOnly: false, encodesIdentity: false, oneWayMap: false } as const;
const others = {
  scalarOrder: 'little',
  uncompressed: undefined,
  xOnly: undefined,
  decodesXOnly: false,
  encodesIdentity: true,
} as const;

function curve(
  name: GroupName,
  order: bigint,
  fieldLength: number,
  uniform: number,
  expander: Expander,
  decodesXOnly = false,
): GroupFacts {
  return {
    ...weierstrass,
    ...{ name, order, fieldLength, expander, uniform, decodesXOnly },
    scalarLength: fieldLength,
    scalarUniform: uniform,
    compressed: fieldLength + 1,
    uncompressed: 2 * fieldLength + 1,
    xOnly: fieldLength,
  };
}

/** RFC 8032: of edwards25519, and RFC 9496: of ristretto255. */
const ORDER_25519 = 2n ** 252n + 27742317777372353535851937790883648493n;

/** FIPS 186 and SEC 2, RFC 8032, RFC 9496; suites of RFC 9380, section 8 and appendices B and C. */
export const groups: readonly GroupFacts[] = [
  curve('P-256', 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, 32, 48, {
    hash: 'sha256',
    strength: 128,
  }),
  curve(
    'P-384',
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    48,
    72,
    { hash: 'sha384', strength: 192 },
  ),
  curve(
    'P-521',
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    66,
    98,
    { hash: 'sha512', strength: 256 },
  ),
  curve(
    'secp256k1',
    0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    32,
    48,
    { hash: 'sha256', strength: 128 },
    true,
  ),
  {
    ...others,
    name: 'edwards25519',
    order: ORDER_25519,
    fieldLength: 32,
    scalarLength: 32,
    compressed: 32,
    expander: { hash: 'sha512', strength: 128 },
    uniform: 48,
    scalarUniform: 48,
    oneWayMap: false,
  },
  {
    ...others,
    name: 'ristretto255',
    order: ORDER_25519,
    fieldLength: 32,
    scalarLength: 32,
    compressed: 32,
    expander: { hash: 'sha512', strength: 128 },
    uniform: 64,
    scalarUniform: 64,
    oneWayMap: true,
  },
  {
    ...others,
    name: 'decaf448',
    order: 2n ** 446n - 13818066809895115352007386748515426880336692474882178609894547503885n,
    fieldLength: 56,
    scalarLength: 56,
    compressed: 56,
    expander: { hash: 'shake256', strength: 224 },
    uniform: 112,
    scalarUniform: 64,
    oneWayMap: true,
  },
];
