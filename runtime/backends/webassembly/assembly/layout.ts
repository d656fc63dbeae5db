/** Where things lie in memory: the same numbers as in `../module.ts`. What is compiled has no data of its own. */

export const KEY: usize = 0;
export const NONCE: usize = 32;
export const TAG: usize = 64;
/** State of Ascon, of Xoodoo, or the sum of POLYVAL. */
export const STATE: usize = 96;
/** AEGIS: up to four sets of eight planes. */
export const PLANES: usize = 256;
/** AEGIS: the eight planes after the S-box. */
export const SUBSTITUTED: usize = 768;
/** One block of AEGIS-X4, padded. */
export const BLOCK: usize = 896;
/** Chaining values of BLAKE3 and of KangarooTwelve; BLAKE3: words of blocks, the second halves of results, and finished nodes. */
export const VALUES: usize = 256;
export const WORDS: usize = 384;
export const SECOND: usize = 640;
export const CHAINS: usize = 768;
/** Where associated data and messages begin. */
export const INPUT: usize = 1024;
