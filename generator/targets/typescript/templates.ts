/** Templates that are copied whole, and what generated files of every host import from them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';
import type { Symbol } from '../../print/ts-file.js';

export function value<const N extends string>(name: N, from: string): Symbol & { readonly name: N } {
  return { name, from, typeOnly: false };
}

export function type<const N extends string>(name: N, from: string): Symbol & { readonly name: N } {
  return { name, from, typeOnly: true };
}

/** The folder of the templates that every host is given. */
const sharedFolder = 'typescript-host';

/** A template file, and its folder below `templates/`. */
export interface TemplateFile {
  readonly folder: string;
  readonly name: string;
}

export const sharedFiles: readonly TemplateFile[] = ['failure', 'handles', 'memory', 'values'].map((name) => ({
  folder: sharedFolder,
  name,
}));

export const shared = {
  Failure: type('Failure', 'failure'),
  Fault: type('Fault', 'failure'),
  failuresOf: value('failuresOf', 'failure'),
  faults: value('faults', 'failure'),
  HostObject: type('HostObject', 'handles'),
  HandleBudget: value('HandleBudget', 'handles'),
  HandleTable: value('HandleTable', 'handles'),
  oneOf: value('oneOf', 'values'),
  charOf: value('charOf', 'values'),
} as const;

/** A template as it is, but for the banner and its imports: all templates end up in one folder. */
export function copied({ folder, name }: TemplateFile, banner: readonly string[], importSuffix: string): string {
  const text = readFileSync(join(packageRoot, 'templates', folder, `${name}.ts`), 'utf8');
  const together = text
    .replace(/(from '\.)\.\/typescript-host(\/[\w-]+\.js')/g, '$1$2')
    .replace(/(from '\.\/[\w-]+)\.js'/g, `$1${importSuffix}'`);
  return `${banner.map((line) => `// ${line}`.trimEnd()).join('\n')}\n\n${together}`;
}
