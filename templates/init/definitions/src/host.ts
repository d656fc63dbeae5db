import { bind, fail } from '../generated/typescript-host/index.js';

/** Node's types have WebAssembly only together with those of browsers. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, any> } }>;
};

/** Runs a guest that greets: what it was told, or the errno it was given. */
export async function greetings(guest: Uint8Array): Promise<(name: string) => string | number> {
  const bound = bind(
    {
      greeting: {
        greet(name, greeting) {
          if (name === '') throw fail.EmptyName;
          return new TextEncoder().encodeInto(`Hello, ${name}!`, greeting).written;
        },
      },
    },
    { onError: console.error },
  );
  const { instance } = await WebAssembly.instantiate(guest, bound.imports);
  const { memory, nameAddress, answerAddress, greet, _start } = instance.exports;
  bound.memory.attach(memory);
  _start();
  return (name) => {
    const { written } = new TextEncoder().encodeInto(name, new Uint8Array(memory.buffer, nameAddress(), 64));
    const answer: number = greet(written);
    if (answer < 0) return -answer;
    return new TextDecoder().decode(new Uint8Array(memory.buffer, answerAddress(), answer));
  };
}
