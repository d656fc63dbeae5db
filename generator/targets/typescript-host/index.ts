/** The `typescript-host` target: host interfaces and the binders that put them behind imports. */
import type { PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { spellingNote } from '../../model/spelling.js';
import { allModules, handleKinds } from '../../model/kinds.js';
import { banner } from '../../print/header.js';
import { TsFile } from '../../print/ts-file.js';
import type { SourceFile } from '../../source/source.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { reportMembers } from '../typescript/collisions.js';
import { declareIndex } from './index-file.js';
import { declareModule } from './module-file.js';
import { namesOf, typesFile } from './names.js';
import { casesOf } from './errnos.js';
import { indexFile, kindsFile, rangesFile } from './own.js';
import { reportFaults } from '../typescript/faults.js';
import { supportOf } from '../typescript/templates.js';
import { declareRanges } from './ranges-file.js';
import { templateFiles } from './templates.js';
import { declareKinds, declareTypes } from './types-file.js';

/** Handles have four bits for their kind, and a kind of 0 could give the handle 0. */
const MAX_KINDS = 15;

export const typescriptHost: Target = {
  id: 'typescript-host',
  summary: 'TypeScript host interfaces, handle tables and the imports of core modules',
  dialects: ['witx'],
  emit,
};

async function emit(planned: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): Promise<FileMap> {
  const { unit } = planned;
  const sixteenth = handleKinds(unit)[MAX_KINDS];
  if (sixteenth !== undefined) {
    bag.report('too-many-handle-kinds', sixteenth.name.span, { limit: MAX_KINDS });
    return new Map();
  }
  const label = unit.packages.map((each) => each.id).join(', ');
  const top = (source: SourceFile | undefined, own = unit.errata.slice(0, 0), note?: string): readonly string[] =>
    banner({ source, label, errata: own, options, note });
  const names = namesOf(planned);
  for (const { type } of names.types.keys()) reportMembers(type, 'properties', bag);
  reportFaults(
    names.errnos.map((decl) => ({ decl, cases: casesOf(decl) })),
    options.errno,
    bag,
  );
  const files: TsFile[] = [];
  for (const module of allModules(unit)) {
    const own = names.modules.get(module);
    if (own === undefined) continue;
    const errata = unit.errata.filter((each) => each.module === module.name.wire);
    const file = new TsFile(own.file, top(module.file, errata, spellingNote(module.name.wire)));
    declareModule(planned, module, own, names, file);
    files.push(file);
  }
  const types = new TsFile(typesFile, top(undefined));
  declareTypes(planned, names, options, types);
  const kinds = new TsFile(kindsFile, top(undefined));
  declareKinds(planned, names, kinds);
  const ranges = new TsFile(rangesFile, top(undefined));
  declareRanges(planned, ranges);
  const index = new TsFile(indexFile, top(undefined));
  declareIndex(planned, names, index);
  const support = supportOf(templateFiles, top(undefined), options);
  const emitted = new Map(support.files);
  for (const file of [...files, types, kinds, ranges, index])
    emitted.set(`${file.path}.ts`, await file.print(options.importSuffix, support.elsewhere));
  return emitted;
}
