/** Calls of guests for components that return errnos: the same shapes as in core modules. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlannedUnit } from '../../../generator/abi/plan.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { compile, instantiate, runtimes, textAt, type Instance, type Runtime } from './asc.js';
import { CanonicalHost, type Action } from './canonical-host.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
let crypto: { readonly planned: PlannedUnit; readonly files: ReadonlyMap<string, string> };
let everything: typeof crypto;

beforeAll(async () => {
  const read = async (label: string, path: string): Promise<typeof crypto> => {
    const planned = plannedUnit(label, here(path));
    return { planned, files: await emit(assemblyscriptGuest, planned) };
  };
  crypto = await read('0.11', '../../../witx/0.11');
  everything = await read('component', 'cases/component.wit');
});

interface Running extends Instance {
  readonly host: CanonicalHost;
}

async function start(
  from: typeof crypto,
  guest: string,
  actions: Readonly<Record<string, Action>>,
  runtime: Runtime = 'stub',
): Promise<Running> {
  const host = new CanonicalHost(from.planned, actions);
  const text = `export { cabi_realloc } from "canonical/realloc";\n${guest}`;
  const instance = await instantiate(
    await compile(from.files, text, ['--runtime', runtime, '--exportStart', '_initialize', '--use', 'abort=']),
    host.imports,
  );
  host.attach(instance);
  instance.exports['_initialize']?.();
  return { ...instance, host };
}

const ok = (value?: unknown): never => [0, value] as never;
const failure = (errno: number): never => [1, [errno]] as never;

describe('wasi-crypto for components', () => {
  it('passes optional handles as an object or null', async () => {
    const seen: unknown[][] = [];
    const { exports } = await start(
      crypto,
      `
      import { Options, SymmetricKey, SymmetricState } from "wasi-crypto";
      export function none(): u32 { return SymmetricState.of(SymmetricState.open("A")).handle; }
      export function key(): u32 { return SymmetricState.expect(SymmetricState.open("A", changetype<SymmetricKey>(7))).handle; }
      export function both(): u32 { return SymmetricState.of(SymmetricState.open("grün", changetype<SymmetricKey>(7), changetype<Options>(9))).handle; }`,
      {
        'symmetric-state-open': (...values) => {
          seen.push(values);
          return ok(40 + seen.length);
        },
      },
    );
    expect(['none', 'key', 'both'].map((name) => exports[name]?.())).toEqual([41, 42, 43]);
    expect(seen).toEqual([
      ['A', [], []],
      ['A', [7], []],
      ['grün', [7], [9]],
    ]);
  });

  it('returns errnos by the number that the other revisions have for them', async () => {
    let errno = 0;
    const { exports, memory } = await start(
      crypto,
      `
      import { Bytes, CryptoErrno, Out, SymmetricKey, SymmetricState, Version, cryptoErrnoName, errno, ok, value } from "wasi-crypto";
      const state = changetype<SymmetricState>(1), bytes = new Bytes(), version = new Out<Version>(), number = new Out<u64>();
      export function nothing(): i32 { return state.ratchet(); }
      export function size(): i32 { return errno(state.maxTagLen()); }
      export function sizeValue(): u32 { return value(state.maxTagLen()); }
      export function handle(): bool { return ok(state.squeezeTag()); }
      export function list(): i32 { return state.squeeze(bytes); }
      export function wide(): i32 { return state.optionsGetU64("a", number); }
      export function several(): i32 { return changetype<SymmetricKey>(1).id(bytes, version); }
      export function name(errno: i32): string { return cryptoErrnoName(errno); }
      export function invalidTag(): i32 { return CryptoErrno.InvalidTag; }`,
      Object.fromEntries(
        ['ratchet', 'max-tag-len', 'squeeze-tag', 'squeeze', 'options-get-u64']
          .map((name) => [`symmetric-state-${name}`, () => failure(errno)])
          .concat([['symmetric-key-id', () => failure(errno)]]),
      ),
    );
    for (errno of [1, 21, 30]) {
      expect(['nothing', 'size', 'list', 'wide', 'several'].map((name) => exports[name]?.())).toEqual([
        errno,
        errno,
        errno,
        errno,
        errno,
      ]);
      expect([exports['sizeValue']?.(), exports['handle']?.()]).toEqual([0, 0]);
    }
    expect([21, 0, 99].map((each) => textAt(memory, Number(exports['name']?.(each))))).toEqual([
      'invalid_tag',
      'success',
      '99',
    ]);
    expect(exports['invalidTag']?.()).toBe(21);
    errno = 0;
    // An error called `success` is no success.
    expect([exports['nothing']?.(), exports['size']?.(), exports['handle']?.()]).toEqual([-1, -1, 0]);
  });

  it('returns values: numbers in results, others in objects that receive them', async () => {
    const { exports } = await start(
      crypto,
      `
      import { ArrayOutput, Bytes, Out, Publickey, SymmetricKey, SymmetricState, SymmetricTag, Version, VersionTag, value } from "wasi-crypto";
      const state = changetype<SymmetricState>(1), bytes = new Bytes(), version = new Out<Version>(), number = new Out<u64>();
      const first = new Out<ArrayOutput>(), second = new Out<ArrayOutput>(), tag = new Out<SymmetricTag>();
      export function size(): u32 { return value(state.maxTagLen()); }
      export function wide(): u64 { state.optionsGetU64("a", number); return number.value; }
      export function several(): u64 { changetype<SymmetricKey>(1).id(bytes, version); return version.value.specified << 8 | <u64>bytes.length; }
      export function latest(): bool { changetype<SymmetricKey>(1).id(bytes, version); return version.value.tag == VersionTag.Latest; }
      export function pair(): u32 { changetype<Publickey>(1).kxEncapsulate(first, second); return first.value.handle * 100 + second.value.handle; }
      export function detached(): u32 { state.encryptDetached(new StaticArray<u8>(3), bytes, tag); return tag.value.handle * 100 + <u32>bytes.length; }`,
      {
        'symmetric-state-max-tag-len': () => ok(16),
        'symmetric-state-options-get-u64': () => ok(2n ** 40n),
        'symmetric-key-id': () =>
          ok([
            [1, 2, 3],
            [3, 5n],
          ]),
        'kx-encapsulate': () => ok([7, 8]),
        'symmetric-state-encrypt-detached': (_, data) => ok([data, 9]),
      },
    );
    expect(['size', 'wide', 'several', 'pair', 'detached'].map((name) => exports[name]?.())).toEqual([
      16,
      2n ** 40n,
      (5n << 8n) | 3n,
      708,
      903,
    ]);
  });

  it('passes versions by their cases', async () => {
    const seen: unknown[] = [];
    const { exports } = await start(
      crypto,
      `
      import { SecretsManager, SymmetricKey, Version } from "wasi-crypto";
      function get(version: Version): void { SymmetricKey.fromId(changetype<SecretsManager>(1), new StaticArray<u8>(2), version); }
      export function run(): void { get(Version.Unspecified); get(Version.Latest); get(Version.All); get(Version.Specified(12)); }`,
      {
        'symmetric-key-from-id': (_, id, version) => {
          seen.push([id, version]);
          return ok(1);
        },
      },
    );
    exports['run']?.();
    expect(seen).toEqual([[0], [1], [2], [3, 12n]].map((version) => [[0, 0], version]));
  });

  it('closes by dropping, which cannot fail', async () => {
    const { exports, host } = await start(
      crypto,
      `
      import { ArrayOutput, Keypair, SymmetricState } from "wasi-crypto";
      export function run(): i32 { changetype<ArrayOutput>(3).close(); return changetype<SymmetricState>(1).close() + changetype<Keypair>(2).close(); }`,
      {},
    );
    expect(exports['run']?.()).toBe(0);
    expect(host.dropped).toEqual([
      ['array-output', 3],
      ['symmetric-state', 1],
      ['keypair', 2],
    ]);
  });

  it('runs batches', async () => {
    const { exports } = await start(
      crypto,
      `
      import { CryptoErrno, Out, SymmetricState, Tuple2, batchSymmetricStateEncrypt, expect } from "wasi-crypto";
      const results = new Out<Array<Tuple2<Uint8Array, CryptoErrno>>>();
      export function run(): u32 {
        const message = new Uint8Array(2);
        message[1] = 9;
        const batch = [new Tuple2<SymmetricState, Uint8Array>(changetype<SymmetricState>(5), message), new Tuple2<SymmetricState, Uint8Array>(changetype<SymmetricState>(6), message)];
        expect(batchSymmetricStateEncrypt(batch, results));
        const all = results.value;
        return all[0].item1 * 1000 + all[1].item1 * 100 + all[0].item0.length * 10 + all[0].item0[1];
      }`,
      {
        'batch-symmetric-state-encrypt': (batch) =>
          ok((batch as [number, number[]][]).map(([handle, data]) => (handle === 5 ? [data, [0]] : [[], [4]]))),
      },
    );
    expect(exports['run']?.()).toBe(429);
  });
});

describe('bytes that calls return', () => {
  const guest = `
    import { Bytes, Slice, SymmetricState } from "wasi-crypto";
    const state = changetype<SymmetricState>(1), bytes = new Bytes(), other = new Bytes(), place = new StaticArray<u8>(4);
    export function run(): u32 {
      state.squeeze(bytes);
      const copied = bytes.copyTo(place);
      return <u32>copied * 10000 + <u32>bytes.length * 1000 + <u32>place[3] * 100 + <u32>bytes.toArray()[0];
    }
    export function reused(): u32 {
      state.squeeze(bytes);
      state.encrypt(bytes.slice, bytes);
      state.encrypt(bytes.slice, bytes);
      return load<u8>(bytes.address);
    }
    export function freed(): u32 { state.squeeze(bytes); const at = bytes.address, length = bytes.length; bytes.free(); let sum: u32 = <u32>bytes.length; for (let i: usize = 0; i < length; i++) sum += load<u8>(at + i); return sum; }`;
  let first = 1;
  const actions: Readonly<Record<string, Action>> = {
    'symmetric-state-squeeze': () => ok([first, 2, 3, 4, 5, 6, 7, 8]),
    'symmetric-state-options-get': () => ok([9, 9, 9]),
    'symmetric-state-encrypt': (_, data) => ok((data as number[]).map((each) => each + 1)),
    'symmetric-state-decrypt-detached': (_, data) => ok(data),
  };

  it('are copied to buffers and arrays', async () => {
    const { exports } = await start(crypto, guest, actions);
    expect(exports['run']?.()).toBe(48401);
  });

  it('can be passed to the call that replaces them', async () => {
    const { exports } = await start(crypto, guest, actions);
    first = 10;
    expect(exports['reused']?.()).toBe(12);
  });

  it('are overwritten when they are freed', async () => {
    // Only the stub runtime leaves a freed block as it is.
    const { exports } = await start(crypto, guest, actions, 'stub');
    expect(exports['freed']?.()).toBe(0);
  });
});

describe('memory stays as it is over a million calls', () => {
  const guest = `
    export { cabi_realloc } from "canonical/realloc";
    import { Bytes, Options, Out, SymmetricKey, SymmetricState, Version, hash, hkdf, open, seal } from "wasi-crypto";
    const bytes = new Bytes(), other = new Bytes(), fixed = new StaticArray<u8>(16), short = new StaticArray<u8>(8), number = new Out<u64>();
    const state = changetype<SymmetricState>(1), key = changetype<SymmetricKey>(1);
    export function scalars(count: i32): void { for (let i = 0; i < count; i++) { state.maxTagLen(); state.ratchet(); state.optionsGetU64("output_len", number); } }
    export function handles(count: i32): void { for (let i = 0; i < count; i++) SymmetricState.of(SymmetricState.open("SHA-256", key)).close(); }
    export function lists(count: i32): void {
      for (let i = 0; i < count; i++) {
        state.squeeze(bytes);
        state.encrypt(fixed, bytes);
        state.optionsGet("nonce", bytes);
        state.decryptDetached(bytes.slice, fixed, other);
        // The newest first: the stub runtime frees no others.
        other.free();
        bytes.free();
      }
    }
    export function recipes(count: i32): void {
      for (let i = 0; i < count; i++) { hash("SHA-256", fixed, short); seal("AES-256-GCM", key, fixed, fixed, short, fixed); open("AES-256-GCM", key, fixed, fixed, fixed, fixed); }
    }`;

  it.each(runtimes)('under the %s runtime', async (runtime) => {
    const compiled = await compile(crypto.files, guest, [
      '--runtime',
      runtime,
      '-O',
      '--exportStart',
      '_initialize',
      '--use',
      'abort=',
    ]);
    // A host without plans, for speed: what returns bytes returns sixteen.
    let view = new DataView(new ArrayBuffer(0));
    let realloc: (...core: unknown[]) => unknown = () => 0;
    let memory: WebAssembly.Memory | undefined;
    const call = (name: string): ((...core: number[]) => void) => {
      const returnsBytes = /-(squeeze|encrypt|decrypt|decrypt-detached|options-get)$/.test(name);
      return (...core) => {
        const at = core.at(-1) ?? 0;
        const start = returnsBytes ? Number(realloc(0, 0, 1, 16)) : 1;
        if (memory !== undefined && view.buffer !== memory.buffer) view = new DataView(memory.buffer);
        view.setUint8(at, 0);
        view.setUint32(at + 4, start, true);
        view.setUint32(at + 8, 16, true);
      };
    };
    const calls = new Proxy<Record<string, unknown>>(
      {},
      { get: (_, name) => (String(name).startsWith('[') ? () => undefined : call(String(name))) },
    );
    const instance = await instantiate(compiled, new Proxy({}, { get: () => calls }));
    memory = instance.memory;
    realloc = instance.exports['cabi_realloc'] ?? realloc;
    instance.exports['_initialize']?.();
    for (const [name, count] of [
      ['scalars', 1e6],
      ['handles', 1e6],
      ['lists', 1e6],
      ['recipes', 1e5],
    ] as const) {
      instance.exports[name]?.(10);
      const before = instance.memory.buffer.byteLength;
      instance.exports[name]?.(count);
      expect(instance.memory.buffer.byteLength, name).toBe(before);
    }
  });
});

describe('other definitions with errnos', () => {
  it('have methods for functions that are called like a resource without functions of its own', async () => {
    const sent: unknown[] = [];
    const { exports, host } = await start(
      everything,
      `
      import { Bytes, Failure, Out, Pipe, Shape, ShapeTag, expect, failureName, value } from "my-app";
      export function run(): i32 {
        const pipe = Pipe.expect(Pipe.open("one", null));
        const bytes = new Bytes(), number = new Out<u64>(), shape = new Out<Shape>();
        if (pipe.send(new Uint8Array(3)) != Failure.TooBad) return 1;
        if (pipe.read("name", bytes.slice, bytes, number, shape) != Failure.Success) return 2;
        if (bytes.length != 2 || number.value != 5 || shape.value.named != "deep") return 3;
        if (value(pipe.fill()) != 200) return 4;
        if (<i16>value(pipe.depth()) != -7) return 5;
        return pipe.close();
      }
      export function name(errno: i32): string { return failureName(errno); }`,
      {
        'pipe-open': (name, next) => (name === 'one' && (next as unknown[]).length === 0 ? ok(3) : failure(1)),
        'pipe-send': (pipe, bytes) => {
          sent.push([pipe, bytes]);
          return failure(1);
        },
        'pipe-read': (_, name, head) => ok([[1, (head as number[]).length], name === 'name' ? 5n : 0n, [3, 'deep']]),
        'pipe-fill': () => ok(200),
        'pipe-depth': () => ok(-7),
      },
    );
    expect(exports['run']?.()).toBe(0);
    expect(sent).toEqual([[3, [0, 0, 0]]]);
    expect(host.dropped).toEqual([['pipe', 3]]);
  });
});
