/** Handles, array outputs and sets of options. */
import { describe, expect, it } from 'vitest';
import { AlgorithmType } from '../../generated/0.10/typescript-host/types.js';
import { errnoName, errnoOf, Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe('handles', () => {
  testProbes([
    ['the handle 0', 'InvalidHandle', (s) => s.absorb(0, pattern(1))],
    ['a handle never given out', 'InvalidHandle', (s) => s.close(s.open('SHA-256') + 1)],
    ['a handle of another kind', 'InvalidHandle', (s) => s.keyExport(s.open('SHA-256'))],
    ['closing by the function of another kind', 'InvalidHandle', (s) => s.keyClose(s.open('SHA-256'))],
    [
      'using a closed handle',
      'InvalidHandle',
      (s) => {
        const state = s.open('SHA-256');
        s.close(state);
        s.absorb(state, pattern(1));
      },
    ],
    [
      'closing twice',
      'Closed',
      (s) => {
        const state = s.open('SHA-256');
        s.close(state);
        s.close(state);
      },
    ],
    [
      'closing a tag that was pulled',
      'Closed',
      (s) => {
        const tag = s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(1) }, (state) => s.squeezeTag(state));
        s.tagPull(tag);
        s.tagClose(tag);
      },
    ],
  ]);

  it('a stale handle stays invalid through 70 000 others', () => {
    const s = new Symmetric(new Guest());
    const stale = s.open('SHA-256');
    s.close(stale);
    for (let count = 0; count < 70_000; count += 1) {
      const state = s.open('SHA-256');
      if (state === stale) throw new Error('the handle came back');
      s.close(state);
    }
    expect(errnoOf(() => s.absorb(stale, pattern(1)))).toBe('InvalidHandle');
  });

  it('the limit is on open handles of all kinds together', () => {
    const s = new Symmetric(new Guest({ limits: { handles: 3 } }));
    const state = s.open('SHA-256');
    s.common.optionsOpen();
    const key = s.keyGenerate('HMAC/SHA-256');
    expect(errnoOf(() => s.clone(state))).toBe('TooManyHandles');
    s.close(state);
    // Taking one handle's place, and making a tag of it afterwards, needs two.
    const mac = s.open('HMAC/SHA-256', key);
    expect(errnoOf(() => s.squeezeTag(mac))).toBe('TooManyHandles');
  });

  it('too_many_handles changes nothing', () => {
    const s = new Symmetric(new Guest({ limits: { handles: 3 } }));
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'nonce', pattern(12));
    const key = s.keyGenerate('AES-128-GCM');
    const state = s.open('AES-128-GCM', key, options);
    expect(errnoOf(() => s.encryptDetached(state, pattern(4)))).toBe('TooManyHandles');
    s.common.optionsClose(options);
    // The nonce was not spent.
    expect(errnoOf(() => s.encryptDetached(state, pattern(4)))).toBe('Success');
  });

  it('two contexts share nothing', () => {
    const first = new Symmetric(new Guest());
    const second = new Symmetric(new Guest());
    const state = first.open('SHA-256');
    expect(errnoOf(() => second.absorb(state, pattern(1)))).toBe('InvalidHandle');
  });

  it('a key may be closed while a state uses it', () => {
    const s = new Symmetric(new Guest());
    const key = s.keyImport('HMAC/SHA-256', ascii('key'));
    const state = s.open('HMAC/SHA-256', key);
    const copy = s.clone(state);
    s.keyClose(key);
    s.close(state);
    s.absorb(copy, ascii('message'));
    expect(Buffer.from(s.tagPull(s.squeezeTag(copy))).toString('hex')).toBe(
      '6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a',
    );
  });
});

describe('array outputs', () => {
  const exported = (s: Symmetric, length = 40): number =>
    s.guest.callForU32('symmetric_key_export', s.keyImport('HMAC/SHA-256', pattern(length)));

  it('are pulled in parts, and their length stays', () => {
    const s = new Symmetric(new Guest());
    const output = exported(s);
    expect(s.common.arrayOutputPull(output, 25)).toEqual(pattern(40).subarray(0, 25));
    expect(s.common.arrayOutputLen(output)).toBe(40);
    expect(s.common.arrayOutputPull(output, 0)).toEqual(new Uint8Array(0));
    expect(s.common.arrayOutputPull(output, 99)).toEqual(pattern(40).subarray(25));
    expect(errnoOf(() => s.common.arrayOutputLen(output))).toBe('InvalidHandle');
    expect(errnoOf(() => s.common.arrayOutputPull(output, 1))).toBe('InvalidHandle');
  });

  it('that are empty end with any pull', () => {
    const s = new Symmetric(new Guest());
    const output = exported(s, 0);
    expect(s.common.arrayOutputLen(output)).toBe(0);
    expect(s.common.arrayOutputPull(output, 0)).toEqual(new Uint8Array(0));
    expect(errnoOf(() => s.common.arrayOutputPull(output, 0))).toBe('InvalidHandle');
  });

  it('stay open when their buffer is refused', () => {
    const s = new Symmetric(new Guest());
    const output = exported(s);
    expect(errnoName(s.guest.raw('array_output_pull', output, -1, 40, 64))).toBe('GuestError');
    expect(s.common.drain(output)).toEqual(pattern(40));
  });
});

describe('options', () => {
  const set = (s: Symmetric, name: string, value: Parameters<typeof s.common.optionsSet>[2], type?: number): void =>
    s.common.optionsSet(s.common.optionsOpen(type), name, value);

  testProbes([
    ['context holds bytes', 'Success', (s) => set(s, 'context', pattern(3))],
    ['salt holds bytes', 'Success', (s) => set(s, 'salt', pattern(3))],
    ['an empty value is a value', 'Success', (s) => set(s, 'nonce', pattern(0))],
    ['memory_limit holds an integer', 'Success', (s) => set(s, 'memory_limit', 1n)],
    ['ops_limit holds an integer', 'Success', (s) => set(s, 'ops_limit', 1n)],
    ['opslimit is ops_limit', 'Success', (s) => set(s, 'opslimit', 1n)],
    ['parallelism holds an integer', 'Success', (s) => set(s, 'parallelism', 1n)],
    ['threads is parallelism', 'Success', (s) => set(s, 'threads', 1n)],
    ['output_len holds an integer', 'Success', (s) => set(s, 'output_len', 1n)],
    ['buffer is guest memory', 'Success', (s) => set(s, 'buffer', { pointer: 64, length: 1024 })],
    ['memory is buffer', 'Success', (s) => set(s, 'memory', { pointer: 64, length: 1024 })],
    ['guest memory outside of memory', 'GuestError', (s) => set(s, 'buffer', { pointer: 64, length: 2 ** 20 })],
    ['an unknown name', 'UnsupportedOption', (s) => set(s, 'colour', pattern(3))],
    ['bytes for an integer', 'UnsupportedOption', (s) => set(s, 'ops_limit', pattern(8))],
    ['an integer for bytes', 'UnsupportedOption', (s) => set(s, 'nonce', 1n)],
    ['guest memory for bytes', 'UnsupportedOption', (s) => set(s, 'nonce', { pointer: 64, length: 12 })],
    ['bytes for guest memory', 'UnsupportedOption', (s) => set(s, 'buffer', pattern(3))],
    ['signatures have no options', 'UnsupportedOption', (s) => set(s, 'nonce', pattern(12), AlgorithmType.Signatures)],
    ['key exchange has no options', 'UnsupportedOption', (s) => set(s, 'parallelism', 1n, AlgorithmType.KeyExchange)],
    [
      'a set of another category',
      'UnsupportedOption',
      (s) => s.open('SHA-256', undefined, s.common.optionsOpen(AlgorithmType.Signatures)),
    ],
    [
      'a set of another category at generation',
      'UnsupportedOption',
      (s) => s.keyGenerate('AES-128-GCM', s.common.optionsOpen(AlgorithmType.KeyExchange)),
    ],
    [
      'generation ignores what is set',
      'Success',
      (s) =>
        s.common.withOptions({ nonce: pattern(12), salt: pattern(1) }, (options) =>
          s.keyGenerate('AES-128-GCM', options),
        ),
    ],
    [
      'an option that the algorithm does not define',
      'UnsupportedOption',
      (s) => s.withState({ algorithm: 'SHA-256', options: { context: pattern(3) } }, () => 0),
    ],
    [
      'a nonce for a hash function',
      'UnsupportedOption',
      (s) => s.withState({ algorithm: 'SHA-256', options: { nonce: pattern(12) } }, () => 0),
    ],
    [
      'a salt for HKDF',
      'UnsupportedOption',
      (s) =>
        s.withState({ algorithm: 'HKDF-EXTRACT/SHA-256', key: pattern(9), options: { salt: pattern(12) } }, () => 0),
    ],
    [
      'lent memory for a hash function',
      'UnsupportedOption',
      (s) => s.withState({ algorithm: 'SHA-256', options: { buffer: { pointer: 64, length: 9 } } }, () => 0),
    ],
    [
      'an empty value counts as set',
      'UnsupportedOption',
      (s) => s.withState({ algorithm: 'SHA-256', options: { context: pattern(0) } }, () => 0),
    ],
    [
      'parallelism is a hint everywhere',
      'Success',
      (s) => s.withState({ algorithm: 'SHA-256', options: { parallelism: 4n } }, () => 0),
    ],
  ]);

  describe('read from a state', () => {
    const gcm = { algorithm: 'AES-128-GCM', key: pattern(16), options: { nonce: pattern(12) } };
    testProbes([
      [
        'a nonce',
        'Success',
        (s) => s.withState(gcm, (state) => expect(s.optionsGet(state, 'NONCE', 12)).toEqual(pattern(12))),
      ],
      [
        'into a larger buffer',
        'Success',
        (s) => s.withState(gcm, (state) => expect(s.optionsGet(state, 'nonce', 50)).toEqual(pattern(12))),
      ],
      ['into a smaller buffer', 'Overflow', (s) => s.withState(gcm, (state) => s.optionsGet(state, 'nonce', 11))],
      [
        'a hint that is set',
        'Success',
        (s) =>
          s.withState({ algorithm: 'SHA-256', options: { threads: 3n } }, (state) =>
            expect(s.optionsGetU64(state, 'parallelism')).toBe(3n),
          ),
      ],
      [
        'a hint that is not set',
        'OptionNotSet',
        (s) => s.withState(gcm, (state) => s.optionsGetU64(state, 'parallelism')),
      ],
      [
        'an option that the algorithm does not define',
        'UnsupportedOption',
        (s) => s.withState(gcm, (state) => s.optionsGet(state, 'context', 50)),
      ],
      ['an unknown option', 'UnsupportedOption', (s) => s.withState(gcm, (state) => s.optionsGet(state, 'colour', 50))],
      ['bytes as an integer', 'UnsupportedOption', (s) => s.withState(gcm, (state) => s.optionsGetU64(state, 'nonce'))],
      [
        'an integer as bytes',
        'UnsupportedOption',
        (s) => s.withState(gcm, (state) => s.optionsGet(state, 'parallelism', 50)),
      ],
    ]);
  });

  it('setting twice overwrites', () => {
    const s = new Symmetric(new Guest());
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'nonce', pattern(5));
    s.common.optionsSet(options, 'nonce', ascii('twelve bytes'));
    const state = s.open('AES-128-GCM', s.keyGenerate('AES-128-GCM'), options);
    expect(s.optionsGet(state, 'nonce', 12)).toEqual(ascii('twelve bytes'));
  });

  it('a state keeps its own copy of the set', () => {
    const s = new Symmetric(new Guest());
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'nonce', pattern(12));
    const state = s.open('AES-128-GCM', s.keyGenerate('AES-128-GCM'), options);
    s.common.optionsSet(options, 'nonce', ascii('twelve bytes'));
    s.common.optionsClose(options);
    expect(s.optionsGet(state, 'nonce', 12)).toEqual(pattern(12));
  });

  it('values over the limit are refused', () => {
    const s = new Symmetric(new Guest({ limits: { optionBytes: 16 } }));
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'context', pattern(16));
    expect(errnoOf(() => s.common.optionsSet(options, 'context', pattern(17)))).toBe('Overflow');
    expect(errnoOf(() => s.common.optionsSet(options, 'colour', pattern(17)))).toBe('UnsupportedOption');
  });
});
