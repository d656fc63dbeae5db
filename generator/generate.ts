/** The whole pipeline: read, plan, emit. Pure but for the reader it is given; nothing is written here. */
import { planCanonical, unencodable } from './abi/canonical.js';
import { planPreview1 } from './abi/preview1.js';
import {
  isCanonical,
  isPlanned,
  type Planned,
  type PlannedCanonical,
  type PlannedUnit,
  type Unplannable,
} from './abi/plan.js';
import { surfaceOf, type Surface } from './changes/surface.js';
import { DiagnosticBag, type Diagnostic } from './diagnostics/diagnostic.js';
import { readUnit } from './frontend/read.js';
import type { Features } from './frontend/wit/gates.js';
import { allModules, placedFuncs, worldModules } from './model/kinds.js';
import type { Func, Unit } from './model/model.js';
import { onlyWorld, select, type Selection } from './model/select.js';
import { separate } from './model/separate.js';
import type { FileReader } from './source/loader.js';
import type { SourceFile, Span } from './source/source.js';
import type { EmitOptions, FileMap, Target } from './targets/target.js';

export interface GenerateRequest {
  /** What the definitions are called in outputs: the revision, or the folder's name. */
  readonly label: string;
  /** Definition files, or one folder of them. */
  readonly entries: readonly string[];
  readonly targets: readonly Target[];
  readonly options: EmitOptions;
  /** WIT: which `@unstable` features are on. */
  readonly features?: Features | undefined;
  /** Which part of the definitions; absent: all. */
  readonly selection?: Selection | undefined;
}

export interface Generated {
  /** Every file to write, by its path below the output folder; empty when there are errors. */
  readonly files: FileMap;
  /** What the definitions say, to compare with earlier ones; undefined when there are errors. */
  readonly surface: Surface | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs: readonly SourceFile[];
}

export async function generate(request: GenerateRequest, reader: FileReader): Promise<Generated> {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: request.label, entries: request.entries }, reader, bag, {
    features: request.features ?? [],
  });
  const files = new Map<string, string>();
  if (unit !== undefined) checkTargets(unit, request.targets, bag);
  if (unit === undefined || bag.hasErrors)
    return { files, surface: undefined, diagnostics: bag.all, inputs: unit?.sources ?? [] };
  const needsAbi = request.targets.some((each) => each.needsNoAbi !== true);
  const planned = planUnit(unit, bag, request.selection, needsAbi);
  for (const target of request.targets) {
    const emitted = await target.emit(planned, request.options, bag);
    for (const [path, text] of emitted) files.set(`${target.id}/${path}`, text);
  }
  if (bag.hasErrors) return { files: new Map(), surface: undefined, diagnostics: bag.all, inputs: unit.sources };
  return { files, surface: surfaceOf(planned), diagnostics: bag.all, inputs: unit.sources };
}

/** Reports targets that cannot be made from definitions of this kind. */
function checkTargets(unit: Unit, targets: readonly Target[], bag: DiagnosticBag): void {
  for (const { id, dialects } of targets) {
    if (dialects.includes(unit.dialect)) continue;
    const takes = dialects.map((each) => each.toUpperCase()).join(' and ');
    bag.report('target-without-dialect', undefined, { target: id, dialect: unit.dialect.toUpperCase(), takes });
  }
}

/** Plans every function by the ABI of its dialect; those that have none are reported, if that is wanted, and keep their reason. */
export function planUnit(read: Unit, bag: DiagnosticBag, selection: Selection = {}, reports = true): PlannedUnit {
  const unit = select(separate(onlyWorld(read, selection.world, bag)), selection, bag);
  const plans = new Map<Func, Planned>();
  const canonical = new Map<Func, PlannedCanonical>();
  // An interface that is imported under several names has the same functions in each.
  const reported = new Set<Span>();
  const report = ({ func, unplannable }: Unplannable): void => {
    if (reports && !reported.has(func.name.span)) bag.add(unplannable);
    reported.add(func.name.span);
  };
  for (const { module, func } of placedFuncs(unit)) {
    if (unit.dialect === 'witx') {
      const planned = planPreview1(module, func);
      if (!isPlanned(planned)) report(planned);
      plans.set(func, planned);
    } else {
      const planned = planCanonical(module, func);
      if (!isCanonical(planned)) report(planned);
      canonical.set(func, planned);
    }
  }
  if (reports && unit.dialect === 'wit') reportUnencodable(unit, bag);
  return { unit, read, plans, canonical };
}

/** Types that no component can have, whether functions pass them or not: each once, as interfaces may stand in several places. */
function reportUnencodable(unit: Unit, bag: DiagnosticBag): void {
  const reported = new Set<Span>();
  for (const { name, type } of [...allModules(unit), ...worldModules(unit)].flatMap((module) => module.types)) {
    const why = unencodable(type);
    if (why !== undefined && !reported.has(name.span))
      bag.report('no-component-type', name.span, { name: name.wire, why });
    reported.add(name.span);
  }
}
