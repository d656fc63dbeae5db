/** The front end: from definition files to a model, whatever the dialect. */
import type { DiagnosticBag } from '../diagnostics/diagnostic.js';
import { orderModules } from '../model/order.js';
import type { Unit } from '../model/model.js';
import { checkUnit } from '../model/rules/index.js';
import { cutCyclicTypes } from '../model/rules/cyclic-types.js';
import type { FileReader } from '../source/loader.js';
import { applyErrata } from './errata.js';
import { readFiles } from './witx/files.js';
import { fuseBuffers } from './witx/fuse-buffers.js';
import { lowerWitx } from './witx/lower.js';

export interface Specification {
  /** The id of the package: a revision, or the folder's name. */
  readonly label: string;
  /** Definition files, or folders of them. */
  readonly entries: readonly string[];
}

export interface ReadOptions {
  /** Whether known mistakes of the definitions are corrected (see `errata.ts`). Default: they are. */
  readonly errata?: boolean;
}

/** Reads a specification. All mistakes go to `bag`; with an error among them there is no unit. */
export function readUnit(spec: Specification, files: FileReader, bag: DiagnosticBag, options: ReadOptions = {}): Unit | undefined {
  const read = readFiles(spec.entries, files, bag);
  const modules = lowerWitx(read, bag);
  cutCyclicTypes(modules.flatMap((module) => module.types), bag);
  fuseBuffers(modules, bag);
  const sources = read.all.map((file) => file.source);
  const isEmpty = modules.every((module) => module.types.length + module.constants.length + module.funcs.length === 0);
  if (isEmpty && !bag.hasErrors) bag.report('empty-spec', undefined, { path: spec.entries.join(', ') });
  const errata = bag.hasErrors || options.errata === false ? [] : applyErrata(modules, bag);
  const unit: Unit = { dialect: 'witx', packages: [{ id: spec.label, version: undefined, modules: orderModules(modules) }], sources, errata };
  checkUnit(unit, bag);
  return bag.hasErrors ? undefined : unit;
}
