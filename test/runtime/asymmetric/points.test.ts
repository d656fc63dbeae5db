import { randomBytes } from 'node:crypto';
import { ed25519 as reference } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import { fail } from '../../../runtime/failures.js';
import { jacobiSymbol } from '../../../runtime/algorithms/keys/jacobi-symbol.js';
import { algorithms } from '../../registry.js';

const ed25519 = algorithms.signature('Ed25519');

function isImported(bytes: Uint8Array): boolean {
  try {
    ed25519.keys.publicFromRaw?.(bytes);
    return true;
  } catch (thrown) {
    if (thrown !== fail.InvalidKey) throw thrown;
    return false;
  }
}

function isPoint(bytes: Uint8Array): boolean {
  try {
    reference.Point.fromBytes(bytes, false);
    return true;
  } catch {
    return false;
  }
}

/** Encodings at and around 0, p, 2^255 and the points with x = 0, with both signs. */
function edges(): readonly Uint8Array[] {
  const prime = 2n ** 255n - 19n;
  const values = [0n, 1n, 2n, 3n, 4n, prime - 2n, prime - 1n, prime, prime + 1n, prime + 2n, 2n ** 255n - 1n];
  return values.flatMap((y) => [y, y + 2n ** 255n]).map((y) => bytesOf(y.toString(16).padStart(64, '0')).reverse());
}

describe('points of Ed25519', () => {
  it('are told from what is none as another library does', () => {
    const samples = [...edges(), ...Array.from({ length: 500 }, () => new Uint8Array(randomBytes(32)))];
    for (const bytes of samples) expect(isImported(bytes), hexOf(bytes)).toBe(isPoint(bytes));
    expect(samples.filter(isPoint).length).toBeGreaterThan(150);
  });
});

describe('the Jacobi symbol', () => {
  it('is 1 for the squares modulo a prime, 0 for its multiples and -1 for the rest', () => {
    for (const prime of [3n, 5n, 7n, 11n, 257n, 1009n]) {
      const squares = new Set(
        Array.from({ length: Number(prime) }, (_, root) => (BigInt(root) * BigInt(root)) % prime),
      );
      for (let value = 0n; value < prime; value += 1n) {
        expect(jacobiSymbol(value, prime), `${value} / ${prime}`).toBe(value === 0n ? 0 : squares.has(value) ? 1 : -1);
      }
    }
  });

  it('is the product over the factors of the modulus', () => {
    for (let value = 0n; value < 1155n; value += 1n) {
      const product = [3n, 5n, 7n, 11n].reduce((symbol, prime) => symbol * jacobiSymbol(value, prime), 1);
      expect(jacobiSymbol(value, 1155n) + 0, String(value)).toBe(product + 0);
    }
  });

  it('skips long runs of zeros', () => {
    expect(jacobiSymbol(3n << 64n, 7n)).toBe(jacobiSymbol(3n * 2n, 7n));
    expect(jacobiSymbol(3n << 65n, 7n)).toBe(jacobiSymbol(3n * 4n, 7n));
    expect(jacobiSymbol(3n << 33n, 5n)).toBe(jacobiSymbol(3n * 2n, 5n));
  });
});
