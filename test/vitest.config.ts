import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Compilers (tsc, asc) and command-line processes run inside tests.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
