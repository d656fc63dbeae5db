/** What a page says of a type and of a function. */
import {
  describeFunction,
  describePass,
  passIn,
  type FunctionDescription,
  type PassDescription,
} from '../../abi/describe.js';
import { isPlanned, type CoreSignature, type PlannedUnit } from '../../abi/plan.js';
import { resolve, wireName } from '../../model/kinds.js';
import type { Dialect, Func, Gates, Module, Type, TypeDecl } from '../../model/model.js';
import { kebab, snake } from '../../model/name.js';
import { partsOf } from './docs.js';
import type { FunctionEntry, Member, ParamEntry, ResultEntry, TypeEntry } from './manual.js';
import { spokenName, type Places } from './places.js';
import { typeText, type Text } from './text.js';

export function typeEntry(dialect: Dialect, module: Module, decl: TypeDecl, places: Places): TypeEntry {
  const { name, docs, type, gates } = decl;
  const pass = passIn(dialect, { kind: 'ref', decl });
  const passed = pass && describePass(pass);
  return {
    name: name.wire,
    anchor: places.ofType(decl)?.anchor ?? '',
    elsewhere: elsewhere(dialect, name.words),
    docs,
    notes: gateNotes(gates),
    size: passed?.size,
    align: passed?.align,
    payloadOffset: passed?.payloadOffset,
    constants: module.constants
      .filter((each) => each.type === decl)
      .map((each) => ({ name: each.name.wire, docs: each.docs, value: String(each.value) })),
    ...bodyOf(dialect, type, passed),
  };
}

type Body = Pick<TypeEntry, 'kind' | 'is' | 'repr' | 'numbers' | 'members'>;

function bodyOf(dialect: Dialect, type: Type, passed: PassDescription | undefined): Body {
  switch (type.kind) {
    case 'enum': {
      const members = type.cases.map(({ name, docs }, tag): Member => {
        return { name: name.wire, number: `${tag}`, type: undefined, docs };
      });
      return { kind: 'enum', is: undefined, repr: type.tag, numbers: 'tag', members };
    }
    case 'flags': {
      const members = type.flags.map(({ name, docs }, bit): Member => {
        return { name: name.wire, number: `0x${(1n << BigInt(bit)).toString(16)}`, type: undefined, docs };
      });
      return { kind: 'flags', is: undefined, repr: type.repr, numbers: 'bit', members };
    }
    case 'variant': {
      const members = type.cases.map(({ name, docs, payload }, tag): Member => {
        return { name: name.wire, number: `${tag}`, type: payload && typeText(payload), docs };
      });
      return { kind: 'variant', is: undefined, repr: type.tag, numbers: 'tag', members };
    }
    case 'record': {
      const offsets = passed?.parts?.map(({ offset }) => `${offset}`) ?? [];
      const members = type.fields.map(({ name, docs, type: of }, index): Member => {
        return { name: name.wire, number: offsets[index], type: typeText(of), docs };
      });
      return { kind: 'record', is: undefined, repr: undefined, numbers: 'offset', members };
    }
    case 'handle': {
      const kind = dialect === 'wit' ? 'resource' : 'handle';
      return { kind, is: undefined, repr: undefined, numbers: undefined, members: [] };
    }
    case 'scalar':
    case 'bool':
    case 'string':
    case 'ref':
    case 'borrow':
    case 'tuple':
    case 'list':
    case 'option':
    case 'result':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return { kind: 'type', is: typeText(type), repr: undefined, numbers: undefined, members: [] };
  }
}

export function functionEntry(
  planned: PlannedUnit,
  module: Module,
  func: Func,
  { side, places }: { readonly side: 'import' | 'export'; readonly places: Places },
): FunctionEntry {
  const { unit } = planned;
  const described = describeFunction(planned, module, func);
  const wire = wireName(func);
  const signature = side === 'import' ? described.core : (described.exported ?? described.core);
  const words = [...(func.resource?.name.words ?? []), ...func.name.words];
  return {
    name: spokenName(func),
    wire,
    anchor: places.ofFunction(func)?.anchor ?? '',
    // WITX has no constructors.
    elsewhere: func.kind === 'constructor' ? undefined : elsewhere(unit.dialect, words),
    docs: partsOf(func.docs),
    notes: [
      ...gateNotes(func.gates),
      ...(func.async === true ? ['Asynchronous: the callee may block'] : []),
      ...(func.noreturn ? ['Never returns'] : []),
      ...unit.errata
        .filter((each) => each.module === module.name.wire && each.func === func.name.wire)
        .map(({ declared, corrected, why }) => `Erratum: declares ${declared}, read as ${corrected}, because ${why}`),
    ],
    params: func.params.map(({ name, docs, type }, index): ParamEntry => {
      const passed = described.params[index];
      return { name: name.wire, type: typeText(type), docs, core: passed?.flat ?? [], offset: passed?.offset };
    }),
    ...resultsOf(planned, func, described),
    core: signature === null ? undefined : coreText(importName(planned, module), wire, side, signature),
    why: described.why ?? undefined,
  };
}

/** What a function returns, and the type of its error. */
function resultsOf(
  { plans }: PlannedUnit,
  func: Func,
  described: FunctionDescription,
): { readonly results: readonly ResultEntry[]; readonly error: Text | undefined } {
  const plan = plans.get(func);
  if (plan !== undefined && isPlanned(plan)) {
    const { outs, returns } = plan;
    const written = outs.map(({ type, core }) => ({ type: typeText(type), at: core.name }));
    const error: Text | undefined =
      returns.how === 'errno' ? [{ text: returns.decl.name.wire, decl: returns.decl }] : undefined;
    if (returns.how === 'value') return { results: [{ type: typeText(returns.type), at: undefined }], error };
    return { results: written, error };
  }
  const [first] = func.results;
  const result = first && resolve(first.type);
  const [place] = described.results;
  const at = place?.at === 'returned' ? undefined : place?.at;
  if (result?.kind !== 'result')
    return { results: func.results.map(({ type }) => ({ type: typeText(type), at })), error: undefined };
  return {
    results: result.ok === undefined ? [] : [{ type: typeText(result.ok), at }],
    error: result.error && typeText(result.error),
  };
}

/** Explainer.md, "Import and Export Definitions": what a world imports by itself. */
function importName({ unit }: PlannedUnit, module: Module): string {
  const isRoot = unit.packages.some(({ worlds = [] }) => worlds.some(({ root }) => root === module));
  return isRoot ? '$root' : module.id;
}

/** `(import "module" "name" (func (param i32) (result i32)))` */
function coreText(module: string, wire: string, side: 'import' | 'export', { params, result }: CoreSignature): string {
  const types = [
    ...(params.length === 0 ? [] : [` (param ${params.map(({ type }) => type).join(' ')})`]),
    ...(result === undefined ? [] : [` (result ${result})`]),
  ].join('');
  if (side === 'import') return `(import "${module}" "${wire}" (func${types}))`;
  return `(export "${module === '$root' ? wire : `${module}#${wire}`}" (func${types}))`;
}

/** How the other dialect writes a name: `symmetric_state_open` in WITX, `symmetric-state-open` in WIT. */
export function elsewhere(dialect: Dialect, words: readonly string[]): string {
  return dialect === 'witx' ? kebab(words) : snake(words);
}

export function gateNotes({ since, unstable, deprecated, externalId }: Gates = {}): readonly string[] {
  return [
    ...(since === undefined ? [] : [`Since ${since}`]),
    ...(unstable === undefined ? [] : [`Unstable: the feature \`${unstable}\``]),
    ...(deprecated === undefined ? [] : [`Deprecated since ${deprecated}`]),
    ...(externalId === undefined ? [] : [`Elsewhere called \`${externalId}\``]),
  ];
}
