/** A guest that makes every call of some definitions once, and uses every accessor: asc compiles only what is used. */
import { isPlanned, type CallPlan, type ParamPlan, type Pass, type PlannedUnit } from '../../../generator/abi/plan.js';
import { handleKind, resolve } from '../../../generator/model/kinds.js';
import { namesOf, memberName, type Names } from '../../../generator/targets/assemblyscript-guest/names.js';
import type { Type } from '../../../generator/model/model.js';

export function everyCall(planned: PlannedUnit, files: ReadonlyMap<string, string>): string {
  const names = namesOf(planned);
  const calls = [...names.members].flatMap(([func, { owner, receiver, words }]) => {
    const plan = planned.plans.get(func);
    if (plan === undefined || !isPlanned(plan)) return [];
    const args = [
      ...plan.params.filter((_, index) => index !== receiver).flatMap((param) => argument(param, names)),
      ...outs(plan, names),
    ];
    const target =
      owner === undefined
        ? `all.${names.free.get(func)?.name}`
        : `${receiver === undefined ? `all.${names.classes.get(owner)?.name}` : handle(owner, names)}.${memberName(words)}`;
    return [`  ${target}(${args.join(', ')});`];
  });
  const types = files.get(`${names.packageName}/types.ts`) ?? '';
  return [
    `import * as all from "${names.packageName}";`,
    '',
    'export function run(): void {',
    '  const bytes = new Uint8Array(1);',
    ...calls,
    ...accessors(types),
    '}',
    '',
  ].join('\n');
}

function handle(kind: Parameters<Names['classes']['get']>[0], names: Names): string {
  return `changetype<all.${names.classes.get(kind)?.name}>(1)`;
}

function argument({ pass, type }: ParamPlan, names: Names): readonly string[] {
  switch (pass.how) {
    case 'handle':
      return [handle(pass.kind, names)];
    case 'option':
      return [pass.some.pass.how === 'handle' ? 'null' : overlay(type, names)];
    case 'string':
      return ['"text"'];
    case 'buffer':
      return ['bytes'];
    case 'list': {
      const target = resolve(type);
      if (target.kind !== 'list') throw new TypeError('no list');
      return isNumber(pass.element)
        ? [`new StaticArray<${element(pass.element, target.element, names)}>(1)`]
        : [overlay(target.element, names), '1'];
    }
    case 'record':
    case 'tuple':
    case 'variant':
      return [overlay(type, names)];
    case 'bool':
      return ['true'];
    case 'scalar':
    case 'enum':
    case 'flags':
    case 'address':
      return ['1'];
  }
}

function isNumber(pass: Pass): boolean {
  return ['scalar', 'bool', 'enum', 'flags', 'handle', 'address'].includes(pass.how);
}

function overlay(type: Type, names: Names): string {
  let decl = type.kind === 'ref' ? type.decl : undefined;
  while (decl?.type.kind === 'ref') decl = decl.type.decl;
  const name =
    decl === undefined
      ? undefined
      : (names.types.get(decl)?.name ?? decl.name.words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join(''));
  return `all.${name ?? 'Segment'}.alloc()`;
}

function element(pass: Pass, type: Type, names: Names): string {
  const kind = handleKind(type);
  if (kind !== undefined) return `all.${names.classes.get(kind)?.name}`;
  if (pass.how === 'enum' || pass.how === 'flags') return pass.repr;
  return pass.how === 'bool'
    ? 'bool'
    : pass.how === 'scalar'
      ? pass.scalar === 'char'
        ? 'u32'
        : pass.scalar === 'char8'
          ? 'u8'
          : pass.scalar.replace(/^s/, 'i')
      : 'usize';
}

function outs(plan: CallPlan, names: Names): readonly string[] {
  const [first] = plan.outs;
  if (
    plan.outs.length === 1 &&
    first !== undefined &&
    isNumber(first.pass) &&
    first.pass.size <= 4 &&
    !(first.pass.how === 'scalar' && first.pass.scalar === 'f32')
  )
    return [];
  return plan.outs.map(({ pass, type }) =>
    isNumber(pass) ? `new all.Out<${element(pass, type, names)}>()` : overlay(type, names),
  );
}

/** Every accessor of every overlay, found in the text of the file: written, where it can be, with what was read. */
function accessors(types: string): readonly string[] {
  return [...types.matchAll(/^export class (\w+) extends [^]*?^\}$/gm)].flatMap(([body, name]) => {
    const getters = [...body.matchAll(/^ {2}get (\w+)\(/gm)].map(([, member]) => member as string);
    const setters = new Set([...body.matchAll(/^ {2}set (\w+)\(/gm)].map(([, member]) => member));
    return [
      `  const a${name} = all.${name}.alloc(2).item(1);`,
      ...getters.map((member) =>
        setters.has(member) ? `  a${name}.${member} = a${name}.${member};` : `  a${name}.${member}.address;`,
      ),
    ];
  });
}
