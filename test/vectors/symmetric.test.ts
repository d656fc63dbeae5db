/** All vectors of hashes, HMAC, HKDF and authenticated ciphers, through the ABI of core modules. */
import { describeWithShared } from '../shared.js';
import { symmetricFiles as files } from './symmetric-files.js';
import { testVectors, VectorReport } from './suite.js';

describeWithShared('vectors of symmetric algorithms', () => {
  const report = new VectorReport('symmetric');
  for (const [path, read] of Object.entries(files)) testVectors(path, read, report);
});
