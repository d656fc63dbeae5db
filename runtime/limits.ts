/** How much a guest may make the host hold. */
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
}

/** What a limit can be set to: `node:crypto` takes no more than 2^31 - 1 bytes in one call. */
export const greatestLimits: Limits = {
  messageBytes: 2 ** 30,
  optionBytes: 2 ** 30,
  handles: 2 ** 20,
  totalBytes: 2 ** 40,
};

export const defaultLimits: Limits = {
  messageBytes: 64 * 2 ** 20,
  optionBytes: 64 * 2 ** 20,
  handles: 2 ** 20,
  totalBytes: 256 * 2 ** 20,
};
