/** The signatures of what a core module imports and exports, read from its bytes (core specification, section 5.5). */

const typeNames: Readonly<Record<number, string>> = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64' };

export interface CoreModule {
  /** `(i32, i64) -> i32`, by module and name. */
  readonly imports: ReadonlyMap<string, string>;
  readonly exports: ReadonlyMap<string, string>;
}

/** Reads a module that imports and exports functions, at most one memory, and nothing else. */
export function readCoreModule(wasm: Uint8Array): CoreModule {
  const types: string[] = [];
  const funcs: string[] = [];
  const imports = new Map<string, string>();
  const exports = new Map<string, string>();
  const reader = new Reader(wasm);
  while (!reader.done) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    const count = id === 0 ? 0 : reader.unsigned();
    for (let index = 0; index < count && [1, 2, 3, 7].includes(id); index += 1) {
      if (id === 1) types.push(functionType(reader));
      if (id === 2) {
        const name = `${reader.text()} ${reader.text()}`;
        if (reader.byte() !== 0) throw new Error(`${name} is no function`);
        const type = types[reader.unsigned()] ?? '';
        imports.set(name, type);
        funcs.push(type);
      }
      if (id === 3) funcs.push(types[reader.unsigned()] ?? '');
      if (id === 7) {
        const name = reader.text();
        const kind = reader.byte();
        const item = reader.unsigned();
        if (kind === 0) exports.set(name, funcs[item] ?? '');
      }
    }
    reader.at = end;
  }
  return { imports, exports };
}

function functionType(reader: Reader): string {
  if (reader.byte() !== 0x60) throw new Error('no function type');
  const list = (): string[] => Array.from({ length: reader.unsigned() }, () => typeNames[reader.byte()] ?? '?');
  const params = list();
  const results = list();
  return `(${params.join(', ')}) -> ${results.join(', ')}`;
}

class Reader {
  readonly #bytes: Uint8Array;
  /** Behind magic number and version. */
  at = 8;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Error('the module ends in the middle');
    this.at += 1;
    return byte;
  }

  /** LEB128 */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text(): string {
    const length = this.unsigned();
    const text = new TextDecoder().decode(this.#bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }
}
