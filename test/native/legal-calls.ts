/** Calls of the native library that are as they should be, and what `node:crypto` says they answer. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { same, type Call, type Inputs, type LiveObject, type LiveObjects } from './live-objects.js';

const hashes = ['SHA256', 'SHA384', 'SHA512', 'SHA512-256'] as const;
const ciphers = ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305', 'XChaCha20-Poly1305'] as const;
const BAD_TAG = -3;
const SHARED = -6;

/** OpenSSL's names are not Node's for all. */
const nodeHash = (name: string): string => (name === 'SHA512-256' ? 'sha512-256' : name.toLowerCase());
const hashSize = (name: string): number => createHash(nodeHash(name)).digest().length;
const keySize = (name: string): number => (name === 'aes-128-gcm' ? 16 : 32);

export class LegalCalls {
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #digests: ReadonlyMap<string, number>;
  readonly #ciphers: ReadonlyMap<string, number>;
  readonly #sizes = new Map(hashes.map((name) => [name as string, hashSize(name)]));
  readonly #kinds: readonly (() => Call | undefined)[];

  constructor(library: NativeLibrary, objects: LiveObjects, inputs: Inputs) {
    this.#objects = objects;
    this.#inputs = inputs;
    this.#digests = new Map(hashes.map((name) => [name, library.digestFind(name)]));
    this.#ciphers = new Map(ciphers.map((name) => [name, library.cipherFind(name)]));
    this.#kinds = [
      () => this.#digestWhole(),
      () => this.#digestBegin(),
      () => this.#update(),
      () => this.#update(),
      () => this.#copy(),
      () => this.#digestRead(),
      () => this.#macKey(),
      () => this.#macWhole(),
      () => this.#macBegin(),
      () => this.#macRead(),
      () => this.#macExpand(),
      () => this.#cipherKey(),
      () => this.#seal(),
      () => this.#open(),
      () => this.#release(),
    ];
  }

  any(): Call {
    return this.#inputs.of(this.#kinds)() ?? this.#digestBegin();
  }

  #digestWhole(): Call {
    const name = this.#inputs.of(hashes);
    const input = this.#inputs.input(this.#inputs.size());
    const size = this.#sizes.get(name) ?? 0;
    const out = this.#inputs.place(this.#inputs.chance(4) ? 1 + (this.#inputs.next() % size) : size);
    const expected = createHash(nodeHash(name)).update(input).digest();
    return {
      name: 'digestWhole',
      args: [this.#digests.get(name), input, out],
      right: (answer) => answer === 0 && same(out, expected.subarray(0, out.length)),
    };
  }

  #digestBegin(): Call {
    const name = this.#inputs.of(hashes);
    const made = { kind: 'digest', name, key: Buffer.alloc(0), input: Buffer.alloc(0) } as const;
    return {
      name: 'digestBegin',
      args: [this.#digests.get(name)],
      right: (answer) => this.#objects.made(answer, made),
    };
  }

  #update(): Call | undefined {
    const running = this.#objects.any('digest', 'running mac');
    if (running === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const whole = running.input === undefined ? undefined : Buffer.concat([running.input, input]);
    return {
      name: 'digestUpdate',
      args: [running.number, input],
      right: (answer) => {
        // Enough is enough: what grows for ever takes ever longer to check.
        running.input = whole !== undefined && whole.length > 50_000 ? undefined : whole;
        return answer === 0;
      },
    };
  }

  #copy(): Call | undefined {
    const running = this.#objects.any('digest', 'running mac');
    if (running === undefined) return undefined;
    return { name: 'digestCopy', args: [running.number], right: (answer) => this.#objects.made(answer, running) };
  }

  #digestRead(): Call | undefined {
    const running = this.#objects.any('digest');
    if (running === undefined) return undefined;
    const out = this.#inputs.place(this.#sizes.get(running.name) ?? 0);
    const { input } = running;
    return {
      name: 'digestRead',
      args: [this.#digests.get(running.name), running.number, out],
      right: (answer) =>
        answer === 0 && (input === undefined || same(out, createHash(nodeHash(running.name)).update(input).digest())),
    };
  }

  #macKey(): Call {
    const name = this.#inputs.of(hashes);
    const key = this.#inputs.input(this.#inputs.of([0, 16, 32, 64, 65, 128, 129, 200]));
    const made = { kind: 'mac key', name, key: Buffer.from(key), input: undefined } as const;
    return {
      name: 'macKey',
      args: [this.#digests.get(name), key],
      right: (answer) => this.#objects.made(answer, made),
    };
  }

  #macWhole(): Call | undefined {
    const key = this.#objects.any('mac key');
    if (key === undefined) return undefined;
    const input = this.#inputs.input(this.#inputs.size());
    const expected = createHmac(nodeHash(key.name), key.key).update(input).digest();
    const out = this.#inputs.place(expected.length);
    return {
      name: 'macWhole',
      args: [key.number, input, out],
      right: (answer) => answer === 0 && same(out, expected),
    };
  }

  #macBegin(): Call | undefined {
    const key = this.#objects.any('mac key');
    if (key === undefined) return undefined;
    const made = { ...key, kind: 'running mac', input: Buffer.alloc(0) } as const;
    return { name: 'macBegin', args: [key.number], right: (answer) => this.#objects.made(answer, made) };
  }

  #macRead(): Call | undefined {
    const running = this.#objects.any('running mac');
    const key = this.#objects.live.find(
      (each) => each.kind === 'mac key' && each.name === running?.name && each.key.equals(running.key),
    );
    if (running === undefined || key === undefined) return undefined;
    const out = this.#inputs.place(this.#sizes.get(key.name) ?? 0);
    const { input } = running;
    return {
      name: 'macRead',
      args: [key.number, running.number, out],
      right: (answer) =>
        answer === 0 &&
        (input === undefined || same(out, createHmac(nodeHash(key.name), key.key).update(input).digest())),
    };
  }

  #macExpand(): Call | undefined {
    const key = this.#objects.any('mac key');
    if (key === undefined) return undefined;
    const info = this.#inputs.input(this.#inputs.next() % 100);
    const size = this.#inputs.next() % 200;
    const out = this.#inputs.place(size);
    const expected = expand(nodeHash(key.name), key.key, info, size);
    return {
      name: 'macExpand',
      args: [key.number, info, out],
      right: (answer) => answer === 0 && same(out, expected),
    };
  }

  #cipherKey(): Call {
    const name = this.#inputs.of(ciphers);
    const key = this.#inputs.input(keySize(name));
    const made = { kind: 'cipher key', name, key: Buffer.from(key), input: undefined } as const;
    return {
      name: 'cipherKey',
      args: [this.#ciphers.get(name), key],
      right: (answer) => this.#objects.made(answer, made),
    };
  }

  #seal(): Call | undefined {
    const key = this.#objects.any('cipher key');
    if (key === undefined) return undefined;
    const [nonce, associated, data] = this.#message(key);
    const { ciphertext, tag } = sealed(key, nonce, associated, data);
    const attached = this.#inputs.chance(2);
    const out = this.#outputFor(data, data.length + (attached ? 16 : 0));
    const apart = attached ? undefined : new Uint8Array(16);
    const expected = attached ? Buffer.concat([ciphertext, tag]) : ciphertext;
    return {
      name: 'cipherSeal',
      args: [key.number, nonce, associated, data, out, apart],
      right: (answer) => answer === 0 && same(out, expected) && (apart === undefined || same(apart, tag)),
    };
  }

  #open(): Call | undefined {
    const key = this.#objects.any('cipher key');
    if (key === undefined) return undefined;
    const [nonce, associated, message] = this.#message(key);
    const plain = Buffer.from(message);
    const { ciphertext, tag } = sealed(key, nonce, associated, message);
    const attached = this.#inputs.chance(2);
    const whole = attached ? Buffer.concat([ciphertext, tag]) : ciphertext;
    const data = this.#inputs.guest.subarray(message.byteOffset, message.byteOffset + whole.length);
    data.set(whole);
    const apart = attached ? undefined : Uint8Array.from(tag);
    const wrong = this.#inputs.chance(3);
    if (wrong) {
      const last = apart ?? data;
      last[last.length - 1] = (last.at(-1) ?? 0) ^ 1;
    }
    const shared = this.#inputs.chance(8);
    const out = shared ? new Uint8Array(new SharedArrayBuffer(plain.length)) : this.#outputFor(data, plain.length);
    return {
      name: 'cipherOpen',
      args: [key.number, nonce, associated, data, out, apart],
      right: (answer) =>
        shared
          ? answer === SHARED && out.every((byte) => byte === 0)
          : wrong
            ? answer === BAD_TAG && out.every((byte) => byte === 0)
            : answer === 0 && same(out, plain),
    };
  }

  #release(): Call | undefined {
    const object = this.#objects.live.length < 20 ? undefined : this.#inputs.of(this.#objects.live);
    if (object === undefined) return undefined;
    return {
      name: 'release',
      args: [object.number],
      right: (answer) => {
        this.#objects.gone(object.number);
        return answer === 0;
      },
    };
  }

  /** Nonce, associated data and message, apart from each other. */
  #message({ name }: LiveObject): readonly [Buffer, Buffer, Buffer] {
    const part = (at: number, length: number): Buffer => {
      const bytes = Buffer.from(this.#inputs.guest.buffer, this.#inputs.guest.byteOffset + at, length);
      return this.#inputs.fill(bytes);
    };
    return [
      part(16, name.startsWith('X') ? 24 : 12),
      part(64, this.#inputs.of([0, 0, 13, 64, 300])),
      part(5000 + (this.#inputs.next() % 64), this.#inputs.size()),
    ];
  }

  /** The same place, one that overlaps it, or another. */
  #outputFor(data: Uint8Array, length: number): Uint8Array {
    const shift = this.#inputs.of([0, 0, 1, -1, 16, -16, 33, 4000, -4000]);
    return this.#inputs.guest.subarray(data.byteOffset + shift, data.byteOffset + shift + length);
  }
}

function sealed(
  { name, key }: LiveObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  data: Uint8Array,
): { readonly ciphertext: Buffer; readonly tag: Buffer } {
  if (name.startsWith('X')) {
    const whole = Buffer.from(xchacha20poly1305(key, nonce, associated).encrypt(data));
    return { ciphertext: whole.subarray(0, -16), tag: whole.subarray(-16) };
  }
  const cipher = createCipheriv(name as 'aes-256-gcm', key, nonce, { authTagLength: 16 });
  cipher.setAAD(associated, { plaintextLength: data.length });
  const ciphertext = Buffer.concat([cipher.update(data), cipher.final()]);
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** RFC 5869, 2.3. */
function expand(hash: string, key: Uint8Array, info: Uint8Array, size: number): Buffer {
  let block = Buffer.alloc(0);
  const blocks: Buffer[] = [];
  for (let counter = 1; Buffer.concat(blocks).length < size; counter += 1) {
    block = createHmac(hash, key).update(block).update(info).update(Uint8Array.of(counter)).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, size);
}
