/** The `html` target: a site of pages, to read in a browser, from a server or a disk. */
import type { PlannedUnit } from '../../abi/plan.js';
import { banner } from '../../print/header.js';
import { markupBanner } from '../documentation/banner.js';
import { manualOf } from '../documentation/build.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { manualPages } from './pages.js';
import { proseWriter } from './prose.js';
import { pageText, sharedFiles } from './shell.js';

export const html: Target = {
  id: 'html',
  summary: 'documentation: a site, with a page for each module and a search',
  dialects: ['witx', 'wit'],
  onRequest: true,
  emit,
};

async function emit(planned: PlannedUnit, options: EmitOptions): Promise<FileMap> {
  const manual = manualOf(planned);
  const { pages, sections, entries } = manualPages(manual, await proseWriter(), '');
  const navigation = { site: manual.title, top: [], beside: sections };
  const facts = { source: undefined, label: manual.label, errata: manual.errata, options };
  return new Map([
    ...pages.map((page): [string, string] => [
      page.path,
      pageText(navigation, page, markupBanner(manual, page.about, options)),
    ]),
    ...sharedFiles(entries, banner(facts)),
  ]);
}
