/** Canonical plans as text, for goldens: the core signatures, then how each value crosses. */
import { isCanonical, type CanonicalPlan, type CoreSignature, type PlannedUnit } from '../../../generator/abi/plan.js';
import { placedFuncs, wireName } from '../../../generator/model/kinds.js';
import { printPass } from '../print-plan.js';

export function printCanonicalPlans(planned: PlannedUnit): string {
  const lines: string[] = [];
  let current: string | undefined;
  for (const { module, func } of placedFuncs(planned.unit)) {
    if (module.id !== current) lines.push(`interface ${module.id}`);
    current = module.id;
    const plan = planned.canonical.get(func);
    if (plan === undefined) throw new Error(`${wireName(func)} has no plan`);
    lines.push(...(isCanonical(plan) ? printPlan(plan) : [`  ${plan.unplannable.message}`]));
  }
  return `${lines.join('\n')}\n`;
}

export function signature({ params, result }: CoreSignature): string {
  return `(${params.map((each) => each.type).join(', ')}) -> ${result ?? ''}`;
}

function printPlan(plan: CanonicalPlan): readonly string[] {
  const core = plan.imported.params.map((param) => `${param.name}: ${param.type}`).join(', ');
  const needs = [
    plan.importAllocates && 'import allocates',
    plan.exportAllocates && 'export allocates',
    plan.postReturn && 'post-return',
  ].filter((each) => each !== false);
  const memory = plan.paramsInMemory;
  return [
    `  ${plan.wire}(${core})${plan.imported.result === undefined ? '' : ` -> ${plan.imported.result}`}`,
    `    exported ${signature(plan.exported)}${needs.map((each) => `, ${each}`).join('')}`,
    ...(memory === undefined
      ? []
      : [`    parameters in memory ${memory.size}/${memory.align} at ${memory.offsets.join(', ')}`]),
    ...plan.params.map(
      (param) =>
        `    ${param.name.wire} = ${printPass(param.pass)} from ${param.core.map((each) => each.name).join(', ')}`,
    ),
    ...(plan.result === undefined ? [] : [`    result in ${plan.result.in}: ${printPass(plan.result.pass)}`]),
  ];
}
