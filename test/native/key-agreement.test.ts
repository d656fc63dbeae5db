/** With the native backend and without it, keys, signatures and shared secrets are the same, and each takes the other's. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { describeWithNative } from './available.js';

const ids = [
  ...['Ed25519', 'ECDSA_P256_SHA256', 'ECDSA_K256_SHA256', 'ECDSA_P384_SHA384'],
  ...['RSA_PKCS1_2048_SHA256', 'RSA_PSS_2048_SHA384', 'X25519', 'P256-SHA256', 'P384-SHA384'],
  ...['Ed448', 'X448', 'ECDSA_P521_SHA512', 'P521-SHA512'],
] as const;
type Id = (typeof ids)[number];

const agrees = (id: Id): boolean => /^X|-SHA/.test(id);
const alwaysSignsTheSame = (id: Id): boolean => /^Ed|PKCS1/.test(id);

const things = ['pair', 'secret', 'public'] as const;
type Thing = (typeof things)[number];

const encodings: Readonly<Record<Thing, readonly number[]>> = {
  pair: Object.values(KeypairEncoding),
  secret: Object.values(SecretkeyEncoding),
  public: Object.values(PublickeyEncoding),
};

const operation = fc.record({
  what: fc.constantFrom(
    ...(['import', 'import', 'export', 'validate', 'sign', 'sign', 'verify', 'dh', 'combine', 'close'] as const),
  ),
  thing: fc.constantFrom(...things),
  encoding: fc.nat(4),
  /** Where a byte is changed, from either end. */
  at: fc.option(fc.integer({ min: -80, max: 80 }), { freq: 3 }),
  bit: fc.nat(7),
  length: fc.constantFrom(0, 1, 64, 127, 128, 5000),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** A host of either kind, its handles, and another key to agree with. */
interface Side {
  readonly guest: Asymmetric;
  readonly handles: Record<Thing, number>;
  readonly peer: number;
}

interface Fixture {
  readonly encoded: Readonly<Record<Thing, readonly (Uint8Array | undefined)[]>>;
  readonly peer: Uint8Array;
}

function tried(call: () => Uint8Array): Uint8Array | undefined {
  let bytes: Uint8Array | undefined;
  errnoOf(() => (bytes = call()));
  return bytes;
}

/** A key in every encoding that it has. */
function fixtureOf(id: Id): Fixture {
  const guest = new Asymmetric(new Guest({ native: 'off' }));
  const pair = guest.keypairGenerate(id);
  const [secret, publicKey] = [guest.keypairSecretkey(pair), guest.keypairPublickey(pair)];
  const encoded = {
    pair: encodings.pair.map((each) => tried(() => guest.keypairExport(pair, each))),
    secret: encodings.secret.map((each) => tried(() => guest.secretkeyExport(secret, each))),
    public: encodings.public.map((each) => tried(() => guest.publickeyExport(publicKey, each))),
  };
  const peer = guest.publickeyExport(guest.keypairPublickey(guest.keypairGenerate(id)), PublickeyEncoding.Pkcs8);
  guest.guest.host.close();
  return { encoded, peer };
}

function sideOf(native: 'required' | 'off', id: Id, { encoded, peer }: Fixture): Side {
  const guest = new Asymmetric(new Guest({ native }));
  const pair = guest.keypairImport(id, encoded.pair[KeypairEncoding.Pkcs8] ?? peer, KeypairEncoding.Pkcs8);
  return {
    guest,
    handles: { pair, secret: guest.keypairSecretkey(pair), public: guest.keypairPublickey(pair) },
    peer: guest.publickeyImport(id, peer, PublickeyEncoding.Pkcs8),
  };
}

/** The errno, or what came of it. */
function outcome(call: () => Uint8Array | number | undefined): string {
  let result: Uint8Array | number | undefined;
  const errno = errnoOf(() => (result = call()));
  return result instanceof Uint8Array ? Buffer.from(result).toString('hex') : errno;
}

function changed(bytes: Uint8Array, { at, bit }: Operation): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at === null ? -1 : at < 0 ? copy.length + at : at;
  if (index >= 0 && index < copy.length) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
}

function step({ guest, handles, peer }: Side, id: Id, { encoded }: Fixture, each: Operation): string {
  const { what, thing } = each;
  const encoding = encodings[thing][each.encoding % encodings[thing].length] ?? 0;
  switch (what) {
    case 'import': {
      const bytes = changed(encoded[thing][each.encoding % encodings[thing].length] ?? new Uint8Array(32), each);
      return outcome(() => {
        if (thing === 'pair') handles.pair = guest.keypairImport(id, bytes, encoding);
        else if (thing === 'secret') handles.secret = guest.secretkeyImport(id, bytes, encoding);
        else handles.public = guest.publickeyImport(id, bytes, encoding);
        return undefined;
      });
    }
    case 'export':
      return outcome(() => {
        if (thing === 'pair') return guest.keypairExport(handles.pair, encoding);
        if (thing === 'secret') return guest.secretkeyExport(handles.secret, encoding);
        return guest.publickeyExport(handles.public, encoding);
      });
    case 'validate':
      return outcome(() => void guest.publickeyVerify(handles.public));
    case 'dh':
      return outcome(() => guest.dh(each.at === null ? peer : handles.public, handles.secret));
    case 'combine':
      return outcome(() => (handles.pair = guest.keypairFromPkAndSk(handles.public, handles.secret)));
    case 'close':
      return outcome(() => {
        if (thing === 'pair') guest.keypairClose(handles.pair);
        else if (thing === 'secret') guest.secretkeyClose(handles.secret);
        else guest.publickeyClose(handles.public);
        return undefined;
      });
    case 'sign':
    case 'verify':
      return 'done by both';
  }
}

/** Signs on both sides, and verifies on both what either signed, changed or not. */
function signed(sides: readonly [Side, Side], id: Id, each: Operation): readonly [string, string] {
  const message = new Uint8Array(each.length).fill(each.bit);
  const made = sides.map(({ guest, handles }) => outcome(() => guest.signMessage(handles.pair, message)));
  const results = sides.map(({ guest, handles }, index) => {
    const own = made[index] ?? '';
    if (!/^[0-9a-f]+$/.test(own)) return [own];
    const verified = made.map((signature) =>
      outcome(() => {
        const bytes = Buffer.from(signature, 'hex');
        const given = each.what === 'verify' ? changed(bytes, each) : bytes;
        guest.verifyMessage(handles.public, id, message, given, SignatureEncoding.Raw);
        return undefined;
      }),
    );
    return alwaysSignsTheSame(id) ? [own, ...verified] : verified;
  });
  return [String(results[0]), String(results[1])];
}

describeWithNative('keys of a host with the native backend and of one without it', () => {
  it.each(ids)('%s: the same errnos and bytes from random calls', (id) => {
    const fixture = fixtureOf(id);
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 10, size: 'max' }), (operations) => {
        const sides = [sideOf('required', id, fixture), sideOf('off', id, fixture)] as const;
        for (const each of operations) {
          const bySignature = each.what === 'sign' || each.what === 'verify';
          const [native, node] = bySignature
            ? signed(sides, id, each)
            : [step(sides[0], id, fixture, each), step(sides[1], id, fixture, each)];
          expect([each.what, native]).toEqual([each.what, node]);
          for (const word of native.split(',')) seen.add(/^[0-9a-f]+$/.test(word) ? 'bytes' : word);
        }
        for (const { guest } of sides) guest.guest.host.close();
      }),
      { seed: 1, numRuns: id.startsWith('RSA') || /384|448|521/.test(id) ? 30 : 100 },
    );
    const expected = ['Success', 'bytes', 'InvalidKey', 'InvalidHandle', ...(agrees(id) ? [] : ['VerificationFailed'])];
    expect([...seen]).toEqual(expect.arrayContaining(expected));
  });
});
