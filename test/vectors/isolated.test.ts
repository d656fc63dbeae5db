/** A sample of the vectors through a host in a process of its own. */
import { afterAll } from 'vitest';
import { createIsolatedWasiCrypto } from '../../runtime/isolated.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { CoreExtension } from '../guest/extension.js';
import { Guest } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { describeWithShared } from '../shared.js';
import { testExtensionVectors } from './extension-readers.js';
import { useGuests } from './guests.js';
import { sample } from './sample.js';
import { testVectors, VectorReport, type VectorReader } from './suite.js';

const guest = new Guest(createIsolatedWasiCrypto({ policy: { unauthenticatedCiphers: true } }));
useGuests({ symmetric: new Symmetric(guest), asymmetric: new Asymmetric(guest) });
const { symmetricFiles } = await import('./symmetric-files.js');
const { asymmetricFiles } = await import('./asymmetric-files.js');

afterAll(() => guest.host.close());

describeWithShared('vectors through an isolated host', () => {
  const report = new VectorReport('isolated');
  const files: Readonly<Record<string, VectorReader>> = { ...symmetricFiles, ...asymmetricFiles };
  for (const path of sample) testVectors(path, files[path] as VectorReader, report);
});

testExtensionVectors(() => new CoreExtension(guest));
