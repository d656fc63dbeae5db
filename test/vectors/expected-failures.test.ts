/** The list of vectors that this host refuses on purpose says why, for files that exist. */
import { expect, it } from 'vitest';
import { describeWithShared } from '../shared.js';
import { expectedFailures, manifest } from './suite.js';

describeWithShared('expected failures', () => {
  it('have a reason that is explained, and every explanation is needed', () => {
    expect(new Set(expectedFailures.vectors.map((each) => each.reason))).toEqual(
      new Set(Object.keys(expectedFailures.reasons)),
    );
  });

  it('stand in files of the manifest, as numbers and ranges', () => {
    const paths = new Set(manifest.map((entry) => entry.path));
    expect(expectedFailures.vectors.filter((each) => !paths.has(each.file))).toEqual([]);
    expect(expectedFailures.vectors.filter((each) => !/^(\*|\d+(-\d+)?( \d+(-\d+)?)*)$/.test(each.cases))).toEqual([]);
  });
});
