/** WebAssembly files: what kind they are, and how they are written. */
import { statSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigurationError(`cannot read \`${path}\` (${code})`, hint);
  }
  if (!startsWith(bytes, 0, magic)) throw new ConfigurationError(`\`${path}\` is no WebAssembly`, hint);
  const kind = preambles.find(([, preamble]) => startsWith(bytes, magic.length, preamble))?.[0];
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

/**
 * Checks where output is to go, before any work is done for it.
 *
 * @param path as the user wrote it
 * @param kind what is to be there
 * @throws ConfigurationError when something else is there, or a folder of it is a file
 */
export function checkPlace(path: string, kind: 'file' | 'folder'): void {
  if (kind === 'file' && existing(path)?.isDirectory() === true)
    throw new ConfigurationError(`\`${path}\` is a folder`, 'name a file in it with `--out`');
  const start = resolve(path);
  for (let at = kind === 'file' ? dirname(start) : start; ; at = dirname(at)) {
    const each = existing(at);
    if (each?.isDirectory() === true) return;
    if (each !== undefined)
      throw new ConfigurationError(
        `\`${path}\` cannot be written: ${at === start ? 'it' : `\`${at}\``} is a file`,
        'name another place with `--out`',
      );
  }
}

function existing(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file there is nothing.
    return undefined;
  }
}

/** Writes a file whole or not at all, making its folder if need be. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, Buffer.from(content.buffer, content.byteOffset, content.byteLength));
}
