/** Readers for the formats in which vectors of functions with output of any length, and of BLAKE2b, come. */
import { bytesOf } from '../hex.js';
import type { OptionInput } from '../guest/common.js';
import { requireSame, type VectorReader } from './suite.js';
import { absorbInParts, guest, type Grouped, type Listed } from './symmetric-readers.js';

interface XofTest {
  readonly algorithm: string;
  readonly key?: Uint8Array;
  readonly options?: OptionInput;
  readonly message: Uint8Array;
  /** How much output there is, in bytes, of which the last ones are listed. */
  readonly length: number;
  readonly output: string;
}

/** All of the output at once. */
function checkXof({ algorithm, key, options = {}, message, length, output }: XofTest): void {
  guest.withState({ algorithm, ...(key === undefined ? {} : { key }), options, squeezes: length }, (state) => {
    absorbInParts(state, message);
    requireSame(guest.squeeze(state, length).slice(-output.length / 2), output, 'output');
  });
}

interface AcvpCshake {
  readonly tcId: number;
  readonly msg: string;
  readonly len: number;
  readonly customization: string;
  readonly md: string;
  /** In bits: what is over in a last byte is not compared. */
  readonly outLen: number;
}

/** Some cases have a function name, others below a domain byte: guests cannot say these, and get other output. */
export function acvpCshake(algorithm: string): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly hexCustomization: boolean }, AcvpCshake>).testGroups.flatMap((group) =>
      group.tests.map((test) => ({
        number: test.tcId,
        algorithm,
        run() {
          const length = Math.floor(test.outLen / 8);
          const context = Buffer.from(test.customization, group.hexCustomization ? 'hex' : 'latin1');
          checkXof({
            algorithm,
            options: { context: Uint8Array.from(context) },
            message: bytesOf(test.msg).subarray(0, test.len / 8),
            length,
            output: test.md.slice(0, 2 * length),
          });
        },
      })),
    );
}

/** Bytes in hex, or so many of the pattern of RFC 9861, 5. */
type Bytes = string | { readonly hex: string } | { readonly ptn: number };

function read(bytes: Bytes): Uint8Array {
  if (typeof bytes === 'string') return bytesOf(bytes);
  return 'hex' in bytes ? bytesOf(bytes.hex) : repeated(bytes.ptn);
}

function repeated(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

interface ListedXof {
  readonly alg: string;
  readonly custom?: Bytes;
  readonly msg: Bytes;
  readonly outLen?: number;
  readonly out: string;
}

export const listedXofs: VectorReader = (data) =>
  (data as Listed<ListedXof>).cases.map((test, index) => {
    const algorithm = test.alg.replace('TurboSHAKE', 'TURBOSHAKE-');
    return {
      number: index + 1,
      algorithm,
      run() {
        checkXof({
          algorithm,
          options: test.custom === undefined ? {} : { context: read(test.custom) },
          message: read(test.msg),
          length: test.outLen ?? test.out.length / 2,
          output: test.out,
        });
      },
    };
  });

interface ListedTuple {
  readonly alg: string;
  readonly custom: string;
  readonly tuple: readonly string[];
  readonly md: string;
}

export const listedTuples: VectorReader = (data) =>
  (data as Listed<ListedTuple>).cases.map(({ alg: algorithm, custom, tuple, md }, index) => ({
    number: index + 1,
    algorithm,
    run() {
      const options = custom === '' ? {} : { context: bytesOf(custom) };
      guest.withState({ algorithm, options }, (state) => {
        for (const each of tuple) guest.absorb(state, bytesOf(each));
        requireSame(guest.squeeze(state, md.length / 2), md, 'digest');
      });
    },
  }));

interface Blake2Test {
  readonly msg?: string;
  readonly in?: string;
  readonly md?: string;
  readonly out?: string;
  /** Empty: none. */
  readonly key?: string;
}

/** With a key the digest is a tag, too. */
export const blake2File: VectorReader = (data) => {
  const { algorithm, cases } = data as Listed<Blake2Test> & { readonly algorithm: string };
  return cases.map(({ msg, in: input = '', md, out = '', key = '' }, index) => ({
    number: index + 1,
    algorithm,
    run() {
      const [message, digest] = [bytesOf(msg ?? input), md ?? out];
      guest.withState({ algorithm, ...(key === '' ? {} : { key: bytesOf(key) }) }, (state) => {
        absorbInParts(state, message);
        requireSame(guest.squeeze(state, digest.length / 2), digest, 'digest');
        if (key === '') return;
        const tag = guest.squeezeTag(state);
        guest.tagVerify(tag, bytesOf(digest));
        requireSame(guest.tagPull(tag), digest, 'tag');
      });
    },
  }));
};

interface Blake3Test {
  readonly input_len: number;
  readonly hash: string;
  readonly keyed_hash: string;
  readonly derive_key: string;
}

/** Each case in its three modes. */
export const blake3File: VectorReader = (data) => {
  const { key, context_string, cases } = data as Listed<Blake3Test> & {
    readonly key: string;
    readonly context_string: string;
  };
  const algorithm = 'BLAKE3';
  return cases.flatMap(({ input_len, hash, keyed_hash, derive_key }, index) => {
    const of = (output: string) => ({ algorithm, message: repeated(input_len), length: output.length / 2, output });
    const context = Uint8Array.from(Buffer.from(context_string));
    const modes: readonly XofTest[] = [
      of(hash),
      { ...of(keyed_hash), key: Uint8Array.from(Buffer.from(key)) },
      { ...of(derive_key), options: { context } },
    ];
    return modes.map((test) => ({ number: index + 1, algorithm, run: () => checkXof(test) }));
  });
};
