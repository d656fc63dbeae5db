/** Definitions that tests write themselves. */
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../generator/frontend/read.js';
import { planUnit } from '../../generator/generate.js';
import { memoryReader } from '../../generator/source/loader.js';
import type { PlannedUnit } from '../../generator/abi/plan.js';

/** @param file its name, which says the dialect */
export function plannedText(file: string, text: string): PlannedUnit {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'test', entries: [file] }, memoryReader(new Map([[file, text]])), bag);
  if (unit === undefined) throw new Error(bag.all.map((each) => each.message).join('\n'));
  return planUnit(unit, bag);
}
