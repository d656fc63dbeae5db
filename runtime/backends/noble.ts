/** The noble libraries: for what this Node's OpenSSL lacks. A test compares the version with the installed one. */
import type { Backend } from './backend.js';

export const noblePostQuantum: Backend = { kind: 'noble', name: '@noble/post-quantum 0.7.1' };
