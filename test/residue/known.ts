/**
 * What is freed unwiped before we see it: keys that `createPrivateKey` reads, always; now and then a plaintext, which a
 * decipher of node:crypto seems to move while it makes the buffer that it returns. The ledger's `residue`.
 */
export const freedByNode = /^(import (pair|secret), .*(P256|P384|K256|RSA)|decrypt( detached)?, )/;
