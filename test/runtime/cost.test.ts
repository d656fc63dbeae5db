/** The budget of time: what calls cost, and what is refused before it begins. */
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../runtime/limits.js';
import { RESULT_COST } from '../../runtime/prices.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { algorithms, keyExchanges, signatures } from '../registry.js';

const MiB = 2 ** 20;
const EXPAND = 'HKDF-EXPAND/SHA-256';

describe('the cost of a call', () => {
  it('is known before it begins: minutes of HKDF are refused at once', () => {
    const s = new Symmetric(new Guest());
    const state = s.open(EXPAND, s.keyImport(EXPAND, pattern(32)));
    for (let count = 0; count < 64; count += 1) s.absorb(state, new Uint8Array(MiB));
    const before = s.guest.host.usage().cost;
    expect(errnoOf(() => s.squeeze(state, 255 * 32))).toBe('Overflow');
    expect(s.guest.host.usage().cost).toBe(before);
    // Everything else about a call is judged first.
    expect(errnoOf(() => s.squeeze(state, 255 * 32 + 1))).toBe('InvalidLength');
    // What one message needs is not refused.
    expect(errnoOf(() => s.squeeze(state, 64))).toBe('Success');
  });

  it('of anything that one message of the default size needs is not refused by default', () => {
    const { callCost, messageBytes } = defaultLimits;
    for (const { id, keys } of [...signatures, ...keyExchanges]) {
      const { generate, publicHalf, validate, useSecret, usePublic, import: imported } = keys.prices;
      for (const price of [
        generate,
        imported,
        publicHalf,
        validate,
        messageBytes + useSecret,
        messageBytes + usePublic,
      ])
        expect(price, id).toBeLessThanOrEqual(callCost);
    }
    // All memory that a guest can have, hashed at once; Argon2 with the first choice of RFC 9106, 4: 2 GiB in one pass.
    expect(2 ** 32).toBeLessThanOrEqual(callCost);
  });

  it('counts bytes, and a price for each result', () => {
    const s = new Symmetric(new Guest());
    const costOf = (calls: () => void): number => {
      const before = s.guest.host.usage().cost;
      calls();
      return s.guest.host.usage().cost - before;
    };
    const state = s.open('SHA-256');
    expect(costOf(() => s.absorb(state, pattern(5000)))).toBe(5000);
    expect(costOf(() => void s.squeeze(state, 32))).toBe(RESULT_COST);
    const key = s.keyImport('AES-256-GCM', pattern(32));
    const cipher = s.common.withOptions({ nonce: pattern(12) }, (options) => s.open('AES-256-GCM', key, options));
    expect(costOf(() => s.absorb(cipher, pattern(100)))).toBe(100);
    expect(costOf(() => void s.encrypt(cipher, pattern(50)))).toBe(RESULT_COST + 150);
  });

  it('of a signature counts the message again each time', () => {
    const a = new Asymmetric(new Guest());
    const state = a.guest.callForU32('signature_state_open', a.keypairGenerate('Ed25519'));
    a.guest.scoped(() => a.guest.call('signature_state_update', state, a.guest.put(pattern(9000)), 9000));
    const { useSecret } = algorithms.signature('Ed25519').keys.prices;
    for (let count = 0; count < 2; count += 1) {
      const before = a.guest.host.usage().cost;
      a.guest.callForU32('signature_state_sign', state);
      expect(a.guest.host.usage().cost - before).toBe(useSecret + 9000);
    }
  });

  it('that is too high changes nothing, and costs nothing', () => {
    const s = new Symmetric(new Guest({ limits: { callCost: 5000 } }));
    const state = s.open('SHA-256');
    s.absorb(state, pattern(10));
    const digest = s.squeeze(state, 32);
    const { cost, bytes } = s.guest.host.usage();
    expect(errnoOf(() => s.absorb(state, pattern(5001)))).toBe('Overflow');
    expect(s.guest.host.usage()).toMatchObject({ cost, bytes });
    expect(s.squeeze(state, 32)).toEqual(digest);
    // The limit is for each call.
    for (let count = 0; count < 5; count += 1) s.absorb(state, pattern(5000));
  });

  it('of a key of RSA can be too high for an owner', () => {
    const a = new Asymmetric(new Guest({ limits: { callCost: 10_000_000 } }));
    expect(errnoOf(() => a.keypairGenerate('RSA_PKCS1_4096_SHA512'))).toBe('Overflow');
    expect(errnoOf(() => a.keypairGenerate('Ed25519'))).toBe('Success');
  });

  it('of a key that is computed in the background is spent when it is started', () => {
    const a = new Asymmetric(new Guest({ keyGeneration: 'background' }));
    const { generate } = algorithms.signature('RSA_PKCS1_2048_SHA256').keys.prices;
    for (let count = 0; count < 3; count += 1)
      expect(errnoOf(() => a.keypairGenerate('RSA_PKCS1_2048_SHA256'))).toBe('InProgress');
    expect(a.guest.host.usage().cost).toBe(generate);
    a.guest.host.close();
  });
});

describe('an allowance', () => {
  it('ends what computes, and leaves what does not', () => {
    const s = new Symmetric(new Guest({ limits: { totalCost: 10_000 } }));
    const state = s.open('SHA-256');
    for (let count = 0; count < 9; count += 1) s.absorb(state, pattern(1000));
    s.squeeze(state, 32);
    expect(errnoOf(() => s.absorb(state, pattern(1)))).toBe('Overflow');
    expect(errnoOf(() => s.squeeze(state, 32))).toBe('Overflow');
    expect(s.guest.host.usage()).toMatchObject({ cost: 10_000, byKind: { symmetricState: { cost: 10_000 } } });
    // Other mistakes are told as ever.
    expect(errnoOf(() => s.squeeze(state, 33))).toBe('InvalidLength');
    expect(errnoOf(() => s.open('SHA-1'))).toBe('UnsupportedAlgorithm');
    expect(errnoOf(() => s.close(state))).toBe('Success');
  });
});

it('calls are counted once memory, text and handles are right', () => {
  const s = new Symmetric(new Guest());
  const state = s.open('SHA-256');
  s.absorb(state, pattern(1));
  expect(errnoOf(() => s.absorb(state + 1, pattern(1)))).toBe('InvalidHandle');
  expect(errnoOf(() => s.squeeze(state, 33))).toBe('InvalidLength');
  expect(s.guest.host.usage().calls).toBe(3);
});
