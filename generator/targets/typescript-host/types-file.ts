/** `types.ts`: enums, flags, records, variants and constants; `kinds.ts`: what handles stand for. */
import type { PlannedUnit } from '../../abi/plan.js';
import { allModules, handleKinds, resolve } from '../../model/kinds.js';
import { camel } from '../../model/name.js';
import type { Constant, Type, TypeDecl } from '../../model/model.js';
import { holdsHandle } from '../../model/visit.js';
import { hexadecimal } from '../../print/lines.js';
import type { Member, TsFile } from '../../print/ts-file.js';
import { bodyType, hostType } from './host-types.js';
import { caseNames, identifier } from '../typescript/identifiers.js';
import { braced } from '../typescript/products.js';
import type { Names } from './names.js';
import { own } from './own.js';
import type { EmitOptions } from '../target.js';
import { faultCases } from '../typescript/faults.js';
import { casesOf, errnoNames } from './errnos.js';
import { template } from './templates.js';

/** Writes every declared type. */
export function declareTypes(planned: PlannedUnit, names: Names, options: EmitOptions, file: TsFile): void {
  file.describe('The types of the definitions, as hosts use them.');
  const constants = constantsByType(planned);
  for (const decl of names.types.keys()) {
    const name = (names.types.get(decl) as { readonly name: string }).name;
    declareType(decl, name, constants.get(decl) ?? [], names, file);
  }
  for (const decl of names.errnos) {
    const errno = errnoNames(decl, names);
    file.constant(
      errno.fail.name,
      `What a host throws to fail a call: one object for each case of ${errno.type.name}, made once.`,
      `${file.use(template.failuresOf)}(${errno.type.name})`,
      `{ readonly [Name in keyof typeof ${errno.type.name}]: ${file.use(template.Failure)} }`,
    );
    const entries = faultCases(casesOf(decl), options.errno).map(
      ([fault, name]) => `${fault}: ${errno.type.name}.${name}`,
    );
    file.constant(
      errno.ofFault.name,
      'The errno of each fault the bindings find themselves.',
      `{ ${entries.join(', ')} }`,
      `Readonly<Record<${file.use(template.Fault)}, ${errno.type.name}>>`,
    );
  }
}

function constantsByType(planned: PlannedUnit): ReadonlyMap<TypeDecl, readonly Constant[]> {
  const found = new Map<TypeDecl, Constant[]>();
  for (const constant of allModules(planned.unit).flatMap((module) => module.constants)) {
    found.set(constant.type, [...(found.get(constant.type) ?? []), constant]);
  }
  return found;
}

function declareType(decl: TypeDecl, name: string, constants: readonly Constant[], names: Names, file: TsFile): void {
  const type = decl.type;
  const generic = holdsHandle(type) ? { typeParameters: `<K extends ${file.use(own.Kinds)}>` } : {};
  if (type.kind === 'enum') {
    const cases = caseNames(type.cases);
    const entries = type.cases.map((each, index) => ({
      name: cases[index] as string,
      docs: each.docs,
      text: String(index),
    }));
    file.constObject(name, decl.docs, entries);
    file.typeAlias(name, '', `(typeof ${name})[keyof typeof ${name}]`, { beside: true });
    return;
  }
  const wide = isWide(type);
  const members = caseNames(type.kind === 'flags' ? type.flags : constants);
  const entries: Member[] =
    type.kind === 'flags'
      ? type.flags.map((each, index) => ({
          name: members[index] as string,
          docs: each.docs,
          text: `${wide ? `0x${(1n << BigInt(index)).toString(16)}n` : `0x${(2 ** index).toString(16)}`}`,
        }))
      : constants.map((each, index) => ({
          name: members[index] as string,
          docs: each.docs,
          text: `${hexadecimal(each.value)}${wide ? 'n' : ''}`,
        }));
  if (entries.length > 0) file.constObject(name, decl.docs, entries);
  const beside = entries.length > 0;
  if (type.kind === 'record') {
    file.interface(
      name,
      decl.docs,
      type.fields.map((field) => ({
        name: identifier(camel(field.name.words)),
        docs: field.docs,
        text: hostType(field.type, names, file),
      })),
      generic,
    );
    return;
  }
  file.typeAlias(name, beside ? '' : decl.docs, bodyType({ kind: 'ref', decl }, names, file), { beside, ...generic });
}

function isWide(type: Type): boolean {
  const target = resolve(type);
  return (
    (target.kind === 'scalar' && (target.scalar === 'u64' || target.scalar === 's64')) ||
    (target.kind === 'flags' && target.repr === 'u64')
  );
}

/** Writes `Kinds`, the tables behind the handles, and what every binder is given. */
export function declareKinds(planned: PlannedUnit, names: Names, file: TsFile): void {
  file.describe('The kinds of objects that guests hold handles of.');
  const kinds = handleKinds(planned.unit).map((kind) => ({ docs: kind.docs, name: names.kinds.get(kind) as string }));
  file.interface(
    own.Kinds.name,
    "The host's own classes: one for each kind of handle.",
    kinds.map((kind) => ({ ...kind, text: file.use(template.HostObject) })),
  );
  const table = file.use(kinds.length > 0 ? template.HandleTable : { ...template.HandleTable, typeOnly: true });
  file.typeAlias(
    own.Handles.name,
    'The handle table of each kind.',
    `{ readonly [Kind in keyof Kinds]: ${table}<K[Kind]> }`,
    {
      typeParameters: '<K extends Kinds>',
    },
  );
  file.function(
    own.createHandles.name,
    'Empty tables that share one budget.',
    {
      typeParameters: ['K extends Kinds'],
      parameters: [
        { name: kinds.length > 0 ? 'budget' : '_budget', text: file.use({ ...template.HandleBudget, typeOnly: true }) },
      ],
      result: 'Handles<K>',
    },
    [`return ${braced(kinds.map(({ name }, index) => `${name}: new ${table}(${index + 1}, budget)`))};`],
  );
  const methods = [...names.methods.values()].map((method) => `'${method}'`);
  file.typeAlias(
    own.Method.name,
    'Every function of the definitions, by the name of its method.',
    methods.join(' | ') || 'never',
  );
  const errnos = names.errnos.map((decl) => file.use(errnoNames(decl, names).type));
  file.scope(['K', 'M']);
  file.interface(
    own.Binding.name,
    'What the binder of a module works with.',
    [
      { name: 'memory', text: file.use(template.GuestMemoryType) },
      { name: 'handles', text: 'Handles<K>' },
      {
        name: 'absent',
        text: `{ readonly [M in Method]?: ${errnos.join(' | ') || 'never'} }`,
        docs: 'Methods to treat as missing, and the errno that says so.',
      },
      { name: 'reporting', text: file.use(template.Reporting) },
    ],
    { typeParameters: '<K extends Kinds>' },
  );
}
