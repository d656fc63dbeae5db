/** The extension's recipes for bytes on the real host, as a core module and for components: they agree with Buffer. Those of arithmetic compute the vectors of `examples/protocols`; here is what those do not ask. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { createWasiCrypto, type WasiCrypto } from '../../runtime/index.js';
import { emit, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';
import { compile, instantiate, type Instance } from '../targets/assemblyscript-guest/asc.js';
import { runtimeHost } from '../targets/assemblyscript-guest/runtime-host.js';

/** The guest works on two places of 4 KiB each, which the test fills and reads. Sizes, or errnos below zero. */
const guestText = `
  import {
    ByteOrder, Element, Group, Modulus, Residue, Scalar, Secrecy, Slice, addElements, base64Decode, base64Encode, base64UrlDecode, base64UrlEncode,
    constantTimeEquals, decodeElement, decodeScalar, hashToElement, hexDecode, hexEncode, importResidue, invertScalar, mulBase, ok, pad, randomBytes,
    randomIndex, randomResidue, randomScalar, sqrtResidue, squareResidue, subElements, unpad, value, wipe,
  } from "wasi-crypto-ext";
  const area = memory.data(8192, 16);
  const slices: StaticArray<Slice> = [new Slice(), new Slice()];
  export function place(): usize { return area; }
  function at(index: i32, length: u32): Slice { return slices[index].at(area + <usize>index * 4096, length); }
  function number(result: u64): i32 { return ok(result) ? value(result) : -<i32>(result >> 32); }

  export function same(a: u32, b: u32): i32 { return constantTimeEquals(at(0, a), at(1, b)); }
  export function toHex(data: u32, text: u32): i32 { return hexEncode(at(0, data), at(1, text)); }
  export function fromHex(text: u32, data: u32): i32 { return number(hexDecode(at(1, text), at(0, data))); }
  export function toBase64(data: u32, text: u32): i32 { return base64Encode(at(0, data), at(1, text)); }
  export function fromBase64(text: u32, data: u32): i32 { return number(base64Decode(at(1, text), at(0, data))); }
  export function toUrl(data: u32, text: u32): i32 { return base64UrlEncode(at(0, data), at(1, text)); }
  export function fromUrl(text: u32, data: u32): i32 { return number(base64UrlDecode(at(1, text), at(0, data))); }
  export function padded(block: u32, data: u32, size: u32): i32 { return pad(block, at(0, data), at(1, size)); }
  export function unpadded(block: u32, size: u32): i32 { return number(unpad(block, at(1, size))); }
  export function index(bound: u32): i32 { return number(randomIndex(bound)); }
  export function randomAt(length: u32): i32 { return randomBytes(at(0, length)); }
  export function wipeAt(length: u32): void { wipe(at(0, length)); }

  /** 0, or the law that does not hold. Place 0 has a prime modulus. */
  export function laws(): i32 {
    const group = Group.expect(Group.open("ristretto255")), s = Scalar.expect(randomScalar(group, Secrecy.Secret));
    const a = Element.expect(mulBase(group, s)), b = Element.expect(hashToElement(group, at(0, 32), at(0, 5)));
    const sum = Element.expect(addElements(group, a, b)), difference = Element.expect(subElements(group, sum, b));
    const modulus = Modulus.expect(Modulus.import(ByteOrder.BigEndian, at(0, 32))), x = Residue.expect(randomResidue(modulus));
    const square = Residue.expect(squareResidue(modulus, x)), root = Residue.expect(sqrtResidue(modulus, square));
    const again = Residue.expect(squareResidue(modulus, root));
    const law = value(difference.equal(a)) == 0 ? 1 : value(again.equal(square)) == 0 ? 2 : 0;
    a.close(); b.close(); sum.close(); difference.close(); s.close(); group.close();
    x.close(); square.close(); root.close(); again.close(); modulus.close();
    return law;
  }
  /** What is refused: a scalar, an element and a residue that place 1 does not have, the inverse of zero. */
  export function refused(which: i32): i32 {
    const group = Group.expect(Group.open("P-256")), zero = Scalar.expect(Scalar.open(group, Secrecy.Secret));
    const modulus = Modulus.expect(Modulus.import(ByteOrder.BigEndian, at(0, 32)));
    const outcome = number(
      which == 0 ? decodeScalar(group, Secrecy.Secret, at(1, 32))
      : which == 1 ? decodeElement(group, at(1, 33))
      : which == 2 ? importResidue(modulus, ByteOrder.BigEndian, at(1, 32))
      : invertScalar(group, Secrecy.Secret, zero));
    zero.close(); group.close(); modulus.close();
    return outcome;
  }`;

const OVERFLOW = 16;
const INVALID_LENGTH = 9;
const MALFORMED = 31;
const NO_RESULT = 32;

/** 2^255 - 19. */
const prime = Buffer.from(`7f${'ff'.repeat(30)}ed`, 'hex');

async function instance(dialect: 'witx' | 'wit', crypto: WasiCrypto): Promise<Instance> {
  const planned = plannedUnit('extension-0.1', `${projectRoot}witx/extension-0.1/${dialect}`);
  const files = await emit(assemblyscriptGuest, planned);
  if (dialect === 'witx') {
    const made = await instantiate(await compile(files, guestText), crypto.imports);
    crypto.attach(made.memory);
    return made;
  }
  const text = `export { cabi_realloc } from "canonical/realloc";\n${guestText}`;
  const host = runtimeHost(planned, crypto);
  const made = await instantiate(await compile(files, text, ['--exportStart', '_initialize']), host.imports);
  host.attach(made);
  made.exports['_initialize']?.();
  return made;
}

describe.each(['witx', 'wit'] as const)('a guest of the extension for %s', (dialect) => {
  const crypto = createWasiCrypto();
  let made: Instance;
  let place: number;
  beforeAll(async () => {
    made = await instance(dialect, crypto);
    place = Number(made.exports['place']?.());
  });
  const call = (name: string, ...sizes: readonly number[]): number => Number(made.exports[name]?.(...sizes));
  const at = (index: number, length: number): Buffer => Buffer.from(made.memory.buffer, place + index * 4096, length);
  const fill = (index: number, bytes: Uint8Array): void => void at(index, bytes.length).set(bytes);

  it('compares buffers, of which one can be longer', () => {
    const bytes = randomBytes(100);
    fill(0, bytes);
    fill(1, bytes);
    expect(call('same', 100, 100)).toBe(1);
    expect(call('same', 100, 99)).toBe(0);
    at(1, 100)[99] = (bytes[99] as number) ^ 1;
    expect(call('same', 100, 100)).toBe(0);
    expect(call('same', 0, 0)).toBe(1);
  });

  it.each([
    ['hex', 'toHex', 'fromHex'],
    ['base64', 'toBase64', 'fromBase64'],
    ['base64url', 'toUrl', 'fromUrl'],
  ] as const)('writes and reads %s as Buffer does', (encoding, encode, decode) => {
    for (const size of [0, 1, 2, 3, 31, 32, 1000]) {
      const bytes = randomBytes(size);
      const text = bytes.toString(encoding);
      fill(0, bytes);
      expect(call(encode, size, text.length)).toBe(0);
      expect(at(1, text.length).toString('latin1')).toBe(text);
      at(0, size).fill(0);
      expect(call(decode, text.length, size)).toBe(size);
      expect(at(0, size)).toEqual(bytes);
      expect(call(encode, size, text.length + 1)).toBe(INVALID_LENGTH);
      if (size === 0) continue;
      expect(call(decode, text.length, size - 1)).toBe(-OVERFLOW);
      at(1, 1).write('!');
      expect(call(decode, text.length, size)).toBe(-MALFORMED);
    }
  });

  it('pads to whole blocks, and finds the length of what was padded', () => {
    for (const size of [0, 1, 15, 16, 17, 100]) {
      const bytes = randomBytes(size);
      const whole = (Math.floor(size / 16) + 1) * 16;
      fill(0, bytes);
      expect(call('padded', 16, size, whole)).toBe(0);
      expect(at(1, whole)).toEqual(Buffer.concat([bytes, Uint8Array.of(0x80), Buffer.alloc(whole - size - 1)]));
      expect(call('unpadded', 16, whole)).toBe(size);
    }
    at(1, 16).fill(0);
    expect(call('unpadded', 16, 16)).toBe(-MALFORMED);
  });

  it('chooses every number below a bound, and none else', () => {
    const seen = new Set(Array.from({ length: 400 }, () => call('index', 5)));
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(call('index', 1)).toBe(0);
  });

  it('fills and wipes buffers', () => {
    at(0, 101).fill(7);
    expect(call('randomAt', 100)).toBe(0);
    expect(new Set(at(0, 100)).size).toBeGreaterThan(10);
    expect(at(0, 101)[100]).toBe(7);
    call('wipeAt', 100);
    expect(at(0, 101)).toEqual(Buffer.concat([Buffer.alloc(100), Uint8Array.of(7)]));
  });

  it('computes in groups and modulo a prime, and leaves nothing open, not where it fails either', () => {
    fill(0, prime);
    expect(call('laws')).toBe(0);
    at(1, 33).fill(255);
    expect([0, 1, 2, 3].map((which) => call('refused', which))).toEqual([
      -MALFORMED,
      -MALFORMED,
      -MALFORMED,
      -NO_RESULT,
    ]);
    expect(crypto.usage().handles).toBe(0);
  });
});
