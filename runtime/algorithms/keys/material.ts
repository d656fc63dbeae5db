/** What keys of all families have in common. */
import type { PublicMaterial, SecretMaterial } from '../../contracts/keys.js';
import { Shared } from '../../objects/guest-object.js';

export abstract class SharedPublicMaterial extends Shared implements PublicMaterial {
  protected override users = 1;

  raw?(): Uint8Array;
  sec?(): Uint8Array;
  abstract info(): Uint8Array;
  abstract validate(): void;
}

export abstract class SharedSecretMaterial extends Shared implements SecretMaterial {
  protected override users = 1;
  /** Goes with the secret, unless it has users of its own. */
  abstract readonly publicHalf: PublicMaterial;

  raw?(): Uint8Array;
  rawPair?(): Uint8Array;
  sec?(): Uint8Array;
  abstract info(): Uint8Array;
}

/** The secret, if a check of it throws nothing; released otherwise. */
export function ifGood<S extends SecretMaterial>(secret: S, check: () => void): S {
  try {
    check();
    return secret;
  } catch (error) {
    secret.release();
    throw error;
  }
}
