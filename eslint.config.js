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
      'bench/guest/',
      'bench/boundary/',
      'examples/*/assembly/',
      'examples/hash-file/',
      'examples/seal-and-sign/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'test/tsconfig.json'] } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A walk over a closed union names every member: a new one must be an error in each walk.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          considerDefaultExhaustiveForUnions: false,
          allowDefaultCaseForExhaustiveSwitch: false,
          requireDefaultForNonUnion: false,
        },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
