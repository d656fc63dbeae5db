/** Primitives that neither Node's OpenSSL nor a kept library has: what the module exports. No function branches or reads memory by a secret. */
export { aegis } from "./aegis";
export { asconAead, asconHashBegin, asconHashEnd, asconHashUpdate } from "./ascon";
export { addStream, counters, polyval } from "./polyval";
export { cyclistAbsorb, cyclistCrypt, cyclistSqueeze } from "./xoodyak";
