/**
 * What a trial of an algorithm asks of a backend beside its operation: keys come from guests, too. BoringSSL, for one
 * (Bun), generates RSA keys and refuses what the check of an imported one needs.
 */
import type { AsymmetricBackend } from '../../backends/backend.js';
import { Unavailable } from '../../backends/backend.js';
import { wipe } from '../../bytes.js';
import type { KeyFamily, PublicMaterial, SecretMaterial } from '../../contracts/keys.js';
import { readPrivateContainer } from '../../encodings/private-keys.js';
import { readPublicKeyInfo } from '../../encodings/public-keys.js';
import { RsaKeys } from './rsa-keys.js';

/** A copy of a key pair that went out as PKCS#8 and came back: release it. */
export function importedAgain<S extends SecretMaterial, P extends PublicMaterial>(keys: KeyFamily<S, P>, secret: S): S {
  const encoded = secret.info();
  try {
    return keys.secretFromContainer(readPrivateContainer(encoded));
  } finally {
    wipe(encoded);
  }
}

/** The public half of a key pair that went out as SubjectPublicKeyInfo and came back: release it. */
export function publicImportedAgain<S extends SecretMaterial, P extends PublicMaterial>(
  keys: KeyFamily<S, P>,
  secret: S,
): P {
  return keys.publicFromInfo(readPublicKeyInfo(secret.publicHalf.info()));
}

/** Whether a backend can import private keys of RSA. */
const canImport = new Map<AsymmetricBackend, boolean>();

/** Throws `Unavailable` where private keys of RSA cannot be imported. Tried once for all ids: it takes some milliseconds. */
export function requireRsaImport(backend: AsymmetricBackend): void {
  const keys = new RsaKeys(backend.rsa(), 2048, undefined);
  if (!canImport.has(backend)) canImport.set(backend, importsTrialKey(keys));
  if (canImport.get(backend) !== true) throw new Unavailable('it cannot check private RSA keys that are imported');
}

function importsTrialKey(keys: RsaKeys): boolean {
  try {
    keys.secretFromContainer(readPrivateContainer(Buffer.from(TRIAL_KEY, 'base64'))).release();
    return true;
  } catch {
    return false;
  }
}

/** RSAPrivateKey in DER, made for this: generating one takes a tenth of a second. It is no secret. */
const TRIAL_KEY =
  'MIIEogIBAAKCAQEA177Fjpa8euu+oBkfT+cj549bYGmqbM6CvJEOLoQdBByqMPPG4p2oXPXpOiWqW+pF89x2+0u39pmY59WOZcCZcQqD9PVPBK5p' +
  'tKbn+GYPKjpnnvWESc4DKYd/jHsLmUKn6LAIGSb/l8u/c3tC9Tcl0n9pcRcWxDbAU22mEIu2aasxDGqXTQp+3cak2weEuUXG/7F4Z11bLT9jcet+' +
  '34N2QBgBmojeJ8twQB9Y5fX50oZ3dGGZwks7p04j6LNpwVMS6TBFBCeIZ3gflqicn6D9Eb2E1Jrt2WzXziUht05qKZ48tE1ysCvK/8F5H5cK7mCa' +
  'zCWBHJkUMhOzEv75mlkwLwIDAQABAoIBAEKqyUpwCusjCQNY8AOVZdNqya5HyKmZwO17F3pJSdwY7YB1/BnP5RRgywK0W+nOQXKDSGML+VtjCExv' +
  'gfKwatnzCWa7HQFR0glIYDsycnI2nQmSTaAu4GxHWiMzbJid79vn9YCsO+QQymbpin3S3kWnKJKRM3BLiO/e3KeVPLd25Qf7lQlJ7yjauI+Jr8J1' +
  '6NATdIEliscVok5v8e8cQdFg3alrLz2pKOLlDim/gEbaHKj4/DIectKqRQ/POU+RMARSGfPC0vYBTL3Ubs3071v8OK4FaIng/HB7KgGEF1vLTnbL' +
  'UTUgwJb6jmz76xD9hcoVuyMOsJDoOLKT0ZgErVECgYEA+j0ZAJbIeiSApVMGTRuGpqg+1yR/XAhffoltruc4K/liH5BabJpHXud9hpcgngQyUDIb' +
  'gOxZFHwAq/WEVrk06OWNn+GfkcRrVfpNunmfd5GB0D042poH8Zonm/xxfX9HseXRjPVGbqlKeH1ReIDS5C4TUOGiLIBr8QEuJKLkotECgYEA3LZe' +
  'xEp0miszyjIJR0oKtCJtiNmeBxMfEbNm+L4srKjigV0j4uNTE6pIBNLy/Sh18vL+Y3rQmR0xrKMEYlAIYFBNPrzmZT+HsxbQGIGebKSwX7KHU9vS' +
  'Az1ujwgN5CC4I/H2vJWMamREW3wI2z9wHF7CFe1QESsBcecVH3mXYv8CgYArZwN6Jaz5+nDRu/fA0gBl0ZKssCji5pThlqaOio4kmmmZfekhIxUz' +
  '8cTE3luK7MFpRXedweCle+iF6tycSh1SM9Z/n5uUpdPUIsjuif/NtlAktSmySLsN/aXXGU757GScB3d0Emq38Ob4xQuncfiiGRfClJATVebi80h0' +
  'lEhBsQKBgH5PmFh5y9VXGCKFFC5KP2nrsgf5kqi11rgIlcuQ+nwtgsNKDHmSYz8D2od4OjuLZkUNr2w7IxodTQphmOayqriD/FEFRk13WC+zxI/h' +
  'zkqazZ1WzH+/c6cLBzSwBVMjLn7TwMMYSu2wSDaa+26OFZkG2cg2sfXBSOhouPv0WCD9AoGAEuk3g66LCyPMfD0KcgJr1nQ5VgffUTaIhqkl8QGp' +
  'cuQl9rfev4mx6pp8Wx8LxInJqfDoD4mREk9aXYz89Jcwlo3UT1DGshhxTTxjaQadkyc+vMkQsqC9wtVt7x7DD5cTppb1rPVHwUrZxpy8fwfSgUox' +
  'FF3qBC44dgbhjbzSKs8=';
