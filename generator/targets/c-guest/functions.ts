/** Functions of the definitions as C declares imports. */
import type { CallPlan, CorePass, ReturnPlan } from '../../abi/plan.js';
import { isSingle, pointsToMemory } from '../../abi/shape.js';
import { passOf } from '../../abi/preview1.js';
import { docLines } from '../../print/doc-comment.js';
import { Members, type CNames } from './names.js';
import { declared, type Types, type Variable } from './types.js';

const WIDTH = 100;

/** @param mayIgnore whether the errno is of no interest to many, as that of a `close` */
export function declareFunction(plan: CallPlan, types: Types, names: CNames, mayIgnore: boolean): readonly string[] {
  const { module, func } = plan;
  const name = names.func(func.name.words);
  const parameters = parametersOf(plan, types).map(declared);
  const result = resultOf(plan.returns, types, func.name.words);
  const attributes = [
    `${names.own('IMPORT')}(${JSON.stringify(module.name.wire)}, ${JSON.stringify(func.name.wire)})`,
    ...(plan.returns.how === 'errno' && !mayIgnore ? [names.own('CHECKED')] : []),
    ...(plan.noreturn ? ['__attribute__((__noreturn__))'] : []),
  ].join(' ');
  const head = `${declared({ type: result, name })}(`;
  const flat = `${head}${parameters.join(', ') || 'void'})`;
  return [
    ...docLines(documented(plan), ''),
    ...(flat.length <= WIDTH
      ? [flat]
      : [head, ...parameters.map((each, index) => `    ${each}${index < parameters.length - 1 ? ',' : ')'}`)]),
    `    ${attributes};`,
  ];
}

function documented({ func }: CallPlan): string {
  const params = func.params.flatMap(({ name, docs }) => (docs === '' ? [] : [`@param ${name.wire} ${docs}`]));
  return [func.docs, ...params].filter((text) => text !== '').join('\n');
}

function parametersOf(plan: CallPlan, types: Types): readonly Variable[] {
  const members = new Members();
  const { words } = plan.func.name;
  return [
    ...plan.params.flatMap(({ pass, core, name }) => {
      const [first = '', second] = core.map((each) => members.declare(each.name));
      return types.variables(pass, [first, second], [...words, ...name.words]).map((each) => passed(each, pass));
    }),
    ...plan.outs.map(({ pass, core }) => ({
      type: `${types.spell(pass, [...words, 'result'])} *`,
      name: members.declare(core.name),
    })),
  ];
}

/** What is neither one number nor a pointer and a length is passed by its address. */
function passed(variable: Variable, pass: CorePass): Variable {
  return isSingle(pass) || pointsToMemory(pass) ? variable : { ...variable, type: `const ${variable.type} *` };
}

function resultOf(returns: ReturnPlan, types: Types, words: readonly string[]): string {
  switch (returns.how) {
    case 'nothing':
      return 'void';
    case 'errno': {
      const type = { kind: 'ref', decl: returns.decl } as const;
      return types.spell(passOf(type), words);
    }
    case 'value':
      return types.spell(returns.pass, words);
  }
}
