/** CMAC (SP 800-38B) over AES, of CBC by `node:crypto`: CBC's last block is the code once the last block of input is masked. */
import { createCipheriv, createSecretKey, type Cipheriv, type KeyObject } from 'node:crypto';
import { clear, giveBack, takeBytes, takeCopy } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { MacFunction, MacKey, Running } from '../../contracts/primitives.js';
import type { Account } from '../../meter.js';
import { double } from '../doubling.js';
import { missing } from '../provider.js';
import { RunningInput, type Computation, type Stream } from '../running.js';

const SIZE = 16;
const zeros = new Uint8Array(SIZE);
/** CBC gives as much output as it takes input, of which only the end is wanted. */
const PIECE_BYTES = 64 * 1024;

/** Throws where this Node has no AES of that size. */
export function opensslCmac(keyLength: number): MacFunction {
  const name = `aes-${keyLength * 8}`;
  try {
    createCipheriv(`${name}-cbc`, new Uint8Array(keyLength), zeros).final();
  } catch {
    throw missing(`${name}-cbc`);
  }
  return { length: SIZE, key: (bytes) => new OpensslCmacKey(name, bytes) };
}

class OpensslCmacKey implements MacKey, Computation {
  readonly prefix = new Uint8Array(0);
  readonly #name: string;
  readonly #keyObject: KeyObject;
  /** For a last block that is whole, and for one that is filled up. */
  readonly #masks: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];

  constructor(name: string, key: Uint8Array) {
    this.#name = `${name}-cbc`;
    this.#keyObject = createSecretKey(key);
    const first = takeBytes(SIZE);
    this.last(this.cipher(zeros).update(zeros), first);
    double(first);
    const second = takeCopy(first);
    double(second);
    this.#masks = [first, second];
  }

  start(account: Account): Running {
    return new RunningInput(this, account);
  }

  whole(input: Uint8Array, out: Uint8Array): void {
    const size = Math.max(SIZE, Math.ceil(input.length / SIZE) * SIZE);
    const room = takeBytes(size);
    const blocks = part(room, 0, size);
    try {
      blocks.set(input);
      this.mask(part(blocks, size - SIZE, size), input.length - (size - SIZE));
      this.last(this.cipher(zeros).update(blocks), out);
    } finally {
      giveBack(room, size);
    }
  }

  begin(): Stream {
    return new CmacStream(this, takeBytes(SIZE), takeBytes(SIZE), 0);
  }

  cipher(chained: Uint8Array): Cipheriv {
    return createCipheriv(this.#name, this.#keyObject, chained).setAutoPadding(false);
  }

  /** Makes the last block of input of what there is of it: `used` bytes, the rest zeros. */
  mask(block: Uint8Array, used: number): void {
    const mask = this.#masks[used === SIZE ? 0 : 1];
    if (used < SIZE) block[used] = 0x80;
    for (let index = 0; index < SIZE; index += 1) block[index] = (block[index] as number) ^ (mask[index] as number);
  }

  /** Copies the last block of what CBC gave, and wipes all of that. */
  last(output: Uint8Array, out: Uint8Array): void {
    for (let index = 0, at = output.length - SIZE; index < SIZE; index += 1) out[index] = output[at + index] as number;
    clear(output);
  }

  wipe(): void {
    for (const mask of this.#masks) giveBack(mask, SIZE);
  }
}

/** What CBC goes on from, and the last block of input, which is masked once it is known to be the last. */
class CmacStream implements Stream {
  readonly #key: OpensslCmacKey;
  readonly #chained: Uint8Array<ArrayBuffer>;
  readonly #tail: Uint8Array<ArrayBuffer>;
  #used: number;

  constructor(key: OpensslCmacKey, chained: Uint8Array<ArrayBuffer>, tail: Uint8Array<ArrayBuffer>, used: number) {
    this.#key = key;
    this.#chained = chained;
    this.#tail = tail;
    this.#used = used;
  }

  update(data: Uint8Array): void {
    const total = this.#used + data.length;
    if (total <= SIZE) {
      this.#tail.set(data, this.#used);
      this.#used = total;
      return;
    }
    const kept = total % SIZE || SIZE;
    const end = data.length - kept;
    const cipher = this.#key.cipher(this.#chained);
    let output = cipher.update(part(this.#tail, 0, this.#used));
    for (let start = 0; start < end; start += PIECE_BYTES) {
      clear(output);
      output = cipher.update(part(data, start, Math.min(end, start + PIECE_BYTES)));
    }
    this.#key.last(output, this.#chained);
    clear(this.#tail);
    for (let index = 0; index < kept; index += 1) this.#tail[index] = data[end + index] as number;
    this.#used = kept;
  }

  write(out: Uint8Array): void {
    const block = takeCopy(this.#tail);
    try {
      this.#key.mask(block, this.#used);
      this.#key.last(this.#key.cipher(this.#chained).update(block), out);
    } finally {
      giveBack(block, SIZE);
    }
  }

  copy(): CmacStream {
    return new CmacStream(this.#key, takeCopy(this.#chained), takeCopy(this.#tail), this.#used);
  }

  end(): void {
    giveBack(this.#chained, SIZE);
    giveBack(this.#tail, SIZE);
  }
}
