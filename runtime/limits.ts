/** How much a guest may make the host hold and do. */
export interface Limits {
  /** Greatest size of a message, or of any other input that the host has to keep, in bytes. At most 1 GiB; default: 64 MiB. */
  readonly messageBytes: number;
  /** Greatest size of the value of an option, in bytes. At most 1 GiB; default: 64 MiB. */
  readonly optionBytes: number;
  /** Greatest number of handles that are open at once. Default and greatest: 1 048 576. */
  readonly handles: number;
  /**
   * Greatest size of everything that the host keeps for the guest at once, in bytes: messages, keys, options, results and
   * the objects behind handles, which have a price by kind (`prices.ts`): so it can be reached before the
   * greatest number of handles. Beyond it calls answer `overflow`. At most 2^40; default: 256 MiB.
   */
  readonly totalBytes: number;
  /**
   * Greatest cost of a single call, a batch being one: beyond it calls answer `overflow` before they begin. The unit is a
   * byte that is hashed, encrypted or kept, about a nanosecond; other work has a price in it (`prices.ts`,
   * `KeyPrices`). At most 2^53 - 1; default: 2^32, so that all memory of a guest can be hashed at once, and a key of
   * RSA-4096 can be generated.
   */
  readonly callCost: number;
  /**
   * Greatest cost of all calls together, in the unit of `callCost`: what a guest may use up in its life. Beyond it
   * calls that compute something answer `overflow`. Default and greatest: 2^53 - 1, which lasts for months.
   */
  readonly totalCost: number;
}

/** What a limit can be set to: `node:crypto` takes no more than 2^31 - 1 bytes in one call. */
export const greatestLimits: Limits = {
  messageBytes: 2 ** 30,
  optionBytes: 2 ** 30,
  handles: 2 ** 20,
  totalBytes: 2 ** 40,
  callCost: Number.MAX_SAFE_INTEGER,
  totalCost: Number.MAX_SAFE_INTEGER,
};

export const defaultLimits: Limits = {
  messageBytes: 64 * 2 ** 20,
  optionBytes: 64 * 2 ** 20,
  handles: 2 ** 20,
  totalBytes: 256 * 2 ** 20,
  callCost: 2 ** 32,
  totalCost: Number.MAX_SAFE_INTEGER,
};
