/** The `overview` target: the whole interface as one text, for people in a hurry and for language models. */
import type { PlannedUnit } from '../../abi/plan.js';
import type { Dialect } from '../../model/model.js';
import { lines, type Lines } from '../../print/lines.js';
import { markupBanner } from '../documentation/banner.js';
import { manualOf, pagesOf } from '../documentation/build.js';
import { summaryOf } from '../documentation/docs.js';
import type { FunctionEntry, Manual, Page, TypeEntry } from '../documentation/manual.js';
import { below, markdownReader } from '../documentation/prose.js';
import { plain } from '../documentation/text.js';
import type { EmitOptions, FileMap, Target } from '../target.js';

export const overview: Target = {
  id: 'overview',
  summary: 'documentation: the whole interface as one concise text',
  dialects: ['witx', 'wit'],
  onRequest: true,
  emit,
};

/** How to read it. */
const legends: Readonly<Record<Dialect, string>> = {
  witx: `Core modules import functions by the name of the module and their own. As core
parameters a \`string\` or a \`list\` is a pointer and a length; an \`out list\` is memory of the caller, which the
function fills; records and variants are passed by address. A function that can fail returns its errno, where 0 is
success, and writes its results to pointers that follow the parameters. Numbers before members are tags, offsets or
bits.`,
  wit: `Functions stand in interfaces, which components import by their full names.
\`borrow\` lends a handle for the call; a handle without it goes over to the callee. Numbers before members are tags,
offsets or bits.`,
};

async function emit(planned: PlannedUnit, options: EmitOptions): Promise<FileMap> {
  const manual = manualOf(planned);
  const reader = await markdownReader();
  const blocks = lines(
    markupBanner(manual, undefined, options),
    `# ${manual.title}`,
    `Interface definitions in ${manual.dialect.toUpperCase()}. ${legends[manual.dialect]}`,
    ...pagesOf(manual).map((page): Lines => [
      `## ${page.kind === 'world' ? 'World ' : ''}${page.name}`,
      page.id !== page.name && `Full name: \`${page.id}\``,
      ...page.notes.map((note) => `Note: ${note}.`),
      page.docs !== '' && below(page.docs, 2, reader),
      itemsOf('Imports', page.imports),
      itemsOf('Exports', page.exports),
      entries(page),
    ]),
  );
  return new Map([['overview.md', `${blocks.join('\n\n').trimEnd()}\n`]]);
}

function itemsOf(title: string, items: Manual['packages'][number]['pages'][number]['imports']): string | undefined {
  return items.length === 0 ? undefined : `${title}: ${items.map(({ name }) => `\`${name}\``).join(', ')}.`;
}

function entries({ types, functions }: Page): string | undefined {
  const all = [...types.flatMap(typeLines), ...functions.map(functionLine)];
  return all.length === 0 ? undefined : all.join('\n');
}

function typeLines({ name, docs, kind, repr, is, members, constants }: TypeEntry): readonly string[] {
  const what = is === undefined ? [kind, ...(repr === undefined ? [] : [repr])].join(' ') : plain(is);
  return [
    item(`\`${name}\` = \`${what}\``, summaryOf(docs)),
    ...members.map((each) => {
      const type = each.type === undefined ? '' : `: ${plain(each.type)}`;
      return `  ${item(`${each.number ?? '?'} \`${each.name}${type}\``, summaryOf(each.docs))}`;
    }),
    ...constants.map((each) => `  ${item(`\`${each.name}\` = ${each.value}`, summaryOf(each.docs))}`),
  ];
}

function functionLine({ wire, params, results, error, docs, notes, core, why }: FunctionEntry): string {
  const taken = params.map(({ name, type }) => `${name}: ${plain(type)}`).join(', ');
  const given = results.map(({ type }) => plain(type)).join(', ');
  const value = results.length > 1 ? `tuple<${given}>` : given;
  const returned = error === undefined ? value : `result<${value || '_'}, ${plain(error)}>`;
  const errors = docs.errors.flatMap(({ cases }) => cases);
  return item(
    `\`${wire}(${taken})${returned === '' ? '' : ` -> ${returned}`}\``,
    [
      summaryOf(docs.text),
      ...(errors.length === 0 ? [] : [`Errors: ${errors.join(', ')}.`]),
      ...notes.map((note) => `${note}.`),
      ...(core === undefined ? [`The ABI has no such function: ${why ?? ''}.`] : []),
    ].join(' '),
  );
}

function item(what: string, said: string): string {
  return `- ${what}${said === '' ? '' : `: ${said}`}`;
}
