/** All vectors of required and recommended algorithms, through a component and the fast path (`cabiLower`). */
import { describeWithShared } from '../shared.js';
import { componentGuests } from './component-guests.js';
import { useGuests } from './guests.js';
import { testVectors, VectorReport } from './suite.js';

useGuests(await componentGuests('hybrid'));
const { symmetricFiles } = await import('./symmetric-files.js');
const { asymmetricFiles } = await import('./asymmetric-files.js');

describeWithShared('vectors through a component, fast path', () => {
  const report = new VectorReport('component, fast path');
  for (const [path, read] of Object.entries({ ...symmetricFiles, ...asymmetricFiles })) testVectors(path, read, report);
});
