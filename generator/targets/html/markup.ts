/** HTML in which no text stays unescaped by mistake: only `markup` makes it, and escapes what is put into it. */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Absent parts say nothing, lists are their parts. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template: what is put into it is escaped, but for other markup. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + written(parts[index])).join(''));
}

/** Parts with something between each two; those that say nothing are left out. */
export function joined(parts: readonly Part[], between: string): Markup {
  const texts = parts.map(written).filter((text) => text !== '');
  return new Markup(texts.join(between));
}

/** One part below the other. */
export function stacked(...parts: readonly Part[]): Markup {
  return joined(parts.flat(), '\n');
}

/** A name, or a type with names. Lines break between its words, and in words that no line holds. */
export function code(text: string): Markup {
  const breaks = text.split(/(?<=_|[^_-]{32})/).flatMap((piece, at) => (at === 0 ? [piece] : [markup`<wbr>`, piece]));
  return markup`<code>${breaks}</code>`;
}

function written(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escaped(String(part));
}

/** For text as well as for attributes in double quotes. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
