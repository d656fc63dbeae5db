/** One call: what a guest writes, and how it reaches the raw import. */
import type { Pass } from '../../../abi/plan.js';
import { flatten, holdsMemory } from '../../../abi/canonical.js';
import { handleKind, resolve } from '../../../model/kinds.js';
import { camel } from '../../../model/name.js';
import type { Name, Type, TypeDecl } from '../../../model/model.js';
import { block, docs, listing, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { legal, reservedLocals } from '../reserved.js';
import { bufferParameter } from '../values.js';
import { AREA_SIZE, canonical } from './canonical.js';
import { loadValue, storeValue } from './codecs.js';
import { errnoOf, type ErrnoResult } from './errno.js';
import type { Import } from './places.js';
import { readSlots } from './slots.js';
import { coreTypes, isByte, isNullable, single, typeText, type Site } from './values.js';

/** A function or method, under the given head: `static open`, `absorb`, `export function now`. */
export function declareCall(each: Import, head: string, receiver: number | undefined, outFrom: string, site: Site): Code {
  const { plan } = each;
  const names = new CallNames(each, site);
  const params = plan.params.map((param, index) => (index === receiver ? self(param.pass) : lowerParam(param, names, site)));
  const result = resultOf(each, names, outFrom, site);
  const area = plan.result?.in === 'memory' && plan.result.pass.size > AREA_SIZE ? names.local('area') : undefined;
  const record = plan.paramsInMemory && { ...plan.paramsInMemory, local: names.local('params') };
  const lends = params.some((param) => param.lends) || record !== undefined || area !== undefined;
  const before = lends ? names.local('before') : '';
  const place = area ?? (plan.result?.in === 'memory' ? site.file.use(canonical.AREA) : undefined);
  const passed = record === undefined
    ? { code: params.flatMap((param) => param.code), args: params.flatMap((param) => param.args) }
    : { code: [`const ${record.local} = ${site.file.use(canonical.lend)}(${record.size});`, ...params.map((param, index) => param.store(record.local, record.offsets[index] ?? 0))], args: [record.local] };
  const raw = site.file.use(site.names.imports.get(each)?.raw as AsSymbol, `raw_${site.names.imports.get(each)?.raw.name}`);
  const call = { head: `${raw}(`, items: place === undefined ? passed.args : [...passed.args, place] };
  const types = params.flatMap((param) => param.typeParameter ?? []);
  return [
    docs(callDocs(each, params, result)),
    block(signature(head, types, [...params.flatMap((param) => param.parameters), ...result.parameters], result.type), [
      lends && `const ${before} = ${site.file.use(canonical.lent)}();`,
      passed.code,
      area !== undefined && `const ${area} = ${site.file.use(canonical.lend)}(${plan.result?.pass.size ?? 0});`,
      result.prepare(params.flatMap((param) => param.buffer ?? [])),
      result.finish(call, place ?? '', lends ? `${site.file.use(canonical.release)}(${before});` : undefined),
    ]),
  ];
}

/** The names in one call; what its body uses is taken. */
class CallNames {
  readonly #scope: Scope;
  readonly #types = new Scope();
  readonly #oneBuffer: boolean;

  constructor(each: Import, site: Site) {
    const raw = site.names.imports.get(each)?.raw.name ?? '';
    this.#scope = new Scope([...Object.keys(canonical), raw, `raw_${raw}`]);
    this.#oneBuffer = each.plan.params.filter((param) => isBytes(param.type)).length === 1;
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

/** Bytes, which guests pass as any buffer. */
export function isBytes(type: Type): boolean {
  const target = resolve(type);
  return target.kind === 'list' && target.length === undefined && isByte(target.element);
}

interface Lowered {
  readonly parameters: readonly { readonly text: string; readonly nullable: boolean }[];
  readonly typeParameter: string | undefined;
  /** The expression of the buffer it is. */
  readonly buffer: string | undefined;
  readonly lends: boolean;
  readonly code: readonly Code[];
  readonly args: readonly string[];
  readonly docs: string | undefined;
  /** In place of `code` and `args`: the statement that writes it to memory. */
  store(at: string, offset: number): Code;
}

function self(pass: Pass): Lowered {
  const store = (at: string, offset: number): Code => `store<u32>(${at}, this.handle${offset === 0 ? '' : `, ${offset}`});`;
  return { parameters: [], typeParameter: undefined, buffer: undefined, lends: false, code: [], args: pass.how === 'handle' ? ['this.handle'] : [], docs: undefined, store };
}

interface Given {
  readonly name: Name;
  readonly type: Type;
  readonly pass: Pass;
}

function lowerParam({ name, type, pass }: Given, names: CallNames, site: Site): Lowered {
  const value = names.local(nameOfParam(name.words, handleKind(type)));
  const text = typeText(type, site);
  const shared = {
    parameters: [{ text: `${value}: ${text}`, nullable: isNullable(type) }],
    typeParameter: undefined, buffer: undefined, lends: false, code: [], docs: value,
    store: (at: string, offset: number) => storeValue(type, pass, { at, offset }, value, site),
  };
  if (isBytes(type)) {
    const buffer = names.buffer(name.words);
    const address = `${site.file.use(canonical.addressOf)}(${value})`;
    const length = `${site.file.use(canonical.lengthOf)}(${value})`;
    const store = (at: string, offset: number): Code => [`store<usize>(${at}, ${address}${offset === 0 ? '' : `, ${offset}`});`, `store<usize>(${at}, ${length}, ${offset + 4});`];
    return { ...shared, parameters: [{ text: `${value}: ${buffer}`, nullable: false }], typeParameter: buffer, buffer: address, args: [address, length], store };
  }
  const one = single(pass, type, site);
  if (one !== undefined) return { ...shared, args: [one.lower(value)] };
  if (pass.how === 'string') {
    const local = names.local(`${value}Text`);
    return { ...shared, lends: true, code: [`const ${local} = ${site.file.use(canonical.Utf8)}.of(${value});`], args: [`${local}.address`, `${local}.length`] };
  }
  if (pass.how === 'option' && pass.payload.how === 'handle') return { ...shared, args: [`<u32>(${value} !== null)`, `changetype<u32>(${value})`] };
  const target = resolve(type);
  if (pass.how === 'list' && pass.length === undefined && target.kind === 'list' && single(pass.element, target.element, site)?.sameInArrays === true) {
    return { ...shared, args: [`${value}.dataStart`, `${value}.length`] };
  }
  const local = names.local(`${value}Parts`);
  const code = [`const ${local} = ${site.file.use(canonical.lend)}(${pass.size});`, shared.store(local, 0)];
  return { ...shared, lends: true, code, args: readSlots(pass, local) };
}

/** `handle` and `self` say nothing about an object, so such a parameter is named after its kind. */
function nameOfParam(words: readonly string[], kind: TypeDecl | undefined): string {
  return camel(kind !== undefined && ['handle', 'self'].includes(words.join('-')) ? kind.name.words : words);
}

interface Result {
  readonly type: string;
  /** What receives values. */
  readonly parameters: readonly { readonly text: string; readonly nullable: boolean }[];
  readonly docs: readonly string[];
  /** Before the call: what has received bytes before gives them back, if they are not among what is passed. */
  prepare(buffers: readonly string[]): Code;
  finish(call: { readonly head: string; readonly items: readonly string[] }, place: string, release: string | undefined): Code;
}

function resultOf(each: Import, names: CallNames, outFrom: string, site: Site): Result {
  const { result } = each.plan;
  if (result === undefined) return { type: 'void', parameters: [], docs: [], prepare: () => undefined, finish: (call, _, release) => [listing(call.head, call.items, ');'), release] };
  const errno = result.in === 'memory' ? errnoOf(result) : undefined;
  if (errno !== undefined) return errnoResult(errno, names, outFrom, site);
  const { type, pass } = result;
  const text = typeText(type, site);
  const shared = { type: text, parameters: [], docs: holdsMemory(pass) ? ['Allocates what it returns.'] : [], prepare: () => undefined };
  const finished = (call: { readonly head: string; readonly items: readonly string[] }, value: (raw: string) => string, release: string | undefined): Code => {
    if (release === undefined) {
      const [open, close] = value('\0').split('\0') as [string, string];
      return listing(`return ${open}${call.head}`, call.items, `)${close};`);
    }
    const local = names.local('result');
    return [listing(`const ${local} = ${call.head}`, call.items, ');'), release, `return ${value(local)};`];
  };
  if (result.in === 'memory') {
    return {
      ...shared,
      finish: (call, place, release) => {
        const value = loadValue(type, pass, { at: place, offset: 0 }, site);
        if (release === undefined) return [listing(call.head, call.items, ');'), `return ${value};`];
        const local = names.local('result');
        return [listing(call.head, call.items, ');'), `const ${local} = ${value};`, release, `return ${local};`];
      },
    };
  }
  const one = single(pass, type, site);
  if (one !== undefined) return { ...shared, finish: (call, _, release) => finished(call, (raw) => one.lift(raw), release) };
  // A record of one number, for instance: it is read from memory like all others.
  const area = site.file.use(canonical.AREA);
  return {
    ...shared,
    finish: (call, _, release) => [
      listing(`store<${coreTypes[flatten(pass)[0] ?? 'i32']}>(${area}, ${call.head}`, call.items, '));'),
      release,
      `return ${loadValue(type, pass, { at: area, offset: 0 }, site)};`,
    ],
  };
}

function errnoResult({ decl, tag, ok, payloadOffset }: ErrnoResult, names: CallNames, outFrom: string, site: Site): Result {
  const errnoType = site.file.use(site.names.types.get(decl) as AsSymbol);
  const taken = (place: string): string => `${site.file.use(canonical.takeErrno)}<${tag}>(${place}, ${payloadOffset})`;
  const call = (of: { readonly head: string; readonly items: readonly string[] }): Code => listing(of.head, of.items, ');');
  if (ok === undefined) {
    return { type: errnoType, parameters: [], docs: [], prepare: () => undefined, finish: (of, place, release) => [call(of), release, `return ${taken(place)};`] };
  }
  const one = single(ok.pass, ok.type, site);
  if (one !== undefined && ok.pass.size <= 4 && one.core === 'i32') {
    const take = `${site.file.use(canonical.takeResult)}<${one.stored}, ${tag}>(${payloadOffset})`;
    return { type: 'u64', parameters: [], docs: [returnDocs(ok.type, ok.pass, site)], prepare: () => undefined, finish: (of, _, release) => [call(of), release, `return ${take};`] };
  }
  const outs = outsOf(ok.type, ok.pass, payloadOffset).map((out) => ({ ...out, local: names.local(nameOfOut(out.type)) }));
  const errno = names.local('errno');
  return {
    type: errnoType,
    parameters: outs.map(({ local, type }) => ({ text: `${local}: ${isBytes(type) ? site.file.use(canonical.Bytes) : `${site.file.use({ name: 'Out', from: outFrom })}<${typeText(type, site)}>`}`, nullable: false })),
    docs: outs.map(({ local, type, pass }) => `@param ${local} receives the ${describe(type)}${holdsMemory(pass) && !isBytes(type) ? ', which is allocated' : ''}`),
    prepare: (buffers) => outs.filter(({ type }) => isBytes(type)).reverse().map(({ local }) =>
      buffers.length === 0 ? `${local}.free();` : `if (${buffers.map((each) => `!${local}.holds(${each})`).join(' && ')}) ${local}.free();`),
    finish: (of, place, release) => [
      call(of),
      `const ${errno} = ${taken(place)};`,
      block(`if (${errno} == 0)`, outs.map(({ local, type, pass, offset }) =>
        isBytes(type)
          ? `${local}.take(load<usize>(${place}, ${offset}), load<usize>(${place}, ${offset + 4}));`
          : `${local}.value = ${loadValue(type, pass, { at: place, offset }, site)};`)),
      release,
      `return ${errno};`,
    ],
  };
}

/** What receives a value: the items of a tuple, each on its own. */
function outsOf(type: Type, pass: Pass, offset: number): readonly { readonly type: Type; readonly pass: Pass; readonly offset: number }[] {
  const target = resolve(type);
  if (target.kind !== 'tuple' || pass.how !== 'tuple') return [{ type, pass, offset }];
  return pass.items.map((item, index) => ({ type: target.items[index] as Type, pass: item.pass, offset: offset + item.offset }));
}

/** After its type; `u64` says nothing about a value. */
function nameOfOut(type: Type): string {
  const name = type.kind === 'ref' ? camel(type.decl.name.words) : isBytes(type) ? 'bytes' : 'value';
  return reservedLocals.has(name) ? 'value' : name;
}

function describe(type: Type): string {
  if (type.kind === 'ref') return type.decl.name.words.join(' ');
  return isBytes(type) ? 'bytes' : 'value';
}

function returnDocs(type: Type, pass: Pass, site: Site): string {
  const kind = handleKind(type);
  if (kind !== undefined) {
    const name = site.file.use(site.names.classes.get(kind) as AsSymbol);
    return `@returns a result: \`${name}.of\` or \`${name}.expect\` reads it`;
  }
  const signed = pass.how === 'scalar' && pass.scalar.startsWith('s');
  return signed || pass.how === 'enum' ? `@returns a result: \`<${typeText(type, site)}>value(…)\` reads it` : '@returns a result: `value` reads it';
}

function signature(head: string, types: readonly string[], parameters: readonly { readonly text: string; readonly nullable: boolean }[], result: string): ReturnType<typeof listing> {
  // None is the default of the optional parameters at the end.
  const optionalFrom = parameters.findLastIndex((each) => !each.nullable) + 1;
  const items = parameters.map(({ text }, index) => (index >= optionalFrom ? `${text} = null` : text));
  return listing(`${head}${types.length > 0 ? `<${types.join(', ')}>` : ''}(`, items, `): ${result}`);
}

function callDocs({ func }: Import, params: readonly Lowered[], result: Result): string {
  const given = func.params.flatMap((param, index) => {
    const name = params[index]?.docs;
    return name === undefined || param.docs === '' ? [] : [`@param ${name} ${param.docs.replaceAll('\n', ' ')}`];
  });
  const tags = [...given, ...result.docs];
  return tags.length === 0 ? func.docs : `${func.docs}\n\n${tags.join('\n')}`;
}
