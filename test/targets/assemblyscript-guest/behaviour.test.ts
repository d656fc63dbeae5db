/** What calls do at the boundary, watched by a host that computes nothing. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlannedUnit } from '../../../generator/abi/plan.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { Aborted, compile, instantiate, runtimes, textAt, type Compiled, type Instance } from './asc.js';
import { FakeHost } from './fake-host.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
let planned: PlannedUnit;
let files: ReadonlyMap<string, string>;
let everything: { readonly planned: PlannedUnit; readonly files: ReadonlyMap<string, string> };

beforeAll(async () => {
  planned = plannedUnit('0.10', here('../../../witx/0.10'));
  files = await emit(assemblyscriptGuest, planned);
  const other = plannedUnit('everything', here('../../abi/cases/everything.witx'));
  everything = { planned: other, files: await emit(assemblyscriptGuest, other) };
});

interface Running extends Instance {
  readonly host: FakeHost;
}

const compiled = new Map<string, Promise<Compiled>>();

async function start(guest: string, from = { planned, files }): Promise<Running> {
  const host = new FakeHost(from.planned);
  const compiling = compiled.get(guest) ?? compile(from.files, guest, ['--runtime', 'stub']);
  compiled.set(guest, compiling);
  const instance = await instantiate(await compiling, host.imports);
  host.attach(instance.memory);
  return { ...instance, host };
}

describe('parameters', () => {
  it('pass optional handles by address, with the tags of the definition', async () => {
    const guest = await start(`
      import { Options, SymmetricKey, SymmetricState } from "wasi-crypto";
      export function none(): void { SymmetricState.open("A"); }
      export function key(): void { SymmetricState.open("A", changetype<SymmetricKey>(7)); }
      export function both(): void { SymmetricState.open("A", changetype<SymmetricKey>(7), changetype<Options>(9)); }`);
    const seen = (name: string): readonly (readonly number[])[] => {
      guest.exports[name]?.();
      const [, , ...pointers] = guest.host.calls.at(-1)?.core.map(Number) ?? [];
      return pointers
        .slice(0, 2)
        .map((at) => [guest.host.memory.getUint8(at), guest.host.memory.getUint32(at + 4, true)]);
    };
    expect(seen('none')).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(seen('key')).toEqual([
      [0, 7],
      [1, 0],
    ]);
    expect(seen('both')).toEqual([
      [0, 7],
      [0, 9],
    ]);
  });

  it('pass text as UTF-8, and half a surrogate pair as something that is not', async () => {
    const guest = await start(`
      import { SymmetricState } from "wasi-crypto";
      export function plain(): void { SymmetricState.open("grün €\\u{1F511}"); }
      export function broken(): void { SymmetricState.open("a" + String.fromCharCode(0xD83D) + "b"); }
      export function empty(): void { SymmetricState.open(""); }`);
    const seen = (name: string): Uint8Array => {
      guest.exports[name]?.();
      const [address = 0, length = 0] = guest.host.calls.at(-1)?.core.map(Number) ?? [];
      return new Uint8Array(guest.memory.buffer.slice(address, address + length));
    };
    expect(new TextDecoder().decode(seen('plain'))).toBe('grün €\u{1F511}');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(seen('broken'))).toThrow();
    expect(seen('empty')).toHaveLength(0);
  });

  it('pass every kind of buffer as the memory it is', async () => {
    const guest = await start(`
      import { Slice, SymmetricState } from "wasi-crypto";
      const state = changetype<SymmetricState>(1);
      const array = new Uint8Array(10);
      const fixed = new StaticArray<u8>(6);
      const slice = new Slice();
      export function buffer(): usize { state.absorb(array.buffer); return changetype<usize>(array.buffer); }
      export function typed(): usize { state.absorb(array); return array.dataStart; }
      export function part(): usize { state.absorb(array.subarray(3, 7)); return array.dataStart + 3; }
      export function words(): usize { const it = new Uint32Array(2); state.absorb(it); return it.dataStart; }
      export function view(): usize { state.absorb(new DataView(array.buffer, 2, 5)); return array.dataStart + 2; }
      export function staticArray(): usize { state.absorb(fixed); return changetype<usize>(fixed); }
      export function sliced(): usize { state.absorb(slice.of(fixed, 1, 4)); return changetype<usize>(fixed) + 1; }
      export function twice(): usize { state.absorb(new Slice().of(slice.of(array, 2, 9), 1, 3)); return array.dataStart + 3; }
      export function raw(): usize { state.absorb(slice.at(40, 8)); return 40; }
      export function outside(): void { slice.of(fixed, 1, 7); }`);
    const seen = (name: string): readonly [number, number] => {
      const expected = Number(guest.exports[name]?.());
      const [, address = 0, length = 0] = guest.host.calls.at(-1)?.core.map(Number) ?? [];
      return [address - expected, length];
    };
    expect(
      Object.fromEntries(
        ['buffer', 'typed', 'part', 'words', 'view', 'staticArray', 'sliced', 'twice', 'raw'].map((name) => [
          name,
          seen(name),
        ]),
      ),
    ).toEqual({
      buffer: [0, 10],
      typed: [0, 10],
      part: [0, 4],
      words: [0, 8],
      view: [0, 5],
      staticArray: [0, 6],
      sliced: [0, 3],
      twice: [0, 2],
      raw: [0, 8],
    });
    expect(() => guest.exports['outside']?.()).toThrow(Aborted);
  });

  it('count the elements of buffers that are not of bytes', async () => {
    const guest = await start(
      `
      import { Thing } from "everything";
      export function wide(): void { changetype<Thing>(1).wide(new Uint32Array(5)); }`,
      everything,
    );
    guest.exports['wide']?.();
    expect(guest.host.calls[0]?.core[2]).toBe(5);
  });

  it('pass records, variants and lists of them at the offsets of the plan', async () => {
    const guest = await start(
      `
      import { BytesRecord, Choice, ChoiceTag, Answer, Holder, Numbers, Out, Pair, Shade, Thing } from "everything";
      export function numbers(): void {
        const it = Numbers.alloc();
        it.a = 1; it.b = -2; it.c = 3; it.d = 4.5; it.e = 5.5; it.f = -6; it.g = 7; it.h = -8; it.i = -9; it.j = true; it.k = 0x1F511;
        Thing.numbers(it, it);
        it.free();
      }
      export function choice(): void {
        const it = Choice.alloc(), answer = Answer.alloc();
        it.tag = ChoiceTag.Handle;
        it.handle = changetype<Thing>(77);
        Thing.choose(it, answer);
      }
      const text = String.UTF8.encode("name");
      export function texts(): void {
        const all = BytesRecord.alloc(2);
        all.item(1).name.over(text);
        all.item(1).tint = Shade.Blue;
        Thing.texts(all, 2, new Out<u64>());
      }
      export function many(): void {
        const pairs = Pair.alloc(3);
        pairs.item(2).item0 = 500;
        pairs.item(2).item1 = changetype<Thing>(5);
        Thing.many(Holder.alloc(), 1, pairs, 3);
      }`,
      everything,
    );
    const call = (name: string): readonly number[] => {
      guest.exports[name]?.();
      return guest.host.calls.at(-1)?.core.map(Number) ?? [];
    };
    const view = guest.host.memory;
    const [at = 0] = call('numbers');
    expect([
      view.getUint8(at),
      view.getInt16(at + 2, true),
      view.getBigUint64(at + 8, true),
      view.getFloat32(at + 16, true),
      view.getFloat64(at + 24, true),
      view.getInt8(at + 32),
    ]).toEqual([1, -2, 3n, 4.5, 5.5, -6]);
    expect([
      view.getUint16(at + 34, true),
      view.getBigInt64(at + 40, true),
      view.getInt32(at + 48, true),
      view.getUint8(at + 52),
      view.getUint32(at + 56, true),
    ]).toEqual([7, -8n, -9, 1, 0x1f511]);
    const [chosen = 0] = call('choice');
    expect([view.getUint8(chosen), view.getUint32(chosen + 8, true)]).toEqual([1, 77]);
    const [records = 0, count] = call('texts');
    expect([count, view.getUint32(records + 24, true), view.getUint8(records + 36)]).toEqual([2, 4, 2]);
    const [, , pairs = 0, pairCount] = call('many');
    expect([pairCount, view.getUint16(pairs + 16, true), view.getUint32(pairs + 20, true)]).toEqual([3, 500, 5]);
  });
});

describe('results', () => {
  const guestText = `
    import { CryptoErrno, Out, SymmetricKey, SymmetricState, SymmetricTag, Version, errno, expect, ok, value, cryptoErrnoName } from "wasi-crypto";
    const state = changetype<SymmetricState>(1);
    const version = new Out<Version>(), size = new Out<usize>(), number = new Out<u64>();
    export function handle(): u32 { return SymmetricState.of(SymmetricState.open("A")).handle; }
    export function scalar(): u32 { return value(state.maxTagLen()); }
    export function failed(): i32 { return errno(state.maxTagLen()); }
    export function valueOfFailed(): u32 { return value(state.maxTagLen()); }
    export function okResult(): bool { return ok(state.maxTagLen()); }
    export function okErrno(): bool { return ok(state.ratchet()); }
    export function errnoOfErrno(): bool { return errno(state.ratchet()) == CryptoErrno.InternalError; }
    export function wide(): u64 { state.optionsGetU64("a", number); return number.value; }
    export function several(): u64 { changetype<SymmetricKey>(1).id(new Uint8Array(4), size, version); return version.value << 32 | <u64>size.value; }
    export function expected(): u32 { return expect(state.maxTagLen(), "asking for the tag size"); }
    export function expectedErrno(): u32 { return expect(state.ratchet()); }
    export function expectedTag(): u32 { return SymmetricTag.expect(state.squeezeTag()).handle; }
    export function name(errno: i32): string { return cryptoErrnoName(errno); }`;

  it('carry handles and values when calls succeed', async () => {
    const { exports, memory } = await start(guestText);
    expect(exports['handle']?.()).toBe(0x1000);
    expect(exports['scalar']?.()).toBe(32);
    expect([exports['okResult']?.(), exports['okErrno']?.(), exports['failed']?.()]).toEqual([1, 1, 0]);
    expect(exports['wide']?.()).toBe(32n);
    expect(exports['several']?.()).toBe((32n << 32n) | 32n);
    expect([exports['expected']?.(), exports['expectedErrno']?.(), exports['expectedTag']?.()]).toEqual([
      32, 0, 0x1001,
    ]);
    expect([21, 0, 99].map((errno) => textAt(memory, Number(exports['name']?.(errno))))).toEqual([
      'invalid_tag',
      'success',
      '99',
    ]);
  });

  it('carry the errno when calls fail, and abort with its name where success is expected', async () => {
    const { exports, host } = await start(guestText);
    host.failAt = new Set(Array.from({ length: 100 }, (_, index) => index));
    expect(exports['failed']?.()).toBe(17);
    expect(exports['valueOfFailed']?.()).toBe(0);
    expect([exports['okResult']?.(), exports['okErrno']?.(), exports['errnoOfErrno']?.()]).toEqual([0, 0, 1]);
    expect(exports['wide']?.()).toBe(0n);
    expect(() => exports['expected']?.()).toThrow(new Aborted('asking for the tag size failed: internal_error'));
    expect(() => exports['expectedErrno']?.()).toThrow(new Aborted('the call failed: internal_error'));
    expect(() => exports['expectedTag']?.()).toThrow(new Aborted('getting SymmetricTag failed: internal_error'));
  });

  it('of calls without an errno are the values themselves', async () => {
    const guest = await start(
      `
      import { Shade, Thing, count, tell } from "everything";
      export function run(): u32 { tell(3); count(4); return Thing.open(Shade.Green).handle; }`,
      everything,
    );
    expect(guest.exports['run']?.()).toBe(0);
    expect(guest.host.calls).toEqual([
      { func: 'tell', core: [3] },
      { func: 'count', core: [4] },
      { func: 'thing_open', core: [1] },
    ]);
  });
});

describe('asc refuses', () => {
  const absorb = (bytes: string): string => `
    import { SymmetricState } from "wasi-crypto";
    export function run(state: SymmetricState${bytes === 'maybe' ? ', maybe: Uint8Array | null' : ''}): i32 { return state.absorb(${bytes}); }`;

  it.each([
    ['text as a buffer', absorb('"text"'), 'the bytes of a string are String.UTF8.encode(text)'],
    [
      'a number as a buffer',
      absorb('7'),
      'a buffer is an ArrayBuffer, a typed array, a DataView, a StaticArray<u8> or a Slice',
    ],
    ['a buffer that may be null', absorb('maybe'), 'a buffer may not be null'],
    [
      'the value of an errno',
      'import { SymmetricState, value } from "wasi-crypto"; export function run(it: SymmetricState): u32 { return value(it.close()); }',
      'only results have a value',
    ],
    [
      'the errno of a flag',
      'import { errno } from "wasi-crypto"; export function run(): i32 { return errno(true); }',
      'only results and errnos have an errno',
    ],
  ])('%s, and says why', async (_, guest, why) => {
    const { messages } = await compile(files, guest, ['--runtime', 'stub']);
    expect(messages.match(/ERROR.*User-defined: .*/g)).toEqual([expect.stringContaining(why)]);
  });

  it('threads, and says why', async () => {
    const guest =
      'import { SymmetricState } from "wasi-crypto"; export function run(it: SymmetricState): i32 { return it.close(); }';
    const { messages } = await compile(files, guest, ['--enable', 'threads']);
    expect(messages).toContain('these bindings are for guests with one thread: compile without `--enable threads`');
  });
});

describe('memory stays as it is over a million calls', () => {
  const guestText = `
    import { Options, Out, Slice, SymmetricKey, SymmetricState, SymmetricTag, hash, macVerify, ok, open, seal } from "wasi-crypto";
    const bytes = new Uint8Array(32), fixed = new StaticArray<u8>(32), slice = new Slice(), number = new Out<u64>();
    const state = changetype<SymmetricState>(1), key = changetype<SymmetricKey>(1);
    export function scalars(count: i32): void { for (let i = 0; i < count; i++) { state.maxTagLen(); state.ratchet(); } }
    export function handles(count: i32): void { for (let i = 0; i < count; i++) SymmetricState.of(state.clone()).close(); }
    export function buffers(count: i32): void { for (let i = 0; i < count; i++) { state.absorb(bytes); state.squeeze(slice.of(fixed, 0, 8)); } }
    export function texts(count: i32): void { for (let i = 0; i < count; i++) { SymmetricState.of(SymmetricState.open("SHA-256", key)).close(); state.optionsGetU64("output_len", number); } }
    export function recipes(count: i32): void { for (let i = 0; i < count; i++) { hash("SHA-256", bytes, fixed); macVerify("HMAC/SHA-256", key, bytes, fixed); seal("AES-256-GCM", key, bytes, bytes, bytes, bytes); } }`;

  it.each(runtimes)('under the %s runtime', async (runtime) => {
    // A host without a record: what it keeps would weigh more than the guest.
    const nothing = new Proxy({}, { get: () => () => 0 });
    const guest = await instantiate(
      await compile(files, guestText, ['--runtime', runtime, '-O']),
      new Proxy({}, { get: () => nothing }),
    );
    for (const [name, count] of [
      ['scalars', 1e6],
      ['handles', 1e6],
      ['buffers', 1e6],
      ['texts', 1e6],
      ['recipes', 1e5],
    ] as const) {
      guest.exports[name]?.(10);
      const before = guest.memory.buffer.byteLength;
      guest.exports[name]?.(count);
      expect(guest.memory.buffer.byteLength, name).toBe(before);
    }
  });
});

describe('slices', () => {
  it('keep alive what they are of', async () => {
    const guestText = `
      import { Slice, SymmetricState } from "wasi-crypto";
      const slice = new Slice(), other = new Slice();
      function make(): void { slice.of(new StaticArray<u8>(100).fill(7), 10, 90); other.of(Uint8Array.wrap(new ArrayBuffer(100)).fill(8).subarray(50), 0, 50); }
      export function run(): u32 {
        make();
        for (let i = 0; i < 50; i++) { __collect(); new StaticArray<u8>(100).fill(9); new Uint8Array(50); }
        let sum: u32 = 0;
        for (let i: usize = 0; i < slice.length; i++) sum += load<u8>(slice.address + i);
        for (let i: usize = 0; i < other.length; i++) sum += load<u8>(other.address + i);
        return sum;
      }`;
    for (const runtime of ['minimal', 'incremental']) {
      const guest = await instantiate(await compile(files, guestText, ['--runtime', runtime]));
      expect(guest.exports['run']?.(), runtime).toBe(80 * 7 + 50 * 8);
    }
  });
});

describe('recipes', () => {
  const task = (name: string, body: string): string => `export function ${name}(): i32 { return ${body}; }`;
  const guestText = [
    'import { Keypair, Publickey, Secretkey, SymmetricKey, decapsulate, dh, encapsulate, hash, hkdf, mac, macVerify, open, passwordHash, passwordVerify, seal, sealFresh, sign, verify } from "wasi-crypto";',
    'const b = new Uint8Array(32), key = changetype<SymmetricKey>(1), pair = changetype<Keypair>(1), pk = changetype<Publickey>(1), sk = changetype<Secretkey>(1);',
    task('hashing', 'hash("SHA-256", b, b)'),
    task('authenticating', 'mac("HMAC/SHA-256", key, b, b)'),
    task('checking', 'macVerify("HMAC/SHA-256", key, b, b)'),
    task('sealing', 'seal("AES-256-GCM", key, b, b, b, b)'),
    task('sealingFresh', 'sealFresh("XCHACHA20-POLY1305", key, b, b, b, b)'),
    task('opening', 'open("AES-256-GCM", key, b, b, b, b)'),
    task('signing', 'sign(pair, b, b)'),
    task('verifying', 'verify("Ed25519", pk, b, b)'),
    task('deriving', 'hkdf("SHA-256", b, b, b, b)'),
    task('storing', '<i32>(passwordHash("ARGON2-ID-13", b, 65536, 1, b) >> 32)'),
    task('comparing', 'passwordVerify("ARGON2-ID-13", b, 65536, 1, b)'),
    task('agreeing', 'dh(pk, sk, b)'),
    task('encapsulating', 'encapsulate(pk, b, b)'),
    task('decapsulating', 'decapsulate(sk, b, b)'),
  ].join('\n');
  const tasks = [...guestText.matchAll(/export function (\w+)/g)].map(([, name]) => name as string);

  it.each(tasks)('close what they opened when %s, whichever call fails', async (name) => {
    const run = async (failing: number | undefined): Promise<{ readonly errno: unknown; readonly host: FakeHost }> => {
      const guest = await start(guestText);
      if (failing !== undefined) guest.host.failAt = new Set([failing]);
      return { errno: guest.exports[name]?.(), host: guest.host };
    };
    const whole = await run(undefined);
    expect([whole.errno, [...whole.host.live.values()]]).toEqual([0, []]);
    // An array_output can only be closed by reading it, and nothing can be done when a close fails.
    const canFail = whole.host.calls.flatMap(({ func }, index) =>
      func.endsWith('_close') || func.startsWith('array_output') ? [] : [index],
    );
    for (const index of canFail) {
      const { errno, host } = await run(index);
      expect([errno, [...host.live.values()]], `${whole.host.calls[index]?.func} failed`).toEqual([17, []]);
    }
  });

  it('refuse buffers of a wrong size where the host cannot, and give back what they got', async () => {
    const guest = await start(`
      import { Keypair, Publickey, encapsulate, sign } from "wasi-crypto";
      const exact = new Uint8Array(32), short = new Uint8Array(31), long = new Uint8Array(33);
      export function shortSignature(): i32 { return sign(changetype<Keypair>(1), exact, short); }
      export function longSignature(): i32 { return sign(changetype<Keypair>(1), exact, long); }
      export function shortSecret(): i32 { return encapsulate(changetype<Publickey>(1), short, exact); }
      export function longEncapsulated(): i32 { return encapsulate(changetype<Publickey>(1), exact, long); }`);
    const { exports, host } = guest;
    expect(
      ['shortSignature', 'longSignature', 'shortSecret', 'longEncapsulated'].map((name) => exports[name]?.()),
    ).toEqual([16, 9, 16, 9]);
    expect(host.live.size).toBe(0);
  });
});
