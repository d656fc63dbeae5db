/** ML-DSA: the forms of its keys, hedged signatures, and the same answers from every backend. */
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  mlDsa44,
  mlDsa65,
  mlDsa87,
  type MlDsa,
  nobleMlDsa,
  opensslMlDsa,
} from '../../../runtime/algorithms/signatures/ml-dsa.js';
import { Unavailable } from '../../../runtime/backends/backend.js';
import { type Der, encodeDer, nothing, octets, octetsOf, sequence, small } from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { fail } from '../../../runtime/failures.js';
import { RandomSource } from '../../../runtime/random.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { Guest } from '../../guest/guest.js';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { flipped, pem, testProbes, thrownBy, type Probe } from './probes.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const sets = [
  { set: mlDsa44, reference: ml_dsa44, identifier: ObjectIdentifiers.mlDsa44 },
  { set: mlDsa65, reference: ml_dsa65, identifier: ObjectIdentifiers.mlDsa65 },
  { set: mlDsa87, reference: ml_dsa87, identifier: ObjectIdentifiers.mlDsa87 },
] as const;

describe.each(sets)('keys of $set.name', ({ set, reference, identifier: oid }) => {
  const id = set.name;
  const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
  const { publicKey, secretKey: expanded } = reference.keygen(seed);
  const other = reference.keygen(new Uint8Array(32).fill(7));
  const identifier = algorithmIdentifier(oid);
  const pkcs8 = (key: Der, ...more: readonly Der[]): Uint8Array =>
    encodeDer(sequence(small(more.length), identifier, octetsOf(key), ...more));
  const seedForm: Der = { tag: 0x80, contents: seed };
  const both = (first: Uint8Array, second: Uint8Array): Der => sequence(octets(first), octets(second));
  const half = (bytes: Uint8Array): Der => ({ tag: 0x81, zero: true, contents: bytes });
  const spki = writePublicKeyInfo(identifier, publicKey);
  const message = text('message');
  const signature = reference.sign(message, expanded);
  const importSecret =
    (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
    (a) =>
      a.secretkeyImport(id, bytes, encoding);
  const importPublic =
    (bytes: Uint8Array, encoding: Public = Public.Raw): Probe[2] =>
    (a) =>
      a.publickeyImport(id, bytes, encoding);
  const verifying =
    (bytes: Uint8Array, over: Uint8Array = message): Probe[2] =>
    (a) =>
      a.verifyMessage(a.publickeyImport(id, publicKey, Public.Raw), id, over, bytes);
  /** The first coefficient of s1 becomes the greatest that its bits can hold, which is out of range. */
  const outOfRange = expanded.with(128, 0xff);

  testProbes([
    ['a seed', 'Success', importSecret(seed)],
    ['a seed a byte short', 'InvalidKey', importSecret(seed.subarray(1))],
    ['an expanded key', 'Success', importSecret(expanded)],
    ['an expanded key a byte short', 'InvalidKey', importSecret(expanded.subarray(1))],
    ['an expanded key a byte longer', 'InvalidKey', importSecret(Uint8Array.from([...expanded, 0]))],
    ['an expanded key with another rho', 'InvalidKey', importSecret(flipped(expanded, 0))],
    ['an expanded key with another K', 'Success', importSecret(flipped(expanded, 32))],
    ['an expanded key with another tr', 'InvalidKey', importSecret(flipped(expanded, 64))],
    ['an expanded key with a coefficient out of range', 'InvalidKey', importSecret(outOfRange)],
    ['PKCS#8 of the seed', 'Success', importSecret(pkcs8(seedForm), Secret.Pkcs8)],
    ['PKCS#8 of the expanded key', 'Success', importSecret(pkcs8(octets(expanded)), Secret.Pkcs8)],
    ['PKCS#8 of both', 'Success', importSecret(pkcs8(both(seed, expanded)), Secret.Pkcs8)],
    ['PKCS#8 of both, of two keys', 'InvalidKey', importSecret(pkcs8(both(seed, other.secretKey)), Secret.Pkcs8)],
    [
      'PKCS#8 of both, that differ in K',
      'InvalidKey',
      importSecret(pkcs8(both(seed, flipped(expanded, 32))), Secret.Pkcs8),
    ],
    [
      'PKCS#8 of a bare seed',
      'InvalidKey',
      importSecret(encodeDer(sequence(small(0), identifier, octets(seed))), Secret.Pkcs8),
    ],
    ['PKCS#8 with its public half', 'Success', importSecret(pkcs8(seedForm, half(publicKey)), Secret.Pkcs8)],
    [
      'PKCS#8 with another public half',
      'InvalidKey',
      importSecret(pkcs8(seedForm, half(other.publicKey)), Secret.Pkcs8),
    ],
    [
      'PKCS#8 with parameters',
      'InvalidKey',
      importSecret(encodeDer(sequence(small(0), algorithmIdentifier(oid, nothing), octetsOf(seedForm))), Secret.Pkcs8),
    ],
    ['PEM', 'Success', importSecret(text(pem('PRIVATE KEY', pkcs8(seedForm))), Secret.Pem)],
    ['SEC 1', 'UnsupportedEncoding', importSecret(seed, Secret.Sec)],
    ['a public key', 'Success', importPublic(publicKey)],
    ['a public key in SubjectPublicKeyInfo', 'Success', importPublic(spki, Public.Pkcs8)],
    ['a public key in SEC 1', 'UnsupportedEncoding', importPublic(publicKey, Public.Sec)],
    ['a public key a byte short', 'InvalidKey', importPublic(publicKey.subarray(1))],
    ['a public key a byte longer', 'InvalidKey', importPublic(Uint8Array.from([...publicKey, 0]))],
    ['a public key, verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, publicKey, Public.Raw))],
    ['for key exchange', 'UnsupportedAlgorithm', (a) => a.keypairGenerate(id, undefined, 2)],
    ['a signature of another implementation', 'Success', verifying(signature)],
    ['a signature of another message', 'VerificationFailed', verifying(signature, text('massage'))],
    [
      'a signature over a context',
      'VerificationFailed',
      verifying(reference.sign(message, expanded, { context: text('context') })),
    ],
    ['a signature a byte short', 'InvalidSignature', verifying(signature.subarray(1))],
    ['a signature a byte longer', 'InvalidSignature', verifying(Uint8Array.from([...signature, 0]))],
    ['a signature in DER', 'UnsupportedEncoding', (a) => a.signatureImport(id, signature, Form.Der)],
    ['a signature of zeros', 'VerificationFailed', verifying(new Uint8Array(signature.length))],
    ['a signature with other hints', 'VerificationFailed', verifying(flipped(signature, -1))],
  ]);

  it('have the sizes of the standard', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairGenerate(id);
    expect(a.keypairExport(pair, Pair.Raw).length).toBe(32);
    expect(a.publickeyExport(a.keypairPublickey(pair), Public.Raw).length).toBe(publicKey.length);
    expect(a.signMessage(pair, message).length).toBe(signature.length);
    expect(expanded.length).toBe(set.expandedSize);
  });

  it('go out as a seed where it is known, and as they came in where not', () => {
    const a = new Asymmetric(new Guest());
    const exports = (bytes: Uint8Array, encoding: Pair): readonly string[] => {
      const pair = a.keypairImport(id, bytes, encoding);
      const local = a.keypairImport(id, a.keypairExport(pair, Pair.Local), Pair.Local);
      return [a.keypairExport(pair, Pair.Raw), a.keypairExport(pair, Pair.Pkcs8), a.keypairExport(local, Pair.Raw)].map(
        hexOf,
      );
    };
    const ofSeed = [seed, pkcs8(seedForm), seed].map(hexOf);
    const ofExpanded = [expanded, pkcs8(octets(expanded)), expanded].map(hexOf);
    expect(exports(seed, Pair.Raw)).toEqual(ofSeed);
    expect(exports(pkcs8(both(seed, expanded)), Pair.Pkcs8)).toEqual(ofSeed);
    expect(exports(expanded, Pair.Raw)).toEqual(ofExpanded);
    expect(exports(pkcs8(octets(expanded)), Pair.Pkcs8)).toEqual(ofExpanded);
  });

  it('sign differently each time, and always well', () => {
    const a = new Asymmetric(new Guest());
    for (const key of [seed, expanded]) {
      const pair = a.keypairImport(id, key, Pair.Raw);
      const made = [a.signMessage(pair, message), a.signMessage(pair, message)] as const;
      expect(hexOf(made[0])).not.toBe(hexOf(made[1]));
      for (const each of made) expect(reference.verify(each, message, publicKey)).toBe(true);
      a.verifyMessage(a.keypairPublickey(pair), id, message, made[0]);
    }
  });

  it('take their seed, and by noble what makes signatures differ, from the given source', () => {
    const a = new Asymmetric(new Guest({ random: (bytes) => void bytes.fill(5), policy: { backends: ['noble'] } }));
    const pair = a.keypairGenerate(id);
    expect(a.keypairExport(pair, Pair.Raw)).toEqual(new Uint8Array(32).fill(5));
    const { secretKey } = reference.keygen(new Uint8Array(32).fill(5));
    expect(a.signMessage(pair, message)).toEqual(
      reference.sign(message, secretKey, { extraEntropy: new Uint8Array(32).fill(5) }),
    );
  });
});

const random = new RandomSource(undefined, () => undefined);

/** What this Node has. */
function backends(set: (typeof sets)[number]['set']): readonly MlDsa[] {
  const found = [nobleMlDsa(set)];
  try {
    found.push(opensslMlDsa(set));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
  return found;
}

describe.each(sets)('backends of $set.name', ({ set }) => {
  it('take and refuse the same keys and signatures', () => {
    const all = backends(set);
    for (let count = 0; count < 8; count += 1) {
      const seed = random.bytes(32);
      const { secretKey: expanded, publicKey } = set.noble().keygen(seed);
      const message = random.bytes(count * 100);
      for (const secret of all.flatMap((dsa) => [dsa.secretFrom({ seed }), dsa.secretFrom({ expanded })])) {
        expect(hexOf(secret.publicKey)).toBe(hexOf(publicKey));
        const signature = Uint8Array.from(secret.sign(message, random));
        for (const dsa of all) {
          const key = dsa.publicFrom(publicKey);
          expect(key.verify(message, signature)).toBe(true);
          expect(key.verify(message, flipped(signature, count * 300))).toBe(false);
        }
      }
      // Before s2 and t0, of which noble does not know whether they fit.
      const at = count * 60;
      for (const key of [{ expanded: flipped(expanded, at) }, { seed, expanded: flipped(expanded, at) }]) {
        const outcomes = all.map((dsa) => thrownBy(() => dsa.secretFrom(key)) === undefined);
        expect(new Set(outcomes).size, `byte ${at}`).toBe(1);
      }
    }
  });
});

describe('an expanded key of ML-DSA whose t0 is wrong', () => {
  it('is refused by OpenSSL and taken by noble, and signs nothing but what verifies or does not', () => {
    const { secretKey, publicKey } = mlDsa44.noble().keygen(new Uint8Array(32));
    const [noble, ...others] = backends(mlDsa44);
    const key = { expanded: flipped(secretKey, -1) };
    for (const dsa of others) expect(thrownBy(() => dsa.secretFrom(key))).toBe(fail.InvalidKey);
    const signature = noble?.secretFrom(key).sign(new Uint8Array(1), random);
    expect(signature?.length).toBe(mlDsa44.signatureSize);
    expect(thrownBy(() => noble?.publicFrom(publicKey).verify(new Uint8Array(1), signature as Uint8Array))).toBe(
      undefined,
    );
  });
});

interface Group {
  readonly privateSeed?: string;
  readonly privateKey?: string;
  readonly tests: readonly {
    readonly msg?: string;
    readonly ctx?: string;
    readonly sig: string;
    readonly result: string;
    readonly flags: readonly string[];
  }[];
}

describeWithShared('without randomness', () => {
  const zeros = { isSystem: false, bytes: (length: number) => new Uint8Array(length) };

  it.each(sets)('$set.name by noble signs as the vectors do', ({ set }) => {
    const dsa = nobleMlDsa(set);
    let checked = 0;
    for (const kind of ['seed', 'noseed']) {
      const path = `wycheproof/mldsa_${set.name.slice(-2)}_sign_${kind}_test.json.gz`;
      const { testGroups } = readVectors(path) as { readonly testGroups: readonly Group[] };
      for (const { privateSeed, privateKey = '', tests } of testGroups) {
        const usable = tests.filter(
          ({ msg, ctx = '', result, flags }) =>
            msg !== undefined && ctx === '' && result === 'valid' && !flags.includes('Randomized'),
        );
        if (usable.length === 0) continue;
        const secret = dsa.secretFrom(
          privateSeed === undefined ? { expanded: bytesOf(privateKey) } : { seed: bytesOf(privateSeed) },
        );
        for (const { msg = '', sig } of usable) expect(hexOf(secret.sign(bytesOf(msg), zeros))).toBe(sig);
        checked += usable.length;
      }
    }
    expect(checked).toBeGreaterThan(40);
  });
});
