/**
 * What every object behind a handle has in common.
 *
 * Fields and private methods belong to the classes that objects are made of, never to a base of more than four:
 * where V8 has seen more kinds of objects at one place, adding a field goes the slow way every time. Once a guest
 * had used every algorithm, hashing 64 bytes took 1.4 of the time with them in the bases (measured, Node 20).
 */
import type { HostObject } from '../../templates/typescript-host/handles.js';
import { fail } from '../failures.js';
import type { Account } from '../meter.js';

/**
 * An object that a guest holds by a handle. It ends once: by `release`, when the handle or the
 * context is closed, or by `consume`, when a call has used it up and its handle has to go.
 */
export abstract class GuestObject implements HostObject {
  /** True at first; changed here alone. Plain, since the bindings ask after every call, and a getter that all kinds share is slow in V8. */
  abstract live: boolean;

  release(): void {
    if (!this.live) return;
    this.live = false;
    this.dispose();
  }

  /**
   * Charges a new object to the account of its kind: the last line of its constructor. `dispose` closes the account
   * again. Errors: `overflow`; what the object held is let go.
   *
   * @param bytes that it takes beside the price of its kind
   */
  protected open(account: Account, bytes: number): void {
    account.objects += 1;
    account.take(account.price + bytes);
    if (account.left >= 0) return;
    this.release();
    throw fail.Overflow;
  }

  /** Ends the object from within: the bindings drop the handle when the call succeeds. */
  protected consume(): void {
    this.release();
  }

  /**
   * Wipes secrets, lets go of what is shared, and closes the account. Called once. It is not the base that closes it:
   * reading a field of so many kinds takes V8 longer than all of that.
   */
  protected abstract dispose(): void;
}

/** Something several objects use, such as the bytes of a key. Wiped when the last user lets go. */
export abstract class Shared {
  /** 1 at first; changed here alone. */
  protected abstract users: number;

  /** One more user; each calls `release` once. */
  retain(): this {
    this.users += 1;
    return this;
  }

  release(): void {
    this.users -= 1;
    if (this.users === 0) this.dispose();
  }

  /** Whether there is more than one user. */
  protected get isShared(): boolean {
    return this.users > 1;
  }

  /** Wipes secrets. Called once. */
  protected abstract dispose(): void;
}
