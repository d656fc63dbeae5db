/** ML-KEM-768 and X-Wing on every backend of this machine, against the vectors and each other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import { fail } from '../../../runtime/failures.js';
import { mlKem768, type MlKem, nobleMlKem, opensslMlKem } from '../../../runtime/algorithms/key-exchange/ml-kem.js';
import { xWingOn } from '../../../runtime/algorithms/key-exchange/x-wing.js';
import { Unavailable } from '../../../runtime/backends/backend.js';
import { nobleCurves, nobleHashes, noblePostQuantum } from '../../../runtime/backends/noble.js';
import { RandomSource } from '../../../runtime/random.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { thrownBy } from './probes.js';

const random = new RandomSource(undefined, () => undefined);

/** What this Node has. */
function backends(): readonly (readonly [string, MlKem])[] {
  const found: [string, MlKem][] = [['noble', nobleMlKem(mlKem768)]];
  try {
    found.push(['OpenSSL', opensslMlKem(mlKem768)]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
  return found;
}

interface DecapsulationTest {
  readonly tcId: number;
  readonly flags: readonly string[];
  readonly seed: string;
  readonly ek?: string;
  readonly c: string;
  readonly K: string;
  readonly result: string;
}

interface EncapsulationTest {
  readonly tcId: number;
  readonly ek: string;
  readonly result: string;
}

describeWithShared('vectors of ML-KEM-768', () => {
  for (const [name, kem] of backends()) {
    it(`decapsulation by ${name}`, () => {
      const { testGroups } = readVectors('wycheproof/mlkem_768_test.json.gz') as {
        testGroups: { tests: DecapsulationTest[] }[];
      };
      let checked = 0;
      for (const test of testGroups.flatMap((group) => group.tests)) {
        const [seed, ciphertext] = [bytesOf(test.seed), bytesOf(test.c)];
        // Sizes are the caller's to check.
        if (seed.length !== 64 || ciphertext.length !== mlKem768.ciphertextSize) {
          expect(test.result).toBe('invalid');
          continue;
        }
        const secret = kem.secretFrom({ seed });
        if (test.ek !== undefined) expect(hexOf(secret.publicKey)).toBe(test.ek);
        expect(hexOf(secret.decapsulate(ciphertext))).toBe(test.K);
        checked += 1;
      }
      expect(checked).toBeGreaterThan(50);
    });

    it(`the modulus check by ${name}`, () => {
      const { testGroups } = readVectors('wycheproof/mlkem_768_encaps_test.json.gz') as {
        testGroups: { tests: EncapsulationTest[] }[];
      };
      for (const test of testGroups.flatMap((group) => group.tests)) {
        const key = bytesOf(test.ek);
        if (key.length !== mlKem768.publicSize) continue;
        expect([test.tcId, thrownBy(() => kem.publicFrom(key))]).toEqual([
          test.tcId,
          test.result === 'invalid' ? fail.InvalidKey : undefined,
        ]);
      }
    });

    it(`X-Wing by ${name}`, () => {
      const algorithm = xWingOn(kem);
      for (const { sk, pk, ct, ss } of readVectors('xwing/test-vectors.json') as {
        sk: string;
        pk: string;
        ct: string;
        ss: string;
      }[]) {
        const secret = algorithm.keys.secretFromRaw?.(bytesOf(sk));
        if (secret === undefined) throw new Error('X-Wing has a raw form');
        expect(hexOf(secret.publicHalf.raw?.() ?? new Uint8Array(0))).toBe(pk);
        expect(hexOf(algorithm.decapsulate(secret, bytesOf(ct)))).toBe(ss);
      }
    });
  }
});

describe('backends of ML-KEM-768', () => {
  it('understand each other', () => {
    for (const [, one] of backends()) {
      for (const [, other] of backends()) {
        const seed = random.bytes(64);
        const secret = one.secretFrom({ seed });
        expect(other.secretFrom({ seed }).publicKey).toEqual(secret.publicKey);
        const made = other.publicFrom(secret.publicKey).encapsulate(random);
        expect(hexOf(secret.decapsulate(made.encapsulated))).toBe(hexOf(made.secret));
        const changed = Uint8Array.from(made.encapsulated);
        changed[100] = (changed[100] as number) ^ 1;
        expect(hexOf(secret.decapsulate(changed))).toBe(hexOf(other.secretFrom({ seed }).decapsulate(changed)));
      }
    }
  });

  it('are in the report by name, and noble only where a policy allows it', () => {
    const report = new Guest().host.capabilities().algorithms.find((each) => each.id === 'X-WING');
    const has = backends().length > 1;
    expect(report).toMatchObject(
      has ? { constantTime: 'library' } : { backend: noblePostQuantum.name, constantTime: 'best-effort' },
    );
    const strict = new Asymmetric(new Guest({ policy: { profile: 'no-fallback' } }));
    expect(errnoOf(() => strict.keypairGenerate('X-WING'))).toBe(has ? 'Success' : 'ProhibitedOperation');
  });

  it.each([nobleCurves, nobleHashes, noblePostQuantum])(
    'noble’s name is that of the installed version: $name',
    ({ name }) => {
      const [path = ''] = name.split(' ');
      const { version } = JSON.parse(
        readFileSync(new URL(`../../../node_modules/${path}/package.json`, import.meta.url), 'utf8'),
      ) as { version: string };
      expect(name).toBe(`${path} ${version}`);
    },
  );
});
