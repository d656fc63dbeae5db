/** Tables of probes with the typed functions for keys, signatures and key exchange. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest, type ErrnoName } from '../../guest/guest.js';

/** Title, errno of the last call, and the calls. All calls before the last one succeed. */
export type Probe = readonly [title: string, errno: ErrnoName, calls: (guest: Asymmetric) => unknown];

/** A test for each row, with a guest of its own. */
export function testProbes(probes: readonly Probe[]): void {
  for (const [title, errno, calls] of probes) {
    it(`${title}: ${errno}`, () => {
      expect(errnoOf(() => calls(new Asymmetric(new Guest())))).toBe(errno);
    });
  }
}

/** A PEM block around these bytes, as other programs write it. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, index: number, mask = 1): Uint8Array {
  // Not `slice`: that of a Buffer shares.
  const copy = Uint8Array.from(bytes);
  const at = index < 0 ? bytes.length + index : index;
  copy[at] = (copy[at] as number) ^ mask;
  return copy;
}

/** What the calls throw; undefined if they do not. */
export function thrownBy(calls: () => unknown): unknown {
  try {
    calls();
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * A key pair that Node generated, in DER and imported again: Node 20 can hang when it exports a
 * KeyObject that it generated itself.
 */
export function nodeKeys(type: 'rsa' | 'ec' | 'ed25519' | 'x25519', options: object = {}) {
  const settings = {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  } as const;
  const generated = generateKeyPairSync(type as 'rsa', Object.assign<typeof settings, object>(settings, options));
  return {
    spki: Uint8Array.from(generated.publicKey),
    pkcs8: Uint8Array.from(generated.privateKey),
    publicKey: createPublicKey({ key: generated.publicKey, type: 'spki', format: 'der' }),
    privateKey: createPrivateKey({ key: generated.privateKey, type: 'pkcs8', format: 'der' }),
  };
}
