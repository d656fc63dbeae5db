/** SLH-DSA: the forms of its keys, hedged signatures, and the same answers from every backend. */
import { createSecretKey } from 'node:crypto';
import { slh_dsa_sha2_128f } from '@noble/post-quantum/slh-dsa.js';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  type SlhDsa,
  nobleSlhDsaOf,
  opensslSlhDsa,
  slhDsaSha2128f,
  slhDsaSha2128s,
} from '../../../runtime/algorithms/signatures/slh-dsa.js';
import { Unavailable } from '../../../runtime/backends/backend.js';
import { requireKeys } from '../../../runtime/backends/provider.js';
import { type Der, encodeDer, nothing, octets, octetsOf, sequence, small } from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { algorithmIdentifier } from '../../../runtime/encodings/public-keys.js';
import { RandomSource } from '../../../runtime/random.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, testProbes, type Probe } from './probes.js';

const id = 'SLH-DSA-SHA2-128f';
const reference = slh_dsa_sha2_128f;
const { secretKey, publicKey } = reference.keygen(Uint8Array.from({ length: 48 }, (_, index) => index));
const message = new TextEncoder().encode('message');
const signature = reference.sign(message, secretKey);
const random = new RandomSource(undefined, () => undefined);

describe('keys of SLH-DSA', () => {
  const identifier = algorithmIdentifier(ObjectIdentifiers.slhDsaSha2128f);
  const pkcs8 = (key: Der, ...more: readonly Der[]): Uint8Array =>
    encodeDer(sequence(small(more.length), identifier, key, ...more));
  const half = (bytes: Uint8Array): Der => ({ tag: 0x81, zero: true, contents: bytes });
  const importSecret =
    (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
    (a) =>
      a.secretkeyImport(id, bytes, encoding);
  const verifying =
    (bytes: Uint8Array): Probe[2] =>
    (a) =>
      a.verifyMessage(a.publickeyImport(id, publicKey, Public.Raw), id, message, bytes);

  testProbes([
    ['raw', 'Success', importSecret(secretKey)],
    ['a byte short', 'InvalidKey', importSecret(secretKey.subarray(1))],
    ['the seeds alone', 'InvalidKey', importSecret(secretKey.subarray(0, 48))],
    ['SEC 1', 'UnsupportedEncoding', importSecret(secretKey, Secret.Sec)],
    ['PKCS#8', 'Success', importSecret(pkcs8(octets(secretKey)), Secret.Pkcs8)],
    ['PKCS#8 with the key wrapped twice', 'InvalidKey', importSecret(pkcs8(octetsOf(octets(secretKey))), Secret.Pkcs8)],
    ['PKCS#8 with its public half', 'Success', importSecret(pkcs8(octets(secretKey), half(publicKey)), Secret.Pkcs8)],
    [
      'PKCS#8 with another public half',
      'InvalidKey',
      importSecret(pkcs8(octets(secretKey), half(flipped(publicKey, 0))), Secret.Pkcs8),
    ],
    [
      'PKCS#8 with parameters',
      'InvalidKey',
      importSecret(
        encodeDer(
          sequence(small(0), algorithmIdentifier(ObjectIdentifiers.slhDsaSha2128f, nothing), octets(secretKey)),
        ),
        Secret.Pkcs8,
      ),
    ],
    [
      'PKCS#8 of another parameter set',
      'InvalidKey',
      (a) => a.secretkeyImport('SLH-DSA-SHA2-128s', pkcs8(octets(secretKey)), Secret.Pkcs8),
    ],
    ['a public key a byte short', 'InvalidKey', (a) => a.publickeyImport(id, publicKey.subarray(1), Public.Raw)],
    ['a good signature', 'Success', verifying(signature)],
    ['a signature a byte short', 'InvalidSignature', verifying(signature.subarray(1))],
    ['a signature in DER', 'UnsupportedEncoding', (a) => a.signatureImport(id, signature, Form.Der)],
    [
      'a signature over a context',
      'VerificationFailed',
      verifying(reference.sign(message, secretKey, { context: Uint8Array.of(1) })),
    ],
    ['a secret key whose root is wrong is imported', 'Success', importSecret(flipped(secretKey, -1))],
  ]);

  it('sign differently each time, and always well', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairImport(id, secretKey, Pair.Raw);
    const made = [a.signMessage(pair, message), a.signMessage(pair, message)] as const;
    expect(hexOf(made[0])).not.toBe(hexOf(made[1]));
    for (const each of made) expect(reference.verify(each, message, publicKey)).toBe(true);
  });

  it('take by noble their seeds, and what makes signatures differ, from the given source', () => {
    const a = new Asymmetric(new Guest({ random: (bytes) => void bytes.fill(5), policy: { backends: ['noble'] } }));
    const pair = a.keypairGenerate(id);
    const expected = reference.keygen(new Uint8Array(48).fill(5));
    expect(a.keypairExport(pair, Pair.Raw)).toEqual(expected.secretKey);
    expect(a.signMessage(pair, message)).toEqual(
      reference.sign(message, expected.secretKey, { extraEntropy: new Uint8Array(16).fill(5) }),
    );
  });

  it('with a wrong root make signatures that do not verify under their half', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairImport(id, flipped(secretKey, -1), Pair.Raw);
    const made = a.signMessage(pair, message);
    expect(errnoOf(() => a.verifyMessage(a.keypairPublickey(pair), id, message, made))).toBe('VerificationFailed');
  });
});

describe('backends of SLH-DSA', () => {
  it('understand each other', () => {
    for (const parameters of [slhDsaSha2128f, slhDsaSha2128s]) {
      const all: SlhDsa[] = [nobleSlhDsaOf(parameters)];
      try {
        all.push(opensslSlhDsa(parameters));
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
      for (const one of all) {
        const key = one.generate(random);
        const made = Uint8Array.from(one.signer(key)(message, random));
        for (const other of all) {
          const verifies = other.verifier(key.subarray(-32));
          expect([verifies(message, made), verifies(message, flipped(made, 100))]).toEqual([true, false]);
        }
      }
    }
  });

  it('leave the slow hash to OpenSSL, since noble takes seconds for a signature', () => {
    const { algorithms } = new Guest({ policy: { backends: ['noble'] } }).host.capabilities();
    expect(algorithms.find((each) => each.id === 'SLH-DSA-SHAKE-128s')).toMatchObject({ supported: false });
    expect(algorithms.find((each) => each.id === id)).toMatchObject({ supported: true });
  });
});

it('are not computed by a Node that lets keys of theirs in and knows nothing else of them, as Node 22 does', () => {
  const unknown = createSecretKey(new Uint8Array(1));
  expect(() => requireKeys(id, () => unknown)).toThrow(new Unavailable(`this Node has no ${id}`));
});
