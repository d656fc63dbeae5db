/** `env.abort`, which AssemblyScript calls for failed assertions and errors nobody catches. */
import type { Memory } from './web-assembly.js';

/** Thrown through the guest, which ends there. */
export class GuestAbort extends Error {
  override readonly name = 'GuestAbort';
}

/** @param memory the guest's, once it has one */
export function abortImport(
  memory: () => Memory | undefined,
): (message: number, file: number, line: number, column: number) => never {
  return (message, file, line, column) => {
    const buffer = memory()?.buffer;
    const text = readString(buffer, message >>> 0) || 'no message';
    const name = readString(buffer, file >>> 0);
    throw new GuestAbort(name === '' ? text : `${text}\n    at ${name}:${line >>> 0}:${column >>> 0}`);
  };
}

/** Far more than anybody reads, and an end for lengths that are nonsense. */
const longestMessage = 65_536;

/** An AssemblyScript string: UTF-16, its length in bytes before it. Empty when there is none. */
function readString(buffer: ArrayBufferLike | undefined, pointer: number): string {
  if (buffer === undefined || pointer < 4 || pointer > buffer.byteLength) return '';
  const size = new DataView(buffer).getUint32(pointer - 4, true);
  if (pointer + size > buffer.byteLength) return '';
  const bytes = new Uint8Array(buffer, pointer, Math.min(size, longestMessage) & ~1);
  // A copy: TextDecoder refuses shared memory.
  return new TextDecoder('utf-16le').decode(Uint8Array.from(bytes));
}
