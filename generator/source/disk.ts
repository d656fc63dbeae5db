import { readdirSync, readFileSync, statSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import type { FileReader, Unreadable } from './loader.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The greatest size of a file that is read, in bytes: the largest definitions that anybody published have 200 KiB. */
const largest = 64 * 1024 * 1024;

/** The system's code for what went wrong, and its words. */
function reasonOf(error: unknown): { readonly code: string; readonly words: string } {
  if (!(error instanceof Error && 'code' in error)) return { code: '', words: 'unknown error' };
  const code = String(error.code);
  const words = 'errno' in error ? getSystemErrorMap().get(Number(error.errno))?.[1] : undefined;
  return { code, words: words ?? code };
}

/** In words, why the system refused something. */
export function whyRefused(error: unknown): string {
  return reasonOf(error).words;
}

/** The content of a file, why it is not read, or `undefined` when there is none. A pipe or a device may never end. */
export function readRegularFile(path: string): Uint8Array | Unreadable | undefined {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return { why: 'it is a folder' };
    if (!found.isFile()) return { why: 'it is no regular file' };
    if (found.size > largest) return { why: `it has more than ${largest / 1024 / 1024} MiB` };
    return readFileSync(path);
  } catch (error) {
    const { code, words } = reasonOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { why: words };
  }
}

/** Definition files on disk. Paths are as the process sees them. */
export const diskReader: FileReader = {
  read(path) {
    const content = readRegularFile(path);
    if (content === undefined || 'why' in content) return content;
    try {
      return utf8.decode(content);
    } catch {
      return { why: 'it is not UTF-8 text' };
    }
  },
  list(path) {
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((each) => !each.isDirectory())
        .map((each) => each.name)
        .sort();
    } catch {
      return undefined;
    }
  },
  folders(path) {
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((each) => each.isDirectory())
        .map((each) => each.name)
        .sort();
    } catch {
      return [];
    }
  },
};
