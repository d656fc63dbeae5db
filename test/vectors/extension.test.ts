/** Vectors of numbers and groups, through the ABI of core modules. */
import { coreExtension } from '../guest/extension.js';
import type { ExtensionCalls } from '../guest/extension-calls.js';
import { testExtensionVectors } from './extension-readers.js';

let guest: ExtensionCalls | undefined;
testExtensionVectors(() => (guest ??= coreExtension()));
