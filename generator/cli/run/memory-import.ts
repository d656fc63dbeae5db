/**
 * The memory a module wants to import. JavaScript's own reflection gives its name only, and a
 * memory that is smaller or larger than declared is refused, so its limits are read from the
 * module's bytes (WebAssembly core specification, section 5.5, "Modules").
 */

export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly limits: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean };
}

const importSection = 2;
const kinds = { func: 0, table: 1, memory: 2, global: 3, tag: 4 };

/** Reads a module that was compiled already, so its structure is known to be right. */
export function findMemoryImport(wasm: Uint8Array): MemoryImport | undefined {
  const reader = new Reader(wasm, 8);
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.unsigned();
    if (id === importSection) return readImports(reader);
    reader.skip(size);
  }
  return undefined;
}

function readImports(reader: Reader): MemoryImport | undefined {
  const count = reader.unsigned();
  for (let index = 0; index < count; index++) {
    const module = reader.text();
    const name = reader.text();
    const kind = reader.byte();
    if (kind === kinds.memory) return { module, name, limits: readLimits(reader) };
    if (kind === kinds.func) {
      reader.unsigned();
    } else if (kind === kinds.table) {
      readReferenceType(reader);
      readLimits(reader);
    } else if (kind === kinds.global) {
      readReferenceType(reader);
      reader.byte();
    } else if (kind === kinds.tag) {
      reader.byte();
      reader.unsigned();
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** One byte, or (typed references: 0x63, 0x64) a byte and a heap type. */
function readReferenceType(reader: Reader): void {
  const type = reader.byte();
  if (type === 0x63 || type === 0x64) reader.unsigned();
}

function readLimits(reader: Reader): MemoryImport['limits'] {
  const flags = reader.byte();
  const initial = reader.unsigned();
  const maximum = (flags & 1) === 0 ? undefined : reader.unsigned();
  return { initial, ...(maximum === undefined ? {} : { maximum }), ...((flags & 2) === 0 ? {} : { shared: true }) };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  skip(size: number): void {
    this.#at += size;
  }

  /** LEB128. A number rather than 32 bits: limits of 64-bit memories fit too. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const size = this.unsigned();
    const start = this.#at;
    this.skip(size);
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#at));
  }
}
