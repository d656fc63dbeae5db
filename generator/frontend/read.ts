/** The front end: from definition files to a model, whatever the dialect. */
import type { DiagnosticBag } from '../diagnostics/diagnostic.js';
import { orderModules } from '../model/order.js';
import { packageName } from '../model/package-name.js';
import type { Dialect, Package, Unit } from '../model/model.js';
import { checkUnit } from '../model/rules/index.js';
import { cutCyclicTypes } from '../model/rules/cyclic-types.js';
import type { ModuleDraft } from '../model/build.js';
import type { FileReader } from '../source/loader.js';
import { extensionOf, normalisePath } from '../source/path.js';
import type { SourceFile } from '../source/source.js';
import { applyErrata } from './errata.js';
import { readGroups } from './wit/files.js';
import type { Features } from './wit/gates.js';
import { lowerWit } from './wit/lower.js';
import { readFiles } from './witx/files.js';
import { fuseBuffers } from './witx/fuse-buffers.js';
import { lowerWitx } from './witx/lower.js';

export interface Specification {
  /** The id of the package: a revision, or the folder's name. WIT packages have their own. */
  readonly label: string;
  /** Definition files, or folders of them. */
  readonly entries: readonly string[];
}

export interface ReadOptions {
  /** Whether known mistakes of the definitions are corrected (see `errata.ts`). Default: they are. */
  readonly errata?: boolean;
  /** WIT: which `@unstable` features are on. Default: none. */
  readonly features?: Features;
}

/** What the files of a dialect hold, before rules see it. */
interface Read {
  readonly modules: readonly ModuleDraft[];
  readonly sources: readonly SourceFile[];
  /** In order, once errata have been applied. */
  readonly packages: () => readonly Package[];
}

/** WITX unless the first entry is WIT: a `.wit` file, or a folder of such and no WITX. */
function dialectOf(entries: readonly string[], files: FileReader, bag: DiagnosticBag): Dialect {
  const folder = normalisePath(entries[0] ?? '');
  const names = files.list(folder) ?? [folder];
  const wit = names.filter((each) => extensionOf(each) === '.wit');
  if (!names.some((each) => extensionOf(each) === '.witx')) return wit.length > 0 ? 'wit' : 'witx';
  const [first] = wit;
  if (first !== undefined)
    bag.report('wit-files-ignored', undefined, {
      folder,
      files: wit.length === 1 ? `\`${first}\`` : `what its ${wit.length} WIT files say`,
    });
  return 'witx';
}

function readWitx(spec: Specification, files: FileReader, bag: DiagnosticBag): Read {
  const read = readFiles(spec.entries, files, bag);
  const modules = lowerWitx(read, bag);
  cutCyclicTypes(
    modules.flatMap((module) => module.types),
    'witx',
    bag,
  );
  fuseBuffers(modules, bag);
  const sources = read.all.map((file) => file.source);
  const packages = (): readonly Package[] => {
    const ordered = orderModules(modules);
    return [{ id: spec.label, version: undefined, name: packageName(ordered), modules: ordered }];
  };
  return { modules, sources, packages };
}

function readWit(spec: Specification, files: FileReader, bag: DiagnosticBag, features: Features): Read {
  const groups = readGroups(spec.entries, files, bag);
  const { modules, packages } = lowerWit(groups, features, bag);
  return {
    modules,
    sources: groups.flatMap((group) => group.files.map((file) => file.source)),
    packages: () => packages,
  };
}

/** Reads a specification. All mistakes go to `bag`; with an error among them there is no unit. */
export function readUnit(
  spec: Specification,
  files: FileReader,
  bag: DiagnosticBag,
  options: ReadOptions = {},
): Unit | undefined {
  const dialect = dialectOf(spec.entries, files, bag);
  const { modules, sources, packages } =
    dialect === 'wit' ? readWit(spec, files, bag, options.features ?? []) : readWitx(spec, files, bag);
  const isEmpty =
    dialect === 'witx' &&
    modules.every((module) => module.types.length + module.constants.length + module.funcs.length === 0);
  if (isEmpty && !bag.hasErrors) bag.report('empty-spec', undefined, { path: spec.entries.join(', ') });
  const errata = bag.hasErrors || options.errata === false ? [] : applyErrata(modules, bag);
  const unit: Unit = { dialect, packages: packages(), sources, errata };
  checkUnit(unit, bag);
  return bag.hasErrors ? undefined : unit;
}
