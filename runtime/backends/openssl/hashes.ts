/** Hash functions of `node:crypto`. */
import { createHash, hash as hashOnce, type BinaryToTextEncoding, type Hash } from 'node:crypto';
import { clear } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { HashFunction, XofFunction } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import { RunningInput, type Computation, type Stream } from '../running.js';
import { RunningOutput } from '../xof.js';
import { LONGEST_INPUT } from './backend.js';

const empty = new Uint8Array(0);

/** A hash function by its facts. */
export type HashName = Pick<HashFunction, 'name' | 'length'>;

/**
 * Digests that are no secrets come as strings: 0.4 of the time of a Buffer, and with two bytes in a character 0.9 of the
 * time of one (measured). Node takes more encodings than its types say.
 */
const DIGEST_TEXT = 'utf16le' as BinaryToTextEncoding;

/** Throws where this Node cannot compute the hash, in both forms. */
export function requireHash(hash: HashName): void {
  try {
    const bytes = hashOnce(hash.name, empty, 'buffer');
    if (bytes.length === hash.length && bytes.toString('utf16le') === hashOnce(hash.name, empty, DIGEST_TEXT)) return;
  } catch {
    // OpenSSL was built or configured without it.
  }
  throw missing(hash.name);
}

/** The hash of input that holds a secret: the digest never becomes a string. */
export function secretDigest(hash: HashName, input: Uint8Array): Uint8Array {
  return hashOnce(hash.name, input, 'buffer');
}

/** Throws where this Node has no hash function of that name. */
export function opensslHash(name: string, length: number): HashFunction {
  const computation: Computation = {
    prefix: empty,
    whole: (input, out) => writeText(hashOnce(name, input, DIGEST_TEXT), out),
    begin: opensslStream(name, length),
  };
  return { name, length, start: (account) => new RunningInput(computation, account) };
}

/** Begins hashing of input in parts. Throws where this Node has no hash function of that name. */
export function opensslStream(name: string, length: number): () => Stream {
  requireHash({ name, length });
  return () => new HashStream(createHash(name));
}

class HashStream implements Stream {
  protected readonly hash: Hash;

  constructor(hash: Hash) {
    this.hash = hash;
  }

  update(data: Uint8Array): void {
    feed(this.hash, data);
  }

  write(out: Uint8Array): void {
    writeText(this.hash.copy().digest(DIGEST_TEXT), out);
  }

  copy(): HashStream {
    return new HashStream(this.hash.copy());
  }

  end(): void {
    // OpenSSL wipes its context when the object is garbage collected.
  }
}

/** Throws where this Node has no SHAKE. @param strength in bits */
export function opensslShake(strength: 128 | 256): XofFunction {
  const name = `shake${strength}`;
  const begin = (outputLength = 32): Hash => createHash(name, { outputLength });
  try {
    begin().digest();
  } catch {
    throw missing(name);
  }
  const computation = {
    prefix: empty,
    whole: (input: Uint8Array, out: Uint8Array): void => deliver(begin(out.length).update(input).digest(), out),
    begin: () => new ShakeStream(begin()),
    cost: 0,
  };
  return { start: (_setup, account) => new RunningOutput(computation, account) };
}

class ShakeStream extends HashStream {
  override write(out: Uint8Array): void {
    deliver(this.hash.copy({ outputLength: out.length }).digest(), out);
  }

  override copy(): ShakeStream {
    return new ShakeStream(this.hash.copy());
  }
}

function deliver(output: Uint8Array, out: Uint8Array): void {
  out.set(output);
  clear(output);
}

export function feed(hash: Hash, data: Uint8Array): void {
  for (let start = 0; start < data.length; start += LONGEST_INPUT) {
    hash.update(data.length <= LONGEST_INPUT ? data : part(data, start, Math.min(data.length, start + LONGEST_INPUT)));
  }
}

/** Writes the front of a digest. */
function writeText(digest: string, out: Uint8Array): void {
  for (let index = 0; index < out.length; index += 2) {
    const pair = digest.charCodeAt(index >> 1);
    out[index] = pair;
    // Past the end of an odd length nothing is written.
    out[index + 1] = pair >> 8;
  }
}
