/** Secret-dependent paths of the extension over bytes, and a planted leak of their sort. */
import { coreExtension } from '../test/guest/extension.js';
import type { Path } from './timing-path.js';

const SIZE = 256;
const POOL = 64;

/** Inputs of two classes, made beforehand: of one byte, and random ones. */
function pools(make: (bytes: Uint8Array) => Uint8Array): readonly (readonly Uint8Array[])[] {
  return [0, 1].map((kind) =>
    Array.from({ length: POOL }, () => {
      const bytes = crypto.getRandomValues(new Uint8Array(SIZE));
      return make(kind === 0 ? bytes.fill(0x41) : bytes);
    }),
  );
}

/** A path whose input is copied into memory of the guest. */
function path(
  name: string,
  classes: readonly [string, string],
  inputs: readonly (readonly Uint8Array[])[],
  call: (at: number, length: number) => () => unknown,
): Path {
  const { guest } = guests;
  const length = inputs[0]?.[0]?.length ?? 0;
  const at = guest.alloc(length);
  const run = call(at, length);
  return {
    name,
    classes,
    prepare: (kind) => {
      guest.bytes(at, length).set(inputs[kind]?.[Math.floor(Math.random() * POOL)] as Uint8Array);
    },
    run,
  };
}

const guests = coreExtension();

export function bytesPaths(): readonly Path[] {
  const { guest } = guests;
  const raw = (name: string, ...args: readonly number[]): number => guest.raw(name, ...args);
  const [out, length] = [guest.alloc(4 * SIZE), guest.alloc(4)];
  const alike: readonly [string, string] = ['all bytes alike', 'random bytes'];
  const encodings = [
    ['hex', 0],
    ['base64', 1],
    ['base32', 5],
  ] as const;
  const texts = (encoding: string) => pools((bytes) => guests.encode(encoding, bytes));
  const zeros = guest.put(new Uint8Array(SIZE));
  const flipped = [0, 1].map((kind) =>
    Array.from({ length: POOL }, () => new Uint8Array(SIZE).with(kind === 0 ? 0 : SIZE - 1, 1)),
  );
  const padded = [1, SIZE - 1].map((size) =>
    Array.from({ length: POOL }, () => guests.pad('iso7816', SIZE, new Uint8Array(SIZE - size).fill(7))),
  );
  const padded7 = [1, 250].map((size) =>
    Array.from({ length: POOL }, () => guests.pad('pkcs7', 250, new Uint8Array(250 - size).fill(7))),
  );
  return [
    plantedSearch(),
    plantedDigits(),
    path(
      'bytes_equal',
      ['first byte differs', 'last byte'],
      flipped,
      (at) => () => raw('bytes_equal', at, SIZE, zeros, SIZE, length),
    ),
    path(
      'bytes_compare',
      ['first byte differs', 'last byte'],
      flipped,
      (at) => () => raw('bytes_compare', 0, at, SIZE, zeros, SIZE, length),
    ),
    path(
      'bytes_is_zero',
      ['first byte is not', 'last byte'],
      flipped,
      (at) => () => raw('bytes_is_zero', at, SIZE, length),
    ),
    ...encodings.map(([name, number]) =>
      path(
        `encoding_encode, ${name}`,
        alike,
        pools((bytes) => bytes),
        (at) => {
          const size = guests.encodedLength(name, SIZE);
          return () => raw('encoding_encode', number, at, SIZE, out, size);
        },
      ),
    ),
    ...encodings.map(([name, number]) =>
      path(
        `encoding_decode, ${name}`,
        alike,
        texts(name),
        (at, size) => () => raw('encoding_decode', number, at, size, 0, 0, out, SIZE, length),
      ),
    ),
    path(
      'padding_unpadded_len, ISO/IEC 7816-4',
      ['a byte', 'all but a byte'],
      padded,
      (at) => () => raw('padding_unpadded_len', 0, SIZE, at, SIZE, length),
    ),
    path(
      'padding_unpadded_len, PKCS#7',
      ['a byte', 'all of the block'],
      padded7,
      (at) => () => raw('padding_unpadded_len', 1, 250, at, 250, length),
    ),
  ];
}

/** Padding that is searched from the end until it is found. */
function plantedSearch(): Path {
  const inputs = [1, SIZE - 1].map((size) => guests.pad('iso7816', SIZE, new Uint8Array(SIZE - size).fill(7)));
  let input = inputs[0] as Uint8Array;
  return {
    name: 'planted leak: padding that is searched from the end',
    classes: ['a byte', 'all but a byte'],
    prepare: (kind) => {
      input = inputs[kind] as Uint8Array;
    },
    run: () => {
      let at = input.length - 1;
      while (input[at] === 0) at -= 1;
      return at;
    },
  };
}

/** Hexadecimal that decides for each digit whether it is a letter. */
function plantedDigits(): Path {
  const inputs = pools((bytes) => bytes);
  const text = new Uint8Array(2 * SIZE);
  let input = inputs[0]?.[0] as Uint8Array;
  const write = (at: number, value: number): void => {
    if (value < 10) text[at] = 0x30 + value;
    else text[at] = 0x57 + value;
  };
  return {
    name: 'planted leak: encoding that branches by the digit',
    classes: ['all bytes alike', 'random bytes'],
    prepare: (kind) => {
      input = inputs[kind]?.[Math.floor(Math.random() * POOL)] as Uint8Array;
    },
    run: () => {
      for (const [at, byte] of input.entries()) {
        write(2 * at, byte >> 4);
        write(2 * at + 1, byte & 15);
      }
      return text;
    },
  };
}
