/** `types.ts`: enums, flags, records and variants; `kinds.ts`: what resources stand for. */
import { camel, pascal } from '../../model/name.js';
import type { Type, TypeDecl } from '../../model/model.js';
import { holdsHandle } from '../../model/visit.js';
import type { Symbol, TsFile } from '../../print/ts-file.js';
import { caseNames, identifier } from '../typescript/identifiers.js';
import { braced } from '../typescript/products.js';
import type { EmitOptions } from '../target.js';
import { faultCases } from '../typescript/faults.js';
import { casesOf, errnoNames } from './errnos.js';
import { bodyType, fieldName, hostType } from './host-types.js';
import { isPlain, type Names } from './names.js';
import { own } from './own.js';
import { template } from './templates.js';

/** Writes the declared types of a package. */
export function declareTypes(decls: readonly TypeDecl[], names: Names, options: EmitOptions, file: TsFile): void {
  file.describe('The types of the definitions, as hosts use them.');
  for (const decl of decls) declareType(decl, (names.types.get(decl) as Symbol).name, names, file);
  for (const decl of names.errnos.filter((each) => decls.includes(each))) declareErrno(decl, names, options, file);
}

function declareErrno(decl: TypeDecl, names: Names, options: EmitOptions, file: TsFile): void {
  const errno = errnoNames(decl, names);
  file.constant(
    errno.fail.name,
    `What a host throws to fail a call: one object for each case of ${errno.type.name}, made once.`,
    `${file.use(template.failuresOf)}(${file.use(template.numbersOf)}(${errno.type.name}))`,
    `{ readonly [Name in keyof typeof ${errno.type.name}]: ${file.use(template.Failure)} }`,
  );
  const entries = faultCases(casesOf(decl), options.errno).map(
    ([fault, name]) => `${fault}: ${errno.fail.name}.${name}.errno`,
  );
  file.constant(
    errno.answers.name,
    'How calls answer its cases, and the faults that the bindings find themselves.',
    `${file.use(template.answersOf)}(${errno.type.name}, { ${entries.join(', ')} })`,
    file.use(template.Answers),
  );
}

function declareType(decl: TypeDecl, name: string, names: Names, file: TsFile): void {
  const { type } = decl;
  if (isPlain(type) && (type.kind === 'enum' || type.kind === 'variant')) {
    const written = (wire: string): string => (type.kind === 'enum' ? `'${wire}'` : `{ tag: '${wire}' }`);
    const cases = caseNames(type.cases);
    const entries = type.cases.map((each, index) => ({
      name: cases[index] as string,
      docs: each.docs,
      text: written(each.name.wire),
    }));
    file.constObject(name, decl.docs, entries);
    file.typeAlias(name, '', `(typeof ${name})[keyof typeof ${name}]`, { beside: true });
    file.constant((names.values.get(decl) as Symbol).name, '', `Object.values(${name})`, `readonly ${name}[]`);
    return;
  }
  const generic = holdsHandle(type) ? { typeParameters: `<K extends ${file.use(own.AnyKinds)}>` } : {};
  if (type.kind === 'variant') {
    const tags = type.cases.map((each) => `'${each.name.wire}'`).join(', ');
    file.constant((names.tags.get(decl) as Symbol).name, '', `[${tags}] as const`);
  }
  const members = membersOf(type, names, file);
  if (members === undefined) file.typeAlias(name, decl.docs, bodyType({ kind: 'ref', decl }, names, file), generic);
  else file.interface(name, decl.docs, members, generic);
}

function membersOf(
  type: Type,
  names: Names,
  file: TsFile,
): readonly { readonly name: string; readonly docs: string; readonly text: string }[] | undefined {
  if (type.kind === 'flags') {
    return type.flags.map((flag) => ({
      name: `${identifier(camel(flag.name.words))}?`,
      docs: flag.docs,
      text: 'boolean | undefined',
    }));
  }
  if (type.kind !== 'record') return undefined;
  return type.fields.map((field) => ({
    name: fieldName(field.name.words, field.type),
    docs: field.docs,
    text: hostType(field.type, names, file),
  }));
}

/** Writes `Kinds`, the tables behind the handles, and what every binder is given. */
export function declareKinds(names: Names, file: TsFile): void {
  file.describe('The kinds of resources that guests hold.');
  const kinds = [...names.kinds].map(([decl, name]) => ({ docs: decl.docs, name, className: pascal(decl.name.words) }));
  file.interface(
    own.Kinds.name,
    "The host's own classes: one for each kind of resource.",
    kinds.map(({ docs, name }) => ({ docs, name, text: file.use(template.HostObject) })),
  );
  file.typeAlias(
    own.AnyKinds.name,
    'What can stand for resources in a type.',
    '{ readonly [Kind in keyof Kinds]: unknown }',
  );
  file.typeAlias(own.AllHeld.name, 'Resources as a caller holds them.', '{ readonly [Kind in keyof Kinds]: Held }', {
    typeParameters: '<Held>',
  });
  file.typeAlias(
    own.From.name,
    'The objects of each kind, by what a caller holds for them.',
    `{ readonly [Kind in keyof Kinds]: ${file.use(template.Objects)}<Held, K[Kind]> }`,
    { typeParameters: '<K extends Kinds, Held>' },
  );
  const [table, resource, budget] = [template.HandleTable, template.ResourceKind, template.HandleBudget].map((each) =>
    file.use(kinds.length > 0 ? each : { ...each, typeOnly: true }),
  );
  file.typeAlias(
    own.Handles.name,
    'The objects of each kind.',
    `{ readonly [Kind in keyof Kinds]: ${table}<K[Kind]> }`,
    {
      typeParameters: '<K extends Kinds>',
    },
  );
  file.typeAlias(
    own.Resources.name,
    'The classes that jco knows each kind by.',
    `{ readonly [Kind in keyof Kinds]: ${resource}<K[Kind]> }`,
    { typeParameters: '<K extends Kinds>' },
  );
  file.function(
    own.createHandles.name,
    'Empty tables that share one budget.',
    {
      typeParameters: ['K extends Kinds'],
      parameters: [{ name: kinds.length > 0 ? 'budget' : '_budget', text: budget as string }],
      result: 'Handles<K>',
    },
    [`return ${braced(kinds.map(({ name }) => `${name}: new ${table}(${file.use(template.ONLY_KIND)}, budget)`))};`],
  );
  file.function(
    own.createResources.name,
    'A class for each table.',
    {
      typeParameters: ['K extends Kinds'],
      parameters: [
        { name: kinds.length > 0 ? 'handles' : '_handles', text: 'Handles<K>' },
        { name: kinds.length > 0 ? 'gate' : '_gate', text: file.use({ ...template.Gate, typeOnly: true }) },
      ],
      result: 'Resources<K>',
    },
    [
      `return ${braced(kinds.map(({ name, className }) => `${name}: new ${resource}('${className}', handles.${name}, gate)`))};`,
    ],
  );
  file.function(
    own.createTables.name,
    "What a component's handles stand for, of each kind.",
    {
      typeParameters: ['K extends Kinds'],
      parameters: [
        { name: kinds.length > 0 ? 'handles' : '_handles', text: 'Handles<K>' },
        { name: kinds.length > 0 ? 'find' : '_find', text: file.use(template.FindTable) },
      ],
      result: 'From<K, number>',
    },
    [
      `return ${braced(kinds.map(({ name }) => `${name}: new ${file.use(template.KindTable)}('${name}', handles.${name}, find)`))};`,
    ],
  );
  file.interface(
    own.Binding.name,
    'What the binder of an interface works with.',
    [
      { name: 'handles', text: 'Handles<K>' },
      { name: 'resources', text: 'Resources<K>' },
      { name: 'lowering', text: `${file.use({ ...template.Lowering, typeOnly: true })}<From<K, number>>` },
    ],
    { typeParameters: '<K extends Kinds>' },
  );
  file.typeAlias(
    own.Absent.name,
    'Methods of a host to treat as missing, and the failure that says so.',
    `{ readonly [M in keyof Host]?: ${file.use(template.Failure)} }`,
    { typeParameters: '<Host>' },
  );
}
