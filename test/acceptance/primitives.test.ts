/** What is compiled by `npm run build` and used by the sources, too. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { hexOf } from '../hex.js';
import { it } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

describe('primitives.wasm', () => {
  it('is what its sources compile to', async ({ folder }) => {
    await mkdir(join(folder, 'runtime'));
    await promisify(execFile)(process.execPath, [join(projectRoot, '.compile-primitives.mjs'), folder]);
    const [compiled, built] = [folder, join(projectRoot, 'dist')].map((each) =>
      hexOf(readFileSync(join(each, 'runtime/primitives.wasm'))),
    );
    expect(built, '`npm run build` makes it').toBe(compiled);
  });
});
