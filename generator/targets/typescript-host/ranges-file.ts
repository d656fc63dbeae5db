/** `ranges.ts`: which parts of guest memory a call reads and writes, for hosts that cannot reach that memory. */
import { isPlanned, type CallPlan, type CorePass, type Planned, type PlannedUnit } from '../../abi/plan.js';
import { anyPart, isAddress, partsOf, pointsToMemory } from '../../abi/shape.js';
import { allModules } from '../../model/kinds.js';
import type { TsFile } from '../../print/ts-file.js';
import { propertyKey } from '../typescript/identifiers.js';
import { own as ours } from './own.js';
import { template } from './templates.js';

export function declareRanges(planned: PlannedUnit, file: TsFile): void {
  const modules = allModules(planned.unit).filter((module) => module.funcs.length > 0);
  const objects = modules.map((module) => {
    const functions = module.funcs.map((func) => {
      const ranges = rangesOf(planned.plans.get(func));
      const list =
        ranges !== undefined && ranges.length > 1 ? `[\n${ranges.join(',\n')},\n]` : `[${ranges?.join(', ')}]`;
      return `${propertyKey(func.name.wire)}: ${ranges === undefined ? 'undefined' : list},`;
    });
    return `${propertyKey(module.name.wire)}: {\n${functions.join('\n')}\n},`;
  });
  file.constant(
    ours.memoryRanges.name,
    [
      'Which parts of guest memory a call reads and writes, by module and function. A host that does not share that memory,',
      'as one in another process, is sent them with a call, and sends back those that were written. Undefined: the parameters',
      'alone do not tell.',
    ].join('\n'),
    objects.length === 0 ? '{}' : `{\n${objects.join('\n')}\n}`,
    `Readonly<Record<string, Readonly<Record<string, readonly ${file.use(template.MemoryRange)}[] | undefined>>>>`,
  );
}

function rangesOf(plan: Planned | undefined): readonly string[] | undefined {
  if (plan === undefined || !isPlanned(plan)) return undefined;
  if (plan.params.some(({ pass }) => reachesFurther(pass))) return undefined;
  const at = new Map(plan.core.params.map((param, index) => [param, index]));
  return [...paramRanges(plan, at), ...outRanges(plan, at)];
}

type Places = ReadonlyMap<CallPlan['core']['params'][number], number>;

function paramRanges(plan: CallPlan, at: Places): readonly string[] {
  return plan.params.flatMap(({ pass, core }) => {
    const [pointer, count] = core.map((param) => at.get(param));
    switch (pass.shape) {
      case 'single':
        return [];
      case 'text':
        return [range(pointer, count, 1, false)];
      case 'buffer':
        return [range(pointer, count, pass.stride, pass.access === 'out')];
      case 'sequence':
        return [range(pointer, count, pass.stride, false)];
      case 'product':
      case 'sum':
        return [range(pointer, undefined, pass.size, false)];
    }
  });
}

function outRanges(plan: CallPlan, at: Places): readonly string[] {
  return plan.outs.map(({ pass, core }) => range(at.get(core), undefined, pass.size, true));
}

/** Whether what it is made of points to memory that no parameter tells of. An address is a number: who uses it, has to know. */
function reachesFurther(pass: CorePass): boolean {
  switch (pass.shape) {
    case 'single':
      return isAddress(pass);
    case 'text':
    case 'buffer':
      return false;
    case 'sequence':
    case 'product':
    case 'sum':
      return partsOf(pass).some((part) => anyPart(part, (each) => pointsToMemory(each) || isAddress(each)));
  }
}

function range(pointer: number | undefined, count: number | undefined, size: number, written: boolean): string {
  return `{ pointer: ${pointer}, ${count === undefined ? '' : `count: ${count}, `}size: ${size}, written: ${written} }`;
}
