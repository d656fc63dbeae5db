/** All pages of a manual, below a folder of a site. */
import { pagesOf } from '../documentation/build.js';
import type { Manual, Page } from '../documentation/manual.js';
import { overviewPage, PageWriter, type PageOptions } from './page.js';
import type { Prose } from './prose.js';
import { entriesOf, type Entry } from './search.js';
import type { PageContent, Section } from './shell.js';

export interface ManualPages {
  /** The first leads to the others. */
  readonly pages: readonly (PageContent & { readonly about: Page | undefined })[];
  readonly sections: readonly Section[];
  readonly entries: readonly Entry[];
}

/** @param folder with a slash at its end; or empty */
export function manualPages(manual: Manual, prose: Prose, folder: string): ManualPages {
  const hrefOf = (slug: string): string => `${slug}.html`;
  const options: PageOptions = { manual, prose, hrefOf };
  const overview = `${folder}${hrefOf('index')}`;
  return {
    pages: [
      { path: overview, title: manual.title, main: overviewPage(options), about: undefined },
      ...pagesOf(manual).map((about) => {
        const path = `${folder}${hrefOf(about.slug)}`;
        return { path, title: about.name, main: new PageWriter(options, about).main(), about };
      }),
    ],
    sections: manual.packages
      .filter(({ pages }) => pages.length > 0)
      .map(({ name, pages }) => ({
        title: { name, path: overview },
        links: pages.map((page) => ({ name: page.name, path: `${folder}${hrefOf(page.slug)}`, isCode: true })),
      })),
    entries: entriesOf(manual, (slug) => `${folder}${hrefOf(slug)}`),
  };
}
