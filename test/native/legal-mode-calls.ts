/** Calls of the native library for AES in counter mode and CBC mode that are as they should be, and what `node:crypto` says they answer. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { same, type Call, type Inputs, type LiveObject, type LiveObjects } from './live-objects.js';

const ciphers = ['AES-128-CTR', 'AES-256-CTR', 'AES-128-CBC', 'AES-256-CBC'] as const;

export class LegalModeCalls {
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #ciphers: ReadonlyMap<string, number>;

  constructor(library: NativeLibrary, objects: LiveObjects, inputs: Inputs) {
    this.#objects = objects;
    this.#inputs = inputs;
    this.#ciphers = new Map(ciphers.map((name) => [name, library.cipherFind(name)]));
  }

  any(): Call {
    const key = this.#objects.any('mode key');
    if (key === undefined || this.#inputs.chance(4)) return this.#key();
    return key.name.endsWith('CBC') ? this.#chain(key) : this.#count(key);
  }

  #key(): Call {
    const name = this.#inputs.of(ciphers);
    const key = this.#inputs.input(name.includes('128') ? 16 : 32);
    const made = { kind: 'mode key', name, key: Buffer.from(key), input: undefined } as const;
    return {
      name: 'cipherKey',
      args: [this.#ciphers.get(name), key],
      right: (answer) => this.#objects.made(answer, made),
    };
  }

  #count({ number, name, key }: LiveObject): Call {
    const counter = Uint8Array.from({ length: 16 }, () => (this.#inputs.chance(3) ? 0xff : this.#inputs.next()));
    const skip = this.#inputs.next() % 16;
    const data = this.#inputs.input(this.#inputs.size());
    const expected = createCipheriv(name, key, counter).update(Buffer.concat([Buffer.alloc(skip), data]));
    return {
      name: 'cipherCount',
      args: [number, counter, skip, data],
      right: (answer) => answer === 0 && same(data, expected.subarray(skip)),
    };
  }

  #chain({ number, name, key }: LiveObject): Call {
    const iv = Uint8Array.from({ length: 16 }, () => this.#inputs.next());
    const encrypt = this.#inputs.next() % 2;
    const data = this.#inputs.input(this.#inputs.size() & ~15);
    const cipher = (encrypt === 1 ? createCipheriv : createDecipheriv)(name, key, iv).setAutoPadding(false);
    const expected = Buffer.concat([cipher.update(data), cipher.final()]);
    return {
      name: 'cipherChain',
      args: [number, iv, encrypt, data],
      right: (answer) => answer === 0 && same(data, expected),
    };
  }
}
