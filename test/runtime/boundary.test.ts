/** What every call has in common: memory, names, order of judgement, failures. */
import { describe, expect, it, vi } from 'vitest';
import { faults } from '../../templates/typescript-host/failure.js';
import { fail, failures } from '../../runtime/failures.js';
import { clears } from '../../runtime/hosts/errnos.js';
import { RuntimeContext } from '../../runtime/context.js';
import { readOptions } from '../../runtime/options.js';
import { errnoName, errnoOf, Guest, newMemory, PAGE, UNTOUCHED } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const nonce = pattern(12);

describe('names', () => {
  testProbes([
    ['A to Z are folded', 'Success', (s) => s.open('sHa-512/256')],
    ['the long s is no S', 'UnsupportedAlgorithm', (s) => s.open('\u017fHA-256')],
    ['the Kelvin sign is no K', 'UnsupportedAlgorithm', (s) => s.keyGenerate('H\u212aDF-EXTRACT/SHA-256')],
    ['space around is not trimmed', 'UnsupportedAlgorithm', (s) => s.open(' SHA-256')],
    ['a byte order mark is not dropped', 'UnsupportedAlgorithm', (s) => s.open('\ufeffSHA-256')],
    ['a NUL at the end belongs to the name', 'UnsupportedAlgorithm', (s) => s.open('SHA-256\0')],
    ['the empty name of an algorithm', 'UnsupportedAlgorithm', (s) => s.open('')],
    ['a name of a megabyte', 'UnsupportedAlgorithm', (s) => s.open('S'.repeat(2 ** 20))],
    ['the empty name of an option', 'UnsupportedOption', (s) => s.common.optionsSet(s.common.optionsOpen(), '', nonce)],
    [
      'the name of an option over 256 bytes',
      'UnsupportedOption',
      (s) => s.common.optionsSet(s.common.optionsOpen(), 'n'.repeat(257), nonce),
    ],
    ['names of options are folded', 'Success', (s) => s.common.optionsSet(s.common.optionsOpen(), 'NoNcE', nonce)],
    ['an id of another category', 'UnsupportedAlgorithm', (s) => s.open('Ed25519')],
    ['an id without a backend here', 'UnsupportedAlgorithm', (s) => s.keyGenerate('no-such-cipher')],
  ]);

  describe('that are too long are not decoded', () => {
    const size = 64 * 2 ** 20;
    /** Not UTF-8. */
    const long = (s: Symmetric): number => {
      s.guest.memory.grow(size / PAGE);
      new Uint8Array(s.guest.memory.buffer, 0, size).fill(0xff);
      return 0;
    };
    const none = (s: Symmetric): number => s.guest.optional(undefined);

    it('but judged where any other name is', () => {
      const s = new Symmetric(new Guest());
      const options = s.common.optionsOpen();
      const at = long(s);
      const decode = vi.spyOn(TextDecoder.prototype, 'decode');
      const errnos = [
        s.guest.raw('symmetric_key_generate', at, size, none(s), s.guest.alloc(4)),
        s.guest.raw('options_set_u64', options, at, size, 1n),
        s.guest.raw('options_set_u64', options + 1, at, size, 1n),
        s.guest.raw('symmetric_state_open', at, 257, none(s), none(s), s.guest.alloc(4)),
        s.guest.raw('symmetric_state_open', at, 256, none(s), none(s), s.guest.alloc(4)),
        s.guest.raw('symmetric_state_open', at, 2 ** 31, none(s), none(s), s.guest.alloc(4)),
      ];
      expect(errnos.map(errnoName)).toEqual([
        'UnsupportedAlgorithm',
        'UnsupportedOption',
        'InvalidHandle',
        'UnsupportedAlgorithm',
        'GuestError',
        'GuestError',
      ]);
      // Decoding them all took two seconds: only the longest that may be a name is.
      expect(decode.mock.calls.map(([bytes]) => bytes?.byteLength)).toEqual([256]);
      decode.mockRestore();
    });
  });
});

describe('memory', () => {
  const size = 2 * PAGE;
  testProbes([
    [
      'no bytes at the end of memory',
      'Success',
      (s) => s.guest.call('symmetric_state_absorb', s.open('SHA-256'), size, 0),
    ],
    [
      'no bytes past the end',
      'GuestError',
      (s) => s.guest.call('symmetric_state_absorb', s.open('SHA-256'), size + 1, 0),
    ],
    ['one byte too many', 'GuestError', (s) => s.guest.call('symmetric_state_absorb', s.open('SHA-256'), size - 3, 4)],
    [
      'pointer and length that wrap around',
      'GuestError',
      (s) => s.guest.call('symmetric_state_absorb', s.open('SHA-256'), -4, 8),
    ],
    ['a length near 2^32', 'GuestError', (s) => s.guest.call('symmetric_state_squeeze', s.open('SHA-256'), 16, -1)],
    [
      'a result pointer past the end',
      'GuestError',
      (s) => s.guest.call('symmetric_state_squeeze_tag', s.open('SHA-256'), size - 3),
    ],
    ['a result pointer at the last four bytes', 'Success', (s) => s.guest.call('options_open', 1, size - 4)],
    ['a result pointer that is not aligned', 'Success', (s) => s.guest.call('options_open', 1, 1021)],
    ['a category out of range', 'GuestError', (s) => s.guest.call('options_open', 3, 64)],
    ['a category judged on all 32 bits', 'GuestError', (s) => s.guest.call('options_open', 0x10001, 64)],
    [
      'a name that is not UTF-8',
      'GuestError',
      (s) =>
        s.guest.call(
          'symmetric_key_generate',
          s.guest.put(Uint8Array.of(0xc3, 0x28)),
          2,
          s.guest.optional(undefined),
          64,
        ),
    ],
    [
      'a union tag out of range',
      'GuestError',
      (s) =>
        s.guest.call(
          'symmetric_key_generate',
          ...s.guest.text('HMAC/SHA-256'),
          s.guest.put(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0)),
          64,
        ),
    ],
    // The harness leaves the payload of `none` as it was: no handle.
    ['the payload of none is not read', 'Success', (s) => s.keyGenerate('HMAC/SHA-256')],
    ['a handle in some is judged', 'InvalidHandle', (s) => s.open('HMAC/SHA-256', 77)],
  ]);

  it('an input is found again after the memory grew', () => {
    const s = new Symmetric(new Guest());
    const state = s.open('SHA-256');
    const before = s.squeeze(state, 32);
    s.guest.memory.grow(3);
    s.absorb(state, new Uint8Array(0));
    expect(s.squeeze(state, 32)).toEqual(before);
    expect(errnoOf(() => s.guest.call('symmetric_state_squeeze', state, 5 * PAGE - 32, 32))).toBe('Success');
  });

  it('an error leaves memory as it was', () => {
    const s = new Symmetric(new Guest());
    const state = s.open('AES-128-GCM', s.keyImport('AES-128-GCM', pattern(16)), optionsWithNonce(s));
    const whole = s.guest.alloc(600);
    for (const [func, args] of [
      ['symmetric_state_squeeze', [state, whole, 600]],
      ['symmetric_state_encrypt', [state, whole, 31, whole + 100, 16, whole + 200]],
      ['symmetric_state_encrypt', [state, whole, 33, whole + 100, 16, whole + 200]],
      ['symmetric_state_decrypt', [state, whole, 1, whole + 100, 16, whole + 200]],
      ['symmetric_state_encrypt', [77, whole, 32, whole + 100, 16, whole + 200]],
      ['symmetric_state_options_get', [state, ...s.guest.text('nonce'), whole, 11, whole + 200]],
    ] as const) {
      expect(s.guest.raw(func, ...args)).not.toBe(0);
      expect(s.guest.read(whole, 600).every((byte) => byte === UNTOUCHED)).toBe(true);
    }
  });

  it('results of a call come after its data', () => {
    const s = new Symmetric(new Guest());
    const state = s.open('AES-128-GCM', s.keyImport('AES-128-GCM', pattern(16)), optionsWithNonce(s));
    const out = s.guest.alloc(32);
    // The size goes on top of the ciphertext.
    s.guest.call('symmetric_state_encrypt', state, out, 32, s.guest.put(pattern(16)), 16, out);
    expect(s.guest.u32(out)).toBe(32);
  });

  it('shared memory works the same', () => {
    const plain = new Symmetric(new Guest());
    const shared = new Symmetric(new Guest({}, newMemory({ initial: 2, maximum: 4, shared: true })));
    const [first, second] = [plain, shared].map((s) => {
      const setup = { algorithm: 'CHACHA20-POLY1305', key: pattern(32), options: { nonce } };
      const sealed = s.withState(setup, (state) => s.encrypt(state, pattern(200)));
      const opened = s.withState(setup, (state) => s.decrypt(state, sealed));
      const hash = s.withState({ algorithm: 'SHA-512' }, (state) => {
        s.absorb(state, pattern(9000));
        return s.squeeze(state, 64);
      });
      return [sealed, opened, hash];
    });
    expect(second).toEqual(first);
  });
});

describe('order of judgement', () => {
  testProbes([
    ['memory comes before handles', 'GuestError', (s) => s.guest.call('symmetric_state_absorb', 0, 2 * PAGE, 1)],
    [
      'a missing function comes before handles',
      'UnsupportedFeature',
      (s) => s.guest.call('symmetric_key_id', 0, 64, 32, 128, 136),
    ],
    ['handles come before algorithms', 'InvalidHandle', (s) => s.open('nonsense', 77)],
    ['handles are judged from left to right', 'InvalidHandle', (s) => s.open('SHA-256', 77, 78)],
    [
      'an algorithm comes before its options',
      'UnsupportedAlgorithm',
      (s) => s.open('nonsense', undefined, s.common.optionsOpen(0)),
    ],
    [
      'a missing key comes before options',
      'KeyRequired',
      (s) => s.open('AES-256-GCM', undefined, s.common.optionsOpen(0)),
    ],
    [
      'the set of options comes before the key',
      'UnsupportedOption',
      (s) => s.open('SHA-256', s.keyGenerate('HMAC/SHA-256'), s.common.optionsOpen(0)),
    ],
    [
      'the nonce comes before the key',
      'InvalidNonce',
      (s) => s.open('AES-128-GCM', s.keyGenerate('AES-256-GCM'), optionsWithNonce(s, pattern(11))),
    ],
    [
      'a spent nonce comes before the size of the output',
      'NonceRequired',
      (s) => {
        const state = s.open('AES-128-GCM', s.keyGenerate('AES-128-GCM'), optionsWithNonce(s));
        s.encrypt(state, pattern(3));
        s.encrypt(state, pattern(3), 1);
      },
    ],
    [
      'a ciphertext without its tag comes before the size of the output',
      'InvalidTag',
      (s) => {
        s.decrypt(s.open('AES-128-GCM', s.keyGenerate('AES-128-GCM'), optionsWithNonce(s)), pattern(15), 99);
      },
    ],
  ]);
});

describe('a guest that declares its imports with another signature', () => {
  const values: readonly (readonly [string, unknown])[] = [
    ['i64', 1n],
    ['f64', 1.5],
    ['not a number', NaN],
    ['nothing', undefined],
    ['a symbol', Symbol('x')],
    ['an object', Object.create(null)],
  ];

  it.each(values)('gets errnos for %s in every place, and the owner is not bothered', (_, value) => {
    const errors: unknown[] = [];
    const { host } = new Guest({ onError: (error) => void errors.push(error) });
    const functions = Object.values(host.imports).flatMap((module) => Object.entries(module));
    expect(functions.length).toBeGreaterThan(80);
    for (const [name, imported] of functions) {
      const call = imported as (...args: unknown[]) => unknown;
      for (const count of [0, call.length, call.length + 2]) {
        const errno = call(...Array.from({ length: count }, () => value));
        expect(errnoName(errno as number), name).toBeTypeOf('string');
      }
    }
    expect(errors).toEqual([]);
  });
});

describe('failures of the host', () => {
  const parts = (errors: unknown[]) => readOptions({ onError: (error) => void errors.push(error) });

  it('no randomness is rng_error, and the owner is told', () => {
    const errors: unknown[] = [];
    const broken = new Error('no entropy');
    const s = new Symmetric(
      new Guest({
        random: () => {
          throw broken;
        },
        onError: (error) => void errors.push(error),
      }),
    );
    expect(errnoOf(() => s.keyGenerate('AES-256-GCM'))).toBe('RngError');
    expect(errors).toEqual([broken]);
  });

  it('a hook that fails does not reach the guest', () => {
    const s = new Symmetric(
      new Guest({
        random: () => {
          throw new Error('no entropy');
        },
        onError: () => {
          throw new Error('nor a hook');
        },
      }),
    );
    expect(errnoOf(() => s.keyGenerate('AES-256-GCM'))).toBe('RngError');
  });

  it('what OpenSSL refuses on its own is algorithm_failure, and clears the output', () => {
    const errors: unknown[] = [];
    const context = new RuntimeContext(parts(errors));
    const refused = Object.assign(new Error('error:1C80006F'), { code: 'ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH' });
    expect(context.judged(refused)).toBe(fail.AlgorithmFailure);
    expect(clears(refused)).toBe(true);
    expect(errors).toEqual([refused]);
  });

  it('anything unexpected goes on to become internal_error, and clears the output', () => {
    const context = new RuntimeContext(parts([]));
    const bug = new TypeError('undefined is not a function');
    expect(context.judged(bug)).toBe(bug);
    expect(clears(bug)).toBe(true);
  });

  it('an unexpected exception reaches the owner and not the guest', () => {
    const errors: unknown[] = [];
    const s = new Symmetric(
      new Guest({
        clock: () => 0,
        random: (bytes) => void bytes.fill(1),
        onError: (error) => void errors.push(error),
      }),
    );
    const state = s.open('SHA-256');
    const setting =
      Object.getOwnPropertyDescriptor(Uint8Array.prototype, 'set') ??
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'set');
    const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
    const data = s.guest.put(pattern(5));
    Object.defineProperty(prototype, 'set', {
      configurable: true,
      writable: true,
      value: () => {
        throw new RangeError('broken by the test');
      },
    });
    let errno: number;
    try {
      errno = s.guest.raw('symmetric_state_absorb', state, data, 5);
    } finally {
      Object.defineProperty(prototype, 'set', setting as PropertyDescriptor);
    }
    expect(errnoName(errno)).toBe('InternalError');
    expect(errors).toEqual([new RangeError('broken by the test')]);
  });

  it('earlier failures keep the output', () => {
    const clearing = failures.filter(clears);
    expect(clearing).toEqual([fail.AlgorithmFailure, fail.InvalidTag]);
    for (const fault of Object.values(faults)) expect(clears(fault)).toBe(false);
  });
});

describe('numbers', () => {
  it('u64 parameters are taken modulo 2^64', () => {
    const s = new Symmetric(new Guest());
    const options = s.common.optionsOpen();
    s.guest.call('options_set_u64', options, ...s.guest.text('parallelism'), -1n);
    const state = s.open('SHA-256', undefined, options);
    expect(s.optionsGetU64(state, 'threads')).toBe(2n ** 64n - 1n);
  });

  it('pointers and handles are unsigned', () => {
    // A kind over 7 sets the sign bit of its handles.
    const s = new Symmetric(new Guest());
    const state = s.open('SHA-256');
    expect(state).toBeGreaterThan(2 ** 31);
    expect(errnoName(s.guest.raw('symmetric_state_close', state | 0))).toBe('Success');
  });

  it('several absorbs equal one of everything', () => {
    const s = new Symmetric(new Guest());
    const digest = (parts: readonly string[]): Uint8Array =>
      s.withState({ algorithm: 'SHA-256' }, (state) => {
        for (const part of parts) s.absorb(state, ascii(part));
        return s.squeeze(state, 32);
      });
    expect(digest(['wa', '', 'si'])).toEqual(digest(['wasi']));
  });
});

function optionsWithNonce(s: Symmetric, value = nonce): number {
  const options = s.common.optionsOpen();
  s.common.optionsSet(options, 'nonce', value);
  return options;
}
