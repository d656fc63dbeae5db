/**
 * One function for jco: the way its own trampolines call it, with JavaScript values, and beside it the
 * core function that the fast path puts in their place.
 */
import type { CanonicalPlan, CoreParam, FlatParam, Pass } from '../../abi/plan.js';
import { camel } from '../../model/name.js';
import { handleKind } from '../../model/kinds.js';
import { lines } from '../../print/lines.js';
import { Scope } from '../../print/scope.js';
import type { TsFile } from '../../print/ts-file.js';
import { InternalError } from '../../diagnostics/diagnostic.js';
import { errnoNames, type ErrnoNames } from './errnos.js';
import { hostType } from './host-types.js';
import {
  dropUsedUp,
  handleNumber,
  has,
  holdsHandle,
  holdsOwned,
  holdsView,
  kindOf,
  liftFlat,
  liftInstance,
  liftMemory,
  resolve,
  tableOf,
  type CoreValue,
  type Site,
} from './lifting.js';
import { errnoOf, type Names } from './names.js';
import { template } from './templates.js';
import { instances, newHandles, takesBytes, write, writeCore } from './writing.js';

/** What the code around a call is written with; parameters must not shadow it. */
const reservedLocals = [
  'memory',
  'guest',
  'table',
  'handles',
  'resources',
  'lowering',
  'reporting',
  'binding',
  'host',
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
  'arguments',
  'eval',
  'default',
  'delete',
  'function',
  'in',
  'new',
  'return',
  'this',
  'typeof',
  'var',
  'void',
  'with',
  'case',
  'catch',
  'class',
  'const',
  'continue',
  'debugger',
  'do',
  'else',
  'enum',
  'export',
  'extends',
  'false',
  'finally',
  'for',
  'if',
  'import',
  'instanceof',
  'let',
  'null',
  'static',
  'super',
  'switch',
  'throw',
  'true',
  'try',
  'undefined',
  'while',
  'yield',
  'await',
  'break',
  'implements',
  'interface',
  'package',
  'private',
  'protected',
  'public',
  'Uint8Array',
  'Array',
  'BigInt',
  'Number',
];

export interface Importable {
  readonly plan: CanonicalPlan;
  /** Names it for people and apart from others. */
  readonly id: string;
  readonly method: string;
  /** It is the end of a resource, and the bindings' own. */
  readonly destroys: boolean;
}

/** What success returns, and how failure is said. */
interface Outcome {
  readonly pass: Pass | undefined;
  readonly errno: ErrnoNames | undefined;
}

function outcomeOf(plan: CanonicalPlan, names: Names): Outcome {
  const errno = errnoOf(plan);
  if (errno === undefined) return { pass: plan.result?.pass, errno: undefined };
  const result = plan.result?.pass;
  if (result?.how !== 'variant') throw new InternalError(`${plan.wire} has an errno but no result`);
  return { pass: result.cases[0]?.pass, errno: errnoNames(errno.decl, names) };
}

/** A parameter of the call: its names at each step. */
interface Argument {
  readonly param: FlatParam;
  /** What the host takes. */
  readonly value: string;
  /** The same with handles as numbers; the value itself, if it has none. */
  readonly lifted: string;
  /** What jco passes. */
  readonly instance: string;
  readonly core: readonly CoreValue[];
  /** It is a single handle, which needs no lifting. */
  readonly isHandle: boolean;
}

/** Parameters and result of the host's method. */
export function hostSignature(plan: CanonicalPlan, names: Names, file: TsFile): string {
  const { pass } = outcomeOf(plan, names);
  const params = argumentsOf(plan).map(({ param, value }) => `${value}: ${hostType(param.type, names, file)}`);
  const take = takesBytes(pass) ? [`take: ${file.use(template.Take)}`] : [];
  return `(${[...params, ...take].join(', ')}): ${resultType(plan, names, file)}`;
}

function resultType(plan: CanonicalPlan, names: Names, file: TsFile): string {
  const errno = errnoOf(plan);
  const type = errno === undefined ? plan.result?.type : errno.ok;
  return type === undefined ? 'void' : hostType(type, names, file);
}

function argumentsOf(plan: CanonicalPlan): readonly Argument[] {
  const scope = new Scope(reservedLocals);
  const values = plan.params.map((param) => scope.declare(valueName(param)));
  return plan.params.map((param, index) => {
    const value = values[index] as string;
    const isHandle = param.pass.how === 'handle';
    return {
      param,
      value,
      lifted: isHandle
        ? scope.declare(`${value}Handle`)
        : holdsHandle(param.pass)
          ? scope.declare(`${value}Lifted`)
          : value,
      instance: holdsHandle(param.pass) ? scope.declare(`${value}${isHandle ? 'Instance' : 'Instances'}`) : value,
      core: param.core.map((core) => ({ code: scope.declare(coreName(param, core, value)), type: core.type })),
      isHandle,
    };
  });
}

/** `self` says nothing about an object, so such a parameter is named after its kind. */
function valueName(param: FlatParam): string {
  const kind = handleKind(param.type);
  return camel(kind !== undefined && param.name.wire === 'self' ? kind.name.words : param.name.words);
}

function coreName(param: FlatParam, core: CoreParam, value: string): string {
  switch (param.pass.how) {
    case 'string':
    case 'list':
      if (param.pass.how === 'list' && param.pass.length !== undefined) return camel(core.name.split('_'));
      return `${value}${core.name.endsWith('_len') ? 'Length' : 'Pointer'}`;
    case 'handle':
      return `${value}Index`;
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
      return `${value}Raw`;
    default:
      return `${camel(core.name.split('_'))}Raw`;
  }
}

/** The function with its fast path, as lines of one expression. */
export function functionOf(importable: Importable, names: Names, file: TsFile): readonly string[] {
  const { plan, id } = importable;
  const passes = [...plan.params.map((param) => param.pass), ...(plan.result === undefined ? [] : [plan.result.pass])];
  const site: Site = { file, names, path: 'jco' };
  const kinds = kindsIn(passes, site);
  const makes = plan.result === undefined ? [] : kindsIn([plan.result.pass], site);
  const list = (kinds_: readonly string[]): string => `[${kinds_.map((kind) => `'${kind}'`).join(', ')}]`;
  return lines(
    'lowering.lowerable(',
    jcoFunction(importable, site),
    '{',
    `id: '${id}',`,
    `kinds: ${list(kinds)},`,
    `makes: ${list(makes)},`,
    `needsMemory: ${String(usesMemory(plan))},`,
    `allocates: ${String(plan.importAllocates)},`,
    coreFunction(importable, { ...site, path: 'core' }, kinds),
    '})',
  );
}

function kindsIn(passes: readonly Pass[], site: Site): readonly string[] {
  const kinds = new Set<string>();
  for (const pass of passes) {
    has(pass, (part) => {
      if (part.how === 'handle') kinds.add(kindOf(part, site));
      return false;
    });
  }
  return [...kinds];
}

function usesMemory(plan: CanonicalPlan): boolean {
  const pointsToMemory = (pass: Pass): boolean =>
    has(pass, (part) => part.how === 'string' || (part.how === 'list' && part.length === undefined));
  return (
    plan.paramsInMemory !== undefined ||
    plan.result?.in === 'memory' ||
    plan.params.some((param) => pointsToMemory(param.pass))
  );
}

/** What jco's trampolines call, as an argument. */
function jcoFunction(importable: Importable, site: Site): readonly string[] {
  const { plan, id } = importable;
  const { file, names } = site;
  const outcome = outcomeOf(plan, names);
  const args = argumentsOf(plan);
  const parameters = args.map((arg) => `${arg.instance}: ${hostType(arg.param.type, names, file, 'Instances')}`);
  const result = outcome.pass === undefined ? undefined : instances(outcome.pass, 'result', site);
  const answer =
    outcome.errno === undefined
      ? result !== undefined && `return ${result};`
      : result === undefined
        ? `return ${file.use(template.done)};`
        : `return ${file.use(template.ok)}(${result});`;
  const top = args
    .filter(({ isHandle }) => isHandle)
    .map((arg) => `const ${arg.lifted} = resources.${kindOfArgument(arg, site)}.handleOf(${arg.instance});`);
  const nested = args
    .filter((arg) => !arg.isHandle && holdsHandle(arg.param.pass))
    .map((arg) => `const ${arg.lifted} = ${liftInstance(arg.param.pass, arg.instance, site)};`);
  return lines(
    `(${parameters.join(', ')}) => {`,
    ownedLines(args, site),
    top,
    'try {',
    nested,
    importable.destroys
      ? destroy(args, site)
      : [
          ...absentLines(importable, file),
          objectLines(args, site),
          roomLines(outcome, args, site),
          `${outcome.pass === undefined ? '' : 'const result = '}${hostCall(importable, args, takesBytes(outcome.pass) ? [file.use(template.takeNew)] : [])};`,
          args.map((arg) => dropUsedUp(arg.param.pass, arg.lifted, arg.value, site)),
        ],
    answer,
    '} catch (thrown) {',
    outcome.errno === undefined
      ? `throw ${file.use(template.trapped)}(thrown, '${id}', reporting);`
      : `return ${file.use(template.failed)}(thrown, ${file.use(outcome.errno.errors)}, ${file.use(outcome.errno.ofFault)}, reporting);`,
    endLines(args, importable, site),
    '}',
    '},',
  );
}

/** What the component calls on the fast path. */
function coreFunction(importable: Importable, site: Site, kinds: readonly string[]): readonly string[] {
  const { plan, id } = importable;
  const outcome = outcomeOf(plan, site.names);
  const args = argumentsOf(plan);
  const types = (type: CoreParam['type']): string => (type === 'i64' ? 'bigint' : 'number');
  const parameters =
    plan.paramsInMemory === undefined
      ? args.flatMap((arg) => arg.core.map(({ code, type }) => `${code}: ${types(type)}`))
      : ['address: number'];
  const inMemory = plan.result?.in === 'memory' ? plan.result.pass : undefined;
  const returns = plan.imported.result === undefined ? 'void' : types(plan.imported.result);
  const body = lines(
    inMemory === undefined ? 'guest.enter();' : `guest.enterFor(returned, ${inMemory.size}, ${inMemory.align});`,
    plan.paramsInMemory !== undefined &&
      `guest.requireParams(address, ${plan.paramsInMemory.size}, ${plan.paramsInMemory.align});`,
    ownedLines(args, site),
    args
      .filter(isOwnedHandle)
      .map((arg) => `const ${arg.lifted} = ${tableOf(kindOfArgument(arg, site))}.own(${coreOrMemory(plan, arg)});`),
    'try {',
    importable.destroys ? destroy(args, site) : callLines(importable, outcome, args, site),
    resultLines(plan, outcome, site),
    '} catch (thrown) {',
    failureLines(outcome, inMemory, id, site),
    endLines(args, importable, site),
    '}',
  );
  const usesTable = kinds.filter((kind) => body.some((line) => line.includes(`${tableOf(kind)}.`)));
  const usesGuestMemory = body.some((line) => /\bmemory\./.test(line));
  return lines(
    `lower: (guest${usesTable.length > 0 ? ', table' : ''}) => {`,
    usesGuestMemory && 'const { memory } = guest;',
    usesTable.map((kind) => `const ${tableOf(kind)} = table('${kind}');`),
    `return (${[...parameters, ...(inMemory === undefined ? [] : ['returned: number'])].join(', ')}): ${returns} => {`,
    body,
    '};',
    '},',
  );
}

/** The order of judgement: memory, text and tags; the method; handles; room for new ones. Then the host. */
function callLines(importable: Importable, outcome: Outcome, args: readonly Argument[], site: Site): readonly string[] {
  const { plan } = importable;
  const takes = takesBytes(outcome.pass);
  const moving = args.filter((arg) => takes && holdsView(arg.param.pass));
  const lifted = (arg: Argument): string => liftArgument(plan, arg, site);
  const call = hostCall(importable, args, takes ? ['guest.take'] : []);
  const again = moving.flatMap((arg) => [
    `${arg.lifted} = ${lifted(arg)};`,
    ...(arg.lifted === arg.value ? [] : [`${arg.value} = ${resolve(arg.param.pass, arg.lifted, site)};`]),
  ]);
  const variable = (arg: Argument): string => (moving.includes(arg) ? 'let' : 'const');
  return lines(
    args.filter((arg) => !arg.isHandle).map((arg) => `${variable(arg)} ${arg.lifted} = ${lifted(arg)};`),
    absentLines(importable, site.file),
    args
      .filter((arg) => arg.isHandle && !isOwnedHandle(arg))
      .map((arg) => `const ${arg.lifted} = ${handleNumber(handlePass(arg), coreOrMemory(plan, arg), site)};`),
    args
      .filter((arg) => holdsHandle(arg.param.pass))
      .map(
        (arg) =>
          `${arg.isHandle ? 'const' : variable(arg)} ${arg.value} = ${arg.isHandle ? objectOf(arg, site) : resolve(arg.param.pass, arg.lifted, site)};`,
      ),
    roomLines(outcome, args, site),
    takes
      ? [
          `let result: ${takenType(plan, site)};`,
          'for (;;) {',
          'try {',
          `result = ${call};`,
          'break;',
          '} catch (thrown) {',
          'guest.repeat(thrown);',
          again,
          '}',
          '}',
        ]
      : `${outcome.pass === undefined ? '' : 'const result = '}${call};`,
    args.map((arg) =>
      arg.isHandle ? usedUpHandle(arg, site) : dropUsedUp(arg.param.pass, arg.lifted, arg.value, site),
    ),
  );
}

function takenType(plan: CanonicalPlan, site: Site): string {
  return resultType(plan, site.names, site.file);
}

/** A single handle is a number of the host's already when it is looked up. */
function objectOf(arg: Argument, site: Site): string {
  return `handles.${kindOfArgument(arg, site)}.get(${arg.lifted})`;
}

function usedUpHandle(arg: Argument, site: Site): readonly string[] {
  return isOwnedHandle(arg)
    ? []
    : [`if (!${arg.value}.live) handles.${kindOfArgument(arg, site)}.drop(${arg.lifted});`];
}

function objectLines(args: readonly Argument[], site: Site): readonly string[] {
  return args
    .filter((arg) => holdsHandle(arg.param.pass))
    .map(
      (arg) =>
        `const ${arg.value} = ${arg.isHandle ? objectOf(arg, site) : resolve(arg.param.pass, arg.lifted, site)};`,
    );
}

function liftArgument(plan: CanonicalPlan, arg: Argument, site: Site): string {
  if (plan.paramsInMemory === undefined) return liftFlat(arg.param.pass, arg.core, site);
  return liftMemory(arg.param.pass, 'address', offsetOf(plan, arg), site);
}

/** The number of a single handle. */
function coreOrMemory(plan: CanonicalPlan, arg: Argument): string {
  if (plan.paramsInMemory === undefined) return (arg.core[0] as CoreValue).code;
  const offset = offsetOf(plan, arg);
  return `memory.u32(address${offset === 0 ? '' : `, ${offset}`})`;
}

function offsetOf(plan: CanonicalPlan, arg: Argument): number {
  return plan.paramsInMemory?.offsets[plan.params.indexOf(arg.param)] as number;
}

function handlePass(arg: Argument): Extract<Pass, { how: 'handle' }> {
  if (arg.param.pass.how !== 'handle') throw new InternalError(`${arg.value} is no handle`);
  return arg.param.pass;
}

function kindOfArgument(arg: Argument, site: Site): string {
  return kindOf(handlePass(arg), site);
}

function isOwnedHandle(arg: Argument): boolean {
  return arg.param.pass.how === 'handle' && arg.param.pass.ownership === 'own';
}

function hasNestedOwned(arg: Argument): boolean {
  return !arg.isHandle && holdsOwned(arg.param.pass);
}

function ownedLines(args: readonly Argument[], site: Site): readonly string[] {
  return args.some(hasNestedOwned) ? [`const owned = new ${site.file.use(template.Owned)}();`] : [];
}

/** What the call took over ends with it, whatever became of the call. */
function endLines(args: readonly Argument[], { destroys }: Importable, site: Site): readonly string[] {
  const ends = lines(
    !destroys && args.filter(isOwnedHandle).map((arg) => `handles.${kindOfArgument(arg, site)}.end(${arg.lifted});`),
    args.some(hasNestedOwned) && 'owned.end();',
  );
  return ends.length === 0 ? [] : ['} finally {', ...ends];
}

function destroy(args: readonly Argument[], site: Site): readonly string[] {
  return args.map((arg) => `handles.${kindOfArgument(arg, site)}.close(${arg.lifted});`);
}

function absentLines({ method }: Importable, file: TsFile): readonly string[] {
  return [`if (!host.${method} || absent.${method}) throw absent.${method} ?? ${file.use(template.faults)}.absent;`];
}

function hostCall({ method }: Importable, args: readonly Argument[], more: readonly string[]): string {
  return `host.${method}(${[...args.map(({ value }) => value), ...more].join(', ')})`;
}

/** Lists of new resources are taken to be no longer than the lists they are made from. */
function roomLines({ pass }: Outcome, args: readonly Argument[], site: Site): readonly string[] {
  if (pass === undefined) return [];
  const counts = [...newHandles(pass, site)];
  const lengths = args.filter(({ param }) => param.pass.how === 'list').map(({ value }) => `${value}.length`);
  const factor = lengths.length > 1 ? `(${lengths.join(' + ')})` : lengths[0];
  const written = (count: number, inList: boolean): string =>
    !inList || factor === undefined ? String(count) : count === 1 ? factor : `${count} * ${factor}`;
  const total = counts.reduce((sum, [, { count }]) => sum + count, 0);
  const anyInList = counts.some(([, { inList }]) => inList);
  return counts.map(
    ([kind, { count, inList }]) =>
      `handles.${kind}.room(${written(count, inList)}${total === count ? '' : `, ${written(total, anyInList)}`});`,
  );
}

function resultLines(plan: CanonicalPlan, { pass, errno }: Outcome, site: Site): readonly string[] {
  const { result } = plan;
  if (result === undefined) return [];
  if (errno === undefined)
    return result.in === 'core'
      ? [`return ${writeCore(result.pass, 'result', site)};`]
      : write(result.pass, 'returned', 0, 'result', site);
  if (result.pass.how !== 'variant') throw new InternalError(`${plan.wire} has an errno but no result`);
  return [
    'memory.setU8(returned, 0);',
    ...(pass === undefined ? [] : write(pass, 'returned', result.pass.payloadOffset, 'result', site)),
  ];
}

function failureLines({ errno }: Outcome, inMemory: Pass | undefined, id: string, site: Site): readonly string[] {
  const { file } = site;
  if (errno === undefined) return [`throw ${file.use(template.trapped)}(thrown, '${id}', reporting);`];
  if (inMemory?.how !== 'variant') throw new InternalError(`${id} has an errno but no result in memory`);
  const error = inMemory.cases[1]?.pass;
  const repr = error?.how === 'enum' || error?.how === 'variant' ? error.repr : 'u8';
  return [
    `const errno = ${file.use(template.numberOfFailure)}(thrown, ${file.use(errno.ofFault)}, reporting);`,
    'memory.setU8(returned, 1);',
    `memory.set${repr.toUpperCase()}(returned + ${inMemory.payloadOffset}, errno);`,
  ];
}
