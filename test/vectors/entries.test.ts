/** Entries name the sources of vectors that test them: at least one, and all that there are. */
import { expect, it } from 'vitest';
import { entries } from '../../runtime/registry.js';
import { describeWithShared } from '../shared.js';
import { asymmetricFiles } from './asymmetric-files.js';
import { filesOf } from './suite.js';
import { symmetricFiles } from './symmetric-files.js';

describeWithShared('the vectors of', () => {
  it.each(entries)('$id stand in its entry, and every file of them has a reader', ({ id, vectors }) => {
    const files = filesOf(id).map(({ path }) => path);
    const readers = { ...symmetricFiles, ...asymmetricFiles };
    expect(
      files.filter((path) => readers[path] === undefined),
      `files of ${id} that test/vectors/*-files.ts gives no reader`,
    ).toEqual([]);
    expect(vectors.length, `the entry of ${id} names no vectors: nothing proves it`).toBeGreaterThan(0);
    const sources = [...new Set(files.map((path) => path.slice(0, path.indexOf('/'))))].toSorted();
    expect([...vectors].toSorted(), `the entry of ${id} names other vectors than there are`).toEqual(sources);
  });

  it('implementations of our own come from two sources at least, another library among them', () => {
    const own = entries.filter((entry) => entry.implementations.some(({ backend }) => backend.kind === 'own'));
    const sourcesOf = (id: string): Set<string> => new Set(filesOf(id).map(({ source }) => source));
    // What another backend has, too, is compared with it on random inputs.
    const lacking = own.filter(({ id, implementations }) => sourcesOf(id).size + implementations.length - 1 < 2);
    expect(lacking.map(({ id }) => id)).toEqual([]);
  });
});
