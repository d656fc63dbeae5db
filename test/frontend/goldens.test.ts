import { describeGoldens } from './golden-cases.js';

const sources = [
  'generator/frontend/witx',
  'generator/frontend/read.ts',
  'generator/frontend/errata.ts',
  'generator/model',
];
// `file-unreadable` needs an unusual reader: read.test.ts. `unknown-selection` is about options: cli/choices.test.ts.
describeGoldens({ folder: 'test/frontend/cases', extension: '.witx' }, sources, [
  'file-unreadable',
  'unknown-selection',
]);
