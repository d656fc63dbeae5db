/** The guests that the tests of protocols call. */
import { beforeAll } from 'vitest';
import type { WasiCrypto } from '../../../runtime/index.js';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A guest: its functions, and its host. */
export type Guest<Functions> = Functions & {
  readonly crypto: WasiCrypto;
  /** Why the latest refusal was one. */
  refusal(): string;
};

type Make<Functions> = () => Promise<Guest<Functions>>;

interface Made<Functions> {
  readonly core: Make<Functions>;
  readonly component: Make<Functions>;
}

/** `build` of the example. */
export type Build = (name: string) => Promise<Made<never>>;

export type Guests = <Functions>() => (abi: keyof Made<Functions>) => Promise<Guest<Functions>>;

/** Defines the tests of a protocol. */
export type Protocol = (guests: Guests) => void;

export const abis = ['core', 'component'] as const;

/** The guests of a protocol, which is compiled once. */
export function guestsOf(build: () => Promise<Made<never>>): Guests {
  let made: Made<never> | undefined;
  beforeAll(async () => {
    made = await build();
  });
  return <Functions>() =>
    async (abi: keyof Made<Functions>) => {
      if (made === undefined) throw new Error('the guest is not compiled yet');
      return (made as Made<Functions>)[abi]();
    };
}

export const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');

/** Of hexadecimal in either case; nothing is no bytes. */
export const bytesOf = (digits: string | undefined): Bytes => Uint8Array.from(Buffer.from(digits ?? '', 'hex'));

export const text = (characters: string): Bytes => new TextEncoder().encode(characters);

export const none: Bytes = new Uint8Array(0);

/** The same with one bit changed. */
export function changed(bytes: Uint8Array, index = 0): Bytes {
  const copy = Uint8Array.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

/** What must be there. */
export function given<Value>(value: Value | null): Value {
  if (value === null) throw new Error('the guest refused');
  return value;
}
