/** ML-KEM: the forms of its keys, and the same answers from every backend. */
import { createHash } from 'node:crypto';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  mlKem1024,
  mlKem512,
  mlKem768,
  type MlKem,
  nobleMlKem,
  opensslMlKem,
} from '../../../runtime/algorithms/key-exchange/ml-kem.js';
import { Unavailable } from '../../../runtime/backends/backend.js';
import { type Der, encodeDer, nothing, octets, octetsOf, sequence, small } from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { RandomSource } from '../../../runtime/random.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { Guest } from '../../guest/guest.js';
import { flipped, pem, testProbes, thrownBy, type Probe } from './probes.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const sets = [
  { set: mlKem512, reference: ml_kem512, identifier: ObjectIdentifiers.mlKem512, sizes: [800, 1632, 768] },
  { set: mlKem768, reference: ml_kem768, identifier: ObjectIdentifiers.mlKem768, sizes: [1184, 2400, 1088] },
  { set: mlKem1024, reference: ml_kem1024, identifier: ObjectIdentifiers.mlKem1024, sizes: [1568, 3168, 1568] },
] as const;

describe.each(sets)(
  'keys of $set.name',
  ({ set, reference, identifier: oid, sizes: [publicSize, expandedSize, size] }) => {
    const id = set.name;
    const seed = Uint8Array.from({ length: 64 }, (_, index) => index);
    const { publicKey, secretKey: expanded } = reference.keygen(seed);
    const other = reference.keygen(new Uint8Array(64).fill(7));
    const identifier = algorithmIdentifier(oid);
    const pkcs8 = (key: Der, ...more: readonly Der[]): Uint8Array =>
      encodeDer(sequence(small(more.length), identifier, octetsOf(key), ...more));
    const seedForm: Der = { tag: 0x80, contents: seed };
    const both = (first: Uint8Array, second: Uint8Array): Der => sequence(octets(first), octets(second));
    const half = (bytes: Uint8Array): Der => ({ tag: 0x81, zero: true, contents: bytes });
    const spki = writePublicKeyInfo(identifier, publicKey);
    /** With the hash that belongs to another public half in it. */
    const rehashed = (changed: Uint8Array): Uint8Array => {
      const start = publicSize - 32;
      changed.set(
        createHash('sha3-256')
          .update(changed.subarray(start, start + publicSize))
          .digest(),
        start + publicSize,
      );
      return changed;
    };
    /** The first coefficient, 12 bits, becomes the modulus. */
    const unreduced = (bytes: Uint8Array, at: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = 3329 & 0xff;
      copy[at + 1] = ((copy[at + 1] as number) & 0xf0) | (3329 >> 8);
      return copy;
    };
    const importSecret =
      (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
      (a) =>
        a.secretkeyImport(id, bytes, encoding);
    const importPublic =
      (bytes: Uint8Array, encoding: Public = Public.Raw): Probe[2] =>
      (a) =>
        a.publickeyImport(id, bytes, encoding);
    const decapsulating =
      (length: number): Probe[2] =>
      (a) =>
        a.decapsulate(a.secretkeyImport(id, seed, Secret.Raw), new Uint8Array(length));

    testProbes([
      ['a seed', 'Success', importSecret(seed)],
      ['a seed a byte short', 'InvalidKey', importSecret(seed.subarray(1))],
      ['half a seed', 'InvalidKey', importSecret(seed.subarray(32))],
      ['an expanded key', 'Success', importSecret(expanded)],
      ['an expanded key a byte short', 'InvalidKey', importSecret(expanded.subarray(1))],
      ['an expanded key a byte longer', 'InvalidKey', importSecret(Uint8Array.from([...expanded, 0]))],
      ['an expanded key with another hash', 'InvalidKey', importSecret(flipped(expanded, -33))],
      ['an expanded key with another z', 'Success', importSecret(flipped(expanded, -1))],
      ['an expanded key with another public half', 'InvalidKey', importSecret(flipped(expanded, -65))],
      [
        'an expanded key with another public half and its hash',
        'InvalidKey',
        importSecret(rehashed(flipped(expanded, publicSize))),
      ],
      [
        'an expanded key with a public coefficient of q',
        'InvalidKey',
        importSecret(rehashed(unreduced(expanded, publicSize - 32))),
      ],
      ['an expanded key with a secret coefficient of q', 'InvalidKey', importSecret(unreduced(expanded, 0))],
      ['an expanded key with another secret coefficient', 'InvalidKey', importSecret(flipped(expanded, 0))],
      ['PKCS#8 of the seed', 'Success', importSecret(pkcs8(seedForm), Secret.Pkcs8)],
      ['PKCS#8 of the expanded key', 'Success', importSecret(pkcs8(octets(expanded)), Secret.Pkcs8)],
      ['PKCS#8 of both', 'Success', importSecret(pkcs8(both(seed, expanded)), Secret.Pkcs8)],
      ['PKCS#8 of both, of two keys', 'InvalidKey', importSecret(pkcs8(both(seed, other.secretKey)), Secret.Pkcs8)],
      [
        'PKCS#8 of both, that differ in z',
        'InvalidKey',
        importSecret(pkcs8(both(seed, flipped(expanded, -1))), Secret.Pkcs8),
      ],
      ['PKCS#8 of both, the other way round', 'InvalidKey', importSecret(pkcs8(both(expanded, seed)), Secret.Pkcs8)],
      [
        'PKCS#8 of a bare seed',
        'InvalidKey',
        importSecret(encodeDer(sequence(small(0), identifier, octets(seed))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 of a bare expanded key',
        'InvalidKey',
        importSecret(encodeDer(sequence(small(0), identifier, octets(expanded))), Secret.Pkcs8),
      ],
      ['PKCS#8 of a seed as an expanded key', 'InvalidKey', importSecret(pkcs8(octets(seed)), Secret.Pkcs8)],
      [
        'PKCS#8 of an expanded key as a seed',
        'InvalidKey',
        importSecret(pkcs8({ tag: 0x80, contents: expanded }), Secret.Pkcs8),
      ],
      ['PKCS#8 of a seed alone in a sequence', 'InvalidKey', importSecret(pkcs8(sequence(octets(seed))), Secret.Pkcs8)],
      ['PKCS#8 with its public half', 'Success', importSecret(pkcs8(seedForm, half(publicKey)), Secret.Pkcs8)],
      [
        'PKCS#8 with another public half',
        'InvalidKey',
        importSecret(pkcs8(seedForm, half(other.publicKey)), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with parameters',
        'InvalidKey',
        importSecret(
          encodeDer(sequence(small(0), algorithmIdentifier(oid, nothing), octetsOf(seedForm))),
          Secret.Pkcs8,
        ),
      ],
      [
        'PKCS#8 of X-Wing',
        'InvalidKey',
        importSecret(
          encodeDer(sequence(small(0), algorithmIdentifier(ObjectIdentifiers.xWing), octetsOf(seedForm))),
          Secret.Pkcs8,
        ),
      ],
      ['PEM', 'Success', importSecret(text(pem('PRIVATE KEY', pkcs8(seedForm))), Secret.Pem)],
      ['SEC 1', 'UnsupportedEncoding', importSecret(seed, Secret.Sec)],
      ['a public key', 'Success', importPublic(publicKey)],
      ['a public key in SubjectPublicKeyInfo', 'Success', importPublic(spki, Public.Pkcs8)],
      ['a public key in SEC 1', 'UnsupportedEncoding', importPublic(publicKey, Public.Sec)],
      ['a public key a byte short', 'InvalidKey', importPublic(publicKey.subarray(1))],
      ['a public key a byte longer', 'InvalidKey', importPublic(Uint8Array.from([...publicKey, 0]))],
      ['a public coefficient of q', 'InvalidKey', importPublic(unreduced(publicKey, 0))],
      ['a public key, verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, publicKey, Public.Raw))],
      ['a ciphertext of its size', 'Success', decapsulating(size)],
      ['a ciphertext a byte short', 'VerificationFailed', decapsulating(size - 1)],
      ['a ciphertext a byte longer', 'VerificationFailed', decapsulating(size + 1)],
      ['an empty ciphertext', 'VerificationFailed', decapsulating(0)],
      ['for signatures', 'UnsupportedAlgorithm', (a) => a.keypairGenerate(id, undefined, 0)],
    ]);

    it('have the sizes of the standard', () => {
      const a = new Asymmetric(new Guest());
      const pair = a.keypairGenerate(id);
      expect(a.keypairExport(pair, Pair.Raw).length).toBe(64);
      const half = a.keypairPublickey(pair);
      expect(a.publickeyExport(half, Public.Raw).length).toBe(publicSize);
      const made = a.encapsulate(half);
      expect([made.secret.length, made.encapsulated.length]).toEqual([32, size]);
      expect(expanded.length).toBe(expandedSize);
    });

    it('go out as a seed where it is known, and as they came in where not', () => {
      const a = new Asymmetric(new Guest());
      const exports = (bytes: Uint8Array, encoding: Pair): readonly string[] => {
        const pair = a.keypairImport(id, bytes, encoding);
        const local = a.keypairImport(id, a.keypairExport(pair, Pair.Local), Pair.Local);
        return [
          a.keypairExport(pair, Pair.Raw),
          a.keypairExport(pair, Pair.Pkcs8),
          a.keypairExport(local, Pair.Raw),
        ].map(hexOf);
      };
      const ofSeed = [seed, pkcs8(seedForm), seed].map(hexOf);
      const ofExpanded = [expanded, pkcs8(octets(expanded)), expanded].map(hexOf);
      expect(exports(seed, Pair.Raw)).toEqual(ofSeed);
      expect(exports(pkcs8(seedForm), Pair.Pkcs8)).toEqual(ofSeed);
      expect(exports(pkcs8(both(seed, expanded)), Pair.Pkcs8)).toEqual(ofSeed);
      expect(exports(expanded, Pair.Raw)).toEqual(ofExpanded);
      expect(exports(pkcs8(octets(expanded)), Pair.Pkcs8)).toEqual(ofExpanded);
      const generated = a.keypairExport(a.keypairGenerate(id), Pair.Pkcs8);
      expect(generated.length).toBe(pkcs8(seedForm).length);
    });

    it('agree with another implementation, both ways', () => {
      const a = new Asymmetric(new Guest());
      for (const key of [seed, expanded]) {
        const secret = a.secretkeyImport(id, key, Secret.Raw);
        const own = a.publickeyFromSecretkey(secret);
        expect(a.publickeyExport(own, Public.Raw)).toEqual(publicKey);
        const theirs = reference.encapsulate(publicKey);
        expect(a.decapsulate(secret, theirs.cipherText)).toEqual(theirs.sharedSecret);
        const ours = a.encapsulate(own);
        expect(reference.decapsulate(ours.encapsulated, expanded)).toEqual(ours.secret);
        const rejected = a.decapsulate(secret, flipped(ours.encapsulated, 9));
        expect(rejected).toEqual(reference.decapsulate(flipped(ours.encapsulated, 9), expanded));
        expect(hexOf(rejected)).not.toBe(hexOf(ours.secret));
      }
    });

    it('take their seed, and by noble what they encapsulate, from the given source', () => {
      const a = new Asymmetric(new Guest({ random: (bytes) => void bytes.fill(5), policy: { backends: ['noble'] } }));
      const pair = a.keypairGenerate(id);
      expect(a.keypairExport(pair, Pair.Raw)).toEqual(new Uint8Array(64).fill(5));
      const made = a.encapsulate(a.keypairPublickey(pair));
      const { publicKey: half } = reference.keygen(new Uint8Array(64).fill(5));
      expect(made.secret).toEqual(reference.encapsulate(half, new Uint8Array(32).fill(5)).sharedSecret);
    });
  },
);

describe.each(sets)('backends of $set.name', ({ set }) => {
  const random = new RandomSource(undefined, () => undefined);

  /** What this Node has. */
  function backends(): readonly MlKem[] {
    const found = [nobleMlKem(set)];
    try {
      found.push(opensslMlKem(set));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
    return found;
  }

  it('take and refuse the same keys, and give the same secrets', () => {
    const all = backends();
    const expand = (seed: Uint8Array): Uint8Array => set.noble().keygen(seed).secretKey;
    for (let count = 0; count < 30; count += 1) {
      const seed = random.bytes(64);
      const expanded = expand(seed);
      const secrets = all.flatMap((kem) => [kem.secretFrom({ seed }), kem.secretFrom({ expanded })]);
      for (const kem of all) {
        const made = kem.publicFrom((secrets[0] as (typeof secrets)[0]).publicKey).encapsulate(random);
        const changed = flipped(made.encapsulated, count * 20);
        expect(new Set(secrets.map((each) => hexOf(each.decapsulate(made.encapsulated))))).toEqual(
          new Set([hexOf(made.secret)]),
        );
        expect(new Set(secrets.map((each) => hexOf(each.decapsulate(changed)))).size).toBe(1);
      }
      const at = count * 50;
      for (const key of [{ expanded: flipped(expanded, at) }, { seed, expanded: flipped(expanded, at) }]) {
        const outcomes = all.map((kem) => thrownBy(() => kem.secretFrom(key)) === undefined);
        expect(new Set(outcomes).size, `byte ${at}`).toBe(1);
      }
    }
  });

  it('refuse a key that is closed', () => {
    for (const kem of backends()) {
      const secret = kem.secretFrom({ seed: new Uint8Array(64) });
      secret.wipe();
      expect(thrownBy(() => secret.decapsulate(new Uint8Array(set.ciphertextSize)))).toBeDefined();
    }
  });
});
