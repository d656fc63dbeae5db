/** Connections to the secrets manager. */
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';

/** A connection. What it is to belongs to the context. */
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
