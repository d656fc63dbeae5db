/**
 * The data that lies beside the project: upstream's definitions and the test vectors. Tests that
 * need it are skipped, visibly, where it is missing.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, test } from 'vitest';

/** The root of the project, with a slash at its end. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

const root = process.env['WASI_CRYPTO_SHARED'] ?? join(projectRoot, '..', 'shared');

export const hasShared = existsSync(join(root, 'spec'));

const typescript = join(projectRoot, '.tmp/typescript/node_modules/typescript');

/** The oldest TypeScript that generated code is for, where `npm install --prefix .tmp/typescript typescript@5.0.4` has put it. */
export const oldTypeScript = existsSync(typescript) ? typescript : undefined;

/** The path of a file or folder of the shared data. */
export function shared(path: string): string {
  return join(root, path);
}

/** Why tests are skipped, for their titles. */
export const missingShared = `skipped: no shared data at ../shared (set WASI_CRYPTO_SHARED)`;

/** A `describe` for tests that need the shared data. Without it the tests are not even collected: they read it. */
export function describeWithShared(title: string, tests: () => void): void {
  describeUnless(hasShared ? undefined : missingShared, title, tests);
}

/** A `describe` for tests that need something: where it is missing they are skipped, visibly. @param missing why; undefined: it is there */
export function describeUnless(missing: string | undefined, title: string, tests: () => void): void {
  if (missing === undefined) describe(title, tests);
  else describe(title, () => test.skip(missing));
}

/** The same, where the ledger names the tests: they are skipped, and stay listed. */
export function describeListed(missing: string | undefined, title: string, tests: () => void): void {
  describe.skipIf(missing !== undefined)(title, () => {
    if (missing !== undefined) test.skip(missing);
    tests();
  });
}
