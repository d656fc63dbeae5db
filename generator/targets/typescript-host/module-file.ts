/** One file a module: its host interface and the binder that makes imports of a host. */
import {
  isPlanned,
  type AddressPass,
  type CallPlan,
  type ParamPlan,
  type PlannedUnit,
  type SinglePass,
} from '../../abi/plan.js';
import { holdsHandle, isBuffer, isHandle, isSingle } from '../../abi/shape.js';
import { camel } from '../../model/name.js';
import { handleKind, handleKinds, membership, resolve as resolveType } from '../../model/kinds.js';
import type { Func, Module } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import { errnoNames } from './errnos.js';
import { hostType } from './host-types.js';
import { caseName, propertyKey } from '../typescript/identifiers.js';
import type { Counted } from '../typescript/parameter-counts.js';
import { isDestructor, type ModuleNames, type Names } from './names.js';
import { own as ours } from './own.js';
import { template } from './templates.js';
import { dropUsedUp, liftCore, lower, lowerCore, newHandles, resolve, type Site } from './values.js';

/** What the code around a call is written with; parameters must not shadow it. */
const surroundings = [
  'memory',
  'handles',
  'host',
  'absent',
  'reporting',
  'result',
  'thrown',
  'address',
  'each',
  'index',
  'object',
  'K',
];

export function declareModule(
  planned: PlannedUnit,
  module: Module,
  own: ModuleNames,
  names: Names,
  file: TsFile,
): void {
  file.describe(module.docs);
  const site: Site = { file, names };
  const kinds = file.use(ours.Kinds);
  const binding = file.use(ours.Binding);
  const imports = lines(module.funcs.map((func) => [...importOf(planned, func, site), '']));
  const used = usedBy(imports);
  const given = used.length > 0 ? 'binding' : '_binding';
  if (own.host === undefined) {
    file.function(
      own.bind.name,
      `The imports of \`${module.name.wire}\`: none of its functions has a preview 1 ABI, so no host can implement them here.`,
      { parameters: [{ name: given, text: `Pick<${binding}<${kinds}>, 'absent'>` }] },
      bindBody(imports, used),
    );
    return;
  }
  file.methods(
    own.host.name,
    hostDocs(module),
    hostedBy(planned, module).map((plan) => ({
      name: methodOf(plan.func, site),
      docs: plan.func.docs,
      text: signature(plan, site),
    })),
    own.hostType === own.host.name ? {} : { typeParameters: `<K extends ${kinds}>` },
  );
  file.function(
    own.bind.name,
    `The imports of \`${module.name.wire}\`, answered by a host. Methods it lacks answer their errno.`,
    {
      typeParameters: [`K extends ${kinds}`],
      parameters: [
        { name: 'host', text: `Partial<${own.hostType}>` },
        { name: given, text: `${binding}<K>` },
      ],
    },
    bindBody(imports, used),
  );
}

function hostedBy(planned: PlannedUnit, module: Module): readonly CallPlan[] {
  return module.funcs
    .map((func) => planned.plans.get(func))
    .filter((plan) => plan !== undefined && isPlanned(plan))
    .filter((plan) => !isDestructor(planned, plan.func));
}

/** The parameters of its methods. */
export function countsOf(planned: PlannedUnit, module: Module, names: Names): readonly Counted[] {
  return hostedBy(planned, module).map(({ func, params }) => ({
    method: names.methods.get(func) as string,
    parameters: params.length,
  }));
}

function methodOf(func: Func, { names }: Site): string {
  return names.methods.get(func) as string;
}

function hostDocs(module: Module): string {
  return [
    `What a host of \`${module.name.wire}\` implements.`,
    '',
    'Methods take objects for handles and views of guest memory for buffers, which are valid during the call only.',
    'They throw a `Failure`, one of `fail`, to fail.',
  ].join('\n');
}

/** Only what the imports use is taken out of the binding. */
function usedBy(imports: readonly string[]): readonly string[] {
  return ['memory', 'handles', 'absent', 'reporting'].filter((name) =>
    imports.some((line) => new RegExp(`(?<![.'\\w])${name}[.)]`).test(line)),
  );
}

function bindBody(imports: readonly string[], used: readonly string[]): readonly string[] {
  return lines(used.length > 0 && `const { ${used.join(', ')} } = binding;`, 'return {', imports, '};');
}

/** Names of a parameter: of its host value, and of its core parameters. */
interface ParamNames {
  readonly value: string;
  readonly core: readonly string[];
}

function paramNames(plan: CallPlan, site: Site): readonly ParamNames[] {
  const scope = site.file.scope(surroundings);
  const values = plan.params.map((param) => scope.declare(valueName(param)));
  return plan.params.map((param, index) => {
    const value = values[index] as string;
    return {
      value,
      core: coreSuffixes(param).map((suffix) => (isPlain(param) ? value : scope.declare(`${value}${suffix}`))),
    };
  });
}

/** `handle` says nothing about an object, so such a parameter is named after its kind. */
function valueName(param: ParamPlan): string {
  const kind = handleKind(param.type);
  return camel(kind !== undefined && param.name.wire === 'handle' ? kind.name.words : param.name.words);
}

function coreSuffixes({ pass }: ParamPlan): readonly string[] {
  switch (pass.shape) {
    case 'text':
    case 'buffer':
    case 'sequence':
      return ['Pointer', 'Length'];
    case 'product':
    case 'sum':
      return ['Pointer'];
    case 'single':
      return [singleSuffix(pass)];
  }
}

function singleSuffix({ how }: SinglePass | AddressPass): string {
  switch (how) {
    case 'handle':
      return 'Handle';
    case 'enum':
    case 'flags':
    case 'bool':
      return 'Raw';
    case 'scalar':
    case 'address':
      return '';
  }
}

/** Values whose lifting cannot fault stand as they are, converted in the call itself. */
function isPlain({ pass }: ParamPlan): boolean {
  if (!isSingle(pass)) return false;
  switch (pass.how) {
    case 'scalar':
      return pass.scalar !== 'char';
    case 'address':
      return true;
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
      return false;
  }
}

function signature(plan: CallPlan, site: Site): string {
  const named = paramNames(plan, site);
  const params = plan.params.map(
    (param, index) => `${(named[index] as ParamNames).value}: ${hostType(param.type, site.names, site.file)}`,
  );
  return `(${params.join(', ')}): ${resultType(plan, site)}`;
}

function resultType(plan: CallPlan, site: Site): string {
  if (plan.noreturn) return 'never';
  if (plan.returns.how === 'value') return hostType(plan.returns.type, site.names, site.file);
  if (plan.shape === 'none') return 'void';
  const types = plan.outs.map((out) => hostType(out.type, site.names, site.file));
  return plan.shape === 'single' ? (types[0] as string) : `readonly [${types.join(', ')}]`;
}

function importOf(planned: PlannedUnit, func: Func, site: Site): readonly string[] {
  const plan = planned.plans.get(func);
  if (plan === undefined) return [];
  if (!isPlanned(plan)) return unplannedImport(func, site);
  return isDestructor(planned, func) ? destructorImport(planned, plan, site) : callImport(plan, site);
}

/** The definition says more than preview 1 can carry: linking works, calling answers an errno. */
function unplannedImport(func: Func, site: Site): readonly string[] {
  const errno = site.names.errnos.find((decl) => func.results.some((result) => errorDecl(result.type) === decl));
  const answer =
    errno === undefined
      ? `throw ${site.file.use(template.trapOf)}(${site.file.use(template.faults)}.absent, '${func.name.wire}');`
      : `return absent.${methodOf(func, site)} ?? ${absentErrno(errno, site)};`;
  const result = errno === undefined ? 'never' : 'number';
  return ['/** Has no preview 1 ABI. */', `${propertyKey(func.name.wire)}(): ${result} {`, answer, '},'];
}

function errorDecl(type: Func['results'][number]['type']): unknown {
  const target = resolveType(type);
  let error = target.kind === 'result' ? target.error : type;
  while (error?.kind === 'ref' && error.decl.type.kind === 'ref') error = error.decl.type;
  return error?.kind === 'ref' ? error.decl : undefined;
}

function absentErrno(decl: Names['errnos'][number], site: Site): string {
  return `${site.file.use(errnoNames(decl, site.names).ofFault)}.absent`;
}

function destructorImport(planned: PlannedUnit, plan: CallPlan, site: Site): readonly string[] {
  const { owner } = membership(plan.func, handleKinds(planned.unit));
  const kind = site.names.kinds.get(owner as NonNullable<typeof owner>) as string;
  const method = methodOf(plan.func, site);
  const body =
    plan.returns.how === 'errno'
      ? [`if (absent.${method} !== undefined) return absent.${method};`, `handles.${kind}.close(handle);`]
      : [`handles.${kind}.close(handle);`];
  return [
    `${propertyKey(plan.func.name.wire)}(handle: number): ${plan.returns.how === 'errno' ? 'number' : 'void'} {`,
    ...guarded(plan, body, site),
    '},',
  ];
}

function callImport(plan: CallPlan, site: Site): readonly string[] {
  const named = paramNames(plan, site);
  const outNames = outPointers(plan, named, site);
  const coreTypes = plan.core.params.map((param) => (param.type === 'i64' ? 'bigint' : 'number'));
  const coreNames = [...named.flatMap((each) => each.core), ...outNames];
  const parameters = coreNames.map((name, index) => `${name}: ${coreTypes[index] ?? 'number'}`);
  const result =
    plan.core.result === undefined
      ? plan.noreturn
        ? 'never'
        : 'void'
      : plan.core.result === 'i64'
        ? 'bigint'
        : 'number';
  return [
    `${propertyKey(plan.func.name.wire)}(${parameters.join(', ')}): ${result} {`,
    ...guarded(plan, callBody(plan, named, outNames, site), site, outputs(plan, named, site)),
    '},',
  ];
}

/** Named after what is written there: `sizePointer`. */
function outPointers(plan: CallPlan, named: readonly ParamNames[], site: Site): readonly string[] {
  const scope = site.file.scope([...surroundings, ...named.flatMap((each) => [each.value, ...each.core])]);
  return plan.outs.map((out) => scope.declare(`${camel(out.core.name.replace(/_out\d*$/, '').split('_'))}Pointer`));
}

/** The order of judgement: memory, text and tags; the method; handles; room for new ones. Then the host. */
function callBody(
  plan: CallPlan,
  named: readonly ParamNames[],
  outNames: readonly string[],
  site: Site,
): readonly string[] {
  const params = plan.params.map((param, index) => ({ param, ...(named[index] as ParamNames) }));
  const lifted = params.map(({ param, value, core }) =>
    isHandle(param.pass) ? (core[0] as string) : holdsHandle(param.pass) ? `${value}Lifted` : value,
  );
  const values = params.map(({ param, value, core }) => (isPlain(param) ? liftCore(param.pass, core, site) : value));
  const method = methodOf(plan.func, site);
  const call = `host.${method}(${values.join(', ')})`;
  const hasResult = plan.returns.how === 'value' || plan.shape !== 'none';
  return lines(
    params.map(
      ({ param, core }, index) =>
        !isPlain(param) && !isHandle(param.pass) && `const ${lifted[index]} = ${liftCore(param.pass, core, site)};`,
    ),
    plan.outs.map((out, index) => `memory.check(${outNames[index]}, ${out.pass.size});`),
    absentLines(plan, site),
    params.map(
      ({ param, value }, index) =>
        holdsHandle(param.pass) && `const ${value} = ${resolve(param.pass, lifted[index] as string, site)};`,
    ),
    roomLines(plan, site),
    hasResult ? `const result = ${call};` : plan.noreturn ? `return ${call};` : `${call};`,
    plan.noreturn
      ? []
      : params.map(({ param, value }, index) => dropUsedUp(param.pass, lifted[index] as string, value, site)),
    plan.outs.map((out, index) =>
      lower(out.pass, outNames[index] as string, 0, plan.shape === 'single' ? 'result' : `result[${index}]`, site),
    ),
    plan.returns.how === 'value' && `return ${lowerCore(plan.returns.pass, 'result', site)};`,
  );
}

function absentLines(plan: CallPlan, site: Site): readonly string[] {
  const method = methodOf(plan.func, site);
  if (plan.returns.how !== 'errno') return [`if (!host.${method}) throw ${site.file.use(template.faults)}.absent;`];
  const errno = absentErrno(plan.returns.decl, site);
  return [`if (!host.${method} || absent.${method}) return absent.${method} ?? ${errno};`];
}

function roomLines(plan: CallPlan, site: Site): readonly string[] {
  const passes = [...plan.outs.map((out) => out.pass), ...(plan.returns.how === 'value' ? [plan.returns.pass] : [])];
  const counts = new Map<string, number>();
  for (const pass of passes)
    for (const [kind, count] of newHandles(pass, site)) counts.set(kind, (counts.get(kind) ?? 0) + count);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts].map(([kind, count]) => `handles.${kind}.room(${count}${total === count ? '' : `, ${total}`});`);
}

/** The buffers that the guest gave for results, as they are when the call has failed: memory may have grown. */
function outputs(plan: CallPlan, named: readonly ParamNames[], site: Site): readonly string[] {
  return plan.params.flatMap(({ pass }, index) =>
    isBuffer(pass) && pass.access === 'out' ? [liftCore(pass, (named[index] as ParamNames).core, site)] : [],
  );
}

/** Failures become errnos, and can empty the buffers for results; without an errno to return they end the guest's call. Copies of inputs end with it. */
function guarded(
  plan: CallPlan,
  body: readonly string[],
  site: Site,
  outputs: readonly string[] = [],
): readonly string[] {
  const cleared = outputs.map((output) => `if (reporting.clears(thrown)) ${output}.fill(0);`);
  const forgotten = body.some((line) => line.includes('memory.input(')) && ['} finally {', 'memory.forget();'];
  if (plan.returns.how === 'errno') {
    const errno = errnoNames(plan.returns.decl, site.names);
    const success = plan.returns.cases[0];
    return lines(
      'try {',
      body,
      success !== undefined && `return ${site.file.use(errno.type)}.${caseName(success.name)};`,
      '} catch (thrown) {',
      cleared,
      `return ${site.file.use(template.errnoOf)}(thrown, ${site.file.use(errno.ofFault)}, reporting);`,
      forgotten,
      '}',
    );
  }
  return lines(
    'try {',
    body,
    '} catch (thrown) {',
    cleared,
    `throw ${site.file.use(template.trapOf)}(reporting.failureOf(thrown), '${plan.func.name.wire}');`,
    forgotten,
    '}',
  );
}
