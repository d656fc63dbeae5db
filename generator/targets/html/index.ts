/** The `html` target: a site of pages, to read in a browser, from a server or a disk. */
import type { PlannedUnit } from '../../abi/plan.js';
import { banner } from '../../print/header.js';
import { markupBanner } from '../documentation/banner.js';
import { manualOf, pagesOf } from '../documentation/build.js';
import type { Manual } from '../documentation/manual.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { overviewPage, PageWriter, type PageOptions } from './page.js';
import { proseWriter } from './prose.js';
import { entriesOf } from './search.js';
import { pageText, sharedFiles, type Navigation, type PageContent } from './shell.js';

export const html: Target = {
  id: 'html',
  summary: 'documentation: a site, with a page for each module and a search',
  dialects: ['witx', 'wit'],
  onRequest: true,
  emit,
};

const overviewFile = 'index.html';

async function emit(planned: PlannedUnit, options: EmitOptions): Promise<FileMap> {
  const manual = manualOf(planned);
  const pageOptions: PageOptions = { manual, prose: await proseWriter(), hrefOf };
  const navigation: Navigation = { site: manual.title, top: [], beside: besideOf(manual, '') };
  const file = (page: PageContent, comment: string): [string, string] => [
    page.path,
    pageText(navigation, page, comment),
  ];
  const facts = { source: undefined, label: manual.label, errata: manual.errata, options };
  return new Map([
    file(
      { path: overviewFile, title: manual.title, main: overviewPage(pageOptions) },
      markupBanner(manual, undefined, options),
    ),
    ...pagesOf(manual).map((page) =>
      file(
        { path: hrefOf(page.slug), title: page.name, main: new PageWriter(pageOptions, page).main() },
        markupBanner(manual, page, options),
      ),
    ),
    ...sharedFiles(entriesOf(manual, '', hrefOf), banner(facts)),
  ]);
}

function hrefOf(slug: string): string {
  return `${slug}.html`;
}

/** @param folder of its pages, with a slash at its end; or empty */
function besideOf(manual: Manual, folder: string): Navigation['beside'] {
  return manual.packages
    .filter(({ pages }) => pages.length > 0)
    .map(({ name, pages }) => ({
      title: { name, path: `${folder}${overviewFile}` },
      links: pages.map((page) => ({ name: page.name, path: `${folder}${hrefOf(page.slug)}`, isCode: true })),
    }));
}
