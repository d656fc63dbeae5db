/** CMAC of the native library. */
import type { MacFunction, MacKey, Running } from '../../contracts/primitives.js';
import type { Account } from '../../meter.js';
import { missing } from '../provider.js';
import { RunningInput, type Computation, type Stream } from '../running.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const empty = new Uint8Array(0);

/** Throws where there is no library, or no CMAC over AES in it. */
export function nativeCmac(keyLength: number): MacFunction {
  const library = nativeLibrary();
  const cipher = `AES-${keyLength * 8}-CBC`;
  const trial = library.codeKey(cipher, new Uint8Array(keyLength));
  if (trial < 0) throw missing(`CMAC over ${cipher}`);
  library.release(trial);
  return { length: 16, key: (bytes) => new NativeCodeKey(library, library.codeKey(cipher, bytes)) };
}

class NativeCodeKey implements MacKey, Computation {
  readonly prefix = empty;
  readonly #library: NativeLibrary;
  readonly #key: NativeObject;

  constructor(library: NativeLibrary, answer: number) {
    this.#library = library;
    this.#key = new NativeObject(answer);
  }

  start(account: Account): Running {
    return new RunningInput(this, account);
  }

  whole(input: Uint8Array, out: Uint8Array): void {
    answered(this.#library.codeWhole(this.#key.number, input, out));
  }

  begin(): Stream {
    return new CodeStream(this.#library, this.#library.codeBegin(this.#key.number));
  }

  wipe(): void {
    this.#key.release();
  }
}

class CodeStream implements Stream {
  readonly #library: NativeLibrary;
  readonly #running: NativeObject;

  constructor(library: NativeLibrary, answer: number) {
    this.#library = library;
    this.#running = new NativeObject(answer);
  }

  update(data: Uint8Array): void {
    answered(this.#library.codeUpdate(this.#running.number, data));
  }

  write(out: Uint8Array): void {
    answered(this.#library.codeRead(this.#running.number, out));
  }

  copy(): CodeStream {
    return new CodeStream(this.#library, this.#library.codeCopy(this.#running.number));
  }

  end(): void {
    this.#running.release();
  }
}
