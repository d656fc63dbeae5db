/** The `markdown` target: a page for each module, to read where the code is. */
import type { PlannedUnit } from '../../abi/plan.js';
import { markupBanner } from '../documentation/banner.js';
import { manualOf, pagesOf } from '../documentation/build.js';
import { overviewBlocks, PageWriter, type PageOptions } from '../documentation/page.js';
import { markdownReader } from '../documentation/prose.js';
import type { EmitOptions, FileMap, Target } from '../target.js';

export const markdown: Target = {
  id: 'markdown',
  summary: 'documentation: a page for each module, in Markdown',
  dialects: ['witx', 'wit'],
  onRequest: true,
  emit,
};

/** Hosts of repositories show this file of a folder. */
const overviewFile = 'README.md';

async function emit(planned: PlannedUnit, options: EmitOptions): Promise<FileMap> {
  const manual = manualOf(planned);
  const pageOptions: PageOptions = { manual, reader: await markdownReader(), hrefOf: (page) => `${page}.md` };
  const writer = new PageWriter(pageOptions);
  const file = (banner: string, blocks: readonly string[]): string => `${[banner, ...blocks].join('\n\n').trimEnd()}\n`;
  return new Map([
    [overviewFile, file(markupBanner(manual, undefined, options), overviewBlocks(pageOptions))],
    ...pagesOf(manual).map((page): [string, string] => [
      `${page.slug}.md`,
      file(markupBanner(manual, page, options), [...writer.blocks(page), `[${manual.label}](${overviewFile})`]),
    ]),
  ]);
}
