/** Which path a call takes, and how the tables of a component are found. */
import { describe, expect, it } from 'vitest';
import { createWasiCrypto } from '../../../runtime/index.js';
import { relayComponent } from '../../components-relay/relay.js';
import { bytes, definitions, errno, fixture, ok } from './guest.js';

const cabiLower = Symbol.for('cabiLower');
const MARK = 2 ** 30;

type Lower = (options: unknown) => (...args: readonly (number | bigint)[]) => void;

/** A table as jco makes it. */
function table(): number[] {
  return [MARK, 0];
}

function lowerOf(func: object): Lower | undefined {
  return (func as { readonly [cabiLower]?: Lower })[cabiLower];
}

function symmetricOf(
  crypto = createWasiCrypto(),
): ReturnType<typeof createWasiCrypto>['component']['wasi:crypto/wasi-ephemeral-crypto-symmetric'] {
  return crypto.component['wasi:crypto/wasi-ephemeral-crypto-symmetric'];
}

/** Reads functions as jco does when it instantiates a component. */
function imported(only: readonly string[], crypto = createWasiCrypto()): Readonly<Record<string, object>> {
  const interfaces = Object.values(crypto.component) as readonly Readonly<Record<string, object>>[];
  const found = only.map((name) => {
    const from = interfaces.find((each) => Object.keys(each).includes(name)) as Readonly<Record<string, object>>;
    return [name, from[name]] as const;
  });
  return Object.fromEntries(found) as Record<string, object>;
}

/** Which functions of a component take the fast path. */
function fastOf(only: readonly string[]): readonly string[] {
  return Object.entries(imported(only)).flatMap(([name, func]) => (lowerOf(func) === undefined ? [] : [name]));
}

describe('the fast path', () => {
  it('is what a component of everything takes throughout', async () => {
    const { crypto } = await fixture({ bindings: 'hybrid' });
    const members = Object.values(crypto.component).flatMap((each) =>
      Object.entries(each as Readonly<Record<string, object>>),
    );
    const functions = members.filter(([name]) => /^[a-z]/.test(name));
    expect(functions).toHaveLength(107);
    expect(functions.filter(([, func]) => lowerOf(func) === undefined)).toEqual([]);
  });

  it('can be turned off', async () => {
    const { guest, crypto } = await fixture({ bindings: 'hybrid' }, { component: { fastPath: false } });
    expect(lowerOf(symmetricOf(crypto).symmetricStateOpen)).toBeUndefined();
    expect(ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined))).toBe(1);
  });

  it('is an option that is judged', () => {
    expect(() => createWasiCrypto({ component: { fastPath: 1 as never } })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
    expect(() => createWasiCrypto({ component: { fastpath: true } as never })).toThrow(
      expect.objectContaining({ code: 'unknown-option' }),
    );
    expect(() => createWasiCrypto({ component: null as never })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});

describe('the tables of a component', () => {
  it('are found though kinds are alike that no function makes', async () => {
    const only = ['symmetric-state-open', 'symmetric-state-absorb', 'symmetric-state-squeeze', 'symmetric-state-close'];
    expect(
      fastOf(['symmetricStateOpen', 'symmetricStateAbsorb', 'symmetricStateSqueeze', 'symmetricStateClose']),
    ).toHaveLength(4);
    const { guest } = await fixture({ bindings: 'hybrid', only });
    const state = ok(guest.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(ok<Uint8Array>(guest.call('symmetric-state-squeeze', state))).toHaveLength(32);
    expect(errno(guest.call('symmetric-state-open', 'HMAC/SHA-256', 1, undefined))).toBe('invalid-handle');
    expect(errno(guest.call('symmetric-state-close', state))).toBe('success');
  });

  it('that could be confused send their functions on the path of jco, and only those', async () => {
    const names = ['kxDecapsulate', 'secretkeyImport', 'arrayOutputPull', 'keypairPublickey'];
    expect(fastOf(names)).toEqual(['kxDecapsulate', 'secretkeyImport', 'arrayOutputPull']);
    const only = [
      'kx-dh',
      'keypair-generate',
      'options-open',
      'keypair-publickey',
      'keypair-secretkey',
      'array-output-pull',
    ];
    const { guest } = await fixture({ bindings: 'hybrid', only });
    const pair = ok(guest.call('keypair-generate', 'key-exchange', 'X25519', undefined));
    const [publickey, secretkey] = [
      ok(guest.call('keypair-publickey', pair)),
      ok(guest.call('keypair-secretkey', pair)),
    ];
    expect(ok<Uint8Array>(guest.call('array-output-pull', ok(guest.call('kx-dh', publickey, secretkey))))).toHaveLength(
      32,
    );
  });

  it('serve both paths at once', async () => {
    // State and tag are mentioned by one function together: it makes tags on jco's path; the state's own go on fast.
    const only = [
      'symmetric-key-import',
      'symmetric-state-open',
      'symmetric-state-squeeze-tag',
      'signature-state-open',
      'signature-state-sign',
      'keypair-generate',
      'publickey-verify',
      'keypair-publickey',
      'signature-export',
    ];
    const { guest } = await fixture({ bindings: 'hybrid', only });
    const key = ok(guest.call('symmetric-key-import', 'HMAC/SHA-256', bytes('key')));
    const state = ok(guest.call('symmetric-state-open', 'HMAC/SHA-256', key, undefined));
    const tag = ok(guest.call('symmetric-state-squeeze-tag', state));
    const pair = ok(guest.call('keypair-generate', 'signatures', 'Ed25519', undefined));
    const signature = ok(guest.call('signature-state-sign', ok(guest.call('signature-state-open', pair))));
    expect(errno(guest.call('signature-export', signature, 'raw'))).toBe('success');
    expect(errno(guest.call('publickey-verify', ok(guest.call('keypair-publickey', pair))))).toBe('success');
    for (const [kind, handle] of [
      ['symmetric-tag', tag],
      ['symmetric-state', state],
      ['symmetric-key', key],
      ['keypair', pair],
      ['signature', signature],
    ] as const) {
      guest.drop(kind, handle);
      expect(() => guest.drop(kind, handle)).toThrow(WebAssembly.RuntimeError);
    }
  });

  it('of two components with one host are kept apart', async () => {
    const crypto = createWasiCrypto();
    const all = await relayComponent(definitions, { bindings: 'hybrid' });
    const [first, second] = [all.instantiate(crypto.component), all.instantiate(crypto.component)];
    const state = ok(first.call('symmetric-state-open', 'SHA-256', undefined, undefined));
    expect(errno(second.call('symmetric-state-squeeze', state))).toBe('invalid-handle');
    const other = ok(second.call('symmetric-state-open', 'SHA-512', undefined, undefined));
    expect(other).toBe(state);
    expect([first, second].map((guest) => ok<Uint8Array>(guest.call('symmetric-state-squeeze', state)).length)).toEqual(
      [32, 64],
    );
  });

  it('that are confused after all are an error of the host program with a cure', () => {
    const { symmetricStateSqueezeTag } = imported(['symmetricStateSqueezeTag', 'symmetricStateAbsorb']);
    const memory = new WebAssembly.Memory({ initial: 1 });
    // Bound as if another component imported `symmetric-state-absorb`.
    const squeezeTag = lowerOf(symmetricStateSqueezeTag as object)?.({
      memory,
      resourceTables: [table(), [MARK, 0, 0, MARK | 7]],
    });
    expect(() => squeezeTag?.(1, 0)).toThrow(
      expect.objectContaining({
        name: 'HostUsageError',
        code: 'ambiguous-resources',
        message: expect.stringContaining('--instantiation') as string,
      }),
    );
  });
});

describe('what jco is not known to do', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const realloc = (): number => 0;
  const lower = (options: unknown): unknown => {
    const { symmetricStateSqueeze } = imported(['symmetricStateSqueeze', 'symmetricStateOpen']);
    return lowerOf(symmetricStateSqueeze as object)?.(options);
  };

  it.each([
    ['no options', undefined],
    ['no memory', { realloc, resourceTables: [table()] }],
    ['something else as memory', { memory: { buffer: new ArrayBuffer(8) }, realloc, resourceTables: [table()] }],
    ['no allocator', { memory, resourceTables: [table()] }],
    ['no tables', { memory, realloc }],
    ['a table too many', { memory, realloc, resourceTables: [table(), table()] }],
    ['a table of another form', { memory, realloc, resourceTables: [new Map()] }],
    ['a table that begins in another way', { memory, realloc, resourceTables: [[0, 0]] }],
    ['an encoding of text that nobody knows', { memory, realloc, stringEncoding: 'utf-7', resourceTables: [table()] }],
  ])('%s is found out when a function is bound, with a cure', (_what, options) => {
    expect(() => lower(options)).toThrow(
      expect.objectContaining({
        name: 'HostUsageError',
        code: 'unknown-jco',
        message: expect.stringMatching(/jco 1\.35.*--import-bindings js/s) as string,
      }),
    );
  });

  it('more tables than kinds is found out when one is needed', () => {
    const { symmetricStateSqueeze, symmetricStateAbsorb } = imported(['symmetricStateSqueeze', 'symmetricStateAbsorb']);
    const squeeze = lowerOf(symmetricStateSqueeze as object)?.({ memory, realloc, resourceTables: [table()] });
    lowerOf(symmetricStateAbsorb as object)?.({ memory, resourceTables: [table()] });
    expect(() => squeeze?.(1, 0)).toThrow(expect.objectContaining({ code: 'unknown-jco' }));
  });
});

describe('text on the fast path', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [SUCCESS, GUEST_ERROR, UNSUPPORTED_ALGORITHM] = [0, 1, 6];
  const UTF16_TAG = 0x8000_0000;

  /** Imports a signature of an algorithm whose name stands in memory; the errno. */
  const errnoOf = (stringEncoding: string | undefined, units: Uint8Array, length: number): number => {
    const { signatureImport } = imported(['signatureImport']);
    const call = lowerOf(signatureImport as object)?.({
      memory,
      ...(stringEncoding === undefined ? {} : { stringEncoding }),
      resourceTables: [table()],
    });
    const view = new Uint8Array(memory.buffer);
    view.set(units, 64);
    call?.(64, length, 1024, 64, 0, 0);
    return view[0] === 0 ? SUCCESS : (view[4] as number);
  };

  it('is read in every encoding that components have', () => {
    expect(errnoOf(undefined, Buffer.from('Ed25519'), 7)).toBe(SUCCESS);
    expect(errnoOf('utf8', Buffer.from('Ed25519'), 7)).toBe(SUCCESS);
    expect(errnoOf('utf16', Buffer.from('Ed25519', 'utf16le'), 7)).toBe(SUCCESS);
    expect(errnoOf('compact-utf16', Buffer.from('Ed25519', 'latin1'), 7)).toBe(SUCCESS);
    expect(errnoOf('compact-utf16', Buffer.from('Ed25519', 'utf16le'), 7 + UTF16_TAG)).toBe(SUCCESS);
    expect(errnoOf('compact-utf16', Buffer.from('Ed2551ü', 'latin1'), 7)).toBe(UNSUPPORTED_ALGORITHM);
  });

  it('that is none is a guest error', () => {
    expect(errnoOf('utf8', Uint8Array.of(0xff), 1)).toBe(GUEST_ERROR);
    expect(errnoOf('utf16', Uint8Array.of(0x00, 0xd8), 1)).toBe(GUEST_ERROR);
    expect(errnoOf('compact-utf16', Uint8Array.of(0x00, 0xdc), 1 + UTF16_TAG)).toBe(GUEST_ERROR);
    expect(errnoOf('utf16', new Uint8Array(0), 0x7fff_ffff)).toBe(GUEST_ERROR);
  });

  it('that is longer than any name is not decoded, and so is any text of that length', () => {
    const nothing = new Uint8Array(2000).fill(0xff);
    for (const encoding of ['utf8', 'utf16', 'compact-utf16'] as const) {
      expect(errnoOf(encoding, nothing, 257)).toBe(UNSUPPORTED_ALGORITHM);
      expect(errnoOf(encoding, nothing, 65_536)).toBe(GUEST_ERROR);
    }
    expect(errnoOf('compact-utf16', nothing, 257 + UTF16_TAG)).toBe(UNSUPPORTED_ALGORITHM);
    expect(errnoOf('utf16', Buffer.from('ü'.repeat(200), 'utf16le'), 200)).toBe(UNSUPPORTED_ALGORITHM);
  });
});
