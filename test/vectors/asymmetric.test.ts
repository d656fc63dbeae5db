/** All vectors of signatures and key exchange, through the ABI of core modules. */
import { describeWithShared } from '../shared.js';
import { asymmetricFiles as files } from './asymmetric-files.js';
import { testVectors, VectorReport } from './suite.js';

describeWithShared('vectors of signatures and key exchange', () => {
  const report = new VectorReport('asymmetric');
  for (const [path, read] of Object.entries(files)) testVectors(path, read, report);
});
