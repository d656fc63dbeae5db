/** The site of the project, in memory. */
import { packageFile, version } from '../../generator/package-root.js';
import { proseWriter } from '../../generator/targets/html/prose.js';
import { pageText, sharedFiles, type PageLink } from '../../generator/targets/html/shell.js';
import { algorithmsArea } from './algorithms.js';
import { definitionAreas, differencesArea } from './definitions.js';
import { guidesArea } from './guides.js';
import { deadLinks } from './links.js';
import { referenceArea } from './reference.js';

/**
 * All files by their paths.
 *
 * @param reference the folder of typedoc's files
 * @throws Error when a link leads nowhere
 */
export async function siteFiles(reference: string): Promise<ReadonlyMap<string, string>> {
  const prose = await proseWriter();
  const repository = packageFile().homepage.replace(/#.*/, '');
  const areas = [
    guidesArea(prose, repository),
    ...definitionAreas(prose),
    differencesArea(prose),
    algorithmsArea(),
    referenceArea(prose, reference),
  ];
  const top: PageLink[] = ['Guides', 'Definitions', 'Differences', 'Algorithms', 'Reference'].flatMap((name) => {
    const title = areas.flatMap(({ beside }) => beside).find((each) => each.title.name === name)?.title;
    return title ?? [];
  });
  const made = [`Made by wasi-crypto-gen ${version}: \`npm run site\`.`];
  const files = new Map([
    ...areas.flatMap(({ pages, beside }) =>
      pages.map((page): [string, string] => [
        page.path,
        pageText({ site: 'wasi-crypto-gen', top, beside }, page, `<!-- ${made.join('')} -->`),
      ]),
    ),
    ...sharedFiles(
      areas.flatMap(({ entries }) => entries),
      made,
    ),
  ]);
  const dead = deadLinks(files);
  if (dead.length > 0) throw new Error(`links that lead nowhere:\n${dead.join('\n')}`);
  return files;
}
