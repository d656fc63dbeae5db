/** `raw/*.ts`: the imports of a module as the ABI has them. */
import { isPlanned, type CallPlan, type CoreParam, type PlannedUnit } from '../../abi/plan.js';
import type { Module } from '../../model/model.js';
import { comment, docs, listing, type AsFile, type Code } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { rawName } from './names.js';
import { legal, reservedGlobals } from './reserved.js';
import { rawType } from './values.js';

export function declareRaw(planned: PlannedUnit, module: Module, file: AsFile): void {
  file.add(docs(module.docs));
  for (const func of module.funcs) {
    const plan = planned.plans.get(func);
    if (plan === undefined) continue;
    // The generator has warned about it.
    if (!isPlanned(plan)) file.add(comment(`${plan.unplannable.message}.`));
    else file.add(declareImport(plan));
  }
}

function declareImport(plan: CallPlan): Code {
  const { module, func } = plan;
  return [
    docs(func.docs),
    `@external(${JSON.stringify(module.name.wire)}, ${JSON.stringify(func.name.wire)})`,
    listing(`export declare function ${rawName(func)}(`, rawParameters(plan), `): ${rawResult(plan)};`),
  ];
}

function rawParameters(plan: CallPlan): readonly string[] {
  const scope = new Scope();
  const named = (core: CoreParam, type: string): string =>
    `${scope.declare(legal(core.name.replaceAll('-', '_'), reservedGlobals))}: ${type}`;
  return [
    ...plan.params.flatMap(({ core, pass }) =>
      core.map((each) => named(each, core.length > 1 ? 'usize' : rawType(pass))),
    ),
    ...plan.outs.map(({ core }) => named(core, 'usize')),
  ];
}

export function rawResult(plan: CallPlan): string {
  switch (plan.returns.how) {
    case 'nothing':
      return 'void';
    case 'errno':
      return 'u32';
    case 'value':
      return rawType(plan.returns.pass);
  }
}
