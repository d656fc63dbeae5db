/** The runtime's failures, and what the revisions of the interface have for them. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fail as fail10 } from '../../generated/0.10/typescript-host/types.js';
import { fail as fail11 } from '../../generated/0.11/component-host/types.js';
import { RuntimeContext } from '../../runtime/context.js';
import { fail, failures, isFailure, type Failure } from '../../runtime/failures.js';
import { byFailure, translator, type ByName } from '../../runtime/hosts/errnos.js';
import { readOptions } from '../../runtime/options.js';
import { faults, HostUsageError } from '../../templates/typescript-host/failure.js';
import { revisions } from '../revisions.js';
import { projectRoot } from '../shared.js';

const context = (onError?: (error: unknown) => void) => new RuntimeContext(readOptions({ onError }));

/** What the generated hosts have for errnos, by name. */
const hosts = await Promise.all(
  revisions.flatMap(({ revision }) =>
    readdirSync(`${projectRoot}generated/${revision}`)
      .filter((target) => target.endsWith('-host'))
      .map(async (target) => {
        // Absolute: what collects titles for the ledger has another root.
        const path = `${projectRoot}generated/${revision}/${target}/types.ts`;
        const { fail: own } = (await import(path)) as { readonly fail: ByName<object> };
        return [revision, own] as const;
      }),
  ),
);

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

/** What stands for a failure in a revision: itself, or the nearest fallback that the revision has. */
function nearest(failure: Failure, own: ByName<object>): object | undefined {
  const fallback = failures[failure.fallback];
  return own[failure.name] ?? (fallback === undefined || fallback === failure ? undefined : nearest(fallback, own));
}

describe.each(hosts)('%s', (_, own) => {
  it('has a failure for each errno, and for each failure an errno of its name or that of its fallback', () => {
    expect(Object.keys(own).filter((name) => !(name in fail))).toEqual(['Success']);
    const translate = translator(context(), own);
    for (const failure of failures) expect(translate(failure), failure.name).toBe(nearest(failure, own));
  });
});

it('every failure is an errno of some revision, but for those of the extension', () => {
  expect(hosts.length).toBeGreaterThan(1);
  const unknown = failures.filter(({ name }) => hosts.every(([, own]) => own[name] === undefined));
  expect(unknown).toEqual([fail.Malformed, fail.NoResult]);
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
