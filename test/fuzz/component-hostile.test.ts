/** Attacks on the bindings of components, one by one: what random calls find seldom or never. */
import { describe, expect, it } from 'vitest';
import { everything, plans, RandomHost, Thing } from '../abi/canonical/random-host.js';
import { relayComponent, type RelayGuest } from '../components-relay/relay.js';
import { aeadState, bytes, definitions, errno, fixture, ok } from '../runtime/component/guest.js';
import {
  everything as other,
  everythingBindings,
  everythingHosts,
  type Token,
} from '../targets/component-host/everything-host.js';

interface Things {
  readonly host: RandomHost;
  readonly guest: RelayGuest;
  give(thing: Thing): number;
}

async function things(): Promise<Things> {
  const host = await RandomHost.make();
  const guest = (await relayComponent(everything, { bindings: 'hybrid' })).instantiate(host.bound.imports);
  const give = (thing: Thing): number => {
    host.answer = thing;
    const handle = guest.call('give') as number;
    host.calls = [];
    return handle;
  };
  return { host, guest, give };
}

describe('an allocator', () => {
  it('cannot drop what the call is working with', async () => {
    const { guest, crypto } = await fixture({ bindings: 'hybrid' });
    const state = aeadState(guest);
    guest.realloc = (_old, _oldSize, align, size) => {
      guest.drop('symmetric-state', state);
      return guest.allocate(size, align);
    };
    expect(() => guest.call('symmetric-state-encrypt', state, bytes('under a key that was wiped'))).toThrow(
      /the allocator of the component failed/,
    );
    crypto.close();
  });

  it('cannot drop it on the path of jco either, where the host has finished by then', async () => {
    const { guest } = await fixture({ bindings: 'js' });
    const state = aeadState(guest);
    const reference = ok(guest.call('symmetric-state-encrypt', aeadState(guest), bytes('sealed')));
    const { realloc } = guest;
    guest.realloc = (...args) => {
      guest.realloc = realloc;
      guest.drop('symmetric-state', state);
      return realloc(...args);
    };
    expect(ok(guest.call('symmetric-state-encrypt', state, bytes('sealed')))).toEqual(reference);
  });

  it('cannot call functions that need no memory', async () => {
    const { host, guest, give } = await things();
    const thing = new Thing(1);
    const handle = give(thing);
    guest.realloc = (_old, _oldSize, align, size) => {
      guest.core['take']?.(handle);
      return guest.allocate(size, align);
    };
    host.answer = 'any';
    expect(() => guest.call('text', 'x')).toThrow(WebAssembly.RuntimeError);
    expect(thing.live).toBe(true);
  });

  it('that fails leaves the host able to serve others', async () => {
    const { guest, crypto } = await fixture({ bindings: 'hybrid' });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    guest.realloc = () => {
      throw new Error('out of memory');
    };
    expect(() => guest.call('symmetric-state-squeeze', state)).toThrow(WebAssembly.RuntimeError);
    const next = (await relayComponent(definitions, { bindings: 'hybrid' })).instantiate(crypto.component);
    const own = ok(next.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(ok<Uint8Array>(next.call('symmetric-state-squeeze', own))).toHaveLength(32);
  });

  it('is not asked for the result of an encryption that the state refuses', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' });
    const state = aeadState(guest);
    ok(guest.call('symmetric-state-encrypt', state, bytes('once')));
    const hash = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    let asked = 0;
    guest.realloc = () => (asked += 1);
    for (const name of ['symmetric-state-encrypt', 'symmetric-state-encrypt-detached']) {
      expect(errno(guest.call(name, state, bytes('twice')))).toBe('nonce-required');
      expect(errno(guest.call(name, hash, bytes('never')))).toBe('invalid-operation');
    }
    expect(asked).toBe(0);
  });
});

describe('resources', () => {
  it('cannot be given away and lent in one call', async () => {
    const { host, guest, give } = await things();
    const [self, thing] = [new Thing(1), new Thing(2)];
    const [selfHandle, handle] = [give(self), give(thing)];
    expect(() => guest.call('[method]thing.merge', selfHandle, handle, handle)).toThrow(WebAssembly.RuntimeError);
    expect(host.calls).toEqual([]);
    expect(self.live).toBe(true);
  });

  it('cannot be given away twice in one list', async () => {
    const { bindComponent, fail } = await everythingBindings();
    const tokens: Token[] = [];
    const seen = { args: [] as readonly unknown[] };
    const { imports } = bindComponent(everythingHosts(fail, seen, { counters: [], tokens }), {
      fewerParameters: true,
      onError: console.error,
    });
    const guest = (
      await relayComponent(other, {
        bindings: 'hybrid',
        only: ['token-open', 'consume', 'token-pull', '[constructor]counter'],
      })
    ).instantiate(imports);
    const { val } = guest.call('token-open', 'twice') as { readonly val: number };
    expect(() => guest.call('consume', [val, val], undefined)).toThrow(/unknown handle index/);
    expect(seen.args).toEqual([]);
    expect(tokens.map(({ live }) => live)).toEqual([false]);
  });

  it('that are dropped by a handle beyond 2^31 do not spoil the table', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' });
    const open = (): number => ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    const first = open();
    // jco shifts the handle, so that this one names the first.
    guest.drop('symmetric-state', first - 0x8000_0000);
    const [second, third] = [open(), open()];
    expect(new Set([first, second, third]).size).toBe(3);
    for (const handle of [second, third])
      expect(ok<Uint8Array>(guest.call('symmetric-state-squeeze', handle))).toHaveLength(32);
    expect(errno(guest.call('symmetric-state-squeeze', first))).toBe('invalid-handle');
  });

  it('are not to be had from a host that was closed, in old and new instances', async () => {
    const { guest, crypto } = await fixture({ bindings: 'hybrid' });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    crypto.close();
    const late = (await relayComponent(definitions, { bindings: 'hybrid' })).instantiate(crypto.component);
    expect(errno(guest.call('symmetric-state-squeeze', state))).toBe('invalid-handle');
    expect(errno(guest.call('symmetric-state-close', state))).toBe('closed');
    for (const each of [guest, late])
      expect(errno(each.call('symmetric-state-open', 'SHA-256', undefined, undefined))).toBe('invalid-handle');
  });
});

describe('a small guest cannot make the host hold much', () => {
  it('by a list of millions of entries', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    const count = 5_000_000;
    const at = guest.place(new Uint8Array(4 * count));
    new Uint32Array(guest.memory.buffer, at, count).fill(state);
    const result = guest.allocate(12, 4);
    guest.core['batch-symmetric-state-squeeze']?.(at, count, result);
    expect([...guest.bytes(result, 5)]).toEqual([1, expect.any(Number), expect.any(Number), expect.any(Number), 1]);
  });

  it('by a batch of more entries than there can be handles', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' }, { limits: { handles: 100 } });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(
      errno(
        guest.call(
          'batch-symmetric-state-squeeze',
          Array.from({ length: 101 }, () => state),
        ),
      ),
    ).toBe('overflow');
    expect(
      ok<unknown[]>(
        guest.call(
          'batch-symmetric-state-squeeze',
          Array.from({ length: 100 }, () => state),
        ),
      ),
    ).toHaveLength(100);
  });

  it('by entries of a batch that name the same bytes: what is too much for a message fails, and is not run', async () => {
    const { guest } = await fixture({ bindings: 'hybrid' }, { limits: { messageBytes: 1000 } });
    const states = [1, 2, 3].map((nonce) => aeadState(guest, new Uint8Array(12).fill(nonce)));
    const data = new Uint8Array(484);
    const results = ok<[Uint8Array, { readonly tag: string }][]>(
      guest.call(
        'batch-symmetric-state-encrypt',
        states.map((state) => [state, data]),
      ),
    );
    expect(results.map(([sealed, { tag }]) => [sealed.length, tag])).toEqual([
      [500, 'success'],
      [500, 'success'],
      [0, 'overflow'],
    ]);
    expect(ok<Uint8Array>(guest.call('symmetric-state-encrypt', states[2], data))).toHaveLength(500);
  });

  it('by texts in a list that are all the same', async () => {
    const { host, guest } = await things();
    const [length, count] = [2 ** 20, 400];
    const text = guest.place(new Uint8Array(length).fill(0x61));
    const list = guest.place(new Uint8Array(8 * count));
    new Uint32Array(guest.memory.buffer, list, 2 * count).forEach(
      (_, index, words) => (words[index] = index % 2 === 0 ? text : length),
    );
    expect(() => guest.core['words']?.(list, count, guest.allocate(8, 4))).toThrow(WebAssembly.RuntimeError);
    expect(host.calls).toEqual([]);
  });
});

describe('memory that another thread can change', () => {
  it.each([
    ['utf8', 'utf8'],
    ['utf16', 'utf16le'],
    ['compact-utf16', 'utf16le'],
  ] as const)('is read once, also as text in %s', async (stringEncoding, written) => {
    const host = await RandomHost.make();
    const plan = plans.find(({ wire }) => wire === 'text');
    if (plan === undefined) throw new Error('there is no such function');
    const lower = (
      host.imported(plan) as { readonly [lower: symbol]: (options: object) => (...core: readonly number[]) => void }
    )[Symbol.for('cabiLower')];
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const call = lower?.({
      memory,
      realloc: () => 1024,
      ...(stringEncoding === 'utf8' ? {} : { stringEncoding }),
      resourceTables: [],
    });
    const text = Buffer.from('ü🦀', written);
    new Uint8Array(memory.buffer).set(text, 64);
    host.answer = 'ok';
    call?.(
      64,
      written === 'utf8' ? text.length : text.length / 2 + (stringEncoding === 'compact-utf16' ? 0x8000_0000 : 0),
      0,
    );
    expect(host.calls).toEqual([['ü🦀']]);
  });
});
