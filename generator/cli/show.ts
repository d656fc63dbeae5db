/** How findings about definitions, and folders, are shown by every command. */
import { relative, resolve, sep } from 'node:path';
import type { Style } from '../changes/show.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { JsonDiagnostic } from '../diagnostics/render.js';
import { shippedFolder } from '../shipped-files.js';
import type { Span } from '../source/source.js';
import type { Terminal } from './terminal.js';

/** A folder as the user would name it. */
export function folderName(folder: string): string {
  return relative(process.cwd(), folder).split(sep).join('/') || '.';
}

/** Code frames on standard error, then how many findings there were. */
export async function showDiagnostics(
  all: readonly Diagnostic[],
  options: { readonly errorsOnly: boolean },
  terminal: Terminal,
): Promise<void> {
  const shown = options.errorsOnly ? all.filter((each) => each.severity === 'error') : all;
  if (shown.length === 0) return;
  const { render, summary } = await import('../diagnostics/render.js');
  const { dim, bold } = terminal.errorColors;
  for (const [first, ...others] of alike(shown)) {
    if ([first, ...others].every(isKnown)) {
      const more = others.length === 0 ? '' : `, and ${others.length} more`;
      terminal.error(dim(`known: ${first.message}${more} (${first.code}, in definitions that are shipped)`));
      continue;
    }
    terminal.error(render(first, terminal.errorColors));
    for (const { span, message } of others)
      terminal.error(dim(`also: ${span === undefined ? '' : `${placeOf(span)}: `}${message}`));
    terminal.error('');
  }
  const told = shown.filter((each) => !isKnown(each));
  if (told.length > 0) terminal.error(bold(summary(told)));
}

/** A warning about what nobody but us can change: one line for all of a kind, so that others stand out. */
function isKnown({ code, span }: Diagnostic): boolean {
  return code === 'no-preview1-abi' && resolve(span?.file.path ?? '').startsWith(shippedFolder + sep);
}

/** Warnings of one kind together, in the order of their first: the same frame eight times hides what is new. */
function alike(all: readonly Diagnostic[]): readonly (readonly [Diagnostic, ...Diagnostic[]])[] {
  const groups: [Diagnostic, ...Diagnostic[]][] = [];
  const warnings = new Map<string, [Diagnostic, ...Diagnostic[]]>();
  for (const each of all) {
    const known = each.severity === 'warning' ? warnings.get(each.code) : undefined;
    if (known !== undefined) {
      known.push(each);
      continue;
    }
    const group: [Diagnostic, ...Diagnostic[]] = [each];
    if (each.severity === 'warning') warnings.set(each.code, group);
    groups.push(group);
  }
  return groups;
}

function placeOf({ file, start }: Span): string {
  const { line, column } = file.position(start);
  return `${file.path}:${line}:${column}`;
}

export async function diagnosticsData(all: readonly Diagnostic[]): Promise<readonly JsonDiagnostic[]> {
  if (all.length === 0) return [];
  const { toJson } = await import('../diagnostics/render.js');
  return all.map(toJson);
}

/** How changes look on standard output. */
export function changesStyle({ outColors: { bold, dim, green, red, yellow, cyan } }: Terminal): Style {
  const colours = { added: green, removed: red, renamed: cyan, changed: yellow, parameters: dim, documented: dim };
  return { heading: bold, dim, mark: (kind, text) => colours[kind](text) };
}
