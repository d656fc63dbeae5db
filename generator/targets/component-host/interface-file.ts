/** One file an interface: what its host implements, and the binder that makes of a host what jco imports. */
import type { CanonicalPlan, PlannedUnit } from '../../abi/plan.js';
import { wireName } from '../../model/kinds.js';
import { camel, pascal } from '../../model/name.js';
import type { Func, TypeDecl } from '../../model/model.js';
import { lines } from '../../print/lines.js';
import type { Symbol, TsFile } from '../../print/ts-file.js';
import { identifier, propertyKey } from '../typescript/identifiers.js';
import type { Counted } from '../typescript/parameter-counts.js';
import { functionOf, hostSignature } from './function.js';
import { isDestructor, planOf, type Imported, type Interface, type Names } from './names.js';
import { own as ours } from './own.js';
import { template } from './templates.js';

export function declareInterface(planned: PlannedUnit, own: Interface, names: Names, file: TsFile): void {
  file.describe(own.module.docs);
  const kinds = file.use(ours.Kinds);
  const hosted = hostedBy(planned, own);
  file.methods(
    own.host.name,
    hostDocs(own),
    hosted.map(({ plan, method }) => ({ name: method, docs: plan.func.docs, text: hostSignature(plan, names, file) })),
    own.hostType === own.host.name ? {} : { typeParameters: `<K extends ${kinds}>` },
  );
  const absent = file.use(ours.Absent);
  const binding = file.use(ours.Binding);
  const body = bindBody(planned, own, names, file);
  const parameters = [
    { name: 'given', text: `Partial<${own.hostType}>` },
    { name: 'absent', text: `${absent}<${own.hostType}>` },
    { name: 'binding', text: `${binding}<K>` },
  ].map(({ name, text }) => ({
    name: mentions(body, name) ? name : `_${name}`,
    text,
  }));
  file.function(
    own.bind.name,
    `${own.importedAs === undefined ? `The functions that \`${own.module.name.wire}\` imports` : `\`${own.importedAs}\``} for jco, answered by a host.`,
    { typeParameters: [`K extends ${kinds}`], parameters, result: boundType(own, file) },
    body,
  );
}

function hostedBy(
  planned: PlannedUnit,
  own: Interface,
): readonly { readonly plan: CanonicalPlan; readonly method: string }[] {
  return own.funcs.flatMap(({ func, method }) => {
    const plan = planOf(planned, func);
    return plan === undefined || isDestructor(planned, plan) ? [] : [{ plan, method }];
  });
}

/** The parameters of its methods, without the `take` of ours. */
export function countsOf(planned: PlannedUnit, own: Interface): readonly Counted[] {
  return hostedBy(planned, own).map(({ plan, method }) => ({ method, parameters: plan.params.length }));
}

/** Whether code uses a variable: members and texts may be called like it. */
function mentions(code: readonly string[], variable: string): boolean {
  return code.some((line) => new RegExp(`(?<![.'\\w])${variable}[.,;)]`).test(line));
}

function hostDocs(own: Interface): string {
  return [
    `What a host of \`${own.importedAs ?? own.module.name.wire}\` implements.`,
    '',
    'Methods take objects for resources. Bytes they are given may be guest memory itself, valid during the call only;',
    'bytes they return are their own, or what `take` gave. Where the error of a result is but the name of a case, they',
    'return the success and throw a `Failure`, one of `fail`, to fail; any other result they return.',
  ].join('\n');
}

/** What the binder returns. */
function boundType(own: Interface, file: TsFile): string {
  const free = own.funcs.filter(({ func }) => func.resource === undefined);
  const record = (names: readonly string[], type: string): string =>
    `Record<${names.map((name) => `'${name}'`).join(' | ')}, ${type}>`;
  const alone = own.importedAs === undefined;
  const typeOf = (symbol: Symbol): string => (alone ? `{ default: ${file.use(symbol)} }` : file.use(symbol));
  const classes = own.resources.map(({ name }) => (alone ? name.wire : pascal(name.words)));
  const funcs = free.map(({ func, wire }) => (alone ? wire : identifier(camel(func.name.words))));
  const parts = [
    ...(classes.length > 0 ? [record(classes, typeOf(template.ResourceClass))] : []),
    ...(funcs.length > 0 ? [record(funcs, typeOf(template.JsFunction))] : []),
  ];
  return parts.join(' & ') || 'object';
}

function bindBody(planned: PlannedUnit, own: Interface, names: Names, file: TsFile): readonly string[] {
  const free = own.funcs.filter(({ func }) => func.resource === undefined);
  const alone = (wire: string, text: () => readonly string[]): readonly string[] =>
    lines(
      `${propertyKey(wire)}: (() => {`,
      `const imported = lowering.interface('${wire}', given, absent);`,
      'return imported.members({',
      maker('default', text()),
      '});',
      '})(),',
    );
  const members =
    own.importedAs === undefined
      ? lines(
          own.resources.map((resource) =>
            alone(resource.name.wire, () => classOf(planned, own, resource, names, file)),
          ),
          free.map((each) => alone(each.wire, () => importOf(planned, own, each, names, file))),
        )
      : lines(
          own.resources.map((resource) =>
            maker(pascal(resource.name.words), classOf(planned, own, resource, names, file)),
          ),
          free.map((each) => maker(identifier(camel(each.func.name.words)), importOf(planned, own, each, names, file))),
        );
  const used = ['handles', 'resources', 'lowering'].filter((name) => name === 'lowering' || mentions(members, name));
  return lines(
    mentions(members, 'host') && [
      '// Where a method is absent, functions refuse before they would call it.',
      `const host = given as ${own.hostType};`,
    ],
    `const { ${used.join(', ')} } = binding;`,
    own.importedAs === undefined
      ? ['return {', members, '};']
      : [
          `const imported = lowering.interface('${own.importedAs}', given, absent);`,
          'return imported.members({',
          members,
          '});',
        ],
  );
}

/** A member is made when jco reads it: guests import a few. @param text lines of one expression */
function maker(name: string, text: readonly string[]): readonly string[] {
  return [`${name}() {`, `return ${text.join('\n')};`, '},'];
}

/** The class of a resource, as lines of one expression. */
function classOf(
  planned: PlannedUnit,
  own: Interface,
  resource: TypeDecl,
  names: Names,
  file: TsFile,
): readonly string[] {
  const kind = names.kinds.get(resource) as string;
  const funcs = own.funcs.filter(({ func }) => func.resource === resource);
  if (funcs.length === 0) return [`resources.${kind}.jsClass`];
  const entries = (of: Func['kind']): readonly string[] =>
    funcs
      .filter(({ func }) => func.kind === of)
      .map(
        (each) =>
          `${identifier(camel(each.func.name.words))}: ${importOf(planned, own, each, names, file).join('\n')},`,
      );
  const [constructor] = funcs.filter(({ func }) => func.kind === 'constructor');
  const [methods, statics] = [entries('method'), entries('static')];
  return lines(
    `resources.${kind}.withMembers({`,
    constructor !== undefined && `construct: ${importOf(planned, own, constructor, names, file).join('\n')},`,
    methods.length > 0 && ['methods: {', methods, '},'],
    statics.length > 0 && ['statics: {', statics, '},'],
    '})',
  );
}

function importOf(planned: PlannedUnit, own: Interface, each: Imported, names: Names, file: TsFile): readonly string[] {
  const plan = planOf(planned, each.func);
  if (plan === undefined) return unplanned(each.func, file);
  const { interfaceId, member } = importedName(own, each);
  return functionOf(
    {
      plan,
      id: `${interfaceId}#${member}`,
      member,
      method: each.method,
      destroys: isDestructor(planned, plan),
    },
    names,
    file,
  );
}

/** As its interface notes it; members of a class follow the name of that. */
function importedName(
  { importedAs }: Interface,
  { func, wire }: Imported,
): { readonly interfaceId: string; readonly member: string } {
  const name = identifier(camel(func.name.words));
  const { resource } = func;
  if (resource === undefined)
    return importedAs === undefined
      ? { interfaceId: wire, member: 'default' }
      : { interfaceId: importedAs, member: name };
  const own = func.kind === 'constructor' ? 'constructor' : name;
  return importedAs === undefined
    ? { interfaceId: resource.name.wire, member: `default.${own}` }
    : { interfaceId: importedAs, member: `${pascal(resource.name.words)}.${own}` };
}

/** Linking works, calling is a mistake. */
function unplanned(func: Func, file: TsFile): readonly string[] {
  const error = `new ${file.use(template.HostUsageError)}('no-bindings', '${wireName(func)} has no bindings: its types cannot be passed yet')`;
  return ['() => {', `throw ${error};`, '}'];
}
