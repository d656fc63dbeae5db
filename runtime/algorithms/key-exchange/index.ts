/** The table of key exchange algorithms: one line a file. */
import { ellipticCurveExchanges } from './elliptic-curve.js';
import type { KeyExchangeEntry } from './entry.js';
import { mlKems } from './ml-kem.js';
import { x25519 } from './x25519.js';
import { x448 } from './x448.js';
import { xWing } from './x-wing.js';

export const keyExchanges: readonly KeyExchangeEntry[] = [...ellipticCurveExchanges, x25519, x448, xWing, ...mlKems];
