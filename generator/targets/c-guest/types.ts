/** Types of the definitions as C has them. Each is declared before what uses it, and says its layout to the compiler. */
import { passOf, planType } from '../../abi/preview1.js';
import { isOption, isSingle, pointsToMemory, strideOf } from '../../abi/shape.js';
import type {
  AddressPass,
  BufferPass,
  Case,
  CorePass,
  EnumPass,
  FlagsPass,
  HandlePass,
  ListPass,
  Placed,
  ProductPass,
  SinglePass,
  TextPass,
} from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { resolve } from '../../model/kinds.js';
import type { Constant, Label, ScalarName, Type, TypeDecl } from '../../model/model.js';
import { hexadecimal } from '../../print/lines.js';
import { docLines } from '../../print/doc-comment.js';
import { Members, type CNames } from './names.js';

const scalarTypes: Readonly<Record<ScalarName, string>> = {
  u8: 'uint8_t',
  u16: 'uint16_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  s8: 'int8_t',
  s16: 'int16_t',
  s32: 'int32_t',
  s64: 'int64_t',
  f32: 'float',
  f64: 'double',
  char: 'uint32_t',
  char8: 'char',
  usize: 'size_t',
};

/** A parameter or a field. */
export interface Variable {
  readonly type: string;
  readonly name: string;
}

/** What stands in memory as a pointer and a length. */
type SlicePass = TextPass | BufferPass | ListPass<CorePass>;

type CoreSum = Extract<CorePass, { readonly shape: 'sum' }>;

export class Types {
  readonly lines: string[] = [];
  readonly #names: CNames;
  readonly #bag: DiagnosticBag;
  readonly #errnos: ReadonlySet<TypeDecl>;
  readonly #declared = new Map<TypeDecl, string>();
  /** Types that stand somewhere without a name of their own. */
  readonly #unnamed = new Map<Type, string>();
  readonly #cases = new Map<readonly Label[], readonly string[]>();

  /** @param errnos the enums whose cases get a function that names them */
  constructor(names: CNames, errnos: ReadonlySet<TypeDecl>, bag: DiagnosticBag) {
    this.#names = names;
    this.#errnos = errnos;
    this.#bag = bag;
  }

  /** Declares a type of the definitions, unless it is already, or says why it cannot be. */
  declare(decl: TypeDecl): void {
    const planned = planType(decl);
    if ('unplannable' in planned) {
      this.#bag.add(planned.unplannable);
      this.lines.push('', `// ${planned.unplannable.message}.`);
    } else this.#named(decl, planned);
  }

  declareConstant({ name, docs, type, value }: Constant): void {
    const of = this.#named(type, passOf({ kind: 'ref', decl: type }));
    const digits = hexadecimal(value);
    this.lines.push(
      '',
      ...docLines(docs, ''),
      `#define ${this.#names.constant(type.name.words, name.words)} ((${of})${digits})`,
    );
  }

  /** How C spells a value, where it stands in memory. @param place where, for the name of what has none */
  spell(pass: CorePass, place: readonly string[]): string {
    const { type } = pass;
    if (type.kind === 'ref') return this.#named(type.decl, pass);
    const known = this.#unnamed.get(type);
    if (known !== undefined) return known;
    if (isSingle(pass)) return this.#single(pass, place);
    const name = this.#define(pass, place, '');
    this.#unnamed.set(type, name);
    return name;
  }

  /** A value as parameters or fields: what is a pointer and a length is two. */
  variables(
    pass: CorePass,
    names: readonly [string, (string | undefined)?],
    place: readonly string[],
  ): readonly Variable[] {
    const [first, second = `${first}_len`] = names;
    switch (pass.shape) {
      case 'text':
      case 'buffer':
      case 'sequence':
        return [
          { type: this.#pointer(pass, place), name: first },
          { type: 'size_t', name: second },
        ];
      case 'single':
      case 'product':
      case 'sum':
        return [{ type: this.spell(pass, place), name: first }];
    }
  }

  /** The pointer of a pointer and a length. */
  #pointer(pass: SlicePass, place: readonly string[]): string {
    switch (pass.how) {
      case 'string':
        return 'const char *';
      case 'list':
        return `const ${this.spell(pass.element, [...place, 'item'])} *`;
      case 'buffer': {
        const target = resolve(pass.type);
        const element = target.kind === 'buffer' ? this.spell(passOf(target.element), [...place, 'item']) : 'void';
        return pass.access === 'in' ? `const ${element} *` : `${element} *`;
      }
    }
  }

  #named(decl: TypeDecl, pass: CorePass): string {
    const known = this.#declared.get(decl);
    if (known !== undefined) return known;
    const name = decl.type.kind === 'ref' ? this.#alias(decl, pass) : this.#define(pass, decl.name.words, decl.docs);
    this.#declared.set(decl, name);
    return name;
  }

  #alias(decl: TypeDecl, pass: CorePass): string {
    const target = this.spell({ ...pass, type: decl.type }, decl.name.words);
    const name = this.#names.type(decl.name.words);
    this.lines.push('', ...docLines(decl.docs || `Another name of \`${target}\`.`, ''), `typedef ${target} ${name};`);
    return name;
  }

  /** Declares a type under a name of its own. */
  #define(pass: CorePass, words: readonly string[], docs: string): string {
    switch (pass.shape) {
      case 'single':
        return this.#defineSingle(pass, words, docs);
      case 'text':
      case 'buffer':
      case 'sequence':
        return this.#struct(pass, words, docs, [
          `  ${declared({ type: this.#pointer(pass, words), name: 'ptr' })};`,
          '  size_t len;',
        ]);
      case 'product':
        return this.#product(pass, words, docs);
      case 'sum':
        return this.#sum(pass, words, docs);
    }
  }

  #single(pass: SinglePass | AddressPass, place: readonly string[]): string {
    switch (pass.how) {
      case 'scalar':
        return scalarTypes[pass.scalar];
      case 'bool':
        return 'bool';
      case 'address':
        return this.#address(pass, place);
      case 'handle':
        return this.#named(pass.kind, pass);
      case 'enum':
      case 'flags': {
        const name = this.#defineSingle(pass, place, '');
        this.#unnamed.set(pass.type, name);
        return name;
      }
    }
  }

  #address(pass: AddressPass, place: readonly string[]): string {
    const target = resolve(pass.type);
    if (target.kind !== 'address') return 'void *';
    return `${target.access === 'in' ? 'const ' : ''}${this.spell(passOf(target.pointee), place)} *`;
  }

  #defineSingle(pass: SinglePass | AddressPass, words: readonly string[], docs: string): string {
    switch (pass.how) {
      case 'enum':
        return this.#enum(pass, words, docs);
      case 'flags':
        return this.#flags(pass, words, docs);
      case 'handle':
        return this.#handle(pass, words, docs);
      case 'scalar':
      case 'bool':
      case 'address': {
        const of = this.#single(pass, words);
        return this.#typedef(of, words, docs);
      }
    }
  }

  #typedef(of: string, words: readonly string[], docs: string): string {
    const name = this.#names.type(words);
    this.lines.push('', ...docLines(docs, ''), `typedef ${declared({ type: of, name })};`);
    return name;
  }

  /** Numbers, as the ABI has them: an enum of C has a size of its own. */
  #enum(pass: EnumPass, words: readonly string[], docs: string): string {
    const name = this.#typedef(scalarTypes[pass.repr], words, docs);
    const constants = this.#constants(words, pass.cases);
    this.lines.push(`enum ${this.#names.enumeration(words)} {`);
    for (const [index, each] of pass.cases.entries())
      this.lines.push(...docLines(each.docs, '  '), `  ${constants[index]} = ${index},`);
    this.lines.push('};');
    if (pass.decl !== undefined && this.#errnos.has(pass.decl)) this.#caseNames(pass, name, words, constants);
    return name;
  }

  #constants(words: readonly string[], cases: readonly Label[]): readonly string[] {
    const constants = cases.map((each) => this.#names.constant(words, each.name.words));
    this.#cases.set(cases, constants);
    return constants;
  }

  #caseNames(pass: EnumPass, type: string, words: readonly string[], constants: readonly string[]): void {
    this.lines.push(
      '',
      '/** The name of a case, for messages. */',
      `static inline const char *${this.#names.func([...words, 'name'])}(${type} value) {`,
      '  switch (value) {',
      ...pass.cases.flatMap((each, index) => [
        `    case ${constants[index]}:`,
        `      return ${JSON.stringify(each.name.wire)};`,
      ]),
      '    default:',
      '      return "unknown";',
      '  }',
      '}',
    );
  }

  #flags(pass: FlagsPass, words: readonly string[], docs: string): string {
    const name = this.#typedef(scalarTypes[pass.repr], words, docs);
    for (const [index, each] of pass.flags.entries())
      this.lines.push(
        ...docLines(each.docs, ''),
        `#define ${this.#names.constant(words, each.name.words)} ((${name})0x${(1n << BigInt(index)).toString(16)})`,
      );
    return name;
  }

  /** A struct, so that no kind of handle is taken for another. Passed as its number is. */
  #handle(pass: HandlePass, words: readonly string[], docs: string): string {
    return this.#struct(pass, words, docs, ['  uint32_t handle;']);
  }

  #product(pass: ProductPass<CorePass>, words: readonly string[], docs: string): string {
    const members = new Members();
    const placed = pass.parts.map((part) => ({
      part,
      fields: this.variables(part.pass, fieldNames(part, members), [...words, ...part.name.words]),
    }));
    const name = this.#struct(
      pass,
      words,
      docs,
      placed.flatMap(({ part, fields }) => [
        ...docLines(part.docs, '  '),
        ...fields.map((each) => `  ${declared(each)};`),
      ]),
    );
    for (const { part, fields } of placed) this.#assertOffset(name, fields[0]?.name ?? '', part.offset);
    return name;
  }

  #sum(pass: CoreSum, words: readonly string[], docs: string): string {
    const members = new Members();
    const holding = pass.cases.flatMap(({ pass: payload, ...each }) =>
      payload === undefined
        ? []
        : [{ ...each, name: members.declare(each.name.words.join('_')), payload, words: each.name.words }],
    );
    const spelt = holding.map((each) => ({ ...each, type: this.spell(each.payload, [...words, ...each.words]) }));
    const { type: tag, constants } = this.#tag(pass, words);
    const name = this.#struct(pass, words, docs, [
      `  ${tag} tag;`,
      ...(spelt.length === 0
        ? []
        : [
            '  union {',
            ...spelt.flatMap((each) => [...docLines(each.docs, '    '), `    ${declared(each)};`]),
            '  } val;',
          ]),
    ]);
    if (spelt.length > 0) this.#assertOffset(name, 'val', pass.payloadOffset);
    const [some] = spelt;
    if (isOption(pass) && some !== undefined) this.#option(name, words, some, constants, pass.some);
    return name;
  }

  /** The type of a tag, and its values. */
  #tag(pass: CoreSum, words: readonly string[]): { readonly type: string; readonly constants: readonly string[] } {
    const target = resolve(pass.type);
    const decl = target.kind === 'variant' ? target.tagDecl : undefined;
    const body = decl && resolve({ kind: 'ref', decl });
    if (decl === undefined || body?.kind !== 'enum')
      return { type: scalarTypes[pass.repr], constants: this.#tagConstants(pass.cases, words) };
    const type = this.#named(decl, passOf({ kind: 'ref', decl }));
    return { type, constants: this.#cases.get(body.cases) ?? [] };
  }

  #tagConstants(cases: readonly Case<CorePass>[], words: readonly string[]): readonly string[] {
    const constants = cases.map((each) => this.#names.constant(words, each.name.words));
    this.lines.push('', 'enum {', ...constants.map((each, tag) => `  ${each} = ${tag},`), '};');
    return constants;
  }

  /** What is there and what is not, as values: every call that takes options is given some. */
  #option(
    name: string,
    words: readonly string[],
    some: Variable,
    constants: readonly string[],
    { tag }: Case<CorePass>,
  ): void {
    this.lines.push(
      '',
      `static inline ${name} ${this.#names.func([...words, 'some'])}(${declared(some)}) {`,
      `  ${name} made;`,
      `  made.tag = ${constants[tag]};`,
      `  made.val.${some.name} = ${some.name};`,
      '  return made;',
      '}',
      '',
      `static inline ${name} ${this.#names.func([...words, 'none'])}(void) {`,
      `  ${name} made;`,
      `  made.tag = ${constants[1 - tag]};`,
      '  return made;',
      '}',
    );
  }

  #struct(pass: CorePass, words: readonly string[], docs: string, body: readonly string[]): string {
    const name = this.#names.type(words);
    this.lines.push('', ...docLines(docs, ''), 'typedef struct {', ...body, `} ${name};`);
    this.#assert(`sizeof(${name}) == ${strideOf(pass)}`, `${name}: size`);
    return name;
  }

  #assertOffset(name: string, member: string, offset: number): void {
    this.#assert(`offsetof(${name}, ${member}) == ${offset}`, `${name}: place of ${member}`);
  }

  #assert(condition: string, what: string): void {
    this.lines.push(`${this.#names.own('ASSERT')}(${condition}, ${JSON.stringify(what)});`);
  }
}

/** Halves of buffers keep the names of the definition. */
function fieldNames({ name, pass }: Placed<CorePass>, members: Members): readonly [string, string?] {
  const target = resolve(pass.type);
  const [first, second] = target.kind === 'buffer' ? target.halves : [name.words.join('_')];
  const own = members.declare(first);
  return pointsToMemory(pass) ? [own, members.declare(second ?? `${first}_len`)] : [own];
}

/** `const char *name`, `size_t len` */
export function declared({ type, name }: Variable): string {
  return type.endsWith('*') ? `${type}${name}` : `${type} ${name}`;
}
