/** The runtime's failures, and what the revisions of the interface have for them. */
import { describe, expect, it } from 'vitest';
import { CryptoErrno as errnos10, fail as fail10 } from '../../generated/0.10/typescript-host/types.js';
import { CryptoErrno as errnos11, fail as fail11 } from '../../generated/0.11/component-host/types.js';
import { RuntimeContext } from '../../runtime/context.js';
import { fail, failures, isFailure } from '../../runtime/failures.js';
import { byFailure, translator } from '../../runtime/hosts/errnos.js';
import { readOptions } from '../../runtime/options.js';
import { faults, HostUsageError } from '../../templates/typescript-host/failure.js';

const context = (onError?: (error: unknown) => void) => new RuntimeContext(readOptions({ onError }));
const revisions = [
  ['0.10', errnos10, fail10],
  ['0.11', errnos11, fail11],
] as const;

describe('failures', () => {
  it('have a dense index, and fall back on a row above', () => {
    expect(failures.map(({ index }) => index)).toEqual(failures.map((_, row) => row));
    for (const { index, fallback } of failures.slice(1)) expect(fallback).toBeLessThan(index);
  });

  it('are no errors, and known by a brand that another copy of the runtime has too', () => {
    expect(fail.InvalidTag).not.toBeInstanceOf(Error);
    expect(isFailure(fail.InvalidTag)).toBe(true);
    expect(isFailure({ [Symbol.for('wasi-crypto-gen.runtime-failure')]: true })).toBe(true);
    for (const other of [undefined, null, 'InvalidTag', {}, new Error('x'), fail10.InvalidTag])
      expect(isFailure(other)).toBe(false);
  });
});

describe.each(revisions)('%s', (_, errnos, own) => {
  it('has an errno for each failure under its name, and a failure for each errno', () => {
    expect(failures.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(errnos)
        .filter((name) => name !== 'Success')
        .toSorted(),
    );
    const translate = translator(context(), own);
    for (const failure of failures) expect(translate(failure)).toBe(own[failure.name]);
  });
});

describe('a revision without an errno', () => {
  it('says that of the fallback, or of its fallback', () => {
    const only = byFailure({ InternalError: 'internal', InvalidOperation: 'operation' });
    expect(only[fail.InvalidOperation.index]).toBe('operation');
    expect(only[fail.KeyRequired.index]).toBe('operation');
    expect(only[fail.Expired.index]).toBe('operation');
    expect(only[fail.RngError.index]).toBe('internal');
    expect(only).toHaveLength(failures.length);
  });

  it('cannot do without the last resort', () => {
    // @ts-expect-error every chain ends with it
    expect(() => byFailure({ InvalidKey: 8 })).toThrow(TypeError);
  });
});

describe('what is thrown', () => {
  it('goes through the translation as it is when it is no failure of the runtime', () => {
    const translate = translator(context(), fail10);
    for (const thrown of [fail10.Closed, faults.badMemory, new HostUsageError('a', 'b'), new Error('bug'), 'text', 3])
      expect(translate(thrown)).toBe(thrown);
  });

  it('by OpenSSL is an algorithm failure, of which the owner is told', () => {
    const told: unknown[] = [];
    const error = Object.assign(new Error('no'), { code: 'ERR_OSSL_EVP_NO' });
    expect(
      translator(
        context((each) => told.push(each)),
        fail11,
      )(error),
    ).toBe(fail11.AlgorithmFailure);
    expect(told).toEqual([error]);
  });
});
