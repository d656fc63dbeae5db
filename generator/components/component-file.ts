/**
 * Reads of a component what others need to know about it: the names of its imports, and the core modules in it.
 * Everything else is passed over. The binary format is that of the component model's Binary.md; where it goes on in a
 * way that is not known here, reading ends with what was found.
 */

import { ConfigurationError } from '../project/errors.js';

/** The preamble of modules and components: a magic number, a version and a layer. */
const preamble = 8;
/** Sections of components that are read (Binary.md, "Component Definitions"). */
const sections = { coreModule: 1, component: 4, import: 10 } as const;
/** The section of a core module with what its memory holds at first (WebAssembly, "Data Section"). */
const dataSection = 11;

function cutOff(): ConfigurationError {
  return new ConfigurationError('the WebAssembly ends in the middle of something', 'is the file whole?');
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw cutOff();
    this.at += 1;
    return byte;
  }

  /** An unsigned number in LEB128, of at most 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw cutOff();
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw cutOff();
    const taken = this.#bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

/**
 * What a component imports, by its names: `wasi:random/random@0.2.0`.
 *
 * @throws ConfigurationError when the component is cut off
 */
export function componentImports(component: Uint8Array): readonly string[] {
  const names: string[] = [];
  walk(component, (section, content) => {
    if (section === sections.import) names.push(...importNames(content));
  });
  return names;
}

/**
 * The core modules of a component, those of components in it included.
 *
 * @throws ConfigurationError when the component is cut off
 */
export function coreModules(component: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  walk(component, (section, content) => {
    if (section === sections.coreModule) found.push(content);
    if (section === sections.component) found.push(...coreModules(content));
  });
  return found;
}

/**
 * What the memory of a core module holds at first, with a few bytes of the section's own between.
 *
 * @throws ConfigurationError when the module is cut off
 */
export function dataOf(module: Uint8Array): Uint8Array {
  const found: Uint8Array[] = [];
  walk(module, (section, content) => {
    if (section === dataSection) found.push(content);
  });
  return Buffer.concat(found);
}

function walk(binary: Uint8Array, visit: (section: number, content: Uint8Array) => void): void {
  const reader = new Reader(binary, preamble);
  while (!reader.isAtEnd) {
    const section = reader.byte();
    visit(section, reader.take(reader.number()));
  }
}

function importNames(section: Uint8Array): readonly string[] {
  const reader = new Reader(section, 0);
  const names: string[] = [];
  for (let rest = reader.number(); rest > 0; rest -= 1) {
    const form = reader.byte();
    if (form > 0x02) break;
    names.push(reader.text());
    // A name of the world's own for an interface: which one that is stands behind it.
    if (form === 0x02)
      for (let options = reader.number(); options > 0; options -= 1) {
        reader.byte();
        reader.text();
      }
    if (!skipDescription(reader)) break;
  }
  return names;
}

/** Passes over what an import is; false where that is not known. */
function skipDescription(reader: Reader): boolean {
  switch (reader.byte()) {
    // A core module: its sort, 0x11, and the index of its type.
    case 0x00:
      reader.byte();
      reader.number();
      return true;
    // A function, a component, an instance: the index of its type.
    case 0x01:
    case 0x04:
    case 0x05:
      reader.number();
      return true;
    // A type: equal to another one, by index, or a resource.
    case 0x03:
      if (reader.byte() === 0x00) reader.number();
      return true;
  }
  return false;
}
