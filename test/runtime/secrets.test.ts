/** Secrets: where they are, and that they are gone afterwards. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SymmetricAlgorithm } from '../../runtime/algorithms/descriptor.js';
import { BLOCK_BYTES, giveBack, SHORT_BYTES, takeBytes, withBytes } from '../../runtime/blocks.js';
import { RuntimeContext } from '../../runtime/context.js';
import { symmetricHost } from '../../runtime/interfaces/symmetric.js';
import { commonHost } from '../../runtime/interfaces/common.js';
import { unmetered } from '../../runtime/meter.js';
import { readOptions } from '../../runtime/options.js';
import { ArrayOutput } from '../../runtime/objects/array-outputs.js';
import { noTerms } from '../../runtime/objects/key-terms.js';
import { optionTable } from '../../runtime/objects/option-table.js';
import { OptionSet } from '../../runtime/objects/option-sets.js';
import { KeyMaterial } from '../../runtime/objects/symmetric-keys.js';
import { SymmetricTag } from '../../runtime/objects/symmetric-tags.js';
import { RandomSource } from '../../runtime/random.js';
import { Guest } from '../guest/guest.js';
import { ascii, pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { idsOf, symmetricAlgorithms } from '../registry.js';
import { numbersOf } from '../guest/uses.js';

const context = new RuntimeContext(readOptions({ policy: { unauthenticatedCiphers: true } }));
const host = symmetricHost(context);
const secret = ascii('a secret of 32 bytes, in letters');

/** Everything that inspecting can show. */
function shown(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null });
}

function requireHidden(value: unknown): void {
  const text = shown(value);
  for (const form of [
    'a secret of',
    Buffer.from(secret.subarray(0, 6)).toString('hex'),
    [...secret.subarray(0, 6)].join(', '),
    [...secret.subarray(0, 6)].map((byte) => byte.toString(16)).join(' '),
  ]) {
    expect(text).not.toContain(form);
  }
}

describe('inspecting shows no secret', () => {
  const key = host.symmetricKeyImport('HMAC/SHA-256', secret);

  it('of keys', () => requireHidden(key));

  it('of states', () => {
    const state = host.symmetricStateOpen('HMAC/SHA-256', key, undefined);
    state.absorb(secret);
    requireHidden(state);
    const hash = host.symmetricStateOpen('SHA-256', undefined, undefined);
    hash.absorb(secret);
    requireHidden(hash);
  });

  it.each(idsOf(symmetricAlgorithms))('of %s: its key, nonce and other options, and its state, nor as JSON', (id) => {
    const algorithm = context.algorithms.symmetric(id);
    const { key, nonce, options: defined } = algorithm;
    const set = commonHost(context).optionsOpen('symmetric');
    for (const [name, value] of Object.entries(numbersOf(algorithm))) set.setInteger(name, value);
    const names = optionTable.filter(
      ({ name, type }) => type === 'bytes' && (defined as readonly string[]).includes(name),
    );
    for (const { name } of names)
      set.setBytes(
        name,
        secret.slice(0, name === 'nonce' ? (nonce?.maximum ?? 0) : name === 'salt' ? 16 : secret.length),
      );
    const size = Math.max(key?.minimum ?? 0, key?.generated ?? 0);
    const bytes = Uint8Array.from({ length: size }, (_, index) => secret[index % secret.length] as number);
    const own = key === undefined ? undefined : host.symmetricKeyImport(id, bytes);
    // Some take either a key or options.
    const states = (
      [
        [own, set],
        [own, undefined],
        [undefined, set],
      ] as const
    ).flatMap(([withKey, withOptions]) => {
      try {
        return [host.symmetricStateOpen(id, withKey, withOptions)];
      } catch {
        return [];
      }
    });
    expect(states).not.toEqual([]);
    for (const object of [set, own, ...states]) {
      requireHidden(object);
      expect(JSON.stringify({ object })).not.toContain([...secret.subarray(0, 6)].join(','));
      expect(JSON.stringify({ object })).not.toMatch(/"0":97,"1":32/);
    }
  });

  it('of sets of options', () => {
    const options = commonHost(context).optionsOpen('symmetric');
    options.setBytes('salt', secret);
    requireHidden(options);
  });

  it('of tags and array outputs', () => {
    requireHidden(new SymmetricTag(unmetered, secret.slice()));
    requireHidden(new ArrayOutput(unmetered, secret.slice()));
  });

  it('of the host', () => {
    const s = new Symmetric(new Guest());
    s.absorb(s.open('HMAC/SHA-256', s.keyImport('HMAC/SHA-256', secret)), secret);
    requireHidden(s.guest.host);
  });
});

describe('wiping', () => {
  const algorithm = context.algorithms.symmetric('HMAC/SHA-256');

  it('a key goes with its last user', () => {
    const bytes = secret.slice();
    const material = new KeyMaterial(unmetered, algorithm, bytes, noTerms);
    const prepared = pattern(8);
    material.prepared(() => ({ wipe: () => void prepared.fill(0) }));
    material.retain();
    material.release();
    expect(bytes).toEqual(secret);
    material.release();
    expect(bytes).toEqual(new Uint8Array(secret.length));
    expect(prepared).toEqual(new Uint8Array(8));
  });

  it('a key that a state uses stays until the state is closed', () => {
    const key = host.symmetricKeyImport('HMAC/SHA-256', secret);
    const { bytes } = key.material;
    const state = host.symmetricStateOpen('HMAC/SHA-256', key, undefined);
    const copy = state.clone();
    key.release();
    state.release();
    expect(bytes).toEqual(secret);
    copy.release();
    expect(bytes).toEqual(new Uint8Array(secret.length));
  });

  it('a state that could not be opened lets go of the key', () => {
    const failing: SymmetricAlgorithm = {
      ...algorithm,
      open: () => {
        throw new Error('no state');
      },
    };
    const broken = symmetricHost(
      Object.create(context, { algorithms: { value: { symmetric: () => failing } } }) as RuntimeContext,
    );
    const key = broken.symmetricKeyImport('HMAC/SHA-256', secret);
    const { bytes } = key.material;
    expect(() => broken.symmetricStateOpen('HMAC/SHA-256', key, undefined)).toThrow('no state');
    key.release();
    expect(bytes).toEqual(new Uint8Array(secret.length));
  });

  it('array outputs are wiped once drained, tags once pulled or closed', () => {
    const output = secret.slice();
    new ArrayOutput(unmetered, output).pull(new Uint8Array(32));
    const pulled = secret.slice();
    new SymmetricTag(unmetered, pulled).pull(new Uint8Array(32));
    const closed = secret.slice();
    new SymmetricTag(unmetered, closed).release();
    for (const bytes of [output, pulled, closed]) expect(bytes).toEqual(new Uint8Array(32));
  });

  it('memory that is used again has been wiped, and nobody else has it', () => {
    for (const size of [0, 1, 12, 64, SHORT_BYTES, SHORT_BYTES + 1, BLOCK_BYTES]) {
      const taken = Array.from({ length: 20 }, () => takeBytes(size));
      expect(new Set(taken).size, `size ${size}`).toBe(20);
      for (const bytes of taken) {
        expect(bytes.length).toBeGreaterThanOrEqual(size);
        if (size <= SHORT_BYTES) expect(bytes.length).toBe(size);
        expect(bytes).toEqual(new Uint8Array(bytes.length));
        bytes.fill(7, 0, size);
      }
      for (const bytes of taken) giveBack(bytes, size);
      for (const bytes of taken) expect(bytes).toEqual(new Uint8Array(bytes.length));
    }
  });

  it('memory for long messages is zero whatever was in it, and never in use twice', () => {
    const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
    const used: Uint8Array[] = [];
    for (const size of [100_000, 5000, 2 ** 21, 2 ** 21 + 1, 70_000]) {
      const fails = size === 5000;
      const use = (bytes: Uint8Array): void => {
        expect(bytes).toHaveLength(size);
        expect(isZero(bytes)).toBe(true);
        used.push(bytes.fill(7));
        withBytes(9000, (inner) => expect(inner.buffer).not.toBe(bytes.buffer));
        if (fails) throw new Error('failed');
      };
      if (fails) expect(() => withBytes(size, use)).toThrow('failed');
      else withBytes(size, use);
    }
    expect(used.every(isZero)).toBe(true);
    // What was longest is used again, but never more than 2 MiB.
    expect(used[4]?.buffer).toBe(used[2]?.buffer);
  });

  it('what comes of an option set that changed is not what its states have', () => {
    const set = new OptionSet(unmetered, 'symmetric', 100);
    set.setBytes('nonce', Uint8Array.of(1, 2, 3));
    const kept = set.valuesFor(['nonce']).retain();
    set.setBytes('nonce', Uint8Array.of(4, 5, 6));
    set.setBytes('nonce', Uint8Array.of(7, 8, 9));
    expect(set.valuesFor(['nonce']).get('nonce')).toEqual(Uint8Array.of(7, 8, 9));
    set.release();
    const other = new OptionSet(unmetered, 'symmetric', 100);
    other.setBytes('nonce', Uint8Array.of(10, 11, 12));
    expect(kept.get('nonce')).toEqual(Uint8Array.of(1, 2, 3));
    const nonce = kept.get('nonce');
    kept.release();
    expect(nonce).toEqual(new Uint8Array(3));
    other.release();
  });

  it('the pool forgets the random bytes it gave out', () => {
    const pools: Uint8Array[] = [];
    const source = new RandomSource(
      (bytes) => {
        pools.push(bytes);
        bytes.fill(7);
      },
      () => undefined,
    );
    expect(source.bytes(12)).toEqual(new Uint8Array(12).fill(7));
    const [pool] = pools;
    expect(pool?.subarray(0, 12)).toEqual(new Uint8Array(12));
    expect(pool?.[12]).toBe(7);
    source.bytes(4000);
    expect(pools.length).toBe(2);
    source.wipe();
    expect(pool).toEqual(new Uint8Array(pool?.length ?? 0));
  });

  it('a pool that was not filled is never used', () => {
    let broken = true;
    const source = new RandomSource(
      (bytes) => {
        bytes.fill(9);
        if (broken) throw new Error('half way');
      },
      () => undefined,
    );
    expect(() => source.bytes(8)).toThrow();
    broken = false;
    expect(source.bytes(8)).toEqual(new Uint8Array(8).fill(9));
  });
});
