/** The pages of a manual in HTML. */
import { summaryOf } from '../documentation/docs.js';
import type { FunctionEntry, Linked, Manual, Page, TypeEntry } from '../documentation/manual.js';
import { headings } from '../documentation/places.js';
import type { Text } from '../documentation/text.js';
import { layoutFacts, otherName, pageFacts, sentence } from '../documentation/words.js';
import { code, joined, markup, stacked, type Markup, type Part } from './markup.js';
import type { Prose } from './prose.js';

export interface PageOptions {
  readonly manual: Manual;
  readonly prose: Prose;
  /** The path of a page, seen from another one. */
  readonly hrefOf: (slug: string) => string;
}

/** The page that leads to all others. */
export function overviewPage({ manual, prose, hrefOf }: PageOptions): Markup {
  return stacked(
    markup`<h1>${manual.title}</h1>`,
    ...manual.packages.map(
      ({ name, docs, isDependency, pages }): Part =>
        pages.length > 0 &&
        stacked(
          manual.packages.length > 1 && markup`<h2>${name}</h2>`,
          isDependency && markup`<p>Used by the definitions.</p>`,
          prose.blocks(docs, 1),
          table(
            ['name', 'what it is', 'types', 'functions'],
            pages.map((page) => [
              markup`<a href="${hrefOf(page.slug)}">${code(page.name)}</a>`,
              prose.inline([summaryOf(page.docs) || page.kind, ...page.notes.map(sentence)].join(' ')),
              page.types.length,
              page.functions.length,
            ]),
          ),
        ),
    ),
  );
}

export class PageWriter {
  readonly #options: PageOptions;
  readonly #page: Page;

  constructor(options: PageOptions, page: Page) {
    this.#options = options;
    this.#page = page;
  }

  main(): Markup {
    const { name, headings: anchors, notes, docs, uses, imports, exports, types, functions } = this.#page;
    const { manual, prose } = this.#options;
    const section = <T>(heading: string, items: readonly T[], content: (items: readonly T[]) => Part): Part =>
      items.length > 0 &&
      stacked(
        markup`<section>`,
        markup`<h2 id="${anchors.get(heading)}">${heading}</h2>`,
        content(items),
        markup`</section>`,
      );
    return stacked(
      markup`<h1>${code(name)}</h1>`,
      facts(pageFacts(this.#page, manual.dialect).map((each) => prose.inline(each))),
      this.#notes(notes),
      prose.blocks(docs, 1),
      uses.length > 0 && markup`<p>Uses ${commas(uses.map((each) => this.#linked(each)))}.</p>`,
      section(headings.imports, imports, (all) => this.#list(all)),
      section(headings.exports, exports, (all) => this.#list(all)),
      section(headings.types, types, (all) => stacked(contents(all), ...all.map((each) => this.#type(each)))),
      section(headings.functions, functions, (all) =>
        stacked(contents(all), ...all.map((each) => this.#function(each))),
      ),
    );
  }

  #type(entry: TypeEntry): Markup {
    const { docs, is, members, numbers, constants } = entry;
    const { manual, prose } = this.#options;
    const typed = members.some(({ type }) => type !== undefined);
    const said = [...layoutFacts(entry), ...otherName(entry, manual.dialect)];
    return stacked(
      markup`<article>`,
      heading(entry),
      facts([is && this.#text(is), ...said.map((each) => prose.inline(each))]),
      this.#notes(entry.notes),
      prose.blocks(docs, 3),
      table(
        [numbers ?? '', 'name', ...(typed ? ['type'] : []), 'what it is'],
        members.map((each) => [
          each.number,
          code(each.name),
          ...(typed ? [each.type && this.#text(each.type)] : []),
          this.#cell(each.docs),
        ]),
      ),
      table(
        ['constant', 'value', 'what it is'],
        constants.map((each) => [code(each.name), code(each.value), this.#cell(each.docs)]),
      ),
      markup`</article>`,
    );
  }

  #function(entry: FunctionEntry): Markup {
    const { docs, params, core, why } = entry;
    const { manual, prose } = this.#options;
    const described = params.some((each) => each.docs !== '');
    return stacked(
      markup`<article>`,
      heading(entry),
      facts(otherName(entry, manual.dialect).map((each) => prose.inline(each))),
      this.#notes(entry.notes),
      prose.blocks(docs.text, 3),
      table(
        ['parameter', 'type', 'core parameters', ...(described ? ['what it is'] : [])],
        params.map((each) => [
          code(each.name),
          this.#text(each.type),
          each.core.length === 0 && each.offset !== undefined
            ? `in memory, at ${each.offset}`
            : commas(each.core.map(code)),
          ...(described ? [this.#cell(each.docs)] : []),
        ]),
      ),
      this.#outcome(entry),
      docs.errors.length > 0 && [
        prose.blocks(docs.errorsIntro || 'Errors:', 3),
        markup`\n<dl>\n`,
        docs.errors.map(
          ({ cases, when }) => markup`<div><dt>${commas(cases.map(code))}</dt><dd>${prose.inline(when)}</dd></div>\n`,
        ),
        markup`</dl>`,
      ],
      core === undefined
        ? markup`<p>${sentence(`The ABI has no such function: ${why ?? ''}`)}</p>`
        : markup`<pre><code>${core}</code></pre>`,
      markup`</article>`,
    );
  }

  #outcome({ results, error }: FunctionEntry): Part {
    const values = results.map(
      ({ type, at }) => markup`${this.#text(type)}${at !== undefined && markup`, written to ${code(at)}`}`,
    );
    const parts = [
      ...(values.length === 0 ? [] : [markup`Returns ${joined(values, ', and ')}`]),
      ...(error === undefined ? [] : [markup`${values.length === 0 ? 'Fails' : 'fails'} with ${this.#text(error)}`]),
    ];
    return parts.length > 0 && markup`<p>${joined(parts, '; ')}.</p>`;
  }

  #notes(texts: readonly string[]): readonly Markup[] {
    return texts.map((text) => markup`<p class="note">${this.#options.prose.inline(sentence(text))}</p>`);
  }

  #list(items: readonly Linked[]): Markup {
    return stacked(markup`<ul>`, ...items.map((each) => markup`<li>${this.#linked(each)}</li>`), markup`</ul>`);
  }

  #linked({ name, place }: Linked): Markup {
    if (place === undefined) return code(name);
    const file = place.page === this.#page.slug && place.anchor !== undefined ? '' : this.#options.hrefOf(place.page);
    return markup`<a href="${file}${place.anchor !== undefined && `#${place.anchor}`}">${code(name)}</a>`;
  }

  #text(text: Text): Markup {
    const { places } = this.#options.manual;
    const parts = text.map((part) =>
      typeof part === 'string' ? code(part) : this.#linked({ name: part.text, place: places.ofType(part.decl) }),
    );
    return joined(parts, '');
  }

  /** Mostly a sentence, which needs no paragraph. */
  #cell(docs: string): Markup {
    const { prose } = this.#options;
    return /\n\s*\n|\n\s*[-*] /.test(docs) ? prose.blocks(docs, 3) : prose.inline(docs);
  }
}

function heading({ name, anchor }: { readonly name: string; readonly anchor: string }): Markup {
  return markup`<h3 id="${anchor}"><a href="#${anchor}">${code(name)}</a></h3>`;
}

function facts(parts: readonly Part[]): Part {
  return parts.length > 0 && markup`<p class="facts">${joined(parts, ' · ')}</p>`;
}

function contents(entries: readonly { readonly name: string; readonly anchor: string }[]): Markup {
  const links = entries.map(({ name, anchor }) => markup`<li><a href="#${anchor}">${code(name)}</a></li>`);
  return stacked(markup`<ul class="contents">`, ...links, markup`</ul>`);
}

function commas(parts: readonly Part[]): Markup {
  return joined(parts, ', ');
}

/** Each cell says what its column is called, for screens on which the row of titles does not stand above. */
export function table(titles: readonly string[], rows: readonly (readonly Part[])[]): Part {
  if (rows.length === 0) return undefined;
  return stacked(
    markup`<table>`,
    markup`<thead><tr>${titles.map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>`,
    markup`<tbody>`,
    ...rows.map(
      (cells) => markup`<tr>${cells.map((each, at) => markup`<td data-label="${titles[at]}">${each}</td>`)}</tr>`,
    ),
    markup`</tbody>`,
    markup`</table>`,
  );
}
