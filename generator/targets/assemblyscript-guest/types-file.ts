/** `types.ts`: enums, flags, constants, aliases and the overlays of records and variants. */
import type { PlannedUnit } from '../../abi/plan.js';
import { planType } from '../../abi/preview1.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { allModules, founder } from '../../model/kinds.js';
import type { Constant, TypeDecl } from '../../model/model.js';
import { hexadecimal } from '../../print/lines.js';
import { block, comment, docs, type AsFile, type AsSymbol, type Code } from '../../print/as-file.js';
import { caseName, caseNames, type Names } from './names.js';
import type { Shapes } from './shapes.js';
import { flagLiteral } from './spelling.js';
import { plainType, type Site } from './values.js';

export function declareTypes(
  planned: PlannedUnit,
  names: Names,
  shapes: Shapes,
  file: AsFile,
  bag: DiagnosticBag,
): void {
  const site: Site = { file, names, shapes };
  const constants = constantsByType(planned);
  for (const [decl, symbol] of names.types)
    file.add(declareType(decl, symbol.name, constants.get(decl) ?? [], site, bag));
  for (const [decl, own] of constants) {
    // Constants of a type that has no declaration of its own, such as one called `u64`.
    if (!names.types.has(decl))
      for (const each of own) file.add(constantOf(each, names.scope.declare(caseName(each.name)), site));
  }
  for (const [decl, { name }] of names.errnos) file.add(nameFunction(decl, name, site));
  shapes.declareAll(file);
}

function constantsByType(planned: PlannedUnit): ReadonlyMap<TypeDecl, readonly Constant[]> {
  const found = new Map<TypeDecl, Constant[]>();
  for (const constant of allModules(planned.unit).flatMap((module) => module.constants)) {
    found.set(constant.type, [...(found.get(constant.type) ?? []), constant]);
  }
  return found;
}

function declareType(
  decl: TypeDecl,
  name: string,
  constants: readonly Constant[],
  site: Site,
  bag: DiagnosticBag,
): Code {
  const type = decl.type;
  switch (type.kind) {
    case 'enum': {
      const cases = caseNames(type.cases);
      return [
        docs(decl.docs),
        block(
          `export enum ${name}`,
          type.cases.map((each, index) => [docs(each.docs), `${cases[index]} = ${index},`]),
        ),
      ];
    }
    case 'flags': {
      const flags = caseNames(type.flags);
      return [
        docs(decl.docs),
        `export type ${name} = ${type.repr};`,
        block(
          `export namespace ${name}`,
          type.flags.map((each, index) => [
            docs(each.docs),
            `export const ${flags[index]}: ${type.repr} = ${flagLiteral(index, type.repr)};`,
          ]),
        ),
      ];
    }
    case 'record':
    case 'tuple':
    case 'variant':
      return declareShape(decl, site, bag);
    case 'ref':
      return [
        docs(decl.docs || `Another name of \`${aliased(decl, site)}\`.`),
        `export type ${name} = ${aliased(decl, site)};`,
      ];
    case 'scalar':
    case 'bool':
    case 'string':
    case 'list':
    case 'handle':
    case 'buffer':
    case 'address':
    case 'option':
    case 'result':
    case 'borrow':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context': {
      const text = plainType(type, site);
      const own = caseNames(constants);
      const members = constants.map((each, index) => constantOf(each, own[index] as string, site));
      return [
        docs(decl.docs),
        `export type ${name} = ${text};`,
        members.length > 0 && block(`export namespace ${name}`, members),
      ];
    }
  }
}

function declareShape(decl: TypeDecl, site: Site, bag: DiagnosticBag): Code {
  const planned = planType(decl);
  if ('unplannable' in planned) {
    bag.add(planned.unplannable);
    return comment(planned.unplannable.message);
  }
  site.shapes.of(planned, decl.name.words);
  return undefined;
}

function constantOf(constant: Constant, name: string, site: Site): Code {
  const type = plainType({ kind: 'ref', decl: constant.type }, site);
  return [docs(constant.docs), `export const ${name}: ${type} = ${hexadecimal(constant.value)};`];
}

function aliased(decl: TypeDecl, site: Site): string {
  const end = founder(decl);
  const symbol = site.names.classes.get(end) ?? site.names.types.get(end);
  return symbol === undefined ? plainType(decl.type, site) : site.file.use(symbol);
}

/** The names of errnos, for messages. */
function nameFunction(decl: TypeDecl, functionName: string, site: Site): Code {
  const name = site.file.use(site.names.types.get(decl) as AsSymbol);
  const cases = decl.type.kind === 'enum' ? decl.type.cases : [];
  const members = caseNames(cases);
  return [
    docs(`The name of a case of \`${name}\`, for messages.`),
    block(
      `export function ${functionName}(errno: ${name}): string`,
      block('switch (errno)', [
        cases.map((each, index) => [`case ${name}.${members[index]}:`, `  return ${JSON.stringify(each.name.wire)};`]),
        'default:',
        '  return errno.toString();',
      ]),
    ),
  ];
}

/** `errno.ts`: what `result.ts` calls errno. */
export function declareErrno(names: Names, file: AsFile): void {
  const [only, ...others] = names.errnos;
  const symbol = only === undefined ? undefined : names.types.get(only[0]);
  if (only !== undefined && symbol !== undefined && others.length === 0) {
    file.add([
      docs('The errno of these definitions, by the name that `result.ts` has for it.'),
      `export { ${symbol.name} as Errno, ${only[1].name} as errnoName } from "./${symbol.from}";`,
    ]);
    return;
  }
  file.add([docs('An errno: these definitions have not exactly one enum for them.'), 'export type Errno = i32;']);
  file.add([
    docs('An errno for messages.'),
    block('export function errnoName(errno: Errno): string', 'return errno.toString();'),
  ]);
}
