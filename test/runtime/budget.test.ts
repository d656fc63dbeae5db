/** The budget of memory: what is charged, what is given back, and what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../runtime/limits.js';
import { objectPrices } from '../../runtime/prices.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { Compared } from './budget-model.js';

const MiB = 2 ** 20;

describe('everything a guest makes its host keep counts against one budget', () => {
  it('of 256 MiB, unless configured', () => {
    expect(defaultLimits.totalBytes).toBe(256 * MiB);
  });

  it('thirty clones of an HKDF state of a large message are too many', () => {
    const s = new Symmetric(new Guest({ limits: { totalBytes: 16 * MiB } }));
    const state = s.open('HKDF-EXTRACT/SHA-256', s.keyImport('HKDF-EXTRACT/SHA-256', pattern(32)));
    s.absorb(state, new Uint8Array(MiB));
    const clones: number[] = [];
    expect(errnoOf(() => Array.from({ length: 30 }, () => clones.push(s.clone(state))))).toBe('Overflow');
    expect(clones.length).toBe(14);
    expect(s.guest.host.usage().bytes).toBeGreaterThan(15 * MiB);
    // What is given back can be used again.
    s.close(clones.pop() as number);
    expect(errnoOf(() => s.clone(state))).toBe('Success');
    s.guest.host.close();
    expect(s.guest.host.usage().bytes).toBe(0);
  });

  it('handles have a price, so that it can end before their number does', () => {
    const s = new Symmetric(new Guest({ limits: { totalBytes: 10 * objectPrices.symmetricState } }));
    for (let count = 0; count < 10; count += 1) s.open('SHA-256');
    expect(errnoOf(() => s.open('SHA-256'))).toBe('Overflow');
    expect(s.guest.host.usage()).toMatchObject({
      bytes: 10 * objectPrices.symmetricState,
      handles: 10,
      byKind: { symmetricState: { handles: 10, bytes: 10 * objectPrices.symmetricState } },
    });
  });

  it('a raised budget leaves the limit to the handles', () => {
    const handles = 100_000;
    const s = new Symmetric(new Guest({ limits: { handles, totalBytes: handles * 1000 } }));
    for (let count = 0; count < handles; count += 1) s.open('SHA-256');
    expect(errnoOf(() => s.open('SHA-256'))).toBe('TooManyHandles');
  });

  it('an encryption without room for its tag does not spend the nonce', () => {
    const s = new Symmetric(new Guest({ limits: { totalBytes: 6000 } }));
    const key = s.keyImport('AES-256-GCM', pattern(32));
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'nonce', pattern(12));
    const state = s.open('AES-256-GCM', key, options);
    const filler = s.keyImport('HMAC/SHA-256', pattern(6000 - s.guest.host.usage().bytes - 800));
    const { bytes } = s.guest.host.usage();
    expect(errnoOf(() => s.encryptDetached(state, pattern(4)))).toBe('Overflow');
    expect(s.guest.host.usage().bytes).toBe(bytes);
    s.keyClose(filler);
    expect(errnoOf(() => s.encryptDetached(state, pattern(4)))).toBe('Success');
  });

  it('a message that is longer than half the budget can come in parts', () => {
    const s = new Symmetric(new Guest({ limits: { totalBytes: 100_000 } }));
    const state = s.open('HKDF-EXTRACT/SHA-256', s.keyImport('HKDF-EXTRACT/SHA-256', pattern(32)));
    for (let count = 0; count < 9; count += 1) s.absorb(state, new Uint8Array(10_000));
    expect(errnoOf(() => s.absorb(state, new Uint8Array(10_000)))).toBe('Overflow');
  });
});

describe('the meter', () => {
  const steps = fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)), { minLength: 60, maxLength: 200 });

  it.each(['auto', 'off'] as const)('reads what a model says, and 0 in the end, with native %s', (native) => {
    fc.assert(
      fc.property(steps, fc.boolean(), (sequence, oneByOne) => {
        const compared = new Compared(native);
        for (const step of sequence) compared.step(...step);
        if (oneByOne) compared.closeAll();
        compared.s.guest.host.close();
        expect(compared.s.guest.host.usage()).toMatchObject({ bytes: 0, handles: 0 });
      }),
      { numRuns: 150 },
    );
  });
});
