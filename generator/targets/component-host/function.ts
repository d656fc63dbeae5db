/**
 * One function for jco. Its body is written once, in terms of what a caller holds for resources: the
 * template makes of it what jco's own trampolines call, with JavaScript values; beside it stands the core
 * function of the fast path.
 */
import type { CanonicalPass, CanonicalPlan, Pass, CoreParam, FlatParam, ResultPass } from '../../abi/plan.js';
import {
  anyPart,
  handlesIn,
  holdsHandle,
  holdsMemory,
  isBytes,
  isHandle,
  isList,
  isOption,
  isResult,
  isSum,
  scalarOf,
} from '../../abi/shape.js';
import { camel } from '../../model/name.js';
import { handleKind } from '../../model/kinds.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import { InternalError } from '../../diagnostics/diagnostic.js';
import { errnoNames } from './errnos.js';
import { hostType } from './host-types.js';
import { holdsOwned, kindOf, liftFlat, liftMemory, resolve, takeOver, type CoreValue, type Site } from './lifting.js';
import { errnoOf, type ErrnoNames, type Names } from './names.js';
import { own } from './own.js';
import { alone } from '../typescript/products.js';
import { template } from './templates.js';
import { given, newHandles, takesBytes, write, writeCore } from './writing.js';

/** What the code around a call is written with; parameters must not shadow it. */
const surroundings = [
  'memory',
  'guest',
  'call',
  'from',
  'handles',
  'resources',
  'lowering',
  'imported',
  'binding',
  'host',
  'given',
  'absent',
  'owned',
  'take',
  'result',
  'returned',
  'thrown',
  'address',
  'item',
  'each',
  'index',
  'object',
  'K',
  'Held',
];

export interface Importable {
  readonly plan: CanonicalPlan;
  /** Names it for people and apart from others. */
  readonly id: string;
  /** The same within its interface. */
  readonly member: string;
  readonly method: string;
  /** It is the end of a resource, and the bindings' own. */
  readonly destroys: boolean;
}

/** What success returns, and how failure is said. */
interface Outcome {
  readonly pass: CanonicalPass | undefined;
  readonly errno: ErrnoNames | undefined;
}

function outcomeOf(plan: CanonicalPlan, names: Names): Outcome {
  const errno = errnoOf(plan);
  if (errno === undefined) return { pass: plan.result?.pass, errno: undefined };
  return { pass: errnoResult(plan).ok.pass, errno: errnoNames(errno.decl, names) };
}

/** The result of a function that has an errno. */
function errnoResult(plan: CanonicalPlan): ResultPass<CanonicalPass> {
  const result = plan.result?.pass;
  if (result === undefined || !isResult(result)) throw new InternalError(`${plan.wire} has an errno but no result`);
  return result;
}

/** A parameter of the call: its names at each step. */
interface Argument {
  readonly param: FlatParam;
  /** What the host takes. */
  readonly value: string;
  /** The same by what the caller holds for resources; the value itself, if it has none. */
  readonly held: string;
  /** The same with the handles that it gives away taken over; what is held, if it has none. */
  readonly taken: string;
  readonly core: readonly CoreValue[];
}

/** Parameters and result of the host's method. */
export function hostSignature(plan: CanonicalPlan, names: Names, file: TsFile): string {
  const { pass } = outcomeOf(plan, names);
  const params = argumentsOf(plan, file).map(({ param, value }) => `${value}: ${hostType(param.type, names, file)}`);
  const take = takesBytes(pass) ? [`take: ${file.use(template.Take)}`] : [];
  return `(${[...params, ...take].join(', ')}): ${resultType(plan, names, file)}`;
}

function resultType(plan: CanonicalPlan, names: Names, file: TsFile): string {
  const errno = errnoOf(plan);
  const type = errno === undefined ? plan.result?.type : errno.ok;
  return type === undefined ? 'void' : hostType(type, names, file);
}

function argumentsOf(plan: CanonicalPlan, file: TsFile): readonly Argument[] {
  const scope = file.scope(surroundings);
  const values = plan.params.map((param) => scope.declare(valueName(param)));
  return plan.params.map((param, index) => {
    const value = values[index] as string;
    const held = holdsHandle(param.pass) ? scope.declare(`${value}Held`) : value;
    return {
      param,
      value,
      held,
      taken: holdsOwned(param.pass) ? scope.declare(`${value}Taken`) : held,
      core: param.core.map((core) => ({ code: scope.declare(coreName(param, core, value)), type: core.type })),
    };
  });
}

/** `self` says nothing about an object, so such a parameter is named after its kind. */
function valueName(param: FlatParam): string {
  const kind = handleKind(param.type);
  return camel(kind !== undefined && param.name.wire === 'self' ? kind.name.words : param.name.words);
}

function coreName({ pass }: FlatParam, core: CoreParam, value: string): string {
  const words = camel(core.name.split('_'));
  switch (pass.shape) {
    case 'single':
      return isHandle(pass) ? `${value}Index` : `${value}Raw`;
    case 'text':
      return fatName(core, value);
    case 'sequence':
      return pass.length === undefined ? fatName(core, value) : words;
    case 'product':
    case 'sum':
      return `${words}Raw`;
  }
}

function fatName(core: CoreParam, value: string): string {
  return `${value}${core.name.endsWith('_len') ? 'Length' : 'Pointer'}`;
}

/** The function, as lines of one expression. */
export function functionOf(importable: Importable, names: Names, file: TsFile): readonly string[] {
  const { plan, member, method, destroys } = importable;
  const site: Site = { file, names };
  const outcome = outcomeOf(plan, names);
  const answers = outcome.errno === undefined ? [] : [file.use(outcome.errno.answers)];
  const kinds = kindsOf(plan, site);
  if (destroys)
    return [
      `imported.closing('${member}', ${[...kinds.keys()]
        .map((kind) => `'${kind}'`)
        .concat(answers)
        .join(', ')})`,
    ];
  const args = argumentsOf(plan, site.file);
  const needs = plan.importAllocates ? 'allocator' : usesMemory(plan) ? undefined : 'nothing';
  return lines(
    `imported.${outcome.errno === undefined ? 'trapping' : 'fallible'}(${[`'${member}'`, ...answers].join(', ')}, {`,
    kinds.size > 0 && `kinds: { ${[...kinds].map(([kind, use]) => `${kind}: '${use}'`).join(', ')} },`,
    needs !== undefined && `needs: '${needs}',`,
    args.some(takesOver) ? 'owns: true,' : method !== member && `method: '${method}',`,
    sharedCall(importable, outcome, args, site),
    coreFunction(importable, outcome, args, site),
    '})',
  );
}

/** The kinds it mentions, and whether it makes some of them or is only given them. */
function kindsOf({ params, result }: CanonicalPlan, site: Site): ReadonlyMap<string, 'given' | 'made'> {
  const kinds = new Map<string, 'given' | 'made'>();
  const note = (pass: CanonicalPass, use: 'given' | 'made'): void => {
    for (const handle of handlesIn(pass)) kinds.set(kindOf(handle, site), use);
  };
  for (const { pass } of params) note(pass, 'given');
  if (result !== undefined) note(result.pass, 'made');
  return kinds;
}

function usesMemory(plan: CanonicalPlan): boolean {
  return (
    plan.paramsInMemory !== undefined ||
    plan.result?.in === 'memory' ||
    plan.params.some((param) => holdsMemory(param.pass))
  );
}

function takesOver({ param }: Argument): boolean {
  return holdsOwned(param.pass);
}

/**
 * What both paths do. The order of judgement: what is taken over; the method, which the template judges where nothing
 * is; handles; room for new ones. Then the host.
 */
function sharedCall(
  { method }: Importable,
  outcome: Outcome,
  args: readonly Argument[],
  site: Site,
): readonly string[] {
  const { file, names } = site;
  const { pass } = outcome;
  const usesCaller = mentionsHandles(args, outcome);
  const takes = takesBytes(pass);
  const parameters = [
    ...(usesCaller ? [`from: ${file.use(own.From)}<K, Held>`] : isBare(args, outcome) ? [] : ['_from: unknown']),
    ...(args.some(takesOver) ? [`owned: ${file.use({ ...template.Owned, typeOnly: true })}`] : []),
    ...args.map(({ param, held }) => `${held}: ${hostType(param.type, names, file, 'Held')}`),
    ...(takes ? [`take: ${file.use(template.Take)}`] : []),
  ];
  const owned = args.filter(takesOver);
  const head = `call: ${usesCaller ? '<Held>' : ''}(${parameters.join(', ')}) =>`;
  const called = (values: readonly string[]): string =>
    `host.${method}(${[...values.map(alone), ...(takes ? ['take'] : [])].join(', ')})`;
  const resolved = (arg: Argument): string => resolve(arg.param.pass, arg.taken, site);
  const held = args.filter(({ param }) => holdsHandle(param.pass));
  // Where nothing stands between handles and the host, they are judged as its arguments.
  if (owned.length === 0 && pass === undefined) return [`${head} {`, `${called(args.map(resolved))};`, '},'];
  if (owned.length === 0 && pass !== undefined && !holdsHandle(pass)) return [`${head} ${called(args.map(resolved))},`];
  return lines(
    `${head} {`,
    owned.map((arg) => `const ${arg.taken} = ${alone(takeOver(arg.param.pass, arg.held, site))};`),
    owned.length > 0 && `${file.use(template.present)}(!!host.${method}, absent.${method});`,
    held.map((arg) => `const ${arg.value} = ${alone(resolved(arg))};`),
    returning(pass, called(args.map(({ value }) => value)), args, site),
    '},',
  );
}

function mentionsHandles(args: readonly Argument[], { pass }: Outcome): boolean {
  return [...args.map(({ param }) => param.pass), ...(pass === undefined ? [] : [pass])].some(holdsHandle);
}

/** Whether the shared call has no parameters at all. */
function isBare(args: readonly Argument[], outcome: Outcome): boolean {
  return args.length === 0 && !takesBytes(outcome.pass) && !mentionsHandles(args, outcome);
}

/** The call of the host's method. Room for the objects it makes is judged before. */
function returning(
  pass: CanonicalPass | undefined,
  call: string,
  args: readonly Argument[],
  site: Site,
): readonly string[] {
  if (pass === undefined) return [`${call};`];
  if (!holdsHandle(pass)) return [`return ${call};`];
  if (isHandle(pass)) return [`return from.${kindOf(pass, site)}.room(1).insert(${call});`];
  return [...roomLines(pass, args, site), `const result = ${call};`, `return ${alone(given(pass, 'result', site))};`];
}

/** What the component calls on the fast path: it judges memory, texts and tags, and writes the result. */
function coreFunction(
  importable: Importable,
  outcome: Outcome,
  args: readonly Argument[],
  site: Site,
): readonly string[] {
  const { plan, id } = importable;
  const inMemory = plan.result?.in === 'memory' ? plan.result.pass : undefined;
  const owns = args.some(takesOver);
  const parameters = [
    ...(plan.paramsInMemory === undefined
      ? args.flatMap((arg) => arg.core)
      : [{ code: 'address', type: 'i32' } satisfies CoreValue]),
    ...(inMemory === undefined ? [] : [{ code: 'returned', type: 'i32' } satisfies CoreValue]),
  ];
  // Where all are numbers, the template says so.
  const typed = parameters.some(({ type }) => type === 'i64');
  const declared = parameters.map(({ code, type }) =>
    typed ? `${code}: ${type === 'i64' ? 'bigint' : 'number'}` : code,
  );
  const bare = isBare(args, outcome);
  const call = `call${args.some(({ param }) => anyPart(param.pass, blursHeld)) ? '<number>' : ''}(${[
    ...(bare ? [] : ['from']),
    ...(owns ? ['owned'] : []),
    ...args.map((arg) => alone(liftArgument(plan, arg, site))),
    ...(takesBytes(outcome.pass) ? ['guest.take'] : []),
  ].join(', ')})`;
  const body = lines(
    inMemory === undefined ? 'guest.enter();' : `guest.enterFor(returned, ${inMemory.size}, ${inMemory.align});`,
    plan.paramsInMemory !== undefined &&
      `guest.requireParams(address, ${plan.paramsInMemory.size}, ${plan.paramsInMemory.align});`,
    owns && `const owned = new ${site.file.use(template.Owned)}();`,
    'try {',
    resultLines(plan, outcome, call, site),
    '} catch (thrown) {',
    outcome.errno === undefined
      ? `throw guest.trapped(thrown, '${id}');`
      : `guest.refuse(returned, ${errnoResult(plan).payloadOffset}, thrown, ${site.file.use(outcome.errno.answers)});`,
    owns && ['} finally {', 'owned.end();'],
    '}',
  );
  const needsMemory = body.some((line) => /\bmemory\./.test(line));
  const given = bare ? (needsMemory ? [', _from'] : []) : [', from'];
  return [
    `lower: (call, guest${[...given, ...(needsMemory ? [', memory'] : [])].join('')}) => (${declared.join(', ')}) => {`,
    ...body,
    '},',
  ];
}

/** Whether TypeScript would take what the component holds to be a number or nothing, as cases without a payload have none. */
function blursHeld(pass: Pass): boolean {
  return isSum(pass) && holdsHandle(pass) && (!isOption(pass) || isOption(pass.some.pass));
}

function liftArgument(plan: CanonicalPlan, arg: Argument, site: Site): string {
  if (plan.paramsInMemory === undefined) return liftFlat(arg.param.pass, arg.core, site);
  const offset = plan.paramsInMemory.offsets[plan.params.indexOf(arg.param)] as number;
  return liftMemory(arg.param.pass, 'address', offset, site);
}

/** Lists of new resources are taken to be no longer than the lists they are made from. */
function roomLines(pass: CanonicalPass, args: readonly Argument[], site: Site): readonly string[] {
  const counts = [...newHandles(pass, site)];
  const lengths = args.filter(({ param }) => isList(param.pass)).map(({ value }) => `${value}.length`);
  const factor = lengths.length > 1 ? `(${lengths.join(' + ')})` : lengths[0];
  const written = (count: number, inList: boolean): string =>
    !inList || factor === undefined ? String(count) : count === 1 ? factor : `${count} * ${factor}`;
  const total = counts.reduce((sum, [, { count }]) => sum + count, 0);
  const anyInList = counts.some(([, { inList }]) => inList);
  return counts.map(
    ([kind, { count, inList }]) =>
      `from.${kind}.room(${written(count, inList)}${total === count ? '' : `, ${written(total, anyInList)}`});`,
  );
}

function resultLines(plan: CanonicalPlan, { pass, errno }: Outcome, call: string, site: Site): readonly string[] {
  const { result } = plan;
  if (result?.in === 'core') return usedOnce((value) => [`return ${writeCore(result.pass, value, site)};`], call);
  const offset = errno === undefined ? 0 : errnoResult(plan).payloadOffset;
  const done = errno === undefined || pass === undefined ? undefined : doneWith(pass);
  if (done !== undefined) {
    const ending = (value: string): string => `guest.${done}(returned, ${offset}, ${value});`;
    return call.length > longCall ? [`const result = ${call};`, ending('result')] : [ending(call)];
  }
  return [
    ...(pass === undefined ? [`${call};`] : usedOnce((value) => write(pass, 'returned', offset, value, site), call)),
    ...(errno === undefined ? [] : ['guest.done(returned);']),
  ];
}

/** A call of more characters would stand on several lines, and is easier to read as a statement of its own. */
const longCall = 75;

/** What ends a call with the results that most functions have. */
function doneWith(pass: CanonicalPass): 'doneU32' | 'doneBytes' | undefined {
  if (isBytes(pass)) return 'doneBytes';
  return isHandle(pass) || ['u32', 's32'].includes(scalarOf(pass) ?? '') ? 'doneU32' : undefined;
}

/** Code with the result of a call, which stands in a variable unless it is used once and at once. */
function usedOnce(code: (value: string) => readonly string[], call: string): readonly string[] {
  const written = code('result');
  const uses = written.join('\n').match(/\bresult\b/g)?.length ?? 0;
  return uses === 1 && written[0]?.includes('result') ? code(call) : [`const result = ${call};`, ...written];
}
