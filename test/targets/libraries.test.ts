/** Projects of users need not have the types of Node, nor libraries that TypeScript 5.0 has not. */
import { expect, it } from 'vitest';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { emit, load, plannedUnit, typeErrors } from '../generated.js';

const plain = { types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] };

it(
  'host bindings compile with the libraries of 2022 and the types of browsers alone',
  { timeout: 120_000 },
  async () => {
    expect(typeErrors(await emit(typescriptHost, plannedUnit('0.10', 'witx/0.10')), plain)).toEqual([]);
    const files = await emit(componentHost, plannedUnit('0.11', 'witx/0.11'));
    expect(typeErrors(files, plain)).toEqual([]);
    const { ok, err } = (await load(files, 'results.ts')) as typeof import('../../templates/component-host/results.js');
    expect([ok(1), err('no')]).toEqual([
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'no' },
    ]);
  },
);
