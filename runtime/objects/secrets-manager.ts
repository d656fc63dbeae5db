/** Connections to the secrets manager. */
import { GuestObject } from './guest-object.js';

/** A connection. No store can be configured yet, so none is ever opened. */
export class SecretsManager extends GuestObject {
  override live = true;
  protected override dispose(): void {
    // Nothing is held.
  }
}
