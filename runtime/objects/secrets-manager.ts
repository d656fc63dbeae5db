/** Connections to the secrets manager. */
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';

/** A connection. No store can be configured yet, so none is ever opened. */
export class SecretsManager extends GuestObject {
  override live = true;
  readonly #account: Account;

  constructor(account: Account) {
    super();
    this.#account = account;
    this.open(account, 0);
  }

  protected override dispose(): void {
    this.#account.close(0);
  }
}
