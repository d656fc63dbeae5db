/** Templates: whole source files that are copied into the output, and what they export. */
import { shippedText } from '../shipped-files.js';

/** The text of a template in TypeScript; `path` is below the folder of templates, without its ending. */
export function templateText(path: string): string {
  return templateFile(`${path}.ts`);
}

/** The text of any template, by its path below the folder of templates. */
export function templateFile(path: string): string {
  return shippedText(`templates/${path}`);
}

const known = new Map<string, readonly string[]>();

/** All that a template exports, read from the file itself: a test compares it with what TypeScript finds there. */
export function templateExports(path: string): readonly string[] {
  const found = known.get(path) ?? exportsOf(templateText(path));
  known.set(path, found);
  return found;
}

function exportsOf(text: string): readonly string[] {
  const declared = /^export (?:abstract )?(?:class|const|enum|function|interface|let|namespace|type) (\w+)/gm;
  const listed = /^export \{([^}]*)\}/gm;
  return [
    ...[...text.matchAll(declared)].map(([, name = '']) => name),
    ...[...text.matchAll(listed)].flatMap(([, names = '']) =>
      names.split(',').flatMap((each) => /(\w+)\s*$/.exec(each)?.[1] ?? []),
    ),
  ];
}
