/** Records, tuples and variants: overlays that read and write memory at the plan's offsets. */
import type { Pass } from '../../abi/plan.js';
import { resolve } from '../../model/kinds.js';
import { camel, pascal } from '../../model/name.js';
import type { Type, TypeDecl, VariantType } from '../../model/model.js';
import { block, docs, spaced, type AsFile, type AsSymbol, type Code } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { caseName, typeName, typesFile, type Names } from './names.js';
import { legal, reservedAccessors, reservedGlobals } from './reserved.js';
import { template } from './templates.js';
import { elementShape, isPlain, loadedType, plainType, type Site } from './values.js';

interface Shape {
  readonly symbol: AsSymbol;
  readonly pass: Pass;
  readonly type: Type;
  readonly docs: string;
  readonly words: readonly string[];
}

/** The overlays of a unit: those of declared types, and those that signatures and other overlays ask for. */
export class Shapes {
  readonly #names: Names;
  readonly #byType = new Map<TypeDecl | Type, Shape>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** The class of a type; `context` names it if it has no name of its own. */
  of(type: Type, pass: Pass, context: readonly string[]): AsSymbol {
    const decl = bodyDecl(type);
    const key = decl ?? type;
    const known = this.#byType.get(key);
    if (known !== undefined) return known.symbol;
    const name = decl === undefined ? legal(pascal(context), reservedGlobals) : typeName(decl.name);
    const symbol = (decl === undefined ? undefined : this.#names.types.get(decl)) ?? {
      name: this.#names.scope.declare(name),
      from: typesFile,
    };
    this.#byType.set(key, {
      symbol,
      pass,
      type: resolve(type),
      docs: decl?.docs ?? '',
      words: decl?.name.words ?? context,
    });
    return symbol;
  }

  get isEmpty(): boolean {
    return this.#byType.size === 0;
  }

  /** Writes all overlays; writing one may ask for others. */
  declareAll(file: AsFile): void {
    const site: Site = { file, names: this.#names, shapes: this };
    // A Map's iteration also sees what is added on the way.
    for (const shape of this.#byType.values()) file.add(declareShape(shape, site));
  }
}

/** The declaration whose body a type is. */
function bodyDecl(type: Type): TypeDecl | undefined {
  if (type.kind !== 'ref') return undefined;
  let decl = type.decl;
  while (decl.type.kind === 'ref') decl = decl.type.decl;
  return decl;
}

function declareShape(shape: Shape, site: Site): Code {
  const name = shape.symbol.name;
  const { size } = shape.pass;
  const at = (address: string): string => `return changetype<${name}>(${address});`;
  const tag = shape.type.kind === 'variant' ? tagType(shape, shape.type, site) : undefined;
  return spaced([
    tag?.declaration,
    [
      docs(`${shape.docs}\n\n${layoutDocs(shape)}`),
      '@final',
      '@unmanaged',
      block(
        `export class ${name} extends ${site.file.use(template.Overlay)}`,
        spaced([
          [
            docs(`Memory for \`count\` in a row, all zero; \`free\` gives it back.`),
            block(
              `static alloc(count: u32 = 1): ${name}`,
              at(`${site.file.use(template.allocateZeros)}(<usize>count * ${size})`),
            ),
          ],
          [docs('Laid over memory that is there already.'), block(`static at(address: usize): ${name}`, at('address'))],
          [
            docs('The one `index` places after this.'),
            block(`item(index: u32): ${name}`, at(`changetype<usize>(this) + <usize>index * ${size}`)),
          ],
          ...(tag?.accessors ?? []),
          ...membersOf(shape, site),
        ]),
      ),
    ],
  ]);
}

function layoutDocs({ pass, type }: Shape): string {
  const choice = type.kind === 'variant' ? ' `tag` says which of the other members holds.' : '';
  return `${pass.size} bytes at an address divisible by ${pass.align}.${choice}`;
}

interface Member {
  readonly name: string;
  readonly docs: string;
  readonly type: Type;
  readonly pass: Pass;
  readonly offset: number;
}

function membersOf(shape: Shape, site: Site): readonly Code[] {
  const scope = new Scope();
  return placedMembers(shape).flatMap((member) => {
    const name = scope.declare(legal(member.name, reservedAccessors));
    return accessors({ ...member, name }, [...shape.words, member.name], site);
  });
}

function placedMembers({ pass, type }: Shape): readonly Member[] {
  if (pass.how === 'record' && type.kind === 'record') {
    return pass.fields.map((field, index) => {
      const declared = type.fields[index];
      return {
        name: camel(field.name.words),
        docs: declared?.docs ?? '',
        type: declared?.type ?? type,
        pass: field.pass,
        offset: field.offset,
      };
    });
  }
  if (pass.how === 'tuple' && type.kind === 'tuple') {
    return pass.items.map((item, index) => ({
      name: `item${index}`,
      docs: '',
      type: type.items[index] ?? type,
      pass: item.pass,
      offset: item.offset,
    }));
  }
  if (type.kind !== 'variant') return [];
  return type.cases.flatMap((each, index) => {
    const payload = pass.how === 'option' ? pass.payload : pass.how === 'variant' ? pass.cases[index]?.pass : undefined;
    const offset = pass.how === 'option' || pass.how === 'variant' ? pass.payloadOffset : 0;
    return payload === undefined || each.payload === undefined
      ? []
      : [{ name: camel(each.name.words), docs: each.docs, type: each.payload, pass: payload, offset }];
  });
}

function accessors(member: Member, context: readonly string[], site: Site): readonly Code[] {
  const { name, type, pass, offset } = member;
  const place = offset === 0 ? 'changetype<usize>(this)' : `changetype<usize>(this) + ${offset}`;
  if (!isPlain(pass)) {
    const shape = site.file.use(elementShape(pass, type, context, site));
    return [[docs(member.docs), block(`get ${name}(): ${shape}`, `return changetype<${shape}>(${place});`)]];
  }
  const text = plainType(type, site);
  const stored = loadedType(pass);
  const behind = offset === 0 ? '' : `, ${offset}`;
  const loaded = `load<${stored}>(changetype<usize>(this)${behind})`;
  const { read, written } = conversions(pass, text, loaded);
  return [
    [docs(member.docs), block(`get ${name}(): ${text}`, `return ${read};`)],
    block(`set ${name}(value: ${text})`, `store<${stored}>(changetype<usize>(this), ${written}${behind});`),
  ];
}

/** Memory has enums and handles as numbers. */
function conversions(pass: Pass, text: string, loaded: string): { readonly read: string; readonly written: string } {
  switch (pass.how) {
    case 'handle':
      return { read: `changetype<${text}>(${loaded})`, written: 'value.handle' };
    case 'bool':
      return { read: `${loaded} != 0`, written: 'value' };
    case 'enum':
      return { read: `<${text}>${loaded}`, written: `<${pass.repr}>value` };
    default:
      return { read: loaded, written: 'value' };
  }
}

interface Tag {
  /** The enum of the cases, if the definition does not name one. */
  readonly declaration: Code;
  readonly accessors: readonly Code[];
}

function tagType(shape: Shape, type: VariantType, site: Site): Tag {
  const named = type.tagDecl === undefined ? undefined : site.names.types.get(type.tagDecl);
  const name = named === undefined ? site.names.scope.declare(`${shape.symbol.name}Tag`) : site.file.use(named);
  const cases = type.cases.map((each, index) => [docs(each.docs), `${caseName(each.name)} = ${index},`]);
  const declaration =
    named === undefined
      ? [docs(`The cases of \`${shape.symbol.name}\`.`), block(`export enum ${name}`, cases)]
      : undefined;
  return {
    declaration,
    accessors: [
      [
        docs('Which case this is. Setting it leaves the payload as it is.'),
        block(`get tag(): ${name}`, `return <${name}>load<${type.tag}>(changetype<usize>(this));`),
      ],
      block(`set tag(value: ${name})`, `store<${type.tag}>(changetype<usize>(this), <${type.tag}>value);`),
    ],
  };
}
