/** What an owner is told of calls. */
import { describe, expect, it } from 'vitest';
import { RESULT_COST } from '../../runtime/prices.js';
import type { CallEvent } from '../../runtime/index.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { algorithms } from '../registry.js';
import { aeadState, fixture, ok, paths } from './component/guest.js';

function listening(): { readonly s: Symmetric; readonly events: CallEvent[] } {
  const events: CallEvent[] = [];
  return { s: new Symmetric(new Guest({ onEvent: (event) => void events.push(event) })), events };
}

describe('an event', () => {
  it('says operation, algorithm, kind of handle, result and cost of a call', () => {
    const { s, events } = listening();
    const key = s.keyImport('hmac/sha-256', pattern(32));
    const state = s.open('HMAC/SHA-256', key);
    s.absorb(state, pattern(100));
    expect(errnoOf(() => s.squeeze(state, 4))).toBe('InvalidOperation');
    const tag = s.squeezeTag(state);
    expect(errnoOf(() => s.tagVerify(tag, pattern(32)))).toBe('InvalidTag');
    const of = (operation: string, handleKind: string, result = 'success', cost = 0) => ({
      operation,
      algorithm: handleKind === 'symmetricTag' ? undefined : 'HMAC/SHA-256',
      handleKind,
      result,
      cost,
    });
    expect(events).toEqual([
      of('symmetricKeyImport', 'symmetricKey'),
      of('symmetricStateOpen', 'symmetricState'),
      of('symmetricStateAbsorb', 'symmetricState', 'success', 100),
      of('symmetricStateSqueeze', 'symmetricState', 'invalid_operation'),
      of('symmetricStateSqueezeTag', 'symmetricState', 'success', RESULT_COST + 100),
      of('symmetricTagVerify', 'symmetricTag', 'invalid_tag'),
    ]);
  });

  it('names an algorithm as the proposal does, and nothing that only the guest names', () => {
    const { s, events } = listening();
    expect(errnoOf(() => s.open('aes-256-gcm'))).toBe('KeyRequired');
    expect(errnoOf(() => s.open('a name of the guest'))).toBe('UnsupportedAlgorithm');
    expect(events.map(({ algorithm, result }) => [algorithm, result])).toEqual([
      ['AES-256-GCM', 'key_required'],
      [undefined, 'unsupported_algorithm'],
    ]);
  });

  it('holds no bytes of the guest', () => {
    const { s, events } = listening();
    const secret = new TextEncoder().encode('a secret of 32 bytes, in letters');
    const key = s.keyImport('AES-256-GCM', secret);
    const nonce = secret.subarray(0, 12);
    const state = s.common.withOptions({ nonce }, (options) => s.open('AES-256-GCM', key, options));
    s.absorb(state, secret);
    s.decrypt(state, s.encrypt(state, secret));
    s.keyExport(key);
    expect(events.length).toBeGreaterThan(8);
    for (const event of events) {
      expect(Object.keys(event)).toEqual(['operation', 'algorithm', 'handleKind', 'result', 'cost']);
      for (const value of Object.values(event)) expect(['string', 'number', 'undefined']).toContain(typeof value);
    }
    expect(JSON.stringify(events)).not.toContain('secret of');
  });

  it('tells what a key costs', () => {
    const events: CallEvent[] = [];
    const a = new Asymmetric(new Guest({ onEvent: (event) => void events.push(event) }));
    a.keypairGenerate('Ed25519');
    expect(events).toEqual([
      {
        operation: 'keypairGenerate',
        algorithm: 'Ed25519',
        handleKind: 'keypair',
        result: 'success',
        cost: algorithms.signature('Ed25519').keys.prices.generate,
      },
    ]);
  });

  it('comes of none that the bindings refuse, and of none once the host is closed', () => {
    const { s, events } = listening();
    const { guest } = s;
    const out = guest.alloc(4);
    const [name, length] = guest.text('SHA-256');
    expect(errnoOf(() => s.absorb(12, pattern(3)))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.call('symmetric_state_open', name, length, -1, name, out))).toBe('GuestError');
    expect(events).toEqual([]);
    const state = s.open('SHA-256');
    s.close(state);
    expect(events.length).toBe(1);
    guest.host.close();
    expect(errnoOf(() => s.open('SHA-256'))).toBe('InvalidHandle');
    expect(errnoOf(() => s.absorb(state, pattern(3)))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.call('options_open', 0, out))).toBe('InvalidHandle');
    expect(events.length).toBe(1);
  });

  it('that its listener cannot take does not reach the guest', () => {
    const errors: unknown[] = [];
    const s = new Symmetric(
      new Guest({
        onEvent: () => {
          throw new Error('no more room');
        },
        onError: (error) => void errors.push(error),
      }),
    );
    expect(errnoOf(() => s.open('SHA-256'))).toBe('Success');
    expect(errors.length).toBe(1);
  });

  it.each(paths)('comes from components, too, and once for a batch, %s', async (bindings) => {
    const events: CallEvent[] = [];
    const { guest } = await fixture({ bindings }, { onEvent: (event) => void events.push(event) });
    const state = aeadState(guest);
    events.length = 0;
    ok(guest.call('batch-symmetric-state-encrypt', [[state, pattern(10)]]));
    expect(events).toEqual([
      {
        operation: 'batchSymmetricStateEncrypt',
        algorithm: 'AES-256-GCM',
        handleKind: 'symmetricState',
        result: 'success',
        cost: RESULT_COST + 10,
      },
    ]);
  });
});
