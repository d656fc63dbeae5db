/** The revisions in WIT that come with the package, as packages that other definitions refer to. */
import { expect, it } from 'vitest';
import { shippedVersions } from '../../../generator/frontend/wit/shipped.js';
import { revisionsIn } from '../../revisions.js';

it('the extension is a package of its own', () => {
  expect(shippedVersions('wasi:crypto-ext')).toEqual(['wasi:crypto-ext@0.1.0']);
});

it('each revision is the package of its version', () => {
  expect(shippedVersions('wasi:crypto')).toEqual(revisionsIn('wit').map(({ revision }) => `wasi:crypto@${revision}.0`));
});
