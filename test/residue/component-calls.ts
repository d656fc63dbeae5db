/** The same calls from a component: its core functions, as the canonical ABI lowers them. */
import type { WasiCrypto } from '../../runtime/index.js';
import { relayComponent, type RelayGuest } from '../components-relay/relay.js';
import type { Core, Memory } from '../guest/guest.js';
import { projectRoot } from '../shared.js';
import { RESULT, type Calls } from './calls.js';

const ENTRIES = 44 * 1024;
/** What the host allocates for results; of each call anew. */
const ALLOCATED = 64 * 1024;
/** Of a result: a case, and what it holds, after as much as its alignment needs. */
const HELD = 4;

export class ComponentCalls implements Calls {
  readonly component = true;
  readonly #guest: RelayGuest;
  #next = ALLOCATED;

  constructor(guest: RelayGuest) {
    this.#guest = guest;
    guest.realloc = (_old, _oldSize, align, size) => {
      const start = Math.ceil(this.#next / align) * align;
      this.#next = start + size;
      if (this.#next > this.memory.buffer.byteLength) throw new Error(`no room for ${size} bytes`);
      return start;
    };
  }

  get memory(): Pick<Memory, 'buffer'> {
    return this.#guest.memory;
  }

  run(func: string, ...args: readonly Core[]): void {
    this.#next = ALLOCATED;
    const called = this.#guest.core[func.replaceAll('_', '-')];
    if (called === undefined) throw new Error(`components have no ${func}`);
    called(...args, RESULT);
    const view = new DataView(this.memory.buffer);
    // Of results that hold nothing the errno comes at once.
    if (view.getUint8(RESULT) !== 0)
      throw new Error(`${func}: ${view.getUint8(RESULT + 1)} or ${view.getUint8(RESULT + HELD)}`);
  }

  handle(func: string, ...args: readonly Core[]): number {
    this.run(func, ...args);
    return this.#word(RESULT + HELD);
  }

  bytes(func: string, subject: number, size: number, ...args: readonly Core[]): void {
    this.run(func, subject, ...args);
    if (this.#word(RESULT + HELD + 4) > size) throw new Error(`${func}: more than ${size} bytes`);
  }

  decrypt(state: number, size: number, ...input: readonly Core[]): void {
    this.bytes('symmetric_state_decrypt', state, size, ...input, size);
  }

  encryptDetached(state: number, size: number, ...input: readonly Core[]): number {
    this.bytes('symmetric_state_encrypt_detached', state, size, ...input);
    return this.#word(RESULT + HELD + 8);
  }

  pull(output: number): void {
    this.run('array_output_pull', output);
  }

  open(algorithm: readonly [number, number], key: number | undefined, options: number): number {
    return this.handle('symmetric_state_open', ...algorithm, key === undefined ? 0 : 1, key ?? 0, 1, options);
  }

  batch(func: string, state: number, ...ranges: readonly number[]): number | undefined {
    const view = new DataView(this.memory.buffer);
    // Some signatures take a second.
    const entries = Array.from({ length: func === 'batch_signature_state_sign' ? 1 : 2 }, () => [state, ...ranges]);
    entries.flat().forEach((word, index) => view.setUint32(ENTRIES + 4 * index, word, true));
    this.run(func, ENTRIES, entries.length);
    const results = this.#word(RESULT + HELD);
    if (this.#word(RESULT + HELD + 4) !== entries.length) throw new Error(`${func}: not as many results as entries`);
    // Bytes are an address and a length, an object is one word, and the errno comes last.
    const words =
      { squeeze_tag: 1, encrypt_detached: 3, sign: 1 }[func.replace(/^batch_(symmetric|signature)_state_/, '')] ?? 2;
    const errno = new DataView(this.memory.buffer).getUint8(results + 4 * words);
    if (errno !== 0) throw new Error(`${func}: ${errno}`);
    return words === 2 ? undefined : this.#word(results + 4 * (words - 1));
  }

  #word(address: number): number {
    return new DataView(this.memory.buffer).getUint32(address, true);
  }
}

/** A component on this host, whose calls of it cross as those of a core module do. */
export async function componentCalls(host: WasiCrypto): Promise<ComponentCalls> {
  const component = await relayComponent(`${projectRoot}witx/0.11`, { bindings: 'hybrid' });
  return new ComponentCalls(component.instantiate(host.component));
}
