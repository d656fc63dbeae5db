/** Before each test of `npm run fips`: those of what the provider lacks are skipped, with the reason. */
import { beforeEach } from 'vitest';
import { reasonToSkip } from './skips.js';

beforeEach(({ skip, task }) => {
  const reason = reasonToSkip(task.file.name, task.fullTestName);
  if (reason !== undefined) skip(reason);
});
