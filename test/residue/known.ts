import { algorithms } from '../registry.js';

/**
 * What is freed unwiped before we see it: keys that `createPrivateKey` reads, those on Weierstrass curves and of RSA always,
 * and once in some 20 scans one of X25519 that was given raw (why is not proved: our DER and all copies of it are in memory of ours and wiped); now and then a plaintext, which a
 * decipher of node:crypto seems to move while it makes the buffer that it returns. The ledger's `residue`.
 */
const freedByNode = /^(import (pair|secret), .*(P256|P384|P521|K256|RSA|X25519, Raw)|decrypt( detached)?, )/;

/**
 * What an exchange on P-256 gives was left in C's heap on OpenSSL 3.5 after much other work, by both backends, and not on
 * 3.0 (seen; not in 14 scans since isolated hosts collect); and of the first RSA key that a process imports one copy is left there now and then. That OpenSSL leaves them is likely, and
 * not proved.
 */
const freedByOpenssl = (process.versions['openssl'] ?? '').startsWith('3.0.')
  ? /^$/
  : /^(agree, P256|import (pair|secret), RSA)/;

/**
 * noble has secrets in arrays of 64 bytes at most, which V8 keeps in its own heap: it copies them out of there for a view
 * on a part (what ML-KEM gives: always), or moves them (seeds: now and then), and leaves what was there.
 */
const leftByNoble = /^(import (pair|secret), ML-|decapsulate, ML-)/;
const onNoble = algorithms.report().flatMap(({ id, backend }) => (backend?.startsWith('@noble/') === true ? [id] : []));

/** Whether what is left of a path is not ours to wipe. @param native whether the native backend is used */
export function isKnown(path: string, native: boolean): boolean {
  return (
    freedByOpenssl.test(path) ||
    (!native && freedByNode.test(path)) ||
    (leftByNoble.test(path) && onNoble.some((id) => `${path},`.includes(` ${id},`)))
  );
}
