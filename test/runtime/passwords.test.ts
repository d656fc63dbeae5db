/** Password hashing: costs, stored strings, and what they refuse before any work. */
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import fc from 'fast-check';
import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LimitOptions } from '../../runtime/options.js';
import type { OptionInput } from '../guest/common.js';
import { guestsByBackend } from '../guest/backends.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes, type Probe } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';
import { isPasswordHash, numbersOf } from '../guest/uses.js';
import { algorithms, symmetricAlgorithms } from '../registry.js';
import { projectRoot } from '../shared.js';

const password = ascii('correct horse battery staple');
const hashes = symmetricAlgorithms.filter(isPasswordHash);
const kib = (count: number): bigint => BigInt(count * 1024);

/** The string to store. */
function stored(s: Symmetric, algorithm: string, options: OptionInput, given = password): string {
  return s.withState({ algorithm, options }, (state) => {
    s.absorb(state, given);
    return Buffer.from(s.tagPull(s.squeezeTag(state))).toString('latin1');
  });
}

function verified(s: Symmetric, algorithm: string, options: OptionInput, string: string, given = password): string {
  return s.withState({ algorithm, options }, (state) => {
    s.absorb(state, given);
    const tag = s.squeezeTag(state);
    const errno = errnoOf(() => s.tagVerify(tag, ascii(string)));
    s.tagClose(tag);
    return errno;
  });
}

const newGuest = (limits: LimitOptions = {}): Symmetric => new Symmetric(new Guest({ limits }));
const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Opens a state. */
const opening =
  (algorithm: string, options: OptionInput): Probe[2] =>
  (s) =>
    s.withState({ algorithm, options }, () => 0);

describe('ARGON2-ID-13', () => {
  const id = 'ARGON2-ID-13';
  const costs = { memory_limit: kib(64), ops_limit: 1n };
  testProbes([
    ['no options', 'ParametersMissing', opening(id, {})],
    ['no memory', 'ParametersMissing', opening(id, { ops_limit: 1n })],
    ['no passes', 'ParametersMissing', opening(id, { memory_limit: kib(64) })],
    ['memory and passes', 'Success', opening(id, costs)],
    [
      'the names of the proposal’s example',
      'Success',
      opening(id, { memory_limit: kib(64), opslimit: 1n, threads: 2n }),
    ],
    ['less memory than 8 KiB', 'UnsupportedOption', opening(id, { ...costs, memory_limit: kib(7) })],
    ['less memory than 8 KiB a lane', 'UnsupportedOption', opening(id, { ...costs, parallelism: 9n })],
    ['no pass', 'UnsupportedOption', opening(id, { ...costs, ops_limit: 0n })],
    ['no lane', 'UnsupportedOption', opening(id, { ...costs, parallelism: 0n })],
    ['more memory than the budget', 'Overflow', opening(id, { ...costs, memory_limit: 2n ** 40n })],
    ['more work than a call may do', 'Overflow', opening(id, { ...costs, ops_limit: 2n ** 32n - 1n })],
    ['numbers beyond all', 'UnsupportedOption', opening(id, { ...costs, ops_limit: 2n ** 64n - 1n })],
    ['a salt of 7 bytes', 'InvalidLength', opening(id, { ...costs, salt: pattern(7) })],
    ['a salt of 65 bytes', 'InvalidLength', opening(id, { ...costs, salt: pattern(65) })],
    ['a context', 'UnsupportedOption', opening(id, { ...costs, context: pattern(8) })],
    ['lent memory that is too small', 'Overflow', opening(id, { ...costs, buffer: { pointer: 0, length: 65_535 } })],
    ['lent memory of the right size', 'Success', opening(id, { ...costs, buffer: { pointer: 0, length: 65_536 } })],
    ['lent memory without a number', 'Success', opening(id, { ops_limit: 1n, memory: { pointer: 0, length: 65_536 } })],
    [
      'squeezing without a salt',
      'ParametersMissing',
      (s) => s.withState({ algorithm: id, options: costs }, (state) => s.squeeze(state, 32)),
    ],
    [
      'squeezing 3 bytes',
      'InvalidLength',
      (s) => s.withState({ algorithm: id, options: { ...costs, salt: pattern(16) } }, (state) => s.squeeze(state, 3)),
    ],
  ]);

  it('gives on each backend the same, and what noble gives, for any password, salt and cost', () => {
    const guests = guestsByBackend(opening(id, costs));
    expect(guests.length).toBeGreaterThan(1);
    const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
      fc.uint8Array({ minLength, maxLength });
    fc.assert(
      fc.property(
        bytes(0, 100),
        bytes(8, 64),
        fc.record({ lanes: fc.integer({ min: 1, max: 4 }), extra: fc.nat(40), passes: fc.integer({ min: 1, max: 3 }) }),
        fc.integer({ min: 4, max: 80 }),
        (given, salt, { lanes, extra, passes }, size) => {
          const m = 8 * lanes + extra;
          const expected = Buffer.from(nobleArgon2id(given, salt, { m, t: passes, p: lanes, dkLen: size }));
          const options = { memory_limit: kib(m), ops_limit: BigInt(passes), parallelism: BigInt(lanes), salt };
          for (const [kind, s] of guests) {
            const output = s.withState(
              { algorithm: id, options },
              (state) => (s.absorb(state, given), s.squeeze(state, size)),
            );
            expect(Buffer.from(output).equals(expected), kind).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('verifies strings of other programs, of other costs and sizes', () => {
    const s = newGuest();
    const salt = pattern(12);
    const hash = nobleArgon2id(password, salt, { m: 32, t: 2, p: 4, dkLen: 48 });
    const string = `$argon2id$v=19$m=32,t=2,p=4$${unpadded(salt)}$${unpadded(hash)}`;
    expect(verified(s, id, costs, string)).toBe('Success');
    expect(verified(s, id, costs, string, ascii('another'))).toBe('InvalidTag');
  });
});

describe('strings of other programs', () => {
  it('verify for scrypt with other blocks, and for PBKDF2 with a size', () => {
    const s = newGuest();
    const salt = pattern(16);
    const scrypt = unpadded(scryptSync(password, salt, 32, { N: 16, r: 4, p: 2 }));
    expect(verified(s, 'SCRYPT', { memory_limit: kib(64) }, `$scrypt$ln=4,r=4,p=2$${unpadded(salt)}$${scrypt}`)).toBe(
      'Success',
    );
    // Small enough, but no parameters of scrypt.
    const enough = { memory_limit: kib(32_768) };
    expect(verified(s, 'SCRYPT', enough, `$scrypt$ln=16,r=1,p=1$${unpadded(salt)}$${scrypt}`)).toBe('InvalidTag');
    const pbkdf2 = unpadded(pbkdf2Sync(password, salt, 1000, 32, 'sha256'));
    const options = { ops_limit: 1000n };
    for (const size of ['', ',l=32'])
      expect(
        verified(s, 'PBKDF2-HMAC/SHA-256', options, `$pbkdf2-sha256$i=1000${size}$${unpadded(salt)}$${pbkdf2}`),
      ).toBe('Success');
    expect(verified(s, 'PBKDF2-HMAC/SHA-256', options, `$pbkdf2-sha256$i=1000,l=31$${unpadded(salt)}$${pbkdf2}`)).toBe(
      'InvalidTag',
    );
  });
});

describe('BCRYPT', () => {
  testProbes([
    ['a cost below 4', 'UnsupportedOption', opening('BCRYPT', { ops_limit: 3n })],
    ['a cost above 31', 'UnsupportedOption', opening('BCRYPT', { ops_limit: 32n })],
    ['a cost that takes hours', 'Overflow', opening('BCRYPT', { ops_limit: 25n })],
    ['a salt of 15 bytes', 'InvalidLength', opening('BCRYPT', { ops_limit: 4n, salt: pattern(15) })],
    [
      'squeezing a key',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'BCRYPT', options: { ops_limit: 4n } }, (state) => s.squeeze(state, 23)),
    ],
    [
      'a password of 73 bytes',
      'InvalidLength',
      (s) =>
        s.withState({ algorithm: 'BCRYPT', options: { ops_limit: 4n } }, (state) => {
          s.absorb(state, pattern(72));
          s.absorb(state, pattern(1));
        }),
    ],
  ]);
});

describe.each(hashes)('$id', (algorithm) => {
  const { id } = algorithm;
  const costs = numbersOf(algorithm);
  const s = newGuest();

  it('stores a string with a salt of its own, which verifies this password alone', () => {
    const [one, two] = [stored(s, id, costs), stored(s, id, costs)];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$[a-z0-9-]+\$[!-~]+$/);
    for (const string of [one, two]) {
      expect(verified(s, id, costs, string)).toBe('Success');
      expect(verified(s, id, costs, string, ascii('correct horse battery stapl'))).toBe('InvalidTag');
    }
  });

  it('takes the empty password, and tells it from others', () => {
    const empty = stored(s, id, costs, new Uint8Array(0));
    expect(verified(s, id, costs, empty, new Uint8Array(0))).toBe('Success');
    expect(verified(s, id, costs, empty)).toBe('InvalidTag');
  });

  it('verifies after its costs were raised, and not before', () => {
    const higher = { ...costs, ops_limit: (costs['ops_limit'] ?? 0n) + 2n };
    const [cheap, dear] = [stored(s, id, costs), stored(s, id, higher)];
    expect(verified(s, id, higher, cheap)).toBe('Success');
    expect(verified(s, id, costs, dear)).toBe('InvalidTag');
  });

  it('refuses malformed strings, those of other functions, and absurd costs, before any work', () => {
    const good = stored(s, id, costs);
    const head = /^\$[^$]+(\$v=19)?\$[^$]{1,30}/.exec(good)?.[0].slice(0, id === 'BCRYPT' ? 6 : 100) ?? '';
    const others = hashes.filter((each) => each.id !== id).map((each) => stored(s, each.id, numbersOf(each)));
    // Two characters less are no base64, one less can be: a shorter hash of Argon2, which is another string.
    const bad = [
      ...others,
      ...['', '$', '$$$$', '$'.repeat(100_000), 'x'.repeat(200), '$argon2id$v=19$m=64,t=1,p=1$$'],
      ...[' ' + good, good + ' ', good + '\0', good.replaceAll('$', '%'), good + '=', good.slice(1), good.slice(0, -2)],
      ...['argon2i', 'argon2d', 'argon2id']
        .map((name) => good.replace(/^\$[^$]+/, `$${name}`))
        .filter((each) => each !== good),
      ...[...head.matchAll(/\d+/g)].flatMap(({ 0: digits, index }) =>
        ['0', '', '-1', `0${digits}`, '99999999999', '1e3', `${digits}.0`].map(
          (number) => good.slice(0, index) + number + good.slice(index + digits.length),
        ),
      ),
    ];
    for (const string of bad) {
      const before = s.guest.host.usage().cost;
      expect([string.slice(0, 100), verified(s, id, costs, string)]).toEqual([string.slice(0, 100), 'InvalidTag']);
      // Absorbing the password costs its bytes.
      expect(s.guest.host.usage().cost - before, string.slice(0, 100)).toBeLessThan(1000);
    }
  });

  it('computes nothing until its tag is asked, and then once', () => {
    const own = newGuest();
    own.withState({ algorithm: id, options: costs }, (state) => {
      own.absorb(state, password);
      const cost = (): number => own.guest.host.usage().cost;
      const begun = cost();
      const tag = own.squeezeTag(state);
      const size = own.tagLen(tag);
      expect(cost()).toBe(begun);
      const string = own.tagPull(tag, size);
      const once = cost() - begun;
      expect(once).toBeGreaterThan(1000);
      own.tagVerify(own.squeezeTag(state), string);
      expect(cost() - begun).toBe(2 * once);
    });
  });

  it('is charged for its work and its memory, and gives the memory back', () => {
    const own = newGuest();
    stored(own, id, costs);
    expect(own.guest.host.usage()).toMatchObject({ bytes: 0, handles: 0 });
    const poor = newGuest({ callCost: 100 });
    expect(errnoOf(() => poor.withState({ algorithm: id, options: costs }, () => 0))).toBe('Overflow');
    const spent = newGuest({ totalCost: 1000 });
    expect(errnoOf(() => stored(spent, id, costs))).toBe('Overflow');
    // The tag is still there.
    expect(spent.guest.host.usage().bytes).toBeLessThan(1000);
  });

  it('needs no key', () => {
    expect(algorithms.symmetric(id).key).toBeUndefined();
    expect(errnoOf(() => s.keyImport(id, password))).toBe('KeyNotSupported');
  });
});

it.skipIf(process.platform !== 'linux')(
  'a thread for them ends by itself, also while its program runs on',
  async () => {
    // Two calls, since an idle thread is used again, and a new one begins after its end.
    const program = `
    import { readdirSync } from 'node:fs';
    import { Guest } from './test/guest/guest.ts';
    import { Symmetric } from './test/guest/symmetric.ts';
    const s = new Symmetric(new Guest());
    const threads = () => readdirSync('/proc/self/task');
    const hash = () => s.withState({ algorithm: 'BCRYPT', options: { ops_limit: 4n } }, (state) => {
      s.absorb(state, new Uint8Array(8));
      s.tagPull(s.squeezeTag(state));
    });
    const idle = new Int32Array(new SharedArrayBuffer(4));
    const rounds = [];
    for (let count = 0; count < 2; count += 1) {
      const before = threads();
      hash();
      hash();
      const made = threads().filter((each) => !before.includes(each));
      const ended = () => made.filter((each) => !threads().includes(each)).length;
      const end = Date.now() + 20_000;
      while (ended() === 0 && Date.now() < end) Atomics.wait(idle, 0, 0, 100);
      rounds.push({ made: made.length, ended: ended() });
    }
    console.log(JSON.stringify(rounds));
    process.exit();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      { cwd: projectRoot },
    );
    // A first use can make Node begin threads of its own, which go on.
    expect(JSON.parse(stdout)).toEqual([
      { made: expect.any(Number) as number, ended: 1 },
      { made: 1, ended: 1 },
    ]);
  },
);
