/** CMAC, and BLAKE2b with a key, of the native library. */
import { giveBack, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { KeyedHashFunction, MacFunction, MacKey, Running } from '../../contracts/primitives.js';
import type { Account } from '../../meter.js';
import { missing } from '../provider.js';
import { RunningInput, type Computation, type Stream } from '../running.js';
import { nativeHash } from './hashes.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const empty = new Uint8Array(0);

/** Throws where there is no library, or no CMAC over AES in it. */
export function nativeCmac(keyLength: number): MacFunction {
  const library = nativeLibrary();
  const cipher = `AES-${keyLength * 8}-CBC`;
  const trial = library.codeKey(cipher, new Uint8Array(keyLength));
  if (trial < 0) throw missing(`CMAC over ${cipher}`);
  library.release(trial);
  return { length: 16, key: (bytes) => new NativeCodeKey(library, library.codeKey(cipher, bytes), 16) };
}

/** Throws where there is no library, or no BLAKE2b of that size in it. @param length of a digest, in bytes */
export function nativeBlake2b(length: 32 | 64): KeyedHashFunction {
  const library = nativeLibrary();
  const hash = nativeHash(`BLAKE2B-${length * 8}`, length);
  const trial = library.codeKeyBlake2(length, new Uint8Array(1));
  if (trial < 0) throw missing('BLAKE2b with a key');
  library.release(trial);
  const key = (bytes: Uint8Array): MacKey => new NativeCodeKey(library, library.codeKeyBlake2(length, bytes), length);
  return { hash, mac: { length, key } };
}

/** Writes the front of a code. */
function writeFront(length: number, out: Uint8Array, write: (whole: Uint8Array) => void): void {
  if (out.length === length) {
    write(out);
    return;
  }
  const room = takeBytes(length);
  try {
    write(room);
    out.set(part(room, 0, out.length));
  } finally {
    giveBack(room, length);
  }
}

class NativeCodeKey implements MacKey, Computation {
  readonly prefix = empty;
  readonly #library: NativeLibrary;
  readonly #key: NativeObject;
  readonly #length: number;

  /** @param length of a code, in bytes */
  constructor(library: NativeLibrary, answer: number, length: number) {
    this.#library = library;
    this.#key = new NativeObject(answer);
    this.#length = length;
  }

  start(account: Account): Running {
    return new RunningInput(this, account);
  }

  whole(input: Uint8Array, out: Uint8Array): void {
    writeFront(this.#length, out, (whole) => answered(this.#library.codeWhole(this.#key.number, input, whole)));
  }

  begin(): Stream {
    return new CodeStream(this.#library, this.#library.codeBegin(this.#key.number), this.#length);
  }

  wipe(): void {
    this.#key.release();
  }
}

class CodeStream implements Stream {
  readonly #library: NativeLibrary;
  readonly #running: NativeObject;
  readonly #length: number;

  constructor(library: NativeLibrary, answer: number, length: number) {
    this.#library = library;
    this.#running = new NativeObject(answer);
    this.#length = length;
  }

  update(data: Uint8Array): void {
    answered(this.#library.codeUpdate(this.#running.number, data));
  }

  write(out: Uint8Array): void {
    writeFront(this.#length, out, (whole) => answered(this.#library.codeRead(this.#running.number, whole)));
  }

  copy(): CodeStream {
    return new CodeStream(this.#library, this.#library.codeCopy(this.#running.number), this.#length);
  }

  end(): void {
    this.#running.release();
  }
}
