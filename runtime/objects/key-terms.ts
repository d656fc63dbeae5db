/** What holds of a key beside its bytes, and where it comes from if a secrets manager holds it. */

export interface KeyTerms {
  /** Whether its bytes may leave the host, if the policy lets any. */
  readonly exportable: boolean;
  /** The last second in which it may be used, since 1970; undefined: there is none. */
  readonly expires: bigint | undefined;
}

/** Those of keys that no secrets manager has ever held. */
export const noTerms: KeyTerms = { exportable: true, expires: undefined };

/** Which key of the secrets manager a handle stands for. */
export interface ManagedKey {
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly version: bigint;
}

/** What a handle becomes when its key is stored. */
export interface Stored {
  readonly managed: ManagedKey;
  readonly terms: KeyTerms;
}

/** What a handle takes more when its key is managed, in bytes. */
export const MANAGED_PRICE = 250;
