/** A sample of the vectors through a component and the trampolines of jco, a hundred times slower than the fast path. */
import { describeWithShared } from '../shared.js';
import { componentGuests } from './component-guests.js';
import { useGuests } from './guests.js';
import { sample } from './sample.js';
import { testVectors, VectorReport, type VectorReader } from './suite.js';

useGuests(await componentGuests('js'));
const { symmetricFiles } = await import('./symmetric-files.js');
const { asymmetricFiles } = await import('./asymmetric-files.js');

describeWithShared('vectors through a component, default trampolines', () => {
  const report = new VectorReport('component, default');
  const files: Readonly<Record<string, VectorReader>> = { ...symmetricFiles, ...asymmetricFiles };
  for (const path of sample) testVectors(path, files[path] as VectorReader, report);
});
