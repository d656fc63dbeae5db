/** Calls of the native library for CMAC and BLAKE2b, and for output of any length, that are as they should be, and what noble says they answer. */
import { cmac } from '@noble/ciphers/aes.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { Keccak } from '@noble/hashes/sha3.js';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { same, type Call, type Inputs, type LiveObject, type LiveObjects } from './live-objects.js';

const ciphers = ['AES-128-CBC', 'AES-256-CBC'] as const;

export class LegalCodeCalls {
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #keccak: number;
  readonly #kinds: readonly (() => Call | undefined)[];

  constructor(library: NativeLibrary, objects: LiveObjects, inputs: Inputs) {
    this.#objects = objects;
    this.#inputs = inputs;
    this.#keccak = library.digestFind('KECCAK-KMAC-256');
    this.#kinds = [
      () => this.#key(),
      () => this.#blake2Key(),
      () => this.#whole(),
      () => this.#begin(),
      () => this.#update(),
      () => this.#update(),
      () => this.#copy(),
      () => this.#read(),
      () => this.#longBegin(),
      () => this.#longRead(),
    ];
  }

  any(): Call {
    return this.#inputs.of(this.#kinds)() ?? this.#key();
  }

  #key(): Call {
    const name = this.#inputs.of(ciphers);
    const key = this.#inputs.input(name === 'AES-128-CBC' ? 16 : 32);
    const made = { kind: 'code key', name, key: Buffer.from(key), input: undefined } as const;
    return { name: 'codeKey', args: [name, key], right: (answer) => this.#objects.made(answer, made) };
  }

  #blake2Key(): Call {
    const size = this.#inputs.of([32, 64]);
    const key = this.#inputs.input(1 + (this.#inputs.next() % 64));
    const made = { kind: 'code key', name: `${size}`, key: Buffer.from(key), input: undefined } as const;
    return { name: 'codeKeyBlake2', args: [size, key], right: (answer) => this.#objects.made(answer, made) };
  }

  #whole(): Call | undefined {
    const key = this.#objects.any('code key');
    if (key === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const expected = codeOf(key, input);
    const out = this.#inputs.place(expected.length);
    return {
      name: 'codeWhole',
      args: [key.number, input, out],
      right: (answer) => answer === 0 && same(out, expected),
    };
  }

  #begin(): Call | undefined {
    const key = this.#objects.any('code key');
    if (key === undefined) return undefined;
    const made = { ...key, kind: 'running code', input: Buffer.alloc(0) } as const;
    return { name: 'codeBegin', args: [key.number], right: (answer) => this.#objects.made(answer, made) };
  }

  #update(): Call | undefined {
    const running = this.#objects.any('running code', 'long digest');
    if (running === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const whole = running.input === undefined ? undefined : Buffer.concat([running.input, input]);
    return {
      name: running.kind === 'running code' ? 'codeUpdate' : 'digestUpdate',
      args: [running.number, input],
      right: (answer) => {
        // Enough is enough: what grows for ever takes ever longer to check.
        running.input = whole !== undefined && whole.length > 5000 ? undefined : whole;
        return answer === 0;
      },
    };
  }

  #copy(): Call | undefined {
    const running = this.#objects.any('running code');
    if (running === undefined) return undefined;
    return { name: 'codeCopy', args: [running.number], right: (answer) => this.#objects.made(answer, running) };
  }

  #read(): Call | undefined {
    const running = this.#objects.any('running code');
    if (running === undefined) return undefined;
    const { input } = running;
    const out = this.#inputs.place(codeOf(running, empty).length);
    return {
      name: 'codeRead',
      args: [running.number, out],
      right: (answer) => answer === 0 && (input === undefined || same(out, codeOf(running, input))),
    };
  }

  #longBegin(): Call {
    const made = {
      kind: 'long digest',
      name: 'KECCAK-KMAC-256',
      key: Buffer.alloc(0),
      input: Buffer.alloc(0),
    } as const;
    return { name: 'digestBegin', args: [this.#keccak], right: (answer) => this.#objects.made(answer, made) };
  }

  #longRead(): Call | undefined {
    const running = this.#objects.any('long digest');
    if (running === undefined) return undefined;
    const out = this.#inputs.place(1 + (this.#inputs.next() % 700));
    const { input } = running;
    return {
      name: 'digestRead',
      args: [this.#keccak, running.number, out],
      right: (answer) => answer === 0 && (input === undefined || same(out, keccak(input, out.length))),
    };
  }
}

const empty = new Uint8Array(0);

/** By the name of the key: a cipher's, or the size of BLAKE2b's codes. */
function codeOf({ name, key }: LiveObject, input: Uint8Array): Uint8Array {
  return name.startsWith('AES') ? cmac(input, key) : blake2b(input, { key, dkLen: Number(name) });
}

/** With the rate and the padding of KMAC-256. */
function keccak(input: Uint8Array, length: number): Uint8Array {
  return new Keccak(136, 0x04, 32, true).update(input).xof(length);
}
