/** Files that have to be there after the machine has lost its power. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the name of a file as durable as what is in it. Errors: those of the system. */
export function syncFolderOf(file: string): void {
  // Windows opens no folders, and writes names by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
