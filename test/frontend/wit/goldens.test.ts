import { describeGoldens } from '../golden-cases.js';

// `file-unreadable` needs an unusual reader, and one run reads one kind of definitions: read.test.ts.
describeGoldens(
  { folder: 'test/frontend/wit/cases', extension: '.wit' },
  ['generator/frontend/wit', 'generator/model/rules/empty-types.ts'],
  ['file-not-found', 'file-unreadable', 'unsupported-dialect'],
);
