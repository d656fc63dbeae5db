/** Hash functions and HMAC of the native library. */
import type { HashFunction, HmacFunction, HmacKey, Running } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import type { Account } from '../../meter.js';
import { RunningInput, type Computation, type Stream } from '../running.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const empty = new Uint8Array(0);

/** Throws where there is no library, or no hash function of that name in it. */
export function nativeHash(name: string, length: number): HashFunction {
  const library = nativeLibrary();
  const digest = find(library, name);
  const read = (running: number, out: Uint8Array): number => library.digestRead(digest, running, out);
  const computation: Computation = {
    prefix: empty,
    whole(input, out) {
      answered(library.digestWhole(digest, input, out));
    },
    begin: () => new DigestStream(library, library.digestBegin(digest), read),
  };
  return { name, length, start: (account) => new RunningInput(computation, account) };
}

/** Throws where there is no library, or no hash function of that name in it. */
export function nativeHmac(name: string, length: number): HmacFunction {
  const library = nativeLibrary();
  const digest = find(library, name);
  return { name, length, key: (bytes) => new NativeHmacKey(library, library.macKey(digest, bytes)) };
}

function find(library: NativeLibrary, name: string): number {
  const digest = library.digestFind(name);
  if (digest < 0) throw missing(name);
  return digest;
}

class NativeHmacKey implements HmacKey, Computation {
  readonly prefix = empty;
  readonly #library: NativeLibrary;
  readonly #key: NativeObject;
  readonly #number: number;

  constructor(library: NativeLibrary, answer: number) {
    this.#library = library;
    this.#key = new NativeObject(answer);
    this.#number = this.#key.number;
  }

  start(account: Account): Running {
    return new RunningInput(this, account);
  }

  whole(input: Uint8Array, out: Uint8Array): void {
    answered(this.#library.macWhole(this.#number, input, out));
  }

  begin(): Stream {
    const read = (running: number, out: Uint8Array): number => this.#library.macRead(this.#number, running, out);
    return new DigestStream(this.#library, this.#library.macBegin(this.#number), read);
  }

  write(input: Uint8Array, out: Uint8Array): void {
    this.whole(input, out);
  }

  expand(info: Uint8Array, out: Uint8Array): void {
    answered(this.#library.macExpand(this.#number, info, out));
  }

  wipe(): void {
    this.#key.release();
  }
}

class DigestStream implements Stream {
  readonly #library: NativeLibrary;
  readonly #running: NativeObject;
  readonly #read: (running: number, out: Uint8Array) => number;

  constructor(library: NativeLibrary, answer: number, read: (running: number, out: Uint8Array) => number) {
    this.#library = library;
    this.#running = new NativeObject(answer);
    this.#read = read;
  }

  update(data: Uint8Array): void {
    answered(this.#library.digestUpdate(this.#running.number, data));
  }

  write(out: Uint8Array): void {
    answered(this.#read(this.#running.number, out));
  }

  copy(): DigestStream {
    return new DigestStream(this.#library, this.#library.digestCopy(this.#running.number), this.#read);
  }

  end(): void {
    this.#running.release();
  }
}
