/** What `npm run fips` runs: all that reaches OpenSSL. Each file has a process of its own, as some measure the heap. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  test: {
    root: path('../..'),
    include: [
      'test/{e2e,fips,fuzz,native,runtime,vectors}/**/*.test.ts',
      'test/cli/{algorithms,run}.test.ts',
      'test/acceptance/examples.test.ts',
    ],
    // Titles of tests by algorithms that are absent are absent, too.
    exclude: ['test/runtime/decisions.test.ts', 'test/runtime/stack-end.test.ts'],
    globalSetup: path('../temporary.ts'),
    setupFiles: path('absent.ts'),
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
