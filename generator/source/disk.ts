import { readdirSync, readFileSync } from 'node:fs';
import type { FileReader } from './loader.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Definition files on disk. Paths are as the process sees them. */
export const diskReader: FileReader = {
  read(path) {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      const code = codeOf(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { why: code === 'EISDIR' ? 'it is a folder' : code };
    }
    try {
      return utf8.decode(bytes);
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
