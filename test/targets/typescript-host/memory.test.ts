import { describe, expect, it } from 'vitest';
import { FaultSignal, HostUsageError } from '../../../templates/typescript-host/failure.js';
import { GuestMemory } from '../../../templates/typescript-host/memory.js';
import { charOf, flagsOf, oneOf, wideFlagsOf } from '../../../templates/typescript-host/values.js';

function attached(pages = 1): {
  readonly memory: GuestMemory;
  readonly wasm: WebAssembly.Memory;
  readonly bytes: () => Uint8Array;
} {
  const wasm = new WebAssembly.Memory({ initial: pages, maximum: 16 });
  const memory = new GuestMemory();
  memory.attach(wasm);
  return { memory, wasm, bytes: () => new Uint8Array(wasm.buffer) };
}

function faultOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FaultSignal) return thrown.fault;
    throw thrown;
  }
}

describe('guest memory', () => {
  it('tells the host program that it forgot to attach', () => {
    expect(() => new GuestMemory().input(0, 0)).toThrow(HostUsageError);
    expect(() => new GuestMemory().input(0, 0)).toThrow(/attach\(instance\)/);
  });

  it('refuses a second memory', () => {
    const { memory, wasm } = attached();
    memory.attach(wasm);
    expect(() => memory.attach(new WebAssembly.Memory({ initial: 1 }))).toThrow(/one context for each guest instance/);
  });

  it('accepts ranges up to the very end and an empty one there, and nothing beyond', () => {
    const { memory } = attached();
    expect(memory.input(65_532, 4).length).toBe(4);
    expect(memory.input(65_536, 0).length).toBe(0);
    expect(faultOf(() => memory.input(65_533, 4))).toBe('badMemory');
    expect(faultOf(() => memory.input(65_537, 0))).toBe('badMemory');
    expect(faultOf(() => memory.input(0xffff_fffc, 8))).toBe('badMemory');
    expect(faultOf(() => memory.input(8, 0xffff_ffff))).toBe('badMemory');
    expect(faultOf(() => memory.output(8, 0x4000_0000, 8))).toBe('badMemory');
    expect(faultOf(() => memory.check(65_533, 4))).toBe('badMemory');
    expect(faultOf(() => memory.list(0, 0xffff_ffff, 8, () => 0))).toBe('badMemory');
  });

  it('takes pointers as unsigned, whatever sign they arrive with', () => {
    const { memory } = attached();
    expect(faultOf(() => memory.input(-4, 4))).toBe('badMemory');
    expect(faultOf(() => memory.u32(-1))).toBe('badMemory');
  });

  it('follows a memory that grew', () => {
    const { memory, wasm, bytes } = attached();
    memory.input(0, 16);
    wasm.grow(1);
    bytes()[70_000] = 7;
    expect(memory.input(70_000, 1)[0]).toBe(7);
    memory.setU32(131_071 - 3, 0xdead_beef);
    expect(memory.u32(131_068)).toBe(0xdead_beef);
  });

  it.each(['u8', 's8', 'u16', 's16', 'u32', 's32', 'u64', 's64', 'f32', 'f64'] as const)(
    'reads a %s first thing after the memory grew',
    (reader) => {
      const { memory, wasm } = attached();
      memory.input(0, 16);
      wasm.grow(1);
      expect(Number(memory[reader](70_000))).toBe(0);
    },
  );

  it('never wraps an offset around the end of a memory of 4 GiB', () => {
    const memory = new GuestMemory();
    memory.attach({ buffer: new ArrayBuffer(2 ** 32) });
    expect(memory.u8(0xffff_fffc)).toBe(0);
    expect(memory.u32(-4)).toBe(0);
    expect(faultOf(() => memory.u32(-4, 4))).toBe('badMemory');
  });

  it('writes results at any address', () => {
    const { memory, bytes } = attached();
    memory.setU32(1, 0x0102_0304);
    memory.setU64(9, 0x0102_0304_0506_0708n);
    expect([...bytes().subarray(1, 5)]).toEqual([4, 3, 2, 1]);
    expect([...bytes().subarray(9, 17)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('copies inputs of shared memory, so that another thread cannot change what was judged', () => {
    const wasm = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const memory = new GuestMemory();
    memory.attach(wasm);
    const bytes = new Uint8Array(wasm.buffer);
    bytes.set([1, 2, 3]);
    const input = memory.input(0, 3);
    bytes[0] = 99;
    expect([...input]).toEqual([1, 2, 3]);
    wasm.grow(1);
    expect(memory.output(70_000, 4).length).toBe(4);
  });

  it('shows every range as it is, whichever ranges were asked for before', () => {
    const { memory, wasm, bytes } = attached();
    const ranges = Array.from({ length: 500 }, (_, index) => [(index * 131) % 60_000, (index * 7) % 300] as const);
    for (let round = 0; round < 2; round += 1) {
      bytes().forEach((_, at, all) => void (all[at] = at * 31 + round));
      for (const [pointer, length] of [...ranges, ...ranges]) {
        const view = memory.output(pointer, length);
        expect([view.byteOffset, view.length, view.buffer === wasm.buffer]).toEqual([pointer, length, true]);
        if (length > 0) expect(view[length - 1]).toBe(((pointer + length - 1) * 31 + round) & 0xff);
      }
      wasm.grow(1);
    }
  });

  it('tells an empty range from a longer one at the same place', () => {
    const { memory, wasm } = attached();
    expect(memory.output(0, 0).length).toBe(0);
    expect(memory.output(0, 64).length).toBe(64);
    expect(memory.output(0, 8, 8).length).toBe(64);
    wasm.grow(1);
    expect(memory.output(0, 0).length).toBe(0);
    expect(memory.string(0, 0)).toBe('');
  });

  it('reads names again and again as what they are, also when their hashes meet', () => {
    const { memory, bytes } = attached();
    const encoder = new TextEncoder();
    for (let round = 0; round < 2; round += 1) {
      for (let count = 0; count < 2_000; count += 1) {
        const name = `name-${count}`;
        bytes().set(encoder.encode(name), 100);
        expect(memory.string(100, name.length)).toBe(name);
      }
    }
  });

  it('reads long text, keeps a byte order mark, and refuses what is not UTF-8', () => {
    const { memory, bytes } = attached();
    const text = 'é'.repeat(1_000);
    bytes().set(new TextEncoder().encode(text), 0);
    expect(memory.string(0, 2_000)).toBe(text);
    bytes().set([0xef, 0xbb, 0xbf, 0x41], 0);
    expect(memory.string(0, 4)).toBe('\ufeffA');
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3]]) {
      bytes().set(bad, 0);
      expect(faultOf(() => memory.string(0, bad.length))).toBe('badText');
    }
  });
});

describe('values', () => {
  it('judges tags on all 32 bits', () => {
    expect(oneOf(2, 3)).toBe(2);
    for (const bad of [3, -1, 0x1_0000, 0x8000_0000 | 0]) expect(faultOf(() => oneOf(bad, 3))).toBe('badValue');
  });

  it('refuses flags that do not exist', () => {
    expect(flagsOf(0b101, 0b111)).toBe(5);
    expect(faultOf(() => flagsOf(0b1000, 0b111))).toBe('badValue');
    expect(wideFlagsOf(-1n, 0xffff_ffff_ffff_ffffn)).toBe(0xffff_ffff_ffff_ffffn);
    expect(faultOf(() => wideFlagsOf(-1n, 0b1n))).toBe('badValue');
  });

  it('accepts scalar values only as characters', () => {
    expect(charOf(0x1f600)).toBe('😀');
    for (const bad of [0xd800, 0xdfff, 0x110000, -1]) expect(faultOf(() => charOf(bad))).toBe('badValue');
  });
});
