/** The banner of documentation. */
import { banner, type BannerFacts } from '../../print/header.js';
import type { EmitOptions } from '../target.js';
import type { Manual, Page } from './manual.js';

/** For files of markup: no linter has to be told to pass over them, and nothing in the comment ends it. */
export function markupBanner(manual: Manual, page: Page | undefined, options: EmitOptions): string {
  const facts: BannerFacts = {
    source: page?.source,
    label: manual.label,
    errata: manual.errata.filter(({ module }) => module === page?.name),
    options: { command: options.command, header: options.header },
  };
  return ['<!--', ...banner(facts).map((line) => line.replace(/-->|--!>|<!--/g, '- -')), '-->'].join('\n');
}
