/** `types.ts`: enums, flags, records, variants and other names of types. */
import { unencodable } from '../../../abi/canonical.js';
import { founder, handleKind, resolve } from '../../../model/kinds.js';
import { snake } from '../../../model/name.js';
import type { RecordType, Type, TypeDecl, VariantType } from '../../../model/model.js';
import { blank, block, docs, listing, spaced, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { caseNames } from '../names.js';
import { flagLiteral } from '../spelling.js';
import { casesOf } from './errno.js';
import type { PlaceNames } from './names.js';
import { fieldNames, payloadNames } from './parts.js';
import { isNullable, typeText, type Site } from './values.js';

export function declareTypes({ place, namedErrnos }: PlaceNames, site: Site): void {
  const own = [...site.names.types].filter(([, { from }]) => from === `${place.folder}/types`);
  for (const [, { name }] of own) site.file.claim(name);
  for (const [decl, { name }] of own) site.file.add(declareType(decl, name, site));
  for (const [decl, { name }] of namedErrnos) site.file.add(nameFunction(decl, name, site));
}

function declareType(decl: TypeDecl, name: string, site: Site): Code {
  const { type } = decl;
  const cases = casesOf(type);
  if (cases !== undefined) {
    const members = caseNames(cases);
    return [
      docs(decl.docs),
      block(
        `export enum ${name}`,
        cases.map((each, index) => [docs(each.docs), `${members[index]} = ${index},`]),
      ),
    ];
  }
  switch (type.kind) {
    case 'flags': {
      const declared = [docs(decl.docs), `export type ${name} = ${type.repr};`];
      // No function passes so many, and no integer would hold them.
      if (unencodable(type) !== undefined) return declared;
      const flags = caseNames(type.flags);
      return [
        ...declared,
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
      return declareRecord(decl, type, name, site);
    case 'variant':
      return declareVariant(decl, type, name, site);
    case 'ref': {
      const end = founder(decl);
      const symbol = site.names.classes.get(end) ?? site.names.types.get(end);
      const text = symbol === undefined ? typeText(type, site) : site.file.use(symbol);
      return [docs(decl.docs || `Another name of \`${text}\`.`), `export type ${name} = ${text};`];
    }
    case 'enum':
    case 'scalar':
    case 'bool':
    case 'string':
    case 'list':
    case 'tuple':
    case 'option':
    case 'result':
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return [docs(decl.docs), `export type ${name} = ${typeText(type, site)};`];
  }
}

function declareRecord(decl: TypeDecl, type: RecordType, name: string, site: Site): Code {
  const members = fieldNames(type.fields).map((member, index) => ({
    member,
    field: type.fields[index] as RecordType['fields'][number],
  }));
  const typed = members.map(({ member, field }) => ({ member, text: typeText(field.type, site), docs: field.docs }));
  return [
    docs(decl.docs),
    block(`export class ${name}`, [
      typed.map((each) => [docs(each.docs), `${each.member}: ${each.text};`]),
      blank,
      block(
        listing(
          'constructor(',
          typed.map((each) => `${each.member}: ${each.text}`),
          ')',
        ),
        typed.map((each) => `this.${each.member} = ${each.member};`),
      ),
    ]),
  ];
}

function declareVariant(decl: TypeDecl, type: VariantType, name: string, site: Site): Code {
  const tag = site.file.claim(site.names.tags.get(decl) ?? '');
  const [members, cases] = [payloadNames(type.cases), caseNames(type.cases)];
  const payloads = type.cases.flatMap((each, index) => {
    if (each.payload === undefined) return [];
    const text = typeText(each.payload, site);
    const nullable = isObject(each.payload) && !isNullable(each.payload);
    return [
      {
        each,
        made: cases[index] as string,
        member: members[index] as string,
        text,
        field: nullable ? `${text} | null` : text,
        empty: isObject(each.payload) ? 'null' : isBool(each.payload) ? 'false' : '0',
        read: nullable ? '!' : '',
      },
    ];
  });
  return spaced([
    [
      docs(`The cases of \`${name}\`.`),
      block(
        `export enum ${tag}`,
        type.cases.map((each, index) => [docs(each.docs), `${cases[index]} = ${index},`]),
      ),
    ],
    [
      docs(`${decl.docs}\n\n\`tag\` says which of the other members holds.`),
      '@final',
      block(
        `export class ${name}`,
        spaced([
          payloads.map(({ member, field, empty }) => `private _${member}: ${field} = ${empty};`),
          `private constructor(readonly tag: ${tag}) {}`,
          ...type.cases.map((each, index) => {
            const made = cases[index] as string;
            const payload = payloads.find((one) => one.each === each);
            if (payload === undefined)
              return [docs(each.docs), block(`static get ${made}(): ${name}`, `return new ${name}(${tag}.${made});`)];
            const local = new Scope([payload.member]).declare('made');
            return [
              docs(each.docs),
              block(`static ${made}(${payload.member}: ${payload.text}): ${name}`, [
                `const ${local} = new ${name}(${tag}.${made});`,
                `${local}._${payload.member} = ${payload.member};`,
                `return ${local};`,
              ]),
            ];
          }),
          ...payloads.map(({ each, made, member, text, read }) => [
            docs(each.docs),
            block(`get ${member}(): ${text}`, [
              `if (this.tag != ${tag}.${made}) throw new Error("this ${name} is no ${made}");`,
              `return this._${member}${read};`,
            ]),
          ]),
        ]),
      ),
    ],
  ]);
}

/** Whether values are references, which may be null. */
function isObject(type: Type): boolean {
  return (
    handleKind(type) !== undefined || isNullable({ kind: 'option', payload: type }) || resolve(type).kind === 'option'
  );
}

function isBool(type: Type): boolean {
  const target = resolve(type);
  return target.kind === 'bool' || (target.kind === 'result' && target.ok === undefined && target.error === undefined);
}

/** The names of errnos, for messages: the same for guests of every revision. */
function nameFunction(decl: TypeDecl, functionName: string, site: Site): Code {
  const name = (site.names.types.get(decl) as AsSymbol).name;
  const cases = casesOf(decl.type) ?? [];
  const members = caseNames(cases);
  return [
    docs(`The name of a case of \`${name}\`, for messages.`),
    block(
      `export function ${functionName}(errno: ${name}): string`,
      block('switch (errno)', [
        cases.map((each, index) => [
          `case ${name}.${members[index]}:`,
          `  return ${JSON.stringify(snake(each.name.words))};`,
        ]),
        'default:',
        '  return errno.toString();',
      ]),
    ),
  ];
}
