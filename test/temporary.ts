/** All temporary files of a run stand in one folder, which ends with it, whatever becomes of the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function inOneFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-tests-'));
  process.env['TMPDIR'] = folder;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  return remove;
}
