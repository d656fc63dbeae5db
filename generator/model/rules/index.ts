/** All rules, in the order in which their findings read best. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Unit } from '../model.js';
import { checkConstants } from './constants.js';
import { checkEmptyTypes } from './empty-types.js';
import { checkKinds } from './kinds.js';
import { checkNames } from './names.js';
import type { Rule } from './rule.js';
import { checkTags } from './tags.js';

const rules: readonly Rule[] = [checkNames, checkKinds, checkTags, checkEmptyTypes, checkConstants];

export function checkUnit(unit: Unit, bag: DiagnosticBag): void {
  for (const rule of rules) rule(unit, bag);
}
