/** The pages of a manual in Markdown: blocks, which empty lines part. */
import type { MarkdownIt } from 'markdown-it';
import { lines, type Lines } from '../../print/lines.js';
import { summaryOf, type DocumentedError } from './docs.js';
import type { FunctionEntry, Linked, Manual, PackageEntry, Page, TypeEntry } from './manual.js';
import { headings } from './places.js';
import { below, onOneLine } from './prose.js';
import { plain, type Text } from './text.js';
import { capital, code, layoutFacts, otherName, pageFacts, sentence } from './words.js';

export interface PageOptions {
  readonly manual: Manual;
  readonly reader: MarkdownIt;
  /** The path of a page, seen from another one. */
  readonly hrefOf: (page: string) => string;
}

/** The page that leads to all others. */
export function overviewBlocks({ manual, reader, hrefOf }: PageOptions): readonly string[] {
  return lines(
    `# ${manual.title}`,
    ...manual.packages.map(({ name, docs, isDependency, pages }: PackageEntry): Lines => {
      if (pages.length === 0) return undefined;
      return [
        manual.packages.length > 1 && `## ${name}`,
        isDependency && 'Used by the definitions.',
        docs !== '' && below(docs, 1, reader),
        table(
          ['', 'what it is', 'types', 'functions'],
          pages.map((page) => [
            `[\`${page.name}\`](${hrefOf(page.slug)})`,
            cell([summaryOf(page.docs) || page.kind, ...page.notes.map(sentence)].join(' ')),
            `${page.types.length}`,
            `${page.functions.length}`,
          ]),
        ),
      ];
    }),
  );
}

export class PageWriter {
  readonly #options: PageOptions;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  blocks(page: Page): readonly string[] {
    return lines(
      `# \`${page.name}\``,
      pageFacts(page, this.#options.manual.dialect).join(' · '),
      notes(page.notes),
      this.#prose(page.docs, 1),
      page.uses.length > 0 && `Uses ${page.uses.map((each) => this.#linked(each, page)).join(', ')}.`,
      this.#list(headings.imports, page.imports, page),
      this.#list(headings.exports, page.exports, page),
      page.types.length > 0 && [
        `## ${headings.types}`,
        contents(page.types),
        ...page.types.map((each) => this.#type(each, page)),
      ],
      page.functions.length > 0 && [
        `## ${headings.functions}`,
        contents(page.functions),
        ...page.functions.map((each) => this.#function(each, page)),
      ],
    );
  }

  #type(entry: TypeEntry, page: Page): Lines {
    const { name, docs, is, members, numbers, constants } = entry;
    const typed = members.some(({ type }) => type !== undefined);
    const facts = [
      ...(is === undefined ? [] : [this.#text(is, page)]),
      ...layoutFacts(entry),
      ...otherName(entry, this.#options.manual.dialect),
    ];
    return [
      `### \`${name}\``,
      facts.join(' · '),
      notes(entry.notes),
      this.#prose(docs, 3),
      table(
        [numbers ?? '', 'name', ...(typed ? ['type'] : []), 'what it is'],
        members.map((each) => [
          each.number ?? '',
          code(each.name),
          ...(typed ? [each.type === undefined ? '' : this.#text(each.type, page)] : []),
          cell(each.docs),
        ]),
      ),
      table(
        ['constant', 'value', 'what it is'],
        constants.map((each) => [code(each.name), code(each.value), cell(each.docs)]),
      ),
    ];
  }

  #function(entry: FunctionEntry, page: Page): Lines {
    const { name, docs, params, core, why } = entry;
    const described = params.some((each) => each.docs !== '');
    return [
      `### \`${name}\``,
      otherName(entry, this.#options.manual.dialect).join(' · ') || undefined,
      notes(entry.notes),
      this.#prose(docs.text, 3),
      table(
        ['parameter', 'type', 'core parameters', ...(described ? ['what it is'] : [])],
        params.map((each) => [
          code(each.name),
          this.#text(each.type, page),
          each.core.map(code).join(', ') || (each.offset === undefined ? '' : `in memory, at ${each.offset}`),
          ...(described ? [cell(each.docs)] : []),
        ]),
      ),
      this.#outcome(entry, page),
      docs.errors.length > 0 && [docs.errorsIntro || 'Errors:', errorList(docs.errors)],
      core === undefined ? sentence(`The ABI has no such function: ${why ?? ''}`) : `\`\`\`wat\n${core}\n\`\`\``,
    ];
  }

  #outcome({ results, error }: FunctionEntry, page: Page): string | undefined {
    const values = results.map(
      ({ type, at }) => `${this.#text(type, page)}${at === undefined ? '' : `, written to ${code(at)}`}`,
    );
    const parts = [
      ...(values.length === 0 ? [] : [`returns ${values.join(', and ')}`]),
      ...(error === undefined ? [] : [`fails with ${this.#text(error, page)}`]),
    ];
    return parts.length === 0 ? undefined : capital(`${parts.join('; ')}.`);
  }

  #list(heading: string, items: readonly Linked[], page: Page): Lines {
    return items.length > 0 && [`## ${heading}`, items.map((each) => `- ${this.#linked(each, page)}`).join('\n')];
  }

  #linked({ name, place }: Linked, from: Page): string {
    if (place === undefined) return code(name);
    const file = place.page === from.slug && place.anchor !== undefined ? '' : this.#options.hrefOf(place.page);
    return `[${code(name)}](${file}${place.anchor === undefined ? '' : `#${place.anchor}`})`;
  }

  #prose(docs: string, level: number): string | undefined {
    return docs === '' ? undefined : below(docs, level, this.#options.reader);
  }

  #text(text: Text, page: Page): string {
    const { places } = this.#options.manual;
    const parts = text.map((part) =>
      typeof part === 'string' ? { text: part } : { text: part.text, place: places.ofType(part.decl) },
    );
    if (parts.every(({ place }) => place === undefined)) return code(plain(text));
    return parts
      .map((part) =>
        part.place === undefined ? code(part.text) : this.#linked({ name: part.text, place: part.place }, page),
      )
      .join('');
  }
}

function contents(entries: readonly { readonly name: string; readonly anchor: string }[]): string {
  return entries.map(({ name, anchor }) => `[${code(name)}](#${anchor})`).join(' · ');
}

function errorList(errors: readonly DocumentedError[]): string {
  return errors
    .map(({ cases, when }) => `- ${cases.map(code).join(', ')}: ${when.replaceAll('\n', '\n  ')}`)
    .join('\n');
}

function notes(texts: readonly string[]): Lines {
  return texts.map((text) => `> ${sentence(text).replaceAll('\n', '\n> ')}`);
}

/** Nothing, where there are no rows. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(docs: string): string {
  return onOneLine(docs, ' · ').replaceAll('|', '\\|');
}
