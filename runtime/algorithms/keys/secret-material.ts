/** What secret keys of all families have in common. */
import type { PublicMaterial, SecretMaterial } from '../../contracts/keys.js';
import { Shared } from '../../objects/guest-object.js';

export abstract class SharedSecretMaterial extends Shared implements SecretMaterial {
  protected override users = 1;
  abstract readonly publicHalf: PublicMaterial;

  raw?(): Uint8Array;
  rawPair?(): Uint8Array;
  sec?(): Uint8Array;
  abstract info(): Uint8Array;
}
