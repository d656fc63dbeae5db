/**
 * What is freed unwiped before we see it: keys that `createPrivateKey` reads, always; now and then a plaintext, which a
 * decipher of node:crypto seems to move while it makes the buffer that it returns. The ledger's `residue`.
 */
const freedByNode = /^(import (pair|secret), .*(P256|P384|K256|RSA)|decrypt( detached)?, )/;

/**
 * What an exchange on P-256 gives is left in C's heap on OpenSSL 3.5 after much other work, by both backends, and not on
 * 3.0 (seen). That OpenSSL leaves it there is likely, and not proved.
 */
const freedByOpenssl = (process.versions['openssl'] ?? '').startsWith('3.0.') ? /^$/ : /^agree, P256/;

/** Whether what is left of a path is not ours to wipe. @param native whether the native backend is used */
export function isKnown(path: string, native: boolean): boolean {
  return freedByOpenssl.test(path) || (!native && freedByNode.test(path));
}
