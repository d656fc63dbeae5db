/** All rules, in the order in which their findings read best. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Dialect, Unit } from '../model.js';
import { checkConstants } from './constants.js';
import { checkEmptyTypes } from './empty-types.js';
import { checkKinds } from './kinds.js';
import { checkLimits } from './limits.js';
import { checkNames } from './names.js';
import type { Rule } from './rule.js';
import { checkTags } from './tags.js';

/** Names in WIT are the front end's to check: features that are off have some too. Components tell resources of one name apart by their interfaces. Of what is empty, enums and variants alone have no value, which is found when they are read. */
const rules: { readonly [D in Dialect]: readonly Rule[] } = {
  witx: [checkNames, checkKinds, checkTags, checkEmptyTypes, checkConstants, checkLimits],
  wit: [checkLimits],
};

export function checkUnit(unit: Unit, bag: DiagnosticBag): void {
  for (const rule of rules[unit.dialect]) rule(unit, bag);
}
