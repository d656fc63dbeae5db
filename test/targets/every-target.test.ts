import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { targets } from '../../generator/targets/index.js';
import { projectRoot } from '../shared.js';
import { testEveryTarget } from './every-target.js';

testEveryTarget(targets);

it.each(targets.map(({ id }) => id))('%s has goldens', (id) => {
  expect(readdirSync(`${projectRoot}test/targets/${id}/cases`)).not.toEqual([]);
});
