/** Tokens of SoftHSM in folders of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

const found = places.find((each) => existsSync(each));

/** The path of SoftHSM's module. */
export const softhsm = found ?? '';

/** Why nothing can be tried here; undefined: it can. */
export const softhsmMissing =
  found === undefined ? 'SoftHSM is not installed' : hasPkcs11js() ? undefined : 'pkcs11js is not installed';

export const PIN = '648219';

export interface TestToken {
  readonly settings: string;
  readonly label: string;
  /** Where its objects are. */
  readonly tokens: string;
}

/** Modules that begin from now on find these. */
export function useTokens({ settings }: TestToken): void {
  process.env['SOFTHSM2_CONF'] = settings;
}

/** Makes a folder with tokens of these labels, and has it used. */
export function newTokens(...labels: readonly string[]): TestToken {
  const folder = mkdtempSync(join(tmpdir(), 'softhsm-'));
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  const settings = join(folder, 'softhsm2.conf');
  writeFileSync(settings, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const token = { settings, label: labels[0] ?? '', tokens };
  useTokens(token);
  for (const label of labels)
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '87654321']);
  return token;
}

function hasPkcs11js(): boolean {
  try {
    createRequire(import.meta.url)('pkcs11js');
    return true;
  } catch {
    return false;
  }
}
