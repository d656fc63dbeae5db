/** A guest that works for long must not make the host grow. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Guest } from '../guest/guest.js';
import { ascii, pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const CYCLES = 1_000_000;

it(`memory is flat over ${CYCLES} cycles of open, absorb, squeeze and close`, () => {
  const { guest } = new Symmetric(new Guest());
  const [name, nameLength] = guest.text('SHA-256');
  const none = guest.optional(undefined);
  const data = guest.put(pattern(64));
  const out = guest.alloc(32);
  const result = guest.alloc(4);
  const { wasi_ephemeral_crypto_symmetric: symmetric } = guest.host.imports;
  const run = (cycles: number): void => {
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      let errnos = symmetric.symmetric_state_open(name, nameLength, none, none, result);
      const state = guest.u32(result);
      errnos |= symmetric.symmetric_state_absorb(state, data, 64);
      errnos |= symmetric.symmetric_state_squeeze(state, out, 32);
      errnos |= symmetric.symmetric_state_close(state);
      if (errnos !== 0) throw new Error(`a call failed in cycle ${cycle}`);
    }
  };
  run(CYCLES / 5);
  const before = settled();
  run(CYCLES);
  expect(settled() - before).toBeLessThan(4 * 2 ** 20);
  expect(guest.memory.buffer.byteLength).toBe(2 * 65_536);
});

it('memory is flat over sealing and opening', () => {
  const s = new Symmetric(new Guest());
  const run = (cycles: number): void => {
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const setup = { algorithm: 'AES-128-GCM', key: pattern(16), options: { nonce: pattern(12) } };
      s.withState(setup, (state) => {
        s.absorb(state, ascii('associated'));
        const whole = s.encrypt(state, pattern(100));
        s.decrypt(state, whole);
      });
    }
  };
  run(2000);
  const before = settled();
  run(10_000);
  expect(settled() - before).toBeLessThan(4 * 2 ** 20);
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory in use, in V8's heap and outside, once all garbage is gone. */
function settled(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
