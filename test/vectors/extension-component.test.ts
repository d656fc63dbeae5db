/** Vectors of numbers and groups, through components. */
import { componentExtension } from '../guest/extension.js';
import { testExtensionVectors } from './extension-readers.js';

const guest = await componentExtension();
testExtensionVectors(() => guest);
