/**
 * Templates, which no definition changes: copied whole, or imported from one folder that several outputs
 * share. And what generated files of every host import from them.
 */
import { commented } from '../../print/header.js';
import { templateText } from '../../print/template.js';
import type { Symbol } from '../../print/ts-file.js';
import type { EmitOptions, FileMap } from '../target.js';

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

export const sharedFiles: readonly TemplateFile[] = ['failure', 'handles', 'late', 'memory', 'values'].map((name) => ({
  folder: sharedFolder,
  name,
}));

export const shared = {
  Failure: type('Failure', 'failure'),
  Fault: type('Fault', 'failure'),
  Reporting: type('Reporting', 'failure'),
  checkParameters: value('checkParameters', 'failure'),
  failuresOf: value('failuresOf', 'failure'),
  faults: value('faults', 'failure'),
  isSignal: value('isSignal', 'failure'),
  HostObject: type('HostObject', 'handles'),
  HandleBudget: value('HandleBudget', 'handles'),
  HandleTable: value('HandleTable', 'handles'),
  late: value('late', 'late'),
  oneOf: value('oneOf', 'values'),
  charOf: value('charOf', 'values'),
} as const;

interface Support {
  /** The copies. */
  readonly files: FileMap;
  /** Where files that are not copied are, seen from the output, without their endings: by name. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** @param banner lines for the top of copies */
export function supportOf(files: readonly TemplateFile[], banner: readonly string[], options: EmitOptions): Support {
  const { support, importSuffix } = options;
  if (support === undefined)
    return {
      files: new Map(files.map((file) => [`${file.name}.ts`, copied(file, banner, importSuffix)])),
      elsewhere: new Map(),
    };
  return {
    files: new Map(),
    elsewhere: new Map(files.map(({ folder, name }) => [name, `${support}/${folder}/${name}`])),
  };
}

/** A template as it is, but for the banner and its imports: all templates end up in one folder. */
function copied({ folder, name }: TemplateFile, banner: readonly string[], importSuffix: string): string {
  const text = templateText(`${folder}/${name}`);
  const together = text
    .replace(/(from '\.)\.\/typescript-host(\/[\w-]+\.js')/g, '$1$2')
    .replace(/(from '\.\/[\w-]+)\.js'/g, `$1${importSuffix}'`);
  return `${commented(banner).join('\n')}\n\n${together}`;
}
