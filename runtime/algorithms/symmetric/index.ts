/** The table of symmetric algorithms: one line a file. */
import { aeads } from './aead.js';
import { blake2s } from './blake2.js';
import { cbcs } from './cbc.js';
import { cmacs } from './cmac.js';
import { ctrs } from './ctr.js';
import type { SymmetricEntry } from './entry.js';
import { hashes } from './hashes.js';
import { hkdfs } from './hkdf.js';
import { hmacs } from './hmac.js';
import { kmacs } from './kmac.js';
import { ownAeads } from './own-aead.js';
import { passwords } from './passwords.js';
import { sivs } from './siv.js';
import { xchachas } from './xchacha.js';
import { tupleHashes } from './tuplehash.js';
import { sessions } from './xoodyak.js';
import { xofs } from './xofs.js';

export const symmetricAlgorithms: readonly SymmetricEntry[] = [
  ...hkdfs,
  ...hmacs,
  ...cmacs,
  ...kmacs,
  ...hashes,
  ...tupleHashes,
  ...blake2s,
  ...xofs,
  ...aeads,
  ...xchachas,
  ...ownAeads,
  ...sivs,
  ...cbcs,
  ...ctrs,
  ...sessions,
  ...passwords,
];
