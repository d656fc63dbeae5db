/** Components that do what no compiler makes them do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createWasiCrypto } from '../../../runtime/index.js';
import { algorithms, authenticatedCiphers, idsOf } from '../../registry.js';
import { aeadState, bytes, errno, fixture, ok, paths, type Fixture } from './guest.js';

const cabiRep = Symbol.for('cabiRep');

describe.each(paths)('what a component does wrong, %s', (bindings) => {
  let made: Fixture;
  let call: (name: string, ...args: readonly unknown[]) => unknown;

  beforeEach(async () => {
    made = await fixture({ bindings });
    call = (name, ...args) => made.guest.call(name, ...args);
  });

  it('a handle that was dropped stands for nothing', () => {
    const state = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    made.guest.drop('symmetric-state', state);
    expect(errno(call('symmetric-state-squeeze', state))).toBe('invalid-handle');
    expect(errno(call('symmetric-state-absorb', state, bytes('x')))).toBe('invalid-handle');
  });

  it('a handle of the guest that is used again stands for the new object alone', () => {
    const first = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    made.guest.drop('symmetric-state', first);
    const second = ok(call('symmetric-state-open', 'SHA-512', undefined, undefined));
    expect(second).toBe(first);
    expect(ok<Uint8Array>(call('symmetric-state-squeeze', second))).toHaveLength(64);
  });

  it('a handle that was never given out stands for nothing', () => {
    for (const handle of [0, 1, 77]) expect(errno(call('symmetric-state-max-tag-len', handle))).toBe('invalid-handle');
    expect(errno(call('symmetric-state-open', 'HMAC/SHA-256', 5, undefined))).toBe('invalid-handle');
  });

  it('dropping twice traps', () => {
    const state = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    made.guest.drop('symmetric-state', state);
    expect(() => made.guest.drop('symmetric-state', state)).toThrow(WebAssembly.RuntimeError);
  });

  it('giving away twice traps, and ends nothing else', () => {
    const [first, second] = [
      ok(call('symmetric-state-open', 'SHA-256', undefined, undefined)),
      ok(call('symmetric-state-open', 'SHA-256', undefined, undefined)),
    ];
    expect(errno(call('symmetric-state-close', first))).toBe('success');
    expect(() => call('symmetric-state-close', first)).toThrow(WebAssembly.RuntimeError);
    expect(second).not.toBe(first);
  });

  it('what was pulled is gone', () => {
    const key = ok(call('symmetric-key-generate', 'HMAC/SHA-256', undefined));
    const output = ok(call('symmetric-key-export', key));
    ok(call('array-output-pull', output));
    expect(errno(call('array-output-len', output))).toBe('invalid-handle');
    expect(() => call('array-output-pull', output)).toThrow(WebAssembly.RuntimeError);
  });

  it('what goes over to the host ends even if the call fails', () => {
    const [old, fresh] = [
      ok(call('symmetric-key-generate', 'AES-256-GCM', undefined)),
      ok(call('symmetric-key-generate', 'AES-256-GCM', undefined)),
    ];
    expect(errno(call('symmetric-key-replace-managed', 1, old, fresh))).toBe('unsupported-feature');
    expect(errno(call('symmetric-key-export', old))).toBe('invalid-handle');
    expect(errno(call('symmetric-key-export', fresh))).toBe('success');
  });

  it('a message whose tag does not match costs the guest no memory', () => {
    const state = aeadState(made.guest);
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', state, bytes('secret')));
    let allocated = 0;
    const { realloc } = made.guest;
    made.guest.realloc = (...args) => {
      allocated += 1;
      return realloc(...args);
    };
    sealed[3] = (sealed[3] as number) ^ 1;
    expect(errno(call('symmetric-state-decrypt', state, sealed, 6))).toBe('invalid-tag');
    expect(errno(call('symmetric-state-decrypt-detached', state, sealed.subarray(0, 6), sealed.subarray(6)))).toBe(
      'invalid-tag',
    );
    expect(allocated).toBe(0);
    sealed[3] = sealed[3] ^ 1;
    expect(ok(call('symmetric-state-decrypt', state, sealed, 6))).toEqual(bytes('secret'));
    expect(allocated).toBe(1);
  });

  it('memory may move whenever the host asks for some', () => {
    const { memory } = made.guest;
    const { realloc } = made.guest;
    made.guest.realloc = (...args) => {
      memory.grow(1);
      return realloc(...args);
    };
    const message = Uint8Array.from({ length: 1000 }, (_, index) => index);
    const state = aeadState(made.guest);
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', state, message));
    expect(sealed).toHaveLength(1016);
    expect(ok(call('symmetric-state-decrypt', state, sealed, 1000))).toEqual(message);
    const [ciphertext, tag] = ok<[Uint8Array, number]>(
      call('symmetric-state-encrypt-detached', aeadState(made.guest), message),
    );
    expect(ciphertext).toEqual(sealed.subarray(0, 1000));
    expect(ok(call('symmetric-tag-pull', tag))).toEqual(sealed.subarray(1000));
    expect(ok(call('symmetric-state-options-get', state, 'nonce'))).toEqual(new Uint8Array(12));
    const hash = ok(call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(ok<Uint8Array>(call('symmetric-state-squeeze', hash))).toHaveLength(32);
    expect(ok<unknown[]>(call('batch-symmetric-state-squeeze', [hash, hash, hash]))).toHaveLength(3);
  });

  it.each(idsOf(authenticatedCiphers))('memory may move below an empty message: %s', (id) => {
    const { memory, realloc } = made.guest;
    const options = ok(call('options-open', 'symmetric'));
    const nonce = algorithms.symmetric(id).nonce?.minimum ?? 0;
    ok(call('options-set', options, 'nonce', new Uint8Array(nonce)));
    const key = ok(call('symmetric-key-generate', id, undefined));
    const open = (): number => ok(call('symmetric-state-open', id, key, options));
    made.guest.realloc = (...args) => {
      memory.grow(1);
      return realloc(...args);
    };
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', open(), new Uint8Array(0)));
    expect(ok(call('symmetric-state-decrypt', open(), sealed, 0))).toHaveLength(0);
    const [, tag] = ok<[Uint8Array, number]>(call('symmetric-state-encrypt-detached', open(), new Uint8Array(0)));
    expect(ok(call('symmetric-tag-pull', tag))).toEqual(sealed);
  });

  it('the message may stand anywhere, also where the result goes', () => {
    const state = aeadState(made.guest);
    const sealed = ok<Uint8Array>(call('symmetric-state-encrypt', state, bytes('four')));
    made.guest.realloc = () => 8192;
    made.guest.reset();
    const { memory, core } = made.guest;
    new Uint8Array(memory.buffer).set(sealed, 8190);
    core['symmetric-state-decrypt']?.(state, 8190, sealed.length, 4, 4096);
    expect(new Uint8Array(memory.buffer)[4096]).toBe(0);
    expect(made.guest.bytes(8192, 4)).toEqual(bytes('four'));
  });

  it('instances of other hosts, and things that are none, are no handles', () => {
    const common = made.crypto.component['wasi:crypto/wasi-ephemeral-crypto-common'];
    const symmetric = made.crypto.component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
    const foreign = createWasiCrypto().component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
    const state = ok<object>(foreign.symmetricStateOpen('SHA-256', undefined, undefined));
    const key = ok<object>(symmetric.symmetricKeyGenerate('AES-128-GCM', undefined));
    for (const wrong of [
      state,
      key,
      {},
      Object.create(common.SymmetricState.prototype as object) as object,
      { [cabiRep]: 2 ** 28 },
    ]) {
      expect(errno(symmetric.symmetricStateMaxTagLen(wrong))).toBe('invalid-handle');
    }
    const own = Object.assign(Object.create(common.SymmetricKey.prototype as object) as object, {
      [cabiRep]: (key as { [cabiRep]?: number })[cabiRep],
    });
    expect(errno(symmetric.symmetricKeyExport(own))).toBe('success');
    expect(() => new common.SymmetricState()).toThrow(expect.objectContaining({ code: 'no-constructor' }));
  });

  it('an instance that was disposed of ends, once', () => {
    const symmetric = made.crypto.component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
    const state = ok<Disposable>(symmetric.symmetricStateOpen('SHA-256', undefined, undefined));
    const other = ok<object>(symmetric.symmetricStateOpen('SHA-256', undefined, undefined));
    state[Symbol.dispose]();
    state[Symbol.dispose]();
    expect(errno(symmetric.symmetricStateSqueeze(state))).toBe('invalid-handle');
    expect(errno(symmetric.symmetricStateSqueeze(other))).toBe('success');
  });
});

describe('what a component does wrong on the fast path', () => {
  let made: Fixture;
  /** Calls with core values; the result pointer is 4096. */
  const errnoOf = (name: string, at: number, ...core: readonly (number | bigint)[]): number => {
    made.guest.core[name]?.(...core, 4096);
    const view = new Uint8Array(made.guest.memory.buffer);
    return view[4096] === 0 ? 0 : (view[4096 + at] as number);
  };
  const size = (): number => made.guest.memory.buffer.byteLength;
  const [GUEST_ERROR, INVALID_HANDLE] = [1, 15];

  beforeEach(async () => {
    made = await fixture({ bindings: 'hybrid' });
  });

  it('arguments outside of memory, or of no such case, are a guest error', () => {
    expect(errnoOf('symmetric-state-open', 4, size(), 1, 0, 0, 0, 0)).toBe(GUEST_ERROR);
    expect(errnoOf('symmetric-state-open', 4, -1, 2, 0, 0, 0, 0)).toBe(GUEST_ERROR);
    expect(errnoOf('symmetric-state-open', 4, 0, 0, 2, 0, 0, 0)).toBe(GUEST_ERROR);
    expect(errnoOf('options-open', 4, 3)).toBe(GUEST_ERROR);
    expect(errnoOf('options-open', 4, 256)).toBe(GUEST_ERROR);
    const name = made.guest.place(Uint8Array.of(0xff));
    expect(errnoOf('symmetric-state-open', 4, name, 1, 0, 0, 0, 0)).toBe(GUEST_ERROR);
    const state = aeadState(made.guest);
    expect(errnoOf('symmetric-state-absorb', 1, state, size() - 1, 2)).toBe(GUEST_ERROR);
    expect(errnoOf('batch-symmetric-state-squeeze', 4, 0, -1)).toBe(GUEST_ERROR);
  });

  it('memory is judged before handles', () => {
    expect(errnoOf('symmetric-state-absorb', 1, 99, size(), 1)).toBe(GUEST_ERROR);
    expect(errnoOf('symmetric-state-absorb', 1, 99, size(), 0)).toBe(INVALID_HANDLE);
    expect(errnoOf('symmetric-state-absorb', 1, -1, 0, 0)).toBe(INVALID_HANDLE);
  });

  it('a result that fits nowhere traps, before anything happens', () => {
    const state = ok(made.guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    const squeeze = made.guest.core['symmetric-state-squeeze'];
    expect(() => squeeze?.(state, size() - 8)).toThrow(/lies outside of memory/);
    expect(() => squeeze?.(state, -4)).toThrow(WebAssembly.RuntimeError);
    expect(() => squeeze?.(state, 4097)).toThrow(/is not aligned to 4/);
    const close = made.guest.core['symmetric-state-close'];
    expect(() => close?.(state, -1)).toThrow(WebAssembly.RuntimeError);
    expect(ok<Uint8Array>(made.guest.call('symmetric-state-squeeze', state))).toHaveLength(32);
  });

  it('an allocator that returns what it cannot have traps', () => {
    const state = ok(made.guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    const squeeze = (): unknown => made.guest.call('symmetric-state-squeeze', state);
    made.guest.realloc = () => size() - 31;
    expect(squeeze).toThrow(/lies outside of memory/);
    made.guest.realloc = () => -1;
    expect(squeeze).toThrow(WebAssembly.RuntimeError);
    made.guest.realloc = () => 4098;
    expect(() => made.guest.call('batch-symmetric-state-squeeze', [state])).toThrow(/is not aligned to 4/);
    made.guest.realloc = () => {
      throw new Error('out of memory');
    };
    expect(squeeze).toThrow(/the allocator of the component failed/);
  });

  it('an allocator that calls the host traps', () => {
    const state = ok(made.guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    made.guest.realloc = () => made.guest.core['symmetric-state-squeeze']?.(state, 4096) as number;
    expect(() => made.guest.call('symmetric-state-squeeze', state)).toThrow(WebAssembly.RuntimeError);
    made.guest.realloc = () => made.guest.core['symmetric-state-max-tag-len']?.(state, 4096) as number;
    expect(() => made.guest.call('symmetric-state-squeeze', state)).toThrow(WebAssembly.RuntimeError);
  });

  it('asks for exactly the room it needs, also for nothing', () => {
    const asked: unknown[] = [];
    const { realloc } = made.guest;
    made.guest.realloc = (...args) => {
      asked.push(args);
      return realloc(...args);
    };
    const state = aeadState(made.guest);
    const sealed = ok<Uint8Array>(made.guest.call('symmetric-state-encrypt', state, new Uint8Array(0)));
    expect(ok(made.guest.call('symmetric-state-decrypt', state, sealed, 0))).toEqual(new Uint8Array(0));
    expect(ok(made.guest.call('batch-symmetric-state-squeeze', []))).toEqual([]);
    expect(asked).toEqual([
      [0, 0, 1, 16],
      [0, 0, 1, 0],
      [0, 0, 4, 0],
    ]);
  });

  it('the instance goes on after a trap that only ended a call', () => {
    const state = ok(made.guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(() => made.guest.core['symmetric-state-close']?.(99, 4096)).toThrow(WebAssembly.RuntimeError);
    expect(ok<Uint8Array>(made.guest.call('symmetric-state-squeeze', state))).toHaveLength(32);
  });

  it('a bug of the host is an internal error, and its owner is told', async () => {
    made = await fixture(
      { bindings: 'hybrid' },
      {
        random: () => {
          throw new Error('no entropy');
        },
      },
    );
    expect(errno(made.guest.call('symmetric-key-generate', 'AES-256-GCM', undefined))).toBe('rng-error');
    expect(made.reported).toHaveLength(1);
  });
});
