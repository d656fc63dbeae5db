/** One call: what a guest writes, and how it reaches the raw import. */
import type { CallPlan, OutPlan, ParamPlan } from '../../abi/plan.js';
import { isBuffer, isSingle } from '../../abi/shape.js';
import { handleKind } from '../../model/kinds.js';
import { camel } from '../../model/name.js';
import type { TypeDecl } from '../../model/model.js';
import { block, docs, listing, type AsSymbol, type Code } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { rawName } from './names.js';
import { legal, reservedLocals } from './reserved.js';
import { bufferParameter, resultDocs } from './spelling.js';
import { AREA_SIZE, template } from './templates.js';
import {
  Area,
  fitsResult,
  loadedType,
  lowerParam,
  plainType,
  storedType,
  type Lowered,
  type ParamNames,
  type PlainPass,
  type Site,
} from './values.js';

/** Why a call has no method: the raw import is all there is. */
export interface Refused {
  readonly why: string;
}

/** A function or method, under the given head: `static open`, `absorb`, `export function now`. */
export function declareCall(plan: CallPlan, head: string, receiver: number | undefined, site: Site): Code | Refused {
  const names = new CallNames(plan);
  const area = new Area();
  const single = resultOf(plan);
  const result = single === undefined ? undefined : area.place(single.pass.size, Math.max(single.pass.align, 4), site);
  const paramNames = plan.params.map((param, index) => (index === receiver ? undefined : names.ofParam(param)));
  const params = plan.params.map((param, index) => {
    const own = paramNames[index];
    return own === undefined ? self : lowerParam(param, own, area, site);
  });
  const outs = single === undefined ? plan.outs.map((out) => lowerOut(out, plan, names, site)) : [];
  if (area.size > AREA_SIZE)
    return { why: `its optional parameters need ${area.size} bytes of the result area, which has ${AREA_SIZE}` };
  const raw = site.file.use(
    { name: rawName(plan.func), from: site.names.raw.get(plan.module) as string },
    `raw_${rawName(plan.func)}`,
  );
  const args = [...params, ...outs].flatMap((each) => each.args);
  const call = { head: `${raw}(`, items: result === undefined ? args : [...args, result] };
  return [
    docs(
      callDocs(
        plan,
        paramNames.map((each) => each?.value),
        [...params, ...outs].flatMap((each) => each.docs),
        site,
      ),
    ),
    block(signature(head, plan, [...params, ...outs], site), [
      params.flatMap((each) => each.before),
      finish(plan, call, params.flatMap((each) => each.after).reverse(), names, site),
    ]),
  ];
}

export function isRefused(code: Code | Refused): code is Refused {
  return typeof code === 'object' && 'why' in code;
}

const self: Lowered = {
  parameters: [],
  typeParameter: undefined,
  before: [],
  after: [],
  args: ['this.handle'],
  docs: [],
};

/** The value that stands in the lower half of a result. */
function resultOf(plan: CallPlan): (OutPlan & { readonly pass: PlainPass }) | undefined {
  const [only, ...others] = plan.outs;
  if (plan.returns.how !== 'errno' || only === undefined || others.length > 0) return undefined;
  return fitsResult(only.pass) ? { ...only, pass: only.pass } : undefined;
}

/** The names in one call: none is that of the import it makes. */
class CallNames {
  readonly #scope: Scope;
  readonly #typeScope = new Scope();
  readonly #oneBuffer: boolean;

  constructor(plan: CallPlan) {
    this.#scope = new Scope([rawName(plan.func), `raw_${rawName(plan.func)}`]);
    this.#oneBuffer = plan.params.filter(({ pass }) => isBuffer(pass)).length === 1;
  }

  ofParam({ name, pass, type }: ParamPlan): ParamNames {
    const value = this.local(nameOfParam(name.words, handleKind(type)));
    switch (pass.shape) {
      case 'text':
        return { value, companion: this.local(`${value}Text`), buffer: '' };
      case 'buffer': {
        const buffer = this.#typeScope.declare(bufferParameter(name.words, this.#oneBuffer));
        return { value, companion: '', buffer };
      }
      case 'sequence':
        return { value, companion: isSingle(pass.element) ? '' : this.local(`${value}Count`), buffer: '' };
      case 'single':
      case 'product':
      case 'sum':
        return { value, companion: '', buffer: '' };
    }
  }

  local(wanted: string): string {
    return this.#scope.declare(legal(wanted, reservedLocals));
  }
}

/** `handle` says nothing about an object, so such a parameter is named after its kind. */
function nameOfParam(words: readonly string[], kind: TypeDecl | undefined): string {
  return camel(kind !== undefined && words.join('_') === 'handle' ? kind.name.words : words);
}

function lowerOut(out: OutPlan, plan: CallPlan, names: CallNames, site: Site): Lowered {
  const value = names.local(nameOfOut(out));
  const type = isSingle(out.pass)
    ? `${site.file.use(template.Out)}<${storedType(out.pass, site)}>`
    : site.file.use(site.shapes.of(out.pass, ['result']));
  return {
    parameters: [{ text: `${value}: ${type}`, nullable: false }],
    typeParameter: undefined,
    before: [],
    after: [],
    args: [`${value}.address`],
    docs: [`@param ${value} receives ${describeOut(out, plan)}`],
  };
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

/** `the version`; of two alike, `the first size` and `the second size`. */
function describeOut(out: OutPlan, plan: CallPlan): string {
  const words = (each: OutPlan): string => (each.type.kind === 'ref' ? each.type.decl.name.words.join(' ') : 'value');
  const alike = plan.outs.filter((each) => words(each) === words(out));
  const ordinal = alike.length > 1 ? ordinals[alike.indexOf(out)] : undefined;
  return `the ${ordinal === undefined ? '' : `${ordinal} `}${words(out)}`;
}

/** After its type, as the plan names it; `u64` says nothing about a value. */
function nameOfOut(out: OutPlan): string {
  const name = camel(out.core.name.replace(/_out(\d*)$/, '$1').split(/[_-]+/));
  return reservedLocals.has(name) ? 'value' : name;
}

function signature(head: string, plan: CallPlan, params: readonly Lowered[], site: Site): ReturnType<typeof listing> {
  const types = params.flatMap((each) => each.typeParameter ?? []);
  const parameters = params.flatMap((each) => each.parameters);
  // None is the default of the optional parameters at the end.
  const optionalFrom = parameters.findLastIndex((each) => !each.nullable) + 1;
  const items = parameters.map(({ text }, index) => (index >= optionalFrom ? `${text} = null` : text));
  return listing(`${head}${types.length > 0 ? `<${types.join(', ')}>` : ''}(`, items, `): ${resultType(plan, site)}`);
}

function resultType(plan: CallPlan, site: Site): string {
  switch (plan.returns.how) {
    case 'nothing':
      return 'void';
    case 'errno':
      return resultOf(plan) === undefined ? site.file.use(site.names.types.get(plan.returns.decl) as AsSymbol) : 'u64';
    case 'value':
      return plainType(plan.returns.type, site);
  }
}

/** The call, what follows it, and the value returned. */
function finish(
  plan: CallPlan,
  call: { readonly head: string; readonly items: readonly string[] },
  after: readonly string[],
  names: CallNames,
  site: Site,
): Code {
  const { returns } = plan;
  if (returns.how === 'nothing')
    return [listing(call.head, call.items, ');'), after, plan.noreturn && 'unreachable();'];
  const [open, close] = conversion(plan, site);
  if (after.length === 0) return listing(`return ${open}${call.head}`, call.items, `)${close};`);
  const local = names.local(returns.how === 'errno' ? 'errno' : 'result');
  return [listing(`const ${local} = ${call.head}`, call.items, ');'), after, `return ${open}${local}${close};`];
}

/** What stands around the core result to make it the value returned. */
function conversion(plan: CallPlan, site: Site): readonly [string, string] {
  const { returns } = plan;
  if (returns.how === 'errno') {
    const result = resultOf(plan);
    return result === undefined
      ? ['', '']
      : [`${site.file.use(template.takeResult)}<${loadedType(result.pass)}>(`, ')'];
  }
  if (returns.how === 'nothing') return ['', ''];
  const type = plainType(returns.type, site);
  switch (returns.pass.how) {
    case 'handle':
      return [`changetype<${type}>(`, ')'];
    case 'bool':
      return ['', ' != 0'];
    case 'scalar':
    case 'enum':
    case 'flags':
    case 'address':
      // Narrower numbers come as 32 bits.
      return returns.pass.size < 4 ? [`<${type}>`, ''] : ['', ''];
  }
}

/** `names` has no name for the receiver. */
function callDocs(
  plan: CallPlan,
  names: readonly (string | undefined)[],
  extra: readonly string[],
  site: Site,
): string {
  const params = plan.func.params.flatMap((param, index) => {
    const name = names[index];
    return name === undefined || param.docs === '' ? [] : [`@param ${name} ${param.docs.replaceAll('\n', ' ')}`];
  });
  const tags = [...params, ...extra, ...returnDocs(plan, site)];
  return tags.length === 0 ? plan.func.docs : `${plan.func.docs}\n\n${tags.join('\n')}`;
}

function returnDocs(plan: CallPlan, site: Site): readonly string[] {
  const result = resultOf(plan);
  if (result === undefined) return [];
  const kind = handleKind(result.type);
  if (kind === undefined) return [resultDocs(result.pass, () => plainType(result.type, site))];
  const name = site.file.use(site.names.classes.get(kind) as AsSymbol);
  return [`@returns a result: \`${name}.of\` or \`${name}.expect\` reads it`];
}
