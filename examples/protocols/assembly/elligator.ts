// The map of RFC 9380, 6.7.1, from numbers to u coordinates of curve25519, by residues of the host: no function of a group has it.
import {
  ByteOrder,
  Modulus,
  Residue,
  addResidues,
  expResidue,
  expect,
  exportResidue,
  importResidue,
  inverseResidue,
  mulResidues,
  reduceToResidue,
  selectResidue,
  squareResidue,
  subResidues,
  value,
} from "wasi-crypto-ext";

const LENGTH = 32;

/** J of the curve. */
const J: u32 = 486662;

let field: Modulus = changetype<Modulus>(<usize>0);

let made: Array<Residue> = [];

function kept(result: u64): Residue {
  const residue = Residue.expect(result, "computing a residue");
  made.push(residue);
  return residue;
}

/** A number of 32 bytes, big-endian, whose bits are all set in those between the first and the last. */
function bytesOf(first: u8, last: u8): Uint8Array {
  const bytes = new Uint8Array(LENGTH).fill(0xff);
  bytes[0] = first;
  bytes[LENGTH - 1] = last;
  return bytes;
}

function small(number: u32): Residue {
  const bytes = new Uint8Array(4);
  store<u32>(bytes.dataStart, number);
  return kept(importResidue(field, ByteOrder.LittleEndian, bytes));
}

/** The u coordinate for 32 bytes, of which bit 255 does not count. In constant time, as far as the host has it. */
export function mapToCurve25519(bytes: Uint8Array): Uint8Array {
  if (field.handle == 0)
    field = Modulus.expect(Modulus.import(ByteOrder.BigEndian, bytesOf(0x7f, 0xed)), "importing a modulus");
  bytes[LENGTH - 1] &= 0x7f;
  const r = kept(reduceToResidue(field, ByteOrder.LittleEndian, bytes));
  const one = small(1);
  const j = small(J);
  // x1 = -J / (1 + 2 r^2), whose divisor is never zero: 2 is no square.
  const square = kept(squareResidue(field, r));
  const divisor = kept(addResidues(field, one, kept(addResidues(field, square, square))));
  const quotient = kept(mulResidues(field, j, kept(inverseResidue(field, divisor))));
  const zero = kept(subResidues(field, one, one));
  const x1 = kept(subResidues(field, zero, quotient));
  const x2 = kept(subResidues(field, quotient, j));
  // x1^3 + J x1^2 + x1 is a square, or x2 is the coordinate of a point.
  const factor = kept(mulResidues(field, x1, kept(addResidues(field, x1, j))));
  const right = kept(mulResidues(field, x1, kept(addResidues(field, factor, one))));
  const character = kept(expResidue(field, right, bytesOf(0x3f, 0xf6)));
  const minusOne = kept(subResidues(field, zero, one));
  const chosen = kept(selectResidue(field, x2, x1, value(character.equal(minusOne)) != 0));
  const coordinate = new Uint8Array(LENGTH);
  expect(exportResidue(chosen, ByteOrder.LittleEndian, coordinate), "exporting a coordinate");
  for (let index = 0; index < made.length; index += 1) made[index].close();
  made = [];
  return coordinate;
}
