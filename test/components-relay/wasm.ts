/** Writes the few kinds of sections that a relay's core module has (WebAssembly core specification, "Binary Format"). */
import type { CoreSignature, CoreType } from '../../generator/abi/plan.js';

/** A function that the module imports and exports again under another name. */
export interface Relayed {
  readonly module: string;
  readonly name: string;
  readonly signature: CoreSignature;
  readonly exported: string;
}

const valueTypes: Readonly<Record<CoreType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

const [FUNC, TABLE, MEMORY] = [0, 1, 2];

/**
 * A module that hands on what it imports. Its allocator, `cabi_realloc`, calls the first function that
 * the host puts into its table `functions`, so that a test decides what the guest's allocator does; its
 * export `run` calls the second.
 *
 * @param pages size of its memory at the start, in units of 64 KiB
 */
export function relayModule(relayed: readonly Relayed[], pages: number): Uint8Array<ArrayBuffer> {
  const allocatorType = [0x60, ...vector([[0x7f], [0x7f], [0x7f], [0x7f]]), ...vector([[0x7f]])];
  const runType = [0x60, 0, 0];
  const types = [...relayed.map(({ signature }) => functionType(signature)), allocatorType, runType];
  const allocator = relayed.length;
  const run = allocator + 1;
  const runBody = [0, 0x41, 1, 0x11, ...unsigned(run), 0, 0x0b];
  const body = [0, ...[0, 1, 2, 3].flatMap((local) => [0x20, local]), 0x41, 0, 0x11, ...unsigned(allocator), 0, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(
      2,
      relayed.map(({ module, name }, index) => [...text(module), ...text(name), FUNC, ...unsigned(index)]),
    ),
    ...section(3, [unsigned(allocator), unsigned(run)]),
    ...section(4, [[0x70, 0, 2]]),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [
      [...text('memory'), MEMORY, 0],
      [...text('functions'), TABLE, 0],
      [...text('cabi_realloc'), FUNC, ...unsigned(allocator)],
      [...text('run'), FUNC, ...unsigned(run)],
      ...relayed.map(({ exported }, index) => [...text(exported), FUNC, ...unsigned(index)]),
    ]),
    ...section(
      10,
      [body, runBody].map((code) => [...unsigned(code.length), ...code]),
    ),
  ]);
}

/** A module that exports the functions it imports as `host.realloc` and `host.run`: only functions of WebAssembly go into tables. */
export function hostModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [
      [0x60, ...vector([[0x7f], [0x7f], [0x7f], [0x7f]]), ...vector([[0x7f]])],
      [0x60, 0, 0],
    ]),
    ...section(
      2,
      ['realloc', 'run'].map((name, index) => [...text('host'), ...text(name), FUNC, index]),
    ),
    ...section(
      7,
      ['realloc', 'run'].map((name, index) => [...text(name), FUNC, index]),
    ),
  ]);
}

function functionType({ params, result }: CoreSignature): readonly number[] {
  const results = result === undefined ? [] : [[valueTypes[result]]];
  return [0x60, ...vector(params.map(({ type }) => [valueTypes[type]])), ...vector(results)];
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): readonly number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128 */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
