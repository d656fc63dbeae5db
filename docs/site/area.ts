/** A part of the site: pages that have the same list of pages beside them. */
import type { Entry } from '../../generator/targets/html/search.js';
import type { PageContent, Section } from '../../generator/targets/html/shell.js';

export interface Area {
  readonly pages: readonly PageContent[];
  readonly beside: readonly Section[];
  /** What the search finds. */
  readonly entries: readonly Entry[];
}
