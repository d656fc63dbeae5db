/** TurboSHAKE and KangarooTwelve (RFC 9861). */
import { part } from '../../bytes.js';
import type { XofFunction } from '../../contracts/primitives.js';
import { INPUT, requirePrimitives, type Primitives } from './module.js';
import { running, type Sponge } from './output.js';

/** As in `assembly/keccak.ts`. */
const KECCAK_BYTES = 208;
const RATE = 204;
const KANGAROO_BYTES = 2 * KECCAK_BYTES + 16;

/** The domain of TurboSHAKE where nobody chooses one (RFC 9861, 2.1). */
const DOMAIN = 0x1f;

type Strength = 128 | 256;

const empty = new Uint8Array(0);

export function turboShake(strength: Strength): XofFunction {
  requirePrimitives();
  const sponge = new TurboShake(strength);
  return { start: (_, account) => running(sponge, account) };
}

/** KT128 and KT256. */
export function kangarooTwelve(strength: Strength): XofFunction {
  requirePrimitives();
  return {
    start: ({ customization = empty }, account) => running(new KangarooTwelve(strength, customization), account),
  };
}

abstract class KeccakSponge implements Sponge {
  abstract readonly stateBytes: number;
  abstract readonly endBytes: number;
  readonly #rate: number;

  constructor(strength: Strength) {
    this.#rate = 200 - strength / 4;
  }

  begin(memory: Uint8Array, state: number): void {
    memory[state + RATE] = this.#rate;
  }

  abstract update(primitives: Primitives, input: number, length: number): void;

  abstract end(primitives: Primitives, memory: Uint8Array, at: number): void;

  outputRoom(length: number): number {
    return length;
  }

  /** The state knows the position. */
  output(primitives: Primitives, memory: Uint8Array, _: number, out: Uint8Array, at: number): void {
    primitives.keccakOutput(INPUT, at, out.length);
    out.set(part(memory, at, at + out.length));
  }
}

class TurboShake extends KeccakSponge {
  readonly stateBytes = KECCAK_BYTES;
  readonly endBytes = 0;

  update(primitives: Primitives, input: number, length: number): void {
    primitives.keccakUpdate(INPUT, input, length);
  }

  end(primitives: Primitives): void {
    primitives.keccakEnd(INPUT, DOMAIN);
  }
}

class KangarooTwelve extends KeccakSponge {
  readonly stateBytes = KANGAROO_BYTES;
  readonly #customization: Uint8Array;
  readonly #size: readonly number[];

  /** @param customization its caller's, and kept by it */
  constructor(strength: Strength, customization: Uint8Array) {
    super(strength);
    this.#customization = customization;
    this.#size = encodedLength(customization.length);
  }

  get endBytes(): number {
    return this.#customization.length + this.#size.length;
  }

  update(primitives: Primitives, input: number, length: number): void {
    primitives.kangarooUpdate(INPUT, input, length);
  }

  end(primitives: Primitives, memory: Uint8Array, at: number): void {
    memory.set(this.#customization, at);
    memory.set(this.#size, at + this.#customization.length);
    primitives.kangarooUpdate(INPUT, at, this.endBytes);
    primitives.kangarooEnd(INPUT);
  }
}

/** length_encode (RFC 9861, 3.3): big-endian, without zeros before it, and how many bytes it has. */
function encodedLength(length: number): readonly number[] {
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return [...bytes, bytes.length];
}
