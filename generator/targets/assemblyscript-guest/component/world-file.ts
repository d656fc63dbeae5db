/**
 * `worlds/*.ts`: what a component of a world exports, made of functions of the guest. This is the entry file
 * of the compiler; it imports the guest as `guest`.
 */
import { isCanonical, type CanonicalPass, type CanonicalPlan, type PlannedUnit } from '../../../abi/plan.js';
import { anyPart, isBytes } from '../../../abi/shape.js';
import type { DiagnosticBag } from '../../../diagnostics/diagnostic.js';
import { handleKind, wireName } from '../../../model/kinds.js';
import { camel } from '../../../model/name.js';
import { signatureTypes, walk } from '../../../model/visit.js';
import type { Func, Module, Type, World } from '../../../model/model.js';
import { blank, block, docs, listing, type Code, type Listing } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { legal, reservedGlobals, reservedLocals } from '../reserved.js';
import { escapeExport } from './export-names.js';
import { canonical } from './canonical.js';
import { loadValue, storeValue } from './codecs.js';
import { readSlots, writeSlots } from './slots.js';
import { coreTypes, lifted, single, typeText, type Site } from './values.js';

/** One function a world exports. */
interface Export {
  readonly func: Func;
  /** What the component calls it: `sign-it`, `wasi:cli/run@0.2.0#run`. */
  readonly wire: string;
  /** The function of the guest: `signIt`, `run.run`. */
  readonly callee: string;
}

export function declareWorld(planned: PlannedUnit, world: World, site: Site, bag: DiagnosticBag): void {
  const { file } = site;
  const implemented = new Set(world.exports.flatMap((item) => (item.kind === 'interface' ? [item.module] : [])));
  const scope = new Scope([...reservedGlobals, ...Object.keys(canonical)]);
  const declare = (name: string): string => file.claim(scope.declare(name));
  const exported = exportsOf(world).map((each) => ({
    each,
    name: declare(escapeExport(each.wire)),
    post: declare(escapeExport(`cabi_post_${each.wire}`)),
  }));
  const guest = declare('guest');
  const place = new Place(declare('PLACE'));
  const declared = exported.map(({ each, name, post }) => {
    const plan = planned.canonical.get(each.func);
    if (plan === undefined || !isCanonical(plan))
      return refused(each, plan?.unplannable.message ?? 'it has no plan', bag);
    const why = whyNot(each, implemented);
    return why === undefined
      ? declareExport({ ...each, callee: `${guest}.${each.callee}` }, plan, { name, post }, place, site)
      : refused(each, why, bag);
  });
  file.add(`import * as ${guest} from "guest";`);
  file.add(docs(world.docs));
  file.add(`export { cabi_realloc } from "${canonical.cabi_realloc.from}";`);
  file.add(place.declaration());
  for (const each of declared) file.add(each);
}

/** All that a world exports, with the names of the guest's functions. Interfaces of one name say which package they are of. */
function exportsOf(world: World): readonly Export[] {
  const interfaces = world.exports.filter((item) => item.kind === 'interface');
  const namespaces = new Scope();
  return world.exports.flatMap((item): readonly Export[] => {
    if (item.kind === 'func') return [{ func: item.func, wire: item.name, callee: guestName(item.name.split('-')) }];
    const alike = interfaces.filter((other) => lastName(other.name) === lastName(item.name)).length > 1;
    const words = alike
      ? item.name
          .replace(/@.*$/, '')
          .split(/[^A-Za-z0-9]+/)
          .slice(1)
      : lastName(item.name).split('-');
    const namespace = namespaces.declare(guestName(words));
    return item.module.funcs.map((func) => ({
      func,
      wire: `${item.name}#${wireName(func)}`,
      callee: `${namespace}.${guestName(func.name.words)}`,
    }));
  });
}

/** `run` of `wasi:cli/run@0.2.0` */
function lastName(name: string): string {
  return name.replace(/@.*$/, '').replace(/^.*\//, '');
}

function guestName(words: readonly string[]): string {
  return legal(camel(words), reservedGlobals);
}

/** Why a function that has a plan cannot be exported. */
function whyNot({ func, wire }: Export, implemented: ReadonlySet<Module>): string | undefined {
  if (wire === memoryExport) return 'the memory of a component is called like this';
  if (func.resource !== undefined) return `guests cannot implement resources, such as \`${func.resource.name.wire}\``;
  for (const type of signatureTypes(func)) {
    const kind = resourceIn(type, implemented);
    if (kind !== undefined) return `guests cannot implement resources, such as \`${kind}\``;
  }
  return undefined;
}

/** A resource of an interface that the world exports. */
function resourceIn(type: Type, implemented: ReadonlySet<Module>): string | undefined {
  let found: string | undefined;
  walk(type, (each) => {
    const kind = handleKind(each);
    if (kind !== undefined && implemented.has(kind.module)) found ??= kind.name.wire;
    else if (kind === undefined && each.kind === 'ref') found ??= resourceIn(each.decl.type, implemented);
  });
  return found;
}

const memoryExport = 'memory';

/** In place of an export: whoever compiles a guest for the world is told. */
function refused({ func, wire }: Export, why: string, bag: DiagnosticBag): Code {
  bag.report('no-guest-export', func.name.span, { name: wire, why });
  return [`ERROR(${JSON.stringify(`\`${wire}\` cannot be exported by a guest in AssemblyScript: ${why}`)});`];
}

/** Where values of several core values are taken apart and put together. One after another: no two are there at once. */
class Place {
  readonly #name: string;
  #size = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** For a value of that many bytes. */
  of({ size }: CanonicalPass): string {
    this.#size = Math.max(this.#size, size);
    return this.#name;
  }

  declaration(): Code {
    return (
      this.#size > 0 && [
        docs('Where parameters and results stand that are no single values.'),
        `const ${this.#name}: usize = memory.data(${this.#size}, 16);`,
      ]
    );
  }
}

function declareExport(
  { func, wire, callee }: Export,
  plan: CanonicalPlan,
  names: { readonly name: string; readonly post: string },
  place: Place,
  site: Site,
): Code {
  const { file } = site;
  const scope = new Scope([callee.replace(/\..*$/, ''), 'load', 'memory', 'reinterpret', 'store']);
  const local = (name: string): string => scope.declare(legal(name, reservedLocals));
  const cores = new Map(plan.exported.params.map((core) => [core, local(core.name)]));
  const pointer = plan.paramsInMemory && cores.get(plan.paramsInMemory.pointer);
  const lifted = plan.params.map((param, index) => {
    if (plan.paramsInMemory !== undefined && pointer !== undefined) {
      const value = local(camel(param.name.words));
      return {
        code: `const ${value} = ${loadValue(param.pass, { at: pointer, offset: plan.paramsInMemory.offsets[index] ?? 0 }, site)};`,
        value,
      };
    }
    return liftParam(
      param,
      param.core.map((core) => cores.get(core) ?? ''),
      () => local(camel(param.name.words)),
      place,
      site,
    );
  });
  const before: Code = [
    lifted.map((each) => each.code),
    plan.paramsInMemory !== undefined && `${file.use(canonical.discard)}(${pointer}, ${plan.paramsInMemory.size});`,
  ];
  const after = plan.params.some(({ pass }) => isLent(pass)) && `${file.use(canonical.returnLoans)}();`;
  const params = plan.exported.params.map((core) => `${cores.get(core)}: ${coreTypes[core.type]}`);
  const result =
    plan.exported.result === undefined
      ? 'void'
      : plan.result?.in === 'memory'
        ? 'usize'
        : coreTypes[plan.exported.result];
  return [
    docs(`${func.docs}\n\nCalls \`${callee.replace(/^guest\d*/, 'guest')}${guestSignature(plan, site)}\`.`),
    block(listing(`${head(names.name, wire)}(`, params, `): ${result}`), [
      before,
      lowerResult(
        plan,
        listing(
          `${callee}(`,
          lifted.map((each) => each.value),
          ')',
        ),
        after,
        local,
        place,
        site,
      ),
    ]),
    plan.postReturn && [
      blank,
      docs(`Takes back what \`${wire}\` has returned.`),
      block(`${head(names.post, `cabi_post_${wire}`)}(result: usize): void`, `${file.use(canonical.release)}(0);`),
    ],
    names.name !== escapeExport(wire) && [blank, `export { ${names.name} as ${escapeExport(wire)} };`],
  ];
}

/** Parameters and result as the guest can declare them. */
function guestSignature({ params, result }: CanonicalPlan, site: Site): string {
  const scope = new Scope();
  const named = params.map(
    ({ name, type }) => `${scope.declare(legal(camel(name.words), reservedLocals))}: ${typeText(type, site)}`,
  );
  return `(${named.join(', ')}): ${result === undefined ? 'void' : typeText(result.type, site)}`;
}

/** Functions whose names mean something here are exported under them, and called otherwise. */
function head(name: string, wire: string): string {
  return name === escapeExport(wire) ? `export function ${name}` : `function ${name}`;
}

function liftParam(
  { pass }: CanonicalPlan['params'][number],
  slots: readonly string[],
  local: () => string,
  place: Place,
  site: Site,
): { readonly code: Code; readonly value: string } {
  const one = single(pass, site);
  if (one !== undefined) return { code: undefined, value: lifted(one, slots[0] ?? '0') };
  if (pass.how === 'string' || isBytes(pass))
    return {
      code: undefined,
      value: `${site.file.use(pass.how === 'string' ? canonical.liftText : canonical.liftBytes)}(${slots.join(', ')})`,
    };
  const at = place.of(pass);
  const value = local();
  return {
    code: [writeSlots(pass, slots, at), `const ${value} = ${loadValue(pass, { at, offset: 0 }, site)};`],
    value,
  };
}

function lowerResult(
  { result }: CanonicalPlan,
  call: Listing,
  after: Code,
  local: (name: string) => string,
  place: Place,
  site: Site,
): Code {
  if (result === undefined) return [listing(call.head, call.items, ');'), after];
  const { type, pass } = result;
  const value = local('result');
  const made = [listing(`const ${value}: ${typeText(type, site)} = ${call.head}`, call.items, ');'), after];
  const one = result.in === 'core' ? single(pass, site) : undefined;
  if (one !== undefined) return [made, `return ${one.lower(value)};`];
  const at = place.of(pass);
  return [
    made,
    storeValue(pass, { at, offset: 0 }, value, site),
    `return ${result.in === 'core' ? readSlots(pass, at)[0] : at};`,
  ];
}

/** Whether a value holds borrowed handles, which have to be given back. */
function isLent(pass: CanonicalPass): boolean {
  return anyPart(pass, (part) => part.how === 'handle' && part.ownership === 'borrow');
}
