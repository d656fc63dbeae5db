import { expect, hash } from 'wasi-crypto';

export function digestOf(message: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  expect(hash('SHA-256', message, digest), 'hashing');
  return digest;
}
