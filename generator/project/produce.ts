/** Runs the pipeline for one output folder, in memory. */
import { join } from 'node:path';
import { printSurface } from '../changes/store.js';
import type { Surface } from '../changes/surface.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { version } from '../package-root.js';
import { SourceFile } from '../source/source.js';
import type { FileMap } from '../targets/target.js';
import { ConfigurationError } from './errors.js';
import { chooseTargets } from './choose-targets.js';
import { fileBehind } from './binary-packages.js';
import { formatOf, hashFile, hashText, printManifest, type Hashes, type Manifest } from './manifest.js';
import { recordOptions, regenerateCommand, type Settings } from './settings.js';
import { asSeenByUser, inputName, recordSpec, relativePath, type Spec } from './spec.js';

/** Beside the manifest: what the definitions said, for the report of what changed. */
export const surfaceName = 'abi.json';

export interface Produced {
  readonly settings: Settings;
  /** Empty when there are errors. */
  readonly files: FileMap;
  /** What the definitions say; undefined when they have errors. */
  readonly surface: Surface | undefined;
  readonly manifest: Manifest;
  readonly manifestText: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
}

export async function produce(settings: Settings): Promise<Produced> {
  // The parser and the targets take most of the start-up time; `check` usually needs neither.
  const [{ generate }, { targets }, { definitionsReader }] = await Promise.all([
    import('../generate.js'),
    import('../targets/index.js'),
    import('./binary-packages.js'),
  ]);
  const { folder, spec, choices } = settings;
  const chosen = chooseTargets(targets, settings.foreign, settings.targets, spec.dialect);
  const { annotations } = settings;
  if (annotations !== undefined && !chosen.some((each) => each.takesAnnotations === true))
    throw new ConfigurationError(
      'a file of annotations is given, and no target that reads one',
      'name target `wit`, or leave out the file',
    );
  const entry = asSeenByUser(spec.path);
  const generated = await generate(
    {
      label: spec.label,
      entries: [entry],
      targets: chosen,
      options: {
        importSuffix: settings.importSuffix === 'none' ? '' : settings.importSuffix,
        header: settings.header?.text,
        support: settings.support === undefined ? undefined : relativePath(join(folder, 'target'), settings.support),
        command: regenerateCommand(folder),
        annotations: annotations && new SourceFile(asSeenByUser(annotations.file), annotations.text),
        lint: choices.lint,
        errno: choices.errno,
      },
      features: choices.features,
      selection: choices,
    },
    await definitionsReader(entry),
  );
  checkPaths(generated.files);
  const files = new Map(generated.files);
  if (generated.surface !== undefined) files.set(surfaceName, printSurface(generated.surface));
  const options = recordOptions(settings);
  const manifest: Manifest = {
    format: formatOf(options),
    version,
    spec: recordSpec(spec, folder),
    targets: chosen.map((target) => target.id),
    options,
    inputs: inputHashes(spec, generated.inputs),
    outputs: Object.fromEntries([...files].map(([path, text]) => [path, hashText(text)])),
  };
  const hasErrors = generated.diagnostics.some((each) => each.severity === 'error');
  return {
    settings,
    files,
    surface: generated.surface,
    manifest,
    manifestText: printManifest(manifest),
    diagnostics: generated.diagnostics,
    hasErrors,
  };
}

/** What is written stays in the output folder, whoever made it. */
function checkPaths(files: FileMap): void {
  for (const path of files.keys())
    if (path.split('/').some((part) => ['', '.', '..'].includes(part)) || /[\\:\0]/.test(path))
      throw new ConfigurationError(
        `target \`${path.split('/')[0] ?? ''}\` makes a file called \`${path}\``,
        'paths lie below the folder of the target, with `/` between their parts',
      );
}

function inputHashes(spec: Spec, inputs: readonly SourceFile[]): Hashes {
  return Object.fromEntries(
    inputs.map(({ path, text }) => {
      const file = fileBehind(path);
      return [inputName(spec, file), file === path ? hashText(text) : (hashFile(file) ?? '')];
    }),
  );
}
