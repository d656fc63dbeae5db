/** CPace: the vectors of the draft, and what must be refused. */
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { abis, bytesOf, changed, given, hex, none, text, type Bytes, type Protocol } from './guests.js';

interface Cpace {
  start(suite: number, password: Bytes, channel: Bytes, sessionId: Bytes, scalar: Bytes): number;
  share(session: number): Bytes | null;
  finish(session: number, role: number, ownData: Bytes, otherShare: Bytes, otherData: Bytes): Bytes | null;
  outputId(session: number): Bytes | null;
  close(session: number): void;
}

type Vector = Readonly<
  Record<
    | 'PRS'
    | 'CI'
    | 'sid'
    | 'ya'
    | 'ADa'
    | 'Ya'
    | 'yb'
    | 'ADb'
    | 'Yb'
    | 'ISK_IR'
    | 'ISK_SY'
    | 'sid_output_ir'
    | 'sid_output_oc',
    string
  >
>;

/** As the vectors call the suites, in the order of their numbers. */
const names = ['G_Coffee25519', 'G_Coffee448', 'G_NistP256', 'G_NistP384', 'G_NistP521', 'G_25519'] as const;

const [RISTRETTO, P256, X25519] = [1, 3, 6];

/** Points of X25519 that are named invalid and are not once bit 255 is cleared (RFC 7748, 5). */
const masked = [6, 8, 9, 10, 11].map((index) => `Invalid Y${index}`);
const [INITIATOR, RESPONDER, SYMMETRIC] = [0, 1, 2];

export const testCpace: Protocol = (guests) => {
  const guest = guests<Cpace>();

  describeWithShared('vectors of draft-irtf-cfrg-cpace', () => {
    const vectors = readVectors('protocols/cpace.json') as Readonly<Record<string, unknown>>;
    describe.each(names.map((name, index) => [name, index + 1] as const))('%s', (name, suite) => {
      it.each(abis)('both sides, in order and without, and shares that are none, as a %s', async (abi) => {
        const it = await guest(abi);
        const vector = vectors[name] as Vector;
        const [password, channel, id] = [vector.PRS, vector.CI, vector.sid].map(bytesOf) as [Bytes, Bytes, Bytes];
        const [ya, yb, dataA, dataB] = [vector.ya, vector.yb, vector.ADa, vector.ADb].map(bytesOf) as [
          Bytes,
          Bytes,
          Bytes,
          Bytes,
        ];
        for (const [roles, key, output] of [
          [[INITIATOR, RESPONDER], vector.ISK_IR, vector.sid_output_ir],
          [[SYMMETRIC, SYMMETRIC], vector.ISK_SY, vector.sid_output_oc],
        ] as const) {
          const [a, b] = [ya, yb].map((scalar) => it.start(suite, password, channel, id, scalar)) as [number, number];
          expect([hex(it.share(a)), hex(it.share(b))]).toEqual([vector.Ya.toLowerCase(), vector.Yb.toLowerCase()]);
          const keys = [
            it.finish(a, roles[0], dataA, bytesOf(vector.Yb), dataB),
            it.finish(b, roles[1], dataB, bytesOf(vector.Ya), dataA),
          ];
          expect(keys.map(hex)).toEqual([key.toLowerCase(), key.toLowerCase()]);
          expect([a, b].map((each) => hex(it.outputId(each)))).toEqual([output.toLowerCase(), output.toLowerCase()]);
          for (const each of [a, b]) it.close(each);
        }
        const points = Object.entries(
          vectors[suite === X25519 ? 'X25519_points' : `${name}_points`] as Readonly<Record<string, unknown>>,
        ).filter(([each]) => each.startsWith('Invalid') && !masked.includes(each));
        expect(points.length).toBe(suite === X25519 ? 7 : 2);
        const session = it.start(suite, password, channel, id, ya);
        for (const [, point] of points) {
          expect(it.finish(session, INITIATOR, none, bytesOf(point as string), none)).toBeNull();
          expect(it.refusal()).toMatch(/^the share of the other party is (none|the identity)$/);
        }
        it.close(session);
        // The group stays, or the modulus.
        expect(it.crypto.usage().handles).toBe(1);
      });
    });
  });

  describe.each(abis)('as a %s', (abi) => {
    it.each([RISTRETTO, X25519])(
      'suite %i gives the same key for the same password, channel, session and data alone',
      async (suite) => {
        const it = await guest(abi);
        const one = { suite, password: text('password'), channel: text('channel'), id: text('id') };
        /** The keys of both sides, the second of which may have something else. */
        const agreed = (other: Partial<typeof one>, data = text('b')): readonly (string | null)[] => {
          const two = { ...one, ...other };
          const a = it.start(one.suite, one.password, one.channel, one.id, none);
          const b = it.start(two.suite, two.password, two.channel, two.id, none);
          const [first, second] = [given(it.share(a)), given(it.share(b))];
          const keys = [
            it.finish(a, INITIATOR, text('a'), second, text('b')),
            it.finish(b, RESPONDER, data, first, text('a')),
          ];
          for (const each of [a, b]) it.close(each);
          return keys.map((each) => hex(given(each)));
        };
        const [key, same] = agreed({});
        expect(same).toBe(key);
        for (const [first, second] of [
          agreed({ password: text('Password') }),
          agreed({ password: none }),
          agreed({ channel: text('another') }),
          agreed({ id: none }),
          agreed({}, text('c')),
        ])
          expect(second).not.toBe(first);
        // Fresh scalars: no two sessions have the same key.
        expect(agreed({})[0]).not.toBe(key);
      },
    );

    it.each([RISTRETTO, P256])(
      'suite %i refuses shares, scalars and roles that are none, and ends once',
      async (suite) => {
        const it = await guest(abi);
        const session = it.start(suite, text('password'), none, none, none);
        const other = given(it.share(it.start(suite, text('password'), none, none, none)));
        for (const bad of [
          none,
          other.slice(1),
          new Uint8Array(other.length),
          new Uint8Array(other.length).fill(255),
          changed(other, other.length - 1),
          Uint8Array.of(...other, 0),
          // The same point in another encoding.
          ...(suite === P256 ? [Uint8Array.of(2 + ((other.at(-1) ?? 0) & 1), ...other.subarray(1, 33))] : []),
        ]) {
          // Half of all strings are elements of ristretto255: a changed one may be.
          if (suite === RISTRETTO && bad.length === 32 && bad.some((byte) => byte !== 0 && byte !== 255)) continue;
          expect(it.finish(session, INITIATOR, none, bad, none)).toBeNull();
          expect(it.refusal()).toMatch(/^the share of the other party is (none|the identity)$/);
        }
        expect(it.finish(session, 3, none, other, none)).toBeNull();
        expect(it.refusal()).toBe('there is no such role');
        expect(it.outputId(session)).toBeNull();
        expect(it.finish(session, INITIATOR, none, other, none)).not.toBeNull();
        expect(it.finish(session, INITIATOR, none, other, none)).toBeNull();
        expect(it.refusal()).toBe('there is no such session, or it has its key');
        for (const scalar of [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31)]) {
          expect(it.start(suite, none, none, none, scalar)).toBe(0);
          expect(it.refusal()).toBe('the scalar is none');
        }
        expect(it.start(7, none, none, none, none)).toBe(0);
        expect(it.start(X25519, none, none, none, new Uint8Array(31))).toBe(0);
      },
    );
  });
};
