// What the compiler cannot say. Formatting is prettier's; which folder may import which is dependency-cruiser's.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'generated/',
      '.tmp/',
      'test/**/cases/',
      'test/**/goldens/',
      // AssemblyScript is no TypeScript.
      'templates/assemblyscript-guest/',
      // Projects of their own.
      'templates/init/',
      'runtime/backends/webassembly/assembly/',
      'bench/guest/',
      'bench/boundary/',
      'examples/*/build/',
      'examples/*/dist/',
      'examples/*/assembly/',
      'examples/hash-file/',
      'examples/hsm/',
      'examples/managed-keys/',
      'examples/password-login/',
      'examples/post-quantum/',
      'examples/seal-and-sign/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'test/tsconfig.json'] } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', 500],
      // A walk over a closed union names every member: a new one must be an error in each walk.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          considerDefaultExhaustiveForUnions: false,
          allowDefaultCaseForExhaustiveSwitch: false,
          requireDefaultForNonUnion: false,
        },
      ],
      // Failures are objects made once and thrown again: an Error captures a stack, which costs twenty calls.
      '@typescript-eslint/only-throw-error': 'off',
      // Hosts and methods are plain objects of functions, handed around without a `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Interfaces decide what is asynchronous, not whether this implementation waits.
      '@typescript-eslint/require-await': 'off',
      // asc's streams have a `toString` that its types do not tell.
      '@typescript-eslint/no-base-to-string': [
        'error',
        { ignoredTypeNames: ['Error', 'MemoryStream', 'OutputStream'] },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ name: 'MemoryStream', from: 'package', package: 'assemblyscript' }] },
      ],
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    // Tests read JSON that other programs wrote, and compare it at once.
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
