/**
 * ECDSA signatures: `raw` is r, then s, each padded to the width of the curve's order (IEEE P1363);
 * `der` is SEQUENCE { r, s } (RFC 3279, 2.2.3). OpenSSL speaks DER; converting here costs less than
 * asking Node for the other form.
 */
import { fail } from '../../generated/0.10/typescript-host/types.js';
import { DerReader, encodeDer, sequence, Tag, unsigned } from './der.js';

/** @param width bytes of the curve's order. `invalid_signature` unless strict DER of two integers that fit. */
export function rawFromDer(der: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const whole = new DerReader(der, fail.InvalidSignature);
  const inner = whole.nested(Tag.Sequence);
  whole.end();
  const r = inner.unsigned();
  const s = inner.unsigned();
  inner.end();
  if (r.length > width || s.length > width) throw fail.InvalidSignature;
  const raw = new Uint8Array(width * 2);
  raw.set(r, width - r.length);
  raw.set(s, width * 2 - s.length);
  return raw;
}

export function derFromRaw(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const width = raw.length / 2;
  return encodeDer(sequence(unsigned(raw.subarray(0, width)), unsigned(raw.subarray(width))));
}
