/** What is computed by WebAssembly of this package: its file, its memory, and AES-GCM-SIV beside another library. */
import { gcmsiv } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { INPUT, withMemory } from '../../runtime/backends/webassembly/module.js';
import { errnoOf } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { symmetricGuest } from '../guest/uses.js';
import { authenticatedCiphers, supportedEntries } from '../registry.js';

const owned = supportedEntries.filter((entry) => entry.implementations.some(({ backend }) => backend.kind === 'own'));
/** Those of our own that encrypt. */
const ciphers = authenticatedCiphers.filter(({ id }) => owned.some((entry) => entry.id === id));

describe('primitives.wasm', () => {
  it('has no data of its own where input lies', () => {
    withMemory(0, (_primitives, memory) => expect(memory.every((byte) => byte === 0)).toBe(true));
  });

  it('leaves nothing in its memory, even where a call fails', () => {
    const secret = pattern(200_000).fill(0x5a);
    expect(() =>
      withMemory(secret.length, (_primitives, memory) => {
        memory.set(secret, INPUT);
        memory.set(secret.subarray(0, 64), 0);
        throw new Error('failed');
      }),
    ).toThrow('failed');
    withMemory(secret.length, (_primitives, memory) => expect(memory.includes(0x5a)).toBe(false));
  });

  it('gives a large memory up after use', () => {
    const size = withMemory(5_000_000, (_primitives, memory) => memory.length);
    expect(size).toBeGreaterThan(5_000_000);
    expect(withMemory(0, (_primitives, memory) => memory.length)).toBeLessThan(1_100_000);
  });
});

describe.each(ciphers)('$id', ({ id, nonce }) => {
  it('opens long messages that it sealed, and no others', () => {
    const s = symmetricGuest();
    const message = pattern(2_500_001);
    const key = s.keyGenerate(id);
    const options = s.common.optionsOpen();
    s.common.optionsSet(options, 'nonce', pattern(nonce?.maximum ?? 0));
    const sealed = s.encrypt(s.open(id, key, options), message);
    expect(Buffer.from(s.decrypt(s.open(id, key, options), sealed)).equals(message)).toBe(true);
    sealed[1_000_000] = (sealed[1_000_000] ?? 0) ^ 1;
    expect(errnoOf(() => s.decrypt(s.open(id, key, options), sealed))).toBe('InvalidTag');
  });
});

describe.each([
  ['AES-128-GCM-SIV', 16],
  ['AES-256-GCM-SIV', 32],
] as const)('%s', (id, keySize) => {
  it('gives what noble gives', () => {
    const s = symmetricGuest();
    const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        bytes(keySize),
        bytes(12),
        fc.uint8Array({ maxLength: 70 }),
        fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(16_383, 16_384, 16_385, 33_000).map(pattern)),
        (key, nonce, associated, message) => {
          const sealed = s.withState({ algorithm: id, key, options: { nonce } }, (state) => {
            s.absorb(state, associated);
            return s.encrypt(state, message);
          });
          expect(hexOf(sealed)).toBe(hexOf(gcmsiv(key, nonce, associated).encrypt(message)));
        },
      ),
      { numRuns: 100 },
    );
  });
});
