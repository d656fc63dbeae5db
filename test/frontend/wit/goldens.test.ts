import { describeGoldens } from '../golden-cases.js';

describeGoldens({ folder: 'test/frontend/wit/cases', extension: '.wit' });
