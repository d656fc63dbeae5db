/** Calls of the native library for CMAC that are as they should be, and what noble says they answer. */
import { cmac } from '@noble/ciphers/aes.js';
import { same, type Call, type Inputs, type LiveObjects } from './live-objects.js';

const ciphers = ['AES-128-CBC', 'AES-256-CBC'] as const;

export class LegalCodeCalls {
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #kinds: readonly (() => Call | undefined)[];

  constructor(objects: LiveObjects, inputs: Inputs) {
    this.#objects = objects;
    this.#inputs = inputs;
    this.#kinds = [
      () => this.#key(),
      () => this.#whole(),
      () => this.#begin(),
      () => this.#update(),
      () => this.#update(),
      () => this.#copy(),
      () => this.#read(),
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

  #whole(): Call | undefined {
    const key = this.#objects.any('code key');
    if (key === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const expected = cmac(input, key.key);
    const out = this.#inputs.place(16);
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
    const running = this.#objects.any('running code');
    if (running === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const whole = running.input === undefined ? undefined : Buffer.concat([running.input, input]);
    return {
      name: 'codeUpdate',
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
    const out = this.#inputs.place(16);
    const { input, key } = running;
    return {
      name: 'codeRead',
      args: [running.number, out],
      right: (answer) => answer === 0 && (input === undefined || same(out, cmac(input, key))),
    };
  }
}
