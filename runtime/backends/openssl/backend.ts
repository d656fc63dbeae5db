/** OpenSSL, through `node:crypto`. */
import type { Backend } from '../backend.js';
import { opensslName } from '../provider.js';

export const openssl: Backend = {
  kind: 'openssl',
  name: opensslName,
};

/** `node:crypto` refuses inputs of 2^31 bytes; guest memory can hold twice that. */
export const LONGEST_INPUT = 2 ** 30;
