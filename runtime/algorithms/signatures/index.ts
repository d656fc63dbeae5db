/** The table of signature algorithms: one line a file. */
import { ecdsa } from './ecdsa.js';
import { ed25519 } from './ed25519.js';
import { ed448 } from './ed448.js';
import type { SignatureEntry } from './entry.js';
import { mlDsas } from './ml-dsa.js';
import { rsa } from './rsa.js';
import { slhDsas } from './slh-dsa.js';

export const signatures: readonly SignatureEntry[] = [...ecdsa, ed25519, ed448, ...rsa, ...mlDsas, ...slhDsas];
