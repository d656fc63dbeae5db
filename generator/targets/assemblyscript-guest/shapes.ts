/** Records, tuples and variants: overlays that read and write memory at the plan's offsets. */
import type { CorePass, OptionPass, Placed, VariantPass } from '../../abi/plan.js';
import { isSingle, isSum } from '../../abi/shape.js';
import { founder, resolve } from '../../model/kinds.js';
import { camel, pascal } from '../../model/name.js';
import type { Type, TypeDecl } from '../../model/model.js';
import { block, docs, spaced, type AsFile, type AsSymbol, type Code } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { caseNames, typeName, typesFile, type Names } from './names.js';
import { legal, reservedAccessors, reservedGlobals } from './reserved.js';
import { template } from './templates.js';
import { elementShape, loadedType, plainType, type PlainPass, type Site } from './values.js';

interface Shape {
  readonly symbol: AsSymbol;
  readonly pass: CorePass;
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
  of(pass: CorePass, context: readonly string[]): AsSymbol {
    const decl = pass.type.kind === 'ref' ? founder(pass.type.decl) : undefined;
    const key = decl ?? pass.type;
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

function declareShape(shape: Shape, site: Site): Code {
  const name = shape.symbol.name;
  const { size } = shape.pass;
  const at = (address: string): string => `return changetype<${name}>(${address});`;
  const tag = isSum(shape.pass) ? tagType(shape, shape.pass, site) : undefined;
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

function layoutDocs({ pass }: Shape): string {
  const choice = isSum(pass) ? ' `tag` says which of the other members holds.' : '';
  return `${pass.size} bytes at an address divisible by ${pass.align}.${choice}`;
}

function membersOf(shape: Shape, site: Site): readonly Code[] {
  const scope = new Scope();
  return placedMembers(shape.pass).flatMap((member) => {
    const words = camel(member.name.words);
    return accessors(scope.declare(legal(words, reservedAccessors)), member, [...shape.words, words], site);
  });
}

function placedMembers(pass: CorePass): readonly Placed<CorePass>[] {
  switch (pass.shape) {
    case 'product':
      return pass.parts;
    case 'sum':
      return pass.cases.flatMap((each) =>
        each.pass === undefined ? [] : [{ ...each, pass: each.pass, offset: pass.payloadOffset }],
      );
    case 'single':
    case 'text':
    case 'buffer':
    case 'sequence':
      return [];
  }
}

function accessors(
  name: string,
  { pass, offset, docs: text }: Placed<CorePass>,
  context: readonly string[],
  site: Site,
): readonly Code[] {
  const place = offset === 0 ? 'changetype<usize>(this)' : `changetype<usize>(this) + ${offset}`;
  if (!isSingle(pass)) {
    const shape = site.file.use(elementShape(pass, context, site));
    return [[docs(text), block(`get ${name}(): ${shape}`, `return changetype<${shape}>(${place});`)]];
  }
  const type = plainType(pass.type, site);
  const stored = loadedType(pass);
  const behind = offset === 0 ? '' : `, ${offset}`;
  const loaded = `load<${stored}>(changetype<usize>(this)${behind})`;
  const { read, written } = conversions(pass, type, loaded);
  return [
    [docs(text), block(`get ${name}(): ${type}`, `return ${read};`)],
    block(`set ${name}(value: ${type})`, `store<${stored}>(changetype<usize>(this), ${written}${behind});`),
  ];
}

/** Memory has enums and handles as numbers. */
function conversions(
  pass: PlainPass,
  text: string,
  loaded: string,
): { readonly read: string; readonly written: string } {
  switch (pass.how) {
    case 'handle':
      return { read: `changetype<${text}>(${loaded})`, written: 'value.handle' };
    case 'bool':
      return { read: `${loaded} != 0`, written: 'value' };
    case 'enum':
      return { read: `<${text}>${loaded}`, written: `<${pass.repr}>value` };
    case 'scalar':
    case 'flags':
    case 'address':
      return { read: loaded, written: 'value' };
  }
}

interface Tag {
  /** The enum of the cases, if the definition does not name one. */
  readonly declaration: Code;
  readonly accessors: readonly Code[];
}

function tagType(shape: Shape, pass: OptionPass<CorePass> | VariantPass<CorePass>, site: Site): Tag {
  const type = resolve(pass.type);
  const named = type.kind === 'variant' && type.tagDecl !== undefined ? site.names.types.get(type.tagDecl) : undefined;
  const name = named === undefined ? site.names.scope.declare(`${shape.symbol.name}Tag`) : site.file.use(named);
  const members = caseNames(pass.cases);
  const cases = pass.cases.map((each, index) => [docs(each.docs), `${members[index]} = ${each.tag},`]);
  const declaration =
    named === undefined
      ? [docs(`The cases of \`${shape.symbol.name}\`.`), block(`export enum ${name}`, cases)]
      : undefined;
  return {
    declaration,
    accessors: [
      [
        docs('Which case this is. Setting it leaves the payload as it is.'),
        block(`get tag(): ${name}`, `return <${name}>load<${pass.repr}>(changetype<usize>(this));`),
      ],
      block(`set tag(value: ${name})`, `store<${pass.repr}>(changetype<usize>(this), <${pass.repr}>value);`),
    ],
  };
}
