/** One call: what a guest writes, and how it reaches the raw import. */
import type { FlatParam } from '../../../abi/plan.js';
import { isBytes, isOptionalHandle } from '../../../abi/shape.js';
import { handleKind } from '../../../model/kinds.js';
import { camel } from '../../../model/name.js';
import type { TypeDecl } from '../../../model/model.js';
import { block, docs, listing, type AsSymbol, type Code, type Listing } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { legal, reservedLocals } from '../reserved.js';
import { bufferParameter } from '../spelling.js';
import { AREA_SIZE, canonical } from './canonical.js';
import { storeValue } from './codecs.js';
import type { ImportNames } from './names.js';
import type { Import } from './places.js';
import { returnedBy, type Returned } from './returned.js';
import { readSlots } from './slots.js';
import { isNullable, single, typeText, type Site } from './values.js';

/**
 * A function or method, under the given head: `static open`, `absorb`, `export function now`.
 *
 * @param outFrom the file of the package that has `Out`
 */
export function declareCall(
  each: Import,
  head: string,
  receiver: number | undefined,
  outFrom: string,
  site: Site,
): Code {
  const { file } = site;
  const { paramsInMemory, result: returned, params: given } = each.plan;
  const raw = (site.names.imports.get(each) as ImportNames).raw;
  const names = new CallNames(each, raw);
  const params = given.map((param, index) => (index === receiver ? self : lowerParam(param, names, site)));
  const result = returnedBy(each, names, outFrom, site);
  const record = paramsInMemory && { ...paramsInMemory, local: names.local('params') };
  const size = returned?.in === 'memory' ? returned.pass.size : 0;
  const area = size > AREA_SIZE ? names.local('area') : undefined;
  const place = area ?? (size > 0 ? file.use(canonical.AREA) : undefined);
  const lends = params.some((param) => param.lends) || record !== undefined || area !== undefined;
  const before = lends ? names.local('before') : '';
  const args = record === undefined ? params.flatMap((param) => param.args) : [record.local];
  const call = { head: `${file.use(raw, `raw_${raw.name}`)}(`, items: place === undefined ? args : [...args, place] };
  return [
    docs(callDocs(each, params, result)),
    block(signature(head, params, result), [
      lends && `const ${before} = ${file.use(canonical.lent)}();`,
      record === undefined
        ? params.map((param) => param.code)
        : [
            `const ${record.local} = ${file.use(canonical.lend)}(${record.size});`,
            params.map((param, index) => param.store(record.local, record.offsets[index] ?? 0)),
          ],
      area !== undefined && `const ${area} = ${file.use(canonical.lend)}(${size});`,
      result.prepare(params.flatMap((param) => param.buffer ?? [])),
      result.finish(call, place ?? '', lends ? `${file.use(canonical.release)}(${before});` : undefined),
    ]),
  ];
}

/** The names in one call: none is that of the import it makes. */
class CallNames {
  readonly #scope: Scope;
  readonly #types = new Scope();
  readonly #oneBuffer: boolean;

  constructor(each: Import, raw: AsSymbol) {
    this.#scope = new Scope([raw.name, `raw_${raw.name}`]);
    this.#oneBuffer = each.plan.params.filter((param) => isBytes(param.pass)).length === 1;
  }

  local(wanted: string): string {
    return this.#scope.declare(legal(wanted, localNames));
  }

  buffer(words: readonly string[]): string {
    return this.#types.declare(bufferParameter(words, this.#oneBuffer));
  }
}

/** What bodies are written with besides what they import. */
const localNames: ReadonlySet<string> = new Set([...reservedLocals, 'load', 'memory', 'reinterpret', 'store']);

interface Lowered {
  readonly parameters: readonly { readonly text: string; readonly nullable: boolean }[];
  readonly typeParameter: string | undefined;
  /** The expression of the buffer it is. */
  readonly buffer: string | undefined;
  readonly lends: boolean;
  readonly code: readonly Code[];
  readonly args: readonly string[];
  /** `undefined`: the receiver. */
  readonly name: string | undefined;
  /** In place of `code` and `args`: the statement that writes it to memory. */
  store(at: string, offset: number): Code;
}

const self: Lowered = {
  parameters: [],
  typeParameter: undefined,
  buffer: undefined,
  lends: false,
  code: [],
  args: ['this.handle'],
  name: undefined,
  store: (at, offset) => `store<u32>(${at}, this.handle${offset === 0 ? '' : `, ${offset}`});`,
};

function lowerParam({ name, type, pass }: FlatParam, names: CallNames, site: Site): Lowered {
  const value = names.local(nameOfParam(name.words, handleKind(type)));
  const text = typeText(type, site);
  const shared = {
    parameters: [{ text: `${value}: ${text}`, nullable: isNullable(type) }],
    typeParameter: undefined,
    buffer: undefined,
    lends: false,
    code: [],
    name: value,
    store: (at: string, offset: number) => storeValue(pass, { at, offset }, value, site),
  };
  if (isBytes(pass)) {
    const buffer = names.buffer(name.words);
    const address = `${site.file.use(canonical.addressOf)}(${value})`;
    const length = `${site.file.use(canonical.lengthOf)}(${value})`;
    const store = (at: string, offset: number): Code => [
      `store<usize>(${at}, ${address}${offset === 0 ? '' : `, ${offset}`});`,
      `store<usize>(${at}, ${length}, ${offset + 4});`,
    ];
    return {
      ...shared,
      parameters: [{ text: `${value}: ${buffer}`, nullable: false }],
      typeParameter: buffer,
      buffer: address,
      args: [address, length],
      store,
    };
  }
  const one = single(pass, site);
  if (one !== undefined) return { ...shared, args: [one.lower(value)] };
  const throughMemory = (): Lowered => {
    const local = names.local(`${value}Parts`);
    const code = [`const ${local} = ${site.file.use(canonical.lend)}(${pass.size});`, shared.store(local, 0)];
    return { ...shared, lends: true, code, args: readSlots(pass, local) };
  };
  switch (pass.shape) {
    case 'text': {
      const local = names.local(`${value}Text`);
      return {
        ...shared,
        lends: true,
        code: [`const ${local} = ${site.file.use(canonical.Utf8)}.of(${value});`],
        args: [`${local}.address`, `${local}.length`],
      };
    }
    case 'sequence':
      return pass.length === undefined && single(pass.element, site)?.sameInArrays === true
        ? { ...shared, args: [`${value}.dataStart`, `${value}.length`] }
        : throughMemory();
    case 'sum':
      return isOptionalHandle(pass)
        ? { ...shared, args: [`<u32>(${value} !== null)`, `changetype<u32>(${value})`] }
        : throughMemory();
    case 'single':
    case 'product':
      return throughMemory();
  }
}

/** `handle` and `self` say nothing about an object, so such a parameter is named after its kind. */
function nameOfParam(words: readonly string[], kind: TypeDecl | undefined): string {
  return camel(kind !== undefined && ['handle', 'self'].includes(words.join('-')) ? kind.name.words : words);
}

function signature(head: string, params: readonly Lowered[], result: Returned): Listing {
  const types = params.flatMap((each) => each.typeParameter ?? []);
  const parameters = [...params.flatMap((each) => each.parameters), ...result.parameters];
  // None is the default of the optional parameters at the end.
  const optionalFrom = parameters.findLastIndex((each) => !each.nullable) + 1;
  const items = parameters.map(({ text }, index) => (index >= optionalFrom ? `${text} = null` : text));
  return listing(`${head}${types.length > 0 ? `<${types.join(', ')}>` : ''}(`, items, `): ${result.type}`);
}

function callDocs({ func }: Import, params: readonly Lowered[], result: Returned): string {
  const given = func.params.flatMap((param, index) => {
    const name = params[index]?.name;
    return name === undefined || param.docs === '' ? [] : [`@param ${name} ${param.docs.replaceAll('\n', ' ')}`];
  });
  const tags = [...given, ...result.docs];
  return tags.length === 0 ? func.docs : `${func.docs}\n\n${tags.join('\n')}`;
}
