/** What every object behind a handle has in common. */
import type { HostObject } from '../../generated/0.10/typescript-host/handles.js';

/**
 * An object that a guest holds by a handle. It ends once: by `release`, when the handle or the
 * context is closed, or by `consume`, when a call has used it up and its handle has to go.
 */
export abstract class GuestObject implements HostObject {
  /** Set here alone. Plain, since the bindings ask after every call, and a getter that all kinds share is slow in V8. */
  live: boolean;

  constructor() {
    this.live = true;
  }

  release(): void {
    if (!this.live) return;
    this.live = false;
    this.dispose();
  }

  /** Ends the object from within: the bindings drop the handle when the call succeeds. */
  protected consume(): void {
    this.release();
  }

  /** Wipes secrets and lets go of what is shared. Called once. */
  protected abstract dispose(): void;
}

/** Something several objects use, such as the bytes of a key. Wiped when the last user lets go. */
export abstract class Shared {
  #users = 1;

  /** One more user; each calls `release` once. */
  retain(): this {
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.dispose();
  }

  /** Whether there is more than one user. */
  protected get isShared(): boolean {
    return this.#users > 1;
  }

  /** Wipes secrets. Called once. */
  protected abstract dispose(): void;
}
