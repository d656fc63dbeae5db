/** The extension's recipes for bytes on the real host, as a core module and for components: they agree with Buffer. Those for groups are tested where the protocols of `examples/` are. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { emit, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';
import { compile, instantiate, type Instance } from '../targets/assemblyscript-guest/asc.js';
import { runtimeHost } from '../targets/assemblyscript-guest/runtime-host.js';

/** The guest works on two places of 4 KiB each, which the test fills and reads. Sizes, or errnos below zero. */
const guestText = `
  import {
    Slice, base64Decode, base64Encode, base64UrlDecode, base64UrlEncode, constantTimeEquals, hexDecode, hexEncode, ok, pad, randomIndex, unpad, value,
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
  export function index(bound: u32): i32 { return number(randomIndex(bound)); }`;

const OVERFLOW = 16;
const INVALID_LENGTH = 9;
const MALFORMED = 31;

async function instance(dialect: 'witx' | 'wit'): Promise<Instance> {
  const planned = plannedUnit('extension-0.1', `${projectRoot}witx/extension-0.1/${dialect}`);
  const files = await emit(assemblyscriptGuest, planned);
  const crypto = createWasiCrypto();
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
  let made: Instance;
  let place: number;
  beforeAll(async () => {
    made = await instance(dialect);
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
});
