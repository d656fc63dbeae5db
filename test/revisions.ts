/** The revisions that come with the package: what tests run over. A test that means one revision names it. */
import type { Dialect } from '../generator/model/model.js';
import { findSpec, shippedRevisions } from '../generator/project/spec.js';

export interface Revision {
  readonly revision: string;
  readonly dialect: Dialect;
  /** The folder of its definitions. */
  readonly path: string;
}

/** Oldest first. */
export const revisions: readonly Revision[] = shippedRevisions().map((revision) => {
  const { dialect, path } = findSpec(revision);
  return { revision, dialect, path };
});

export function revisionsIn(...dialects: readonly Dialect[]): readonly Revision[] {
  return revisions.filter((each) => dialects.includes(each.dialect));
}

/** The newest revision of some dialects together. */
export function newest(...dialects: readonly Dialect[]): Revision {
  const found = revisionsIn(...dialects).at(-1);
  if (found === undefined) throw new Error(`no revision is in ${dialects.join(' or ')}`);
  return found;
}

/** The newest revision of every dialect. */
export const newestOfEach: readonly Revision[] = [newest('witx'), newest('wit')];
