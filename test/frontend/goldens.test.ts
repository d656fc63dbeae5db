import { describeGoldens } from './golden-cases.js';

describeGoldens({ folder: 'test/frontend/cases', extension: '.witx' });
