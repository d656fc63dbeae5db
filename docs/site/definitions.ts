/** The definitions that come with the package: pages of each, and what changed from one revision to the next. */
import { changesMarkdown } from '../../generator/changes/show.js';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../generator/frontend/read.js';
import { planUnit } from '../../generator/generate.js';
import { shippedDefinitions } from '../../generator/shipped.js';
import { diffDefinitions } from '../../generator/project/diff.js';
import { findSpec } from '../../generator/project/spec.js';
import { diskReader } from '../../generator/source/disk.js';
import { manualOf, pagesOf } from '../../generator/targets/documentation/build.js';
import { code, markup, stacked } from '../../generator/targets/html/markup.js';
import { table } from '../../generator/targets/html/page.js';
import { manualPages } from '../../generator/targets/html/pages.js';
import type { Prose } from '../../generator/targets/html/prose.js';
import type { Area } from './area.js';
import { articlePage } from './articles.js';

/** An area for each set of definitions, after one that lists them. */
export function definitionAreas(prose: Prose): readonly Area[] {
  // The newest first, also where the search finds a name in each.
  const names = [...revisions().toReversed(), ...shippedDefinitions().filter((name) => !revisions().includes(name))];
  const sets = names.map((name) => {
    const { label, path, dialect } = findSpec(name);
    const unit = readUnit({ label, entries: [path] }, diskReader, new DiagnosticBag());
    if (unit === undefined) throw new Error(`the definitions of ${name} have errors`);
    const manual = manualOf(planUnit(unit, new DiagnosticBag()));
    return { name, dialect, manual, ...manualPages(manual, prose, `definitions/${name}/`) };
  });
  const all = {
    title: { name: 'Definitions', path: 'definitions/index.html' },
    links: sets.map(({ manual, name }) => ({ name: manual.title, path: `definitions/${name}/index.html` })),
  };
  const rows = sets.map(({ name, dialect, manual }) => {
    const pages = pagesOf(manual);
    return [
      markup`<a href="${name}/index.html">${manual.title}</a>`,
      dialect.toUpperCase(),
      code(`generate ${name}`),
      pages.reduce((sum, { functions }) => sum + functions.length, 0),
    ];
  });
  const main = stacked(
    markup`<h1>Definitions</h1>`,
    markup`<p>What comes with the package. WITX defines functions for core modules, WIT for components.</p>`,
    table(['definitions', 'language', 'command', 'functions'], rows),
  );
  return [
    { pages: [{ path: all.title.path, title: all.title.name, main }], beside: [all], entries: [] },
    ...sets.map(({ pages, sections, entries }) => ({ pages, beside: [...sections, all], entries })),
  ];
}

/** The revisions of wasi-crypto, oldest first. What stands in folders is none. */
function revisions(): readonly string[] {
  return shippedDefinitions().filter((name) => !name.includes('/'));
}

/** Revisions of wasi-crypto, each compared with the one before. */
export function differencesArea(prose: Prose): Area {
  const all = revisions();
  const pages = all.slice(1).map((now, at) => {
    const old = all[at] ?? now;
    const { comparison } = diffDefinitions({ old, now });
    if (comparison === undefined) throw new Error(`${old} and ${now} cannot be compared`);
    const changes = changesMarkdown(comparison).map((line) =>
      line.replace(/^### /, '## ').replace(/^\| \| what \| breaks \| \|$/, '| change | what | breaks | details |'),
    );
    const text = `# From ${old} to ${now}\n\nAs \`npx wasi-crypto-gen diff ${old} ${now}\` says it.\n\n${changes.at(-1) ?? ''}\n\n${changes.slice(0, -1).join('\n')}`;
    const path = `differences/${old}-${now}.html`;
    return articlePage({ path, text, hrefOf: (link) => link, found: { level: 1, what: 'differences' } }, prose);
  });
  const links = pages.map(({ title, path }) => ({ name: title, path }));
  const title = { name: 'Differences', path: links[0]?.path ?? '' };
  return { pages, beside: [{ title, links }], entries: pages.flatMap(({ entries }) => entries) };
}
