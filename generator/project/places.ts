/** Where output other than generated bindings goes. */
import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigurationError } from './errors.js';

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
        'name another place',
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
