/** The `component-host` target: host interfaces, and what jco imports to answer components by them. */
import type { PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { banner } from '../../print/header.js';
import { TsFile } from '../../print/ts-file.js';
import type { SourceFile } from '../../source/source.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { reportJcoNames } from './collisions.js';
import { declareIndex } from './index-file.js';
import { declareInterface } from './interface-file.js';
import { namesOf } from './names.js';
import { casesOf } from './errnos.js';
import { indexFile, kindsFile } from './own.js';
import { reportFaults } from '../typescript/faults.js';
import { supportOf } from '../typescript/templates.js';
import { templateFiles } from './templates.js';
import { declareKinds, declareTypes } from './types-file.js';

export const componentHost: Target = {
  id: 'component-host',
  summary: 'TypeScript host interfaces and the imports of components that jco transpiles',
  dialects: ['wit'],
  emit,
};

async function emit(planned: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): Promise<FileMap> {
  const label = planned.unit.packages
    .filter((each) => each.isDependency !== true)
    .map((each) => each.id)
    .join(', ');
  const top = (source: SourceFile | undefined): readonly string[] => banner({ source, label, errata: [], options });
  const names = namesOf(planned);
  reportJcoNames(names, bag);
  reportFaults(
    names.errnos.map((decl) => ({ decl, cases: casesOf(decl) })),
    options.errno,
    bag,
  );
  const files: TsFile[] = names.interfaces.map((own) => {
    const file = new TsFile(own.file, top(own.module.file));
    declareInterface(planned, own, names, file);
    return file;
  });
  for (const [path, decls] of names.typeFiles) {
    const file = new TsFile(path, top(undefined));
    declareTypes(decls, names, options, file);
    files.push(file);
  }
  const kinds = new TsFile(kindsFile, top(undefined));
  declareKinds(names, kinds);
  const index = new TsFile(indexFile, top(undefined));
  declareIndex(planned, names, index);
  const support = supportOf(templateFiles, top(undefined), options);
  const emitted = new Map(support.files);
  for (const file of [...files, kinds, index])
    emitted.set(`${file.path}.ts`, await file.print(options.importSuffix, support.elsewhere));
  return emitted;
}
