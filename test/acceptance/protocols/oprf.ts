/** OPRF, VOPRF and POPRF: the vectors of RFC 9497, and what must be refused. */
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { abis, bytesOf, changed, given, hex, none, text, type Bytes, type Guest, type Protocol } from './guests.js';

interface Oprf {
  generateKey(suite: number, mode: number): number;
  deriveKey(suite: number, mode: number, seed: Bytes, info: Bytes): number;
  publicKey(key: number): Bytes | null;
  closeKey(key: number): void;
  blindEvaluate(key: number, blinded: readonly Bytes[], info: Bytes, random: Bytes): readonly Bytes[] | null;
  evaluate(key: number, input: Bytes, info: Bytes): Bytes | null;
  blind(suite: number, mode: number, input: Bytes, blind: Bytes): number;
  blindedElement(request: number): Bytes | null;
  closeRequest(request: number): void;
  finalize(
    asked: readonly number[],
    evaluated: readonly Bytes[],
    proof: Bytes,
    publicKey: Bytes,
    info: Bytes,
  ): readonly Bytes[] | null;
}

interface Suite {
  readonly identifier: string;
  readonly mode: number;
  readonly seed: string;
  readonly keyInfo: string;
  readonly pkSm?: string;
  readonly vectors: readonly {
    readonly Input: string;
    readonly Blind: string;
    readonly BlindedElement: string;
    readonly EvaluationElement: string;
    readonly Output: string;
    readonly Info?: string;
    readonly Proof?: { readonly proof: string; readonly r: string };
  }[];
}

/** In the order of RFC 9497, 4. */
const identifiers = ['ristretto255-SHA512', 'decaf448-SHAKE256', 'P256-SHA256', 'P384-SHA384', 'P521-SHA512'] as const;

const [RISTRETTO, P256] = [1, 3];

function check(client: Guest<Oprf>, server: Guest<Oprf>, suite: Suite): void {
  const { mode } = suite;
  const id = identifiers.findIndex((each) => each === suite.identifier) + 1;
  const key = server.deriveKey(id, mode, bytesOf(suite.seed), bytesOf(suite.keyInfo));
  // Mode 0 has none in the vectors.
  if (mode !== 0) expect(hex(server.publicKey(key))).toBe(suite.pkSm);
  for (const vector of suite.vectors) {
    const list = (joined: string): readonly string[] => joined.split(',');
    const [inputs, blinds] = [list(vector.Input), list(vector.Blind)];
    const info = bytesOf(vector.Info);
    const requests = inputs.map((input, index) => client.blind(id, mode, bytesOf(input), bytesOf(blinds[index])));
    const blinded = requests.map((request) => given(client.blindedElement(request)));
    expect(blinded.map(hex)).toEqual(list(vector.BlindedElement));
    const answer = given(server.blindEvaluate(key, blinded, info, bytesOf(vector.Proof?.r)));
    const evaluated = mode === 0 ? answer : answer.slice(0, -1);
    const proof = mode === 0 ? none : (answer.at(-1) ?? none);
    expect(evaluated.map(hex)).toEqual(list(vector.EvaluationElement));
    if (mode !== 0) expect(hex(proof)).toBe(vector.Proof?.proof);
    const outputs = client.finalize(requests, evaluated, proof, bytesOf(suite.pkSm), info);
    expect(given(outputs).map(hex)).toEqual(list(vector.Output));
    expect(inputs.map((input) => hex(server.evaluate(key, bytesOf(input), info)))).toEqual(list(vector.Output));
    for (const each of requests) client.closeRequest(each);
  }
  server.closeKey(key);
}

export const testOprf: Protocol = (guests) => {
  const guest = guests<Oprf>();

  describeWithShared('vectors of RFC 9497', () => {
    const suites = readVectors('group/voprf_rfc9497.json') as readonly Suite[];
    describe.each(identifiers)('%s', (identifier) => {
      it.each(abis)('all modes, batches too, as a %s', async (abi) => {
        const [client, server] = [await guest(abi), await guest(abi)];
        const chosen = suites.filter((each) => each.identifier === identifier);
        for (const each of chosen) check(client, server, each);
        expect(chosen.map(({ mode }) => mode)).toEqual([0, 1, 2]);
        // The group of each mode stays.
        expect([client, server].map(({ crypto }) => crypto.usage().handles)).toEqual([3, 3]);
      });
    });
    it('are all of suites that are tested', () => {
      expect(suites.filter(({ identifier }) => !identifiers.some((each) => each === identifier))).toEqual([]);
    });
  });

  describe.each(abis)('as a %s', (abi) => {
    it.each([1, 2])('mode %i refuses proofs, answers, keys and info that are others', async (mode) => {
      const it = await guest(abi);
      const [key, other] = [it.generateKey(RISTRETTO, mode), it.generateKey(RISTRETTO, mode)];
      const requests = ['one', 'two'].map((each) => it.blind(RISTRETTO, mode, text(each), none));
      const blinded = requests.map((each) => given(it.blindedElement(each)));
      const info = text('info');
      const [first, second, proof] = given(it.blindEvaluate(key, blinded, info, none)) as [Bytes, Bytes, Bytes];
      const ask = (answers: readonly Bytes[], claim: Bytes, publicKey = given(it.publicKey(key)), bound = info) =>
        it.finalize(requests, answers, claim, publicKey, bound);
      expect(ask([first, second], proof)).toHaveLength(2);
      const why = 'the proof is none of this answer under this key';
      const infos = mode === 2 ? [[first, second, proof, undefined, none] as const] : [];
      for (const [a, b, claim, publicKey, bound] of [
        [first, second, changed(proof)],
        [first, second, changed(proof, 32)],
        [first, second, proof.slice(1)],
        [first, second, new Uint8Array(64)],
        [first, second, none],
        [second, first, proof],
        [first, first, proof],
        [first, second, new Uint8Array(64).fill(255)],
        [first, second, proof, given(it.publicKey(other))],
        ...infos,
      ] as const) {
        expect(ask([a, b], claim, publicKey, bound)).toBeNull();
        expect(it.refusal()).toBe(why);
      }
      expect(ask([first], proof)).toBeNull();
      expect(ask([first, second], proof, new Uint8Array(32))).toBeNull();
      expect(it.refusal()).toBe('the public key is none');
    });

    it.each([RISTRETTO, P256])('suite %i refuses elements that are none, the identity among them', async (suite) => {
      const it = await guest(abi);
      const key = it.generateKey(suite, 0);
      const request = it.blind(suite, 0, text('input'), none);
      const good = given(it.blindedElement(request));
      // The generator of P-256 with both coordinates, which is not how elements are sent.
      const uncompressed = bytesOf(
        '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
      );
      for (const bad of [
        new Uint8Array(good.length),
        good.slice(1),
        none,
        new Uint8Array(good.length).fill(255),
        uncompressed,
      ]) {
        expect(it.blindEvaluate(key, [good, bad], none, none)).toBeNull();
        expect(it.refusal()).toBe('a blinded element is none, or the identity');
        expect(it.finalize([request], [bad], none, none, none)).toBeNull();
      }
      const [evaluated] = given(it.blindEvaluate(key, [good], none, none)) as [Bytes];
      expect(it.finalize([request], [evaluated], none, none, none)).toEqual([it.evaluate(key, text('input'), none)]);
      // A key, a request, the group; nothing of what was refused.
      expect(it.crypto.usage().handles).toBe(3);
    });

    it('refuses suites, modes, seeds, blinds and requests that there are not', async () => {
      const it = await guest(abi);
      const seed = new Uint8Array(32);
      const request = it.blind(RISTRETTO, 0, text('input'), none);
      for (const [suite, mode] of [
        [0, 0],
        [6, 0],
        [RISTRETTO, 3],
      ] as const) {
        expect(it.generateKey(suite, mode)).toBe(0);
        expect(it.refusal()).toBe('there is no such suite or mode');
      }
      expect(it.deriveKey(RISTRETTO, 0, seed.slice(1), none)).toBe(0);
      expect(it.refusal()).toBe('the seed or the info has another length');
      expect(it.blind(RISTRETTO, 0, none, seed.slice(1))).toBe(0);
      expect(it.refusal()).toBe('the blind is none');
      expect(it.blind(RISTRETTO, 0, none, seed)).toBe(0);
      expect(it.refusal()).toBe('the input or the blind is invalid');
      expect(it.blind(RISTRETTO, 0, new Uint8Array(65_536), none)).toBe(0);
      it.closeRequest(request);
      expect(it.finalize([request], [given(it.publicKey(it.generateKey(RISTRETTO, 0)))], none, none, none)).toBeNull();
      expect(it.finalize([], [], none, none, none)).toBeNull();
      expect(it.refusal()).toBe('there are no such requests, or other answers than requests');
    });

    it('gives the same output whatever the blind, and another one under another key', async () => {
      const it = await guest(abi);
      const output = (key: number): Bytes | undefined => {
        const request = it.blind(P256, 0, text('input'), none);
        const answer = given(it.blindEvaluate(key, [given(it.blindedElement(request))], none, none));
        return given(it.finalize([request], answer, none, none, none))[0];
      };
      const [key, other] = [it.generateKey(P256, 0), it.generateKey(P256, 0)];
      expect(output(key)).toEqual(output(key));
      expect(output(key)).not.toEqual(output(other));
    });
  });
};
