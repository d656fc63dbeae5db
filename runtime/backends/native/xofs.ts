/** Output of any length of the native library. */
import type { XofFunction } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import type { Stream } from '../running.js';
import { RunningOutput } from '../xof.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const empty = new Uint8Array(0);

/** Input for a function with output of any length. */
export class OutputStream implements Stream {
  protected readonly library: NativeLibrary;
  protected readonly digest: number;
  protected readonly running: NativeObject;

  /** @param answer of the call that began it */
  constructor(library: NativeLibrary, digest: number, answer = library.digestBegin(digest)) {
    this.library = library;
    this.digest = digest;
    this.running = new NativeObject(answer);
  }

  update(data: Uint8Array): void {
    answered(this.library.digestUpdate(this.running.number, data));
  }

  write(out: Uint8Array): void {
    answered(this.library.digestRead(this.digest, this.running.number, out));
  }

  copy(): OutputStream {
    return new OutputStream(this.library, this.digest, this.copied());
  }

  end(): void {
    this.running.release();
  }

  /** Whether output can go on. It is the last call but `end`. */
  squeezes(): boolean {
    return this.library.digestSqueeze(this.running.number, new Uint8Array(1)) >= 0;
  }

  protected copied(): number {
    return this.library.digestCopy(this.running.number);
  }
}

/** Where OpenSSL's output can go on: from 3.3 on. */
class SqueezedStream extends OutputStream {
  override copy(): SqueezedStream {
    return new SqueezedStream(this.library, this.digest, this.copied());
  }

  next(out: Uint8Array): void {
    answered(this.library.digestSqueeze(this.running.number, out));
  }
}

/** Makes streams of a function, once one was tried. */
export function outputStreams(library: NativeLibrary, digest: number): () => OutputStream {
  const trial = new OutputStream(library, digest);
  const squeezes = trial.squeezes();
  trial.end();
  return squeezes ? () => new SqueezedStream(library, digest) : () => new OutputStream(library, digest);
}

/** Throws where there is no library, or no SHAKE in it. @param strength in bits */
export function nativeShake(strength: 128 | 256): XofFunction {
  const library = nativeLibrary();
  const name = `SHAKE-${strength}`;
  const digest = library.digestFind(name);
  if (digest < 0) throw missing(name);
  const computation = {
    prefix: empty,
    whole(input: Uint8Array, out: Uint8Array): void {
      answered(library.digestWhole(digest, input, out));
    },
    begin: outputStreams(library, digest),
    cost: 0,
  };
  return { start: (_setup, account) => new RunningOutput(computation, account) };
}
