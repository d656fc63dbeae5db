/** Authenticated encryption that no library here has: AEGIS, Ascon-AEAD128, AES-GCM-SIV. Their nonces are long enough to be random, or may come twice. */
import type { Backend } from '../../backends/backend.js';
import { aegisAead, asconAead } from '../../backends/webassembly/aead.js';
import { gcmSiv, ownWithOpenssl } from '../../backends/webassembly/gcm-siv.js';
import { own } from '../../backends/webassembly/module.js';
import type { AeadCipher } from '../../contracts/primitives.js';
import type { AlgorithmFacts } from '../descriptor.js';
import { aeadAlgorithm } from './aead.js';
import type { SymmetricEntry } from './entry.js';

const TAG_BYTES = 16;

/** @param key size in bytes, like `nonce` */
function entry(
  id: string,
  key: number,
  nonce: number,
  backend: Backend,
  facts: AlgorithmFacts,
  make: () => AeadCipher,
): SymmetricEntry {
  const sizes = { key, nonce, tag: TAG_BYTES };
  return {
    ...facts,
    id,
    category: 'symmetric',
    implementations: [
      { backend, constantTime: 'best-effort', make: () => aeadAlgorithm(id, sizes, 'generated', make()) },
    ],
  };
}

function aegis(id: string, size: 16 | 32, lanes: 1 | 2 | 4, vectors: readonly string[]): SymmetricEntry {
  return entry(id, size, size, own, { tier: 'optional', vectors }, () => aegisAead(size, lanes));
}

function siv(id: string, size: 16 | 32, vectors: readonly string[]): SymmetricEntry {
  return entry(id, size, 12, ownWithOpenssl, { tier: 'optional', vectors }, () => gcmSiv(size));
}

export const ownAeads: readonly SymmetricEntry[] = [
  siv('AES-128-GCM-SIV', 16, ['acvp', 'botan', 'wycheproof']),
  siv('AES-256-GCM-SIV', 32, ['botan', 'wycheproof']),
  aegis('AEGIS-128L', 16, 1, ['aegis', 'wycheproof']),
  aegis('AEGIS-128X2', 16, 2, ['aegis']),
  aegis('AEGIS-128X4', 16, 4, ['aegis']),
  aegis('AEGIS-256', 32, 1, ['aegis', 'wycheproof']),
  aegis('AEGIS-256X2', 32, 2, ['aegis']),
  aegis('AEGIS-256X4', 32, 4, ['aegis']),
  entry(
    'ASCON-AEAD',
    16,
    16,
    own,
    { tier: 'optional', approved: 'SP 800-232', vectors: ['acvp', 'lwc', 'wycheproof'] },
    asconAead,
  ),
];
