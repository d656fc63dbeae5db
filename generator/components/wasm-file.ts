/** WebAssembly files: what kind they are. */
import { readFile } from 'node:fs/promises';
import { whyRefused } from '../source/disk.js';
import { ConfigurationError } from '../project/errors.js';

const magic = [0x00, 0x61, 0x73, 0x6d];
/** Of the binary format: a version and a layer, two bytes each (Binary.md, "Component Definitions"). */
const preambles: readonly (readonly [kind: 'component' | 'module', bytes: readonly number[]])[] = [
  ['component', [0x0d, 0x00, 0x01, 0x00]],
  ['module', [0x01, 0x00, 0x00, 0x00]],
];

function startsWith(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((each, index) => bytes[at + index] === each);
}

/** By the preamble, of bytes that begin with the magic. */
function kindOf(bytes: Uint8Array): 'component' | 'module' | undefined {
  return preambles.find(([, preamble]) => startsWith(bytes, magic.length, preamble))?.[0];
}

/** Whether bytes begin as those of a component. */
export function isComponent(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0, magic) && kindOf(bytes) === 'component';
}

/**
 * Reads a WebAssembly file.
 *
 * @param hint what to name instead
 * @throws ConfigurationError when there is no such file, or it holds something else
 */
export async function readWasm(
  path: string,
  hint: string,
): Promise<{ readonly kind: 'component' | 'module'; readonly bytes: Uint8Array }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new ConfigurationError(`cannot read \`${path}\` (${whyRefused(error)})`, hint);
  }
  if (!startsWith(bytes, 0, magic)) throw new ConfigurationError(`\`${path}\` is no WebAssembly`, hint);
  const kind = kindOf(bytes);
  if (kind === undefined)
    throw new ConfigurationError(
      `\`${path}\` is in a version of the binary format that is not known here`,
      'build it anew with current tools',
    );
  return { kind, bytes };
}

/**
 * Reads a component.
 *
 * @throws ConfigurationError when there is no such file, or it holds something else
 */
export async function readComponent(path: string): Promise<Uint8Array> {
  const { kind, bytes } = await readWasm(
    path,
    'name a component: `wasi-crypto-gen transpile guest.component.wasm --out build`',
  );
  if (kind === 'component') return bytes;
  throw new ConfigurationError(
    `\`${path}\` is a core module, not a component`,
    'it needs no JavaScript around it: `wasi-crypto-gen run` takes it as it is; components are made by `wasi-crypto-gen componentize`',
  );
}
