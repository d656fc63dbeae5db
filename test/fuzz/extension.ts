/** A hostile guest of the extension: numbers, groups, encodings, padding. */
import { ExtErrno } from '../../generated/extension-0.1/witx/typescript-host/types.js';
import { groups } from '../../runtime/backends/arithmetic/groups.js';
import { entries } from '../../runtime/registry.js';
import type { Random } from '../abi/calls.js';
import { CoreExtension } from '../guest/extension.js';
import type { Format, ObjectKind } from '../guest/extension-calls.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { idsOf, supportedEntries } from '../registry.js';
import { fuzz, HostileGuest, surfaceOf, type FuzzOptions, type FuzzReport, type Surface } from './hostile-guest.js';
import { optionNames } from './known.js';

const groupNames = groups.map(({ name }) => name);
const moduleNames = [
  'wasi_crypto_ext_group',
  'wasi_ephemeral_crypto_kx',
  'wasi:crypto-ext/bytes',
  'wasi_crypto_ext_all',
];
const functionNames = ['element_mul', 'element_hash', 'scalar_invert', 'residue_exp', 'bytes_equal', 'element_open'];
/** The greatest field elements and points of the groups, and digests, in bytes. */
const sizes = [1, 16, 28, 32, 33, 48, 49, 56, 64, 65, 66, 67, 97, 112, 133, 256];

/** Moduli, big-endian: primes of every kind of root, of one word and many; a power of two, even, one, zero. */
const moduli = [
  2n ** 255n - 19n,
  2n ** 521n - 1n,
  2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  2n ** 61n - 1n,
  65_537n,
  17n,
  2n ** 128n,
  2n ** 64n + 14n,
  3n ** 300n,
  1n,
  0n,
].map(bigEndian);

function bigEndian(value: bigint): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
}

export function fuzzExtension(options: FuzzOptions): FuzzReport {
  const surface = surfaceOf('extension-0.1/witx', ExtErrno);
  const encodings = knownEncodings();
  return fuzz(options, surface, (next, report) => new ExtensionGuest(surface, encodings, next, report));
}

/** An element of each group in every format that it has, and a scalar. */
function knownEncodings(): readonly Uint8Array[] {
  const extension = new CoreExtension(new Guest());
  const known = groupNames.flatMap((name) => {
    const group = extension.group(name);
    const scalar = extension.scalar('random', group, 'public');
    const element = extension.elementMul(group, undefined, scalar);
    const length = extension.elementLength(group);
    const all: Uint8Array[] = [extension.scalarEncode(group, scalar)];
    const encode = (format: Format, size: number): void => {
      // Not every group has every format.
      errnoOf(() => all.push(extension.elementEncode(group, element, format, size)));
    };
    encode('compressed', length);
    encode('uncompressed', 2 * length - 1);
    encode('x-only', length - 1);
    return all;
  });
  extension.close();
  return known;
}

class ExtensionGuest extends HostileGuest {
  readonly #next: Random;
  readonly #encodings: readonly Uint8Array[];

  constructor(surface: Surface, encodings: readonly Uint8Array[], next: Random, report: FuzzReport) {
    // What draws until it has drawn something else must end although nothing else comes.
    const fill = [undefined, undefined, undefined, 0, 0xff][next() % 5];
    super(surface, next, report, fill, {
      limits: { handles: 200, messageBytes: 100_000, totalBytes: 2_000_000, callCost: 12_000_000 },
    });
    // One by one: each trial has to be paid, and all of them at once are over the limit.
    const extension = new CoreExtension(this.guest);
    for (const name of [...entries.map(({ id }) => id), ...groupNames]) errnoOf(() => extension.algorithm(name));
    this.#next = next;
    this.#encodings = encodings;
  }

  /** Objects of one group and of one modulus; without them hardly any two would go together. */
  protected override prepare(): void {
    const extension = new CoreExtension(this.guest);
    const make = (kind: ObjectKind, count: number, one: () => number): void => {
      const known = this.known(kind);
      while (known.length > 6) void this.guest.raw(`${kind}_close`, known.shift() as number);
      for (let index = 0; index < count; index += 1) errnoOf(() => known.push(one()));
    };
    const secrecy = this.choose(['public', 'secret'] as const);
    const modulus = this.choose(moduli);
    make('group', 1, () => extension.group(this.choose(groupNames)));
    const group = this.known('group').at(-1) ?? 0;
    make('scalar', 3, () => extension.scalar('random', group, secrecy));
    make('element', 3, () => extension.element('generator', group));
    make('modulus', 1, () => extension.modulus('big-endian', modulus));
    make('residue', 3, () => extension.residue('random', this.known('modulus').at(-1) ?? 0));
    make('bignum', 2, () => extension.bignum('big-endian', this.noise(this.#next() % 70)));
  }

  protected override text(func: string, param: string): string {
    if (param === 'option') return this.choose(optionNames);
    if (func === 'group_open' || param === 'group') return this.choose(groupNames);
    if (func === 'query_function') return this.choose(functionNames);
    return this.choose(func === 'query_module' ? moduleNames : idsOf(supportedEntries));
  }

  protected override content(param: string, length: number): Uint8Array {
    switch (param) {
      case 'encoded':
        return this.damaged(this.choose(this.#encodings));
      case 'value':
      case 'bound':
        return this.chance(2) ? this.choose(moduli) : this.noise(length);
      case 'text':
        return this.damaged(Buffer.from(this.#encoded(this.noise(length))));
      case 'padded':
        return this.damaged(
          Buffer.concat([this.noise(length), Buffer.alloc(1 + (this.#next() % 8), this.#next() % 9)]),
        );
      case 'exponent':
        return this.noise(this.#next() % 20);
      case 'wide':
      case 'uniform':
        return this.noise(this.choose(sizes));
      case 'dst':
        return this.noise(this.choose([0, 1, 30, 255, 256, 300]));
      default:
        return this.noise(this.chance(30) ? this.#next() % 30_000 : length);
    }
  }

  #encoded(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString(this.choose(['hex', 'base64', 'base64url'] as const));
  }

  protected override outputSizes(length: number): readonly number[] {
    return [length, 2 * length, ...sizes];
  }
}
