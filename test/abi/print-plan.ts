/** Call plans as text, for goldens: the core signature, then how each value crosses. */
import {
  isPlanned,
  type CallPlan,
  type Pass,
  type Placed,
  type PlannedUnit,
  type SumPass,
} from '../../generator/abi/plan.js';
import { partsOf } from '../../generator/abi/shape.js';
import { allModules } from '../../generator/model/kinds.js';

export function printPlans(planned: PlannedUnit): string {
  const lines: string[] = [];
  for (const module of allModules(planned.unit)) {
    if (module.funcs.length === 0) continue;
    lines.push(`module ${module.name.wire}`);
    for (const func of module.funcs) {
      const plan = planned.plans.get(func);
      if (plan === undefined) throw new Error(`${func.name.wire} has no plan`);
      lines.push(...(isPlanned(plan) ? printPlan(plan) : [`  ${func.name.wire}: ${plan.unplannable.message}`]));
    }
  }
  return `${lines.join('\n')}\n`;
}

function printPlan(plan: CallPlan): readonly string[] {
  const core = plan.core.params.map((param) => `${param.name}: ${param.type}`).join(', ');
  return [
    `  ${plan.func.name.wire}(${core})${plan.core.result === undefined ? '' : ` -> ${plan.core.result}`}${plan.noreturn ? ' noreturn' : ''}`,
    ...plan.params.map(
      (param) =>
        `    ${param.name.wire} = ${printPass(param.pass)} from ${param.core.map((each) => each.name).join(', ')}`,
    ),
    ...plan.outs.map((out) => `    result ${printPass(out.pass)} to ${out.core.name}`),
    ...(plan.returns.how === 'errno' ? [`    errno ${plan.returns.decl.name.wire}, ${plan.shape}`] : []),
    ...(plan.returns.how === 'value' ? [`    returns ${printPass(plan.returns.pass)}`] : []),
  ];
}

export function printPass(pass: Pass): string {
  const size = `${pass.size}/${pass.align}`;
  switch (pass.how) {
    case 'scalar':
      return pass.scalar;
    case 'enum':
      return `enum ${pass.decl?.name.wire ?? ''} ${pass.repr} of ${pass.cases.length}`;
    case 'flags':
      return `flags ${pass.decl?.name.wire ?? ''} ${pass.repr} of ${pass.flags.length}`;
    case 'handle':
      return `${pass.ownership ?? 'handle'} ${pass.kind.name.wire}`;
    case 'buffer':
      return `${pass.access} buffer of ${pass.stride}`;
    case 'list':
      return `list ${pass.length === undefined ? '' : `of ${pass.length} `}by ${pass.stride} of ${printPass(pass.element)}`;
    case 'record':
      return `record ${size} {${pass.parts.map((field: Placed<Pass>) => ` ${field.offset}: ${field.name.wire} ${printPass(field.pass)}`).join(',')} }`;
    case 'tuple':
      return `tuple ${size} {${pass.parts.map((item: Placed<Pass>) => ` ${item.offset}: ${printPass(item.pass)}`).join(',')} }`;
    case 'option':
      return `option ${size} ${pass.repr} some=${pass.some.tag} none=${pass.none.tag} ${pass.payloadOffset}: ${printPass(pass.some.pass)}`;
    case 'variant':
      if (pass.decl !== undefined && partsOf(pass).length === 0)
        return `variant ${pass.decl.name.wire} ${pass.repr} of ${pass.cases.length}`;
      return `variant ${size} ${printCases(pass)}`;
    case 'result':
      return `result ${size} ${printCases(pass)}`;
    case 'bool':
    case 'address':
    case 'string':
      return pass.how;
  }
}

function printCases({ repr, payloadOffset, cases }: SumPass<Pass>): string {
  const printed = cases.map(({ name, pass }) => ` ${name.wire}${pass === undefined ? '' : ` ${printPass(pass)}`}`);
  return `${repr} ${payloadOffset}: [${printed.join(',')} ]`;
}
