/** Functions with output of any length. */
import { blake3 } from '@noble/hashes/blake3.js';
import { shake128, shake256 } from '@noble/hashes/sha3.js';
import { cshake128, cshake256, kt128, kt256, turboshake128, turboshake256 } from '@noble/hashes/sha3-addons.js';
import fc from 'fast-check';
import { createBLAKE3 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { RunningOutput } from '../../runtime/backends/xof.js';
import { Meter } from '../../runtime/meter.js';
import { defaultLimits } from '../../runtime/limits.js';
import { guestsByBackend } from '../guest/backends.js';
import { Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric, type StateInput } from '../guest/symmetric.js';
import { algorithms } from '../registry.js';

/** All of a function's output, by noble. @param context empty: none */
type Whole = (message: Uint8Array, context: Uint8Array, length: number) => Uint8Array;

const none = new Uint8Array(0);
const functions: readonly (readonly [id: string, natural: number, customized: boolean, whole: Whole])[] = [
  ['SHAKE-128', 32, false, (message, _context, dkLen) => shake128(message, { dkLen })],
  ['SHAKE-256', 64, false, (message, _context, dkLen) => shake256(message, { dkLen })],
  ['CSHAKE-128', 32, true, (message, personalization, dkLen) => cshake128(message, { personalization, dkLen })],
  ['CSHAKE-256', 64, true, (message, personalization, dkLen) => cshake256(message, { personalization, dkLen })],
  ['TURBOSHAKE-128', 32, false, (message, _context, dkLen) => turboshake128(message, { dkLen })],
  ['TURBOSHAKE-256', 64, false, (message, _context, dkLen) => turboshake256(message, { dkLen })],
  ['KT128', 32, true, (message, personalization, dkLen) => kt128(message, { personalization, dkLen })],
  ['KT256', 64, true, (message, personalization, dkLen) => kt256(message, { personalization, dkLen })],
  [
    'BLAKE3',
    32,
    true,
    (message, context, dkLen) => blake3(message, { dkLen, ...(context.length === 0 ? {} : { context }) }),
  ],
];

describe.each(functions)('%s', (id, natural, customized, whole) => {
  const setup = { algorithm: id };
  const withState =
    (calls: (s: Symmetric, state: number) => unknown, more: Omit<StateInput, 'algorithm'> = {}) =>
    (s: Symmetric) =>
      s.withState({ ...setup, ...more }, (state) => calls(s, state));

  testProbes([
    ['no bytes', 'Success', withState((s, state) => s.squeeze(state, 0))],
    ['many bytes', 'Success', withState((s, state) => s.squeeze(state, 100_000))],
    [
      'more input after output',
      'InvalidOperation',
      withState((s, state) => {
        s.squeeze(state, 1);
        s.absorb(state, pattern(1));
      }),
    ],
    [
      'more input after no output',
      'Success',
      withState((s, state) => {
        s.squeeze(state, 0);
        s.absorb(state, pattern(1));
      }),
    ],
    ['a tag', 'InvalidOperation', withState((s, state) => s.squeezeTag(state))],
    ['a key of it', 'InvalidOperation', withState((s, state) => s.squeezeKey(state, 'AES-128-GCM'))],
    ['the tag size', 'InvalidOperation', withState((s, state) => s.maxTagLen(state))],
    ['encrypting', 'InvalidOperation', withState((s, state) => s.encrypt(state, pattern(1), 17))],
    ['ratcheting', 'InvalidOperation', withState((s, state) => s.ratchet(state))],
    ['a nonce', 'UnsupportedOption', withState(() => 0, { options: { nonce: pattern(12) } })],
    [
      'a context',
      customized ? 'Success' : 'UnsupportedOption',
      withState(() => 0, { options: { context: pattern(9) } }),
    ],
    ['a length for squeezing without one', 'Success', withState(() => 0, { options: { output_len: 9n } })],
  ]);

  it('has its natural output', () => expect(algorithms.symmetric(id).naturalOutput).toBe(natural));

  it('gives on each backend one stream, whatever is asked for at once, and clones go on at any place', () => {
    const guests = guestsByBackend((s) => s.close(s.open(id)));
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(135, 136, 167, 168, 169, 4097, 8193, 20_000),
    );
    const asked = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(64, 136, 168, 4096, 5000));
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 4 }),
        customized ? fc.constantFrom(0, 1, 16, 200, 5000) : fc.constant(0),
        fc.array(asked, { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        (parts, contextSize, outputs, cloned) => {
          const context = pattern(contextSize);
          const message = Buffer.concat(parts.map(pattern));
          const total = outputs.reduce((sum, each) => sum + each, 0);
          const expected = hexOf(whole(message, context, Math.max(1, total))).slice(0, 2 * total);
          const options = contextSize === 0 ? {} : { context };
          for (const [kind, s] of guests) {
            s.withState({ ...setup, options }, (state) => {
              for (const part of parts) s.absorb(state, pattern(part));
              const read = (from: number, sizes: readonly number[]): string =>
                sizes.map((each) => hexOf(s.squeeze(from, each))).join('');
              const before = read(state, outputs.slice(0, cloned));
              const copy = s.clone(state);
              const after = read(state, outputs.slice(cloned));
              expect(before + after, kind).toBe(expected);
              // The copy goes on by itself, also once the other one is ahead.
              expect(before + read(copy, [...outputs.slice(cloned)].reverse()), kind).toBe(expected);
              s.close(copy);
            });
            expect(s.guest.host.usage().bytes).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives long streams in small pieces at no more than a few times the cost of all at once', () => {
    for (const [kind, s] of guestsByBackend((s) => s.close(s.open(id)))) {
      const cost = (calls: (state: number) => void): number => {
        const before = s.guest.host.usage().cost;
        s.withState(setup, calls);
        return s.guest.host.usage().cost - before;
      };
      const atOnce = cost((state) => void s.squeeze(state, 60_000));
      const pieces = cost((state) => {
        for (let count = 0; count < 600; count += 1) s.squeeze(state, 100);
      });
      expect(pieces - 600 * 1000, kind).toBeLessThan(5 * atOnce);
    }
  });
});

describe('the context of', () => {
  it.each(['CSHAKE-128', 'CSHAKE-256', 'KT128', 'KT256'])('%s is none where it is empty', (id) => {
    const s = new Symmetric(new Guest());
    const output = (options: StateInput['options'] = {}): string =>
      s.withState({ algorithm: id, options }, (state) => hexOf(s.squeeze(state, 40)));
    expect(output({ context: none })).toBe(output());
    expect(output({ context: pattern(1) })).not.toBe(output());
  });

  it('cSHAKE is SHAKE where there is none', () => {
    const s = new Symmetric(new Guest());
    for (const [id, shake] of [
      ['CSHAKE-128', shake128],
      ['CSHAKE-256', shake256],
    ] as const) {
      s.withState({ algorithm: id }, (state) => {
        s.absorb(state, ascii('abc'));
        expect(s.squeeze(state, 500)).toEqual(shake(ascii('abc'), { dkLen: 500 }));
      });
    }
  });
});

describe('the modes of BLAKE3', () => {
  const algorithm = 'BLAKE3';
  const key = pattern(32);

  testProbes([
    ['a key of 31 bytes', 'InvalidKey', (s) => s.keyImport(algorithm, pattern(31))],
    ['a key of 33 bytes', 'InvalidKey', (s) => s.keyImport(algorithm, pattern(33))],
    ['a key of another algorithm', 'InvalidKey', (s) => s.open(algorithm, s.keyGenerate('HMAC/SHA-256'))],
    ['a generated key', 'Success', (s) => expect(s.keyExport(s.keyGenerate(algorithm)).length).toBe(32)],
    ['a key', 'Success', (s) => s.withState({ algorithm, key }, () => 0)],
    [
      'a key and a context',
      'UnsupportedOption',
      (s) => s.withState({ algorithm, key, options: { context: pattern(9) } }, () => 0),
    ],
    [
      'a key and an empty context',
      'UnsupportedOption',
      (s) => s.withState({ algorithm, key, options: { context: none } }, () => 0),
    ],
    ['a tag with a key', 'InvalidOperation', (s) => s.withState({ algorithm, key }, (state) => s.squeezeTag(state))],
  ]);

  it('an empty context derives keys, no context hashes', () => {
    const s = new Symmetric(new Guest());
    const output = (setup: Omit<StateInput, 'algorithm'>): Uint8Array =>
      s.withState({ algorithm, ...setup }, (state) => s.squeeze(state, 32));
    expect(output({ options: { context: none } })).toEqual(blake3(none, { context: none }));
    expect(output({ options: { context: none } })).not.toEqual(output({}));
  });

  it('with a key and without agree with another library around chunks', async () => {
    const s = new Symmetric(new Guest());
    for (const size of [0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 4095, 4096, 4097, 31_744, 100_000]) {
      const message = pattern(size);
      const hasher = await createBLAKE3(1024);
      const keyed = await createBLAKE3(1024, key);
      const right = [hasher, keyed].map((each) => each.init().update(message).digest('hex'));
      const ours = [{ algorithm }, { algorithm, key }].map((setup) =>
        s.withState(setup, (state) => {
          for (let start = 0; start < size; start += 1009) s.absorb(state, message.subarray(start, start + 1009));
          return hexOf(s.squeeze(state, 128));
        }),
      );
      expect(ours, `${size} bytes`).toEqual(right);
    }
  });
});

describe('output that a backend only gives from its first byte on', () => {
  /** Counts what is computed. */
  let computed = 0;
  const fill = (out: Uint8Array): void => {
    computed += out.length;
    for (const index of out.keys()) out[index] = index % 251;
  };
  const stream = { update: () => undefined, write: fill, copy: () => stream, end: () => undefined };
  const computation = {
    prefix: none,
    whole: (_input: Uint8Array, out: Uint8Array) => fill(out),
    begin: () => stream,
    cost: 0,
  };
  const read = (running: RunningOutput, size: number): Uint8Array => {
    const out = new Uint8Array(size);
    running.read(out);
    return out;
  };

  it('is computed a few times at most, kept in the budget, and given back', () => {
    const meter = new Meter(defaultLimits);
    const running = new RunningOutput(computation, meter.accounts.symmetricState);
    computed = 0;
    for (let count = 0; count < 10_000; count += 1)
      expect(read(running, 10)).toEqual(Uint8Array.from({ length: 10 }, (_, index) => (10 * count + index) % 251));
    expect(computed).toBeLessThan(400_000);
    expect(meter.accounts.symmetricState.bytes).toBeGreaterThan(100_000);
    const copy = running.clone();
    expect(read(copy, 10)).toEqual(read(running, 10));
    running.wipe();
    copy.wipe();
    expect(meter.accounts.symmetricState.bytes).toBe(0);
  });

  it('ends where the budget does, and stays where it was', () => {
    const meter = new Meter({ ...defaultLimits, totalBytes: 50_000 });
    const running = new RunningOutput(computation, meter.accounts.symmetricState);
    let given = 0;
    const errnos = new Set<string>();
    for (let count = 0; count < 100; count += 1) {
      try {
        read(running, 1000);
        given += 1000;
      } catch (error) {
        errnos.add((error as { name: string }).name);
      }
    }
    expect([...errnos]).toEqual(['Overflow']);
    expect(given).toBe(49_000);
    expect(read(running, 100)).toEqual(Uint8Array.from({ length: 100 }, (_, index) => (given + index) % 251));
  });
});
