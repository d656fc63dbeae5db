import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asProcess, wasiCryptoGen } from './command-line.js';

export const smallDefinition = `(module $common
  (typename $errno (enum (@witx tag u16) $success
    ;;; @fault bad-memory, bad-text, bad-value, absent, bad-handle, closed-handle, too-many-handles, internal
    $forbidden))
  (resource $handle)
  (typename $thing (handle $handle))
  (@interface func (export "thing_open") (param $name string) (result $error (expected $thing (error $errno)))))
`;

/** A file that every unit has. */
export const types = 'typescript-host/types.ts';

/** A small definition: fast, and tests may spoil it. */
export async function writeDefinition(folder: string, text: string = smallDefinition): Promise<void> {
  await mkdir(join(folder, 'definitions'), { recursive: true });
  await writeFile(join(folder, 'definitions/common.witx'), text);
}

/** What makes a folder a project, whose manifests may name everything in it. */
export function writePackage(folder: string): Promise<void> {
  return writeFile(join(folder, 'package.json'), '{}');
}

/** The output of `generate` for it, in `generated/definitions`. */
export function writeProject(folder: string, ...options: readonly string[]): Promise<void> {
  return writeProjectBy(wasiCryptoGen, folder, options);
}

/** The same, made by the compiled command line: its code is another than the sources. */
export function writeProjectAsProcess(folder: string): Promise<void> {
  // Of another manifest than others have at the same time, whose proof would take the place of this one's.
  return writeProjectBy(asProcess, folder, ['--header', 'Made by a process']);
}

async function writeProjectBy(run: typeof wasiCryptoGen, folder: string, options: readonly string[]): Promise<void> {
  await writeDefinition(folder);
  const { code, stderr } = await run(['generate', '--spec', 'definitions', '--target', 'typescript-host', ...options], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(stderr);
}
