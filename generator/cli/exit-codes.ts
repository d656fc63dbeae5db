/** What the process answers. They are part of the command line's interface. */
export const exitCodes = {
  ok: 0,
  /** Output is not what the definitions say, or was changed by hand. */
  drift: 1,
  /** Wrong arguments, missing files, manifests that cannot be used. */
  usage: 2,
  /** The definitions have errors, or what is to be made of them: a guest that does not compile. */
  definitions: 3,
  /** A bug of ours. */
  internal: 70,
  /** A guest aborted or trapped: 128 + SIGABRT, as shells report it. */
  guestAborted: 134,
} as const;
