/** What new output folders are made of: by the command line, or by a configuration. */
import { basename, join, relative, resolve } from 'node:path';
import { chosen } from './choices.js';
import { foreignTargets, idsOf } from './choose-targets.js';
import type { OutputOptions } from './config/config.js';
import {
  annotationsFile,
  defaultOut,
  fileHeader,
  textHeader,
  type Header,
  type Settings,
  type TextFile,
} from './settings.js';
import { findSpec, findSpecs, isShipped, type Spec } from './spec.js';

export interface NewOutput extends OutputOptions {
  readonly spec: string;
  readonly out?: string | undefined;
}

/**
 * One for each language that the definitions come in, if a target that was asked for takes it.
 *
 * @param base the folder that paths are seen from
 */
export async function specSettings(options: NewOutput, base = '.'): Promise<readonly Settings[]> {
  const name = isShipped(options.spec) ? options.spec : seenFrom(base, options.spec);
  const [first, ...others] = findSpecs(name);
  if (first === undefined || others.length === 0) return [newSettings(options, findSpec(name), options.out, base)];
  const { targets: own } = await import('../targets/index.js');
  const targets = [...own, ...foreignTargets(options.targets)];
  const ids = idsOf(options.targets);
  const parts = [first, ...others].map((spec) => {
    const takers = targets.filter((each) => each.dialects.includes(spec.dialect)).map((each) => each.id);
    return {
      spec,
      targets: options.targets?.filter((each) => takers.includes(typeof each === 'string' ? each : each.id)),
    };
  });
  const wanted = parts.filter((part) => part.targets === undefined || part.targets.length > 0);
  const known = targets.map((each) => each.id);
  // What no target is called is the mistake of each part, and reported of the first.
  if (ids?.some((id) => !known.includes(id)) === true) return [newSettings(options, first, options.out, base)];
  return wanted.map((part) =>
    newSettings(
      { ...options, targets: part.targets },
      part.spec,
      options.out === undefined ? undefined : join(options.out, basename(part.spec.path)),
      base,
    ),
  );
}

function newSettings(options: OutputOptions, spec: Spec, out: string | undefined, base: string): Settings {
  return {
    folder: resolve(base, out ?? join(defaultOut, spec.label)),
    spec,
    targets: idsOf(options.targets),
    foreign: foreignTargets(options.targets),
    importSuffix: options.importSuffix ?? '.js',
    header: chooseHeader(options.header, base),
    annotations: chooseAnnotations(options.annotations, base),
    support: chooseSupport(options.support, base),
    choices: chosen(options),
  };
}

export function chooseHeader(header: OutputOptions['header'], base = '.'): Header | undefined {
  if (header === undefined) return undefined;
  return typeof header === 'string' ? textHeader(header) : fileHeader(seenFrom(base, header.file));
}

export function chooseAnnotations(file: string | undefined, base = '.'): TextFile | undefined {
  return file === undefined ? undefined : annotationsFile(seenFrom(base, file));
}

export function chooseSupport(folder: string | undefined, base = '.'): string | undefined {
  return folder === undefined ? undefined : resolve(base, folder);
}

/** A path as the working folder sees it; as it is written, where that is the base. */
function seenFrom(base: string, path: string): string {
  const folder = relative('', resolve(base));
  return folder === '' ? path : relative('', resolve(base, path)) || '.';
}
