/** Comments of languages that share C's, around text that must not end or open them. */

/** The lines of a doc comment; none for an empty text. */
export function docLines(text: string, indent: string): readonly string[] {
  const content = text.replaceAll('*/', '*\\/').replaceAll('/*', '/\\*').trim().split(/\r?\n/);
  const [only = '', ...more] = content;
  if (more.length > 0)
    return [`${indent}/**`, ...content.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
  return only === '' ? [] : [`${indent}/** ${only.trim()} */`];
}
