/**
 * `worlds/*.ts`: what a component of a world exports, made of functions of the guest. This is the entry file
 * of the compiler; it imports the guest as `guest`.
 */
import { isCanonical, type CanonicalPass, type CanonicalPlan, type PlannedUnit } from '../../../abi/plan.js';
import { anyPart, isBytes, isHandle } from '../../../abi/shape.js';
import type { DiagnosticBag } from '../../../diagnostics/diagnostic.js';
import { wireName } from '../../../model/kinds.js';
import { camel, pascal } from '../../../model/name.js';
import type { Func, TypeDecl, World } from '../../../model/model.js';
import { blank, block, docs, listing, type AsSymbol, type Code, type Listing } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { legal, reservedGlobals, reservedLocals } from '../reserved.js';
import { escapeExport } from './export-names.js';
import { canonical } from './canonical.js';
import { loadValue, storeValue } from './codecs.js';
import { guestSignature, implementedNames, isPlainConstructor } from './implemented.js';
import { resourcesOf } from './places.js';
import { readSlots, writeSlots } from './slots.js';
import { coreTypes, lifted, single, typeText, type Site } from './values.js';

/** One function a world exports. */
interface Export {
  readonly func: Func;
  /** What the component calls it: `sign-it`, `wasi:cli/run@0.2.0#run`. */
  readonly wire: string;
  /** The function of the guest: `signIt`, `run.run`; what follows the namespace of one that belongs to a class. */
  readonly callee: string;
}

/** The end of an object that a handle stood for. */
interface Destructor {
  readonly wire: string;
  readonly kind: TypeDecl;
}

export function declareWorld(planned: PlannedUnit, world: World, site: Site, bag: DiagnosticBag): void {
  const { file } = site;
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
    const why = each.wire === memoryExport ? 'the memory of a component is called like this' : undefined;
    return why === undefined
      ? declareExport({ ...each, guest }, plan, { name, post }, place, site)
      : refused(each, why, bag);
  });
  file.add(`import * as ${guest} from "guest";`);
  file.add(docs(world.docs));
  file.add(`export { cabi_realloc } from "${canonical.cabi_realloc.from}";`);
  file.add(place.declaration());
  for (const each of declared) file.add(each);
  for (const each of destructorsOf(world)) file.add(declareDestructor(each, declare(escapeExport(each.wire))));
}

function destructorsOf(world: World): readonly Destructor[] {
  return world.exports.flatMap((item) =>
    item.kind === 'func'
      ? []
      : resourcesOf(item.module).map((kind) => ({ kind, wire: `${item.name}#[dtor]${kind.name.wire}` })),
  );
}

function declareDestructor({ kind, wire }: Destructor, name: string): Code {
  return [
    docs(`Nobody holds a handle of this \`${kind.name.wire}\` any more: it is the guest's again, or garbage.`),
    block(`${head(name, wire)}(object: usize): void`, '__unpin(object);'),
  ];
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
      callee:
        func.resource === undefined
          ? `${namespace}.${guestName(func.name.words)}`
          : `${namespace}.${legal(pascal(func.resource.name.words), reservedGlobals)}`,
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
  own: Export & { readonly guest: string },
  plan: CanonicalPlan,
  names: { readonly name: string; readonly post: string },
  place: Place,
  site: Site,
): Code {
  const { file } = site;
  const { func, wire } = own;
  const scope = new Scope([own.guest, 'load', 'memory', 'reinterpret', 'store']);
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
  const callee = calleeOf(own, own.guest, lifted[0]?.value);
  const signature = guestSignature(plan, site);
  const after = plan.params.some(({ pass }) => isLent(pass, site)) && `${file.use(canonical.returnLoans)}();`;
  const params = plan.exported.params.map((core) => `${cores.get(core)}: ${coreTypes[core.type]}`);
  const result =
    plan.exported.result === undefined
      ? 'void'
      : plan.result?.in === 'memory'
        ? 'usize'
        : coreTypes[plan.exported.result];
  return [
    docs(`${func.docs}\n\nCalls \`${callee.shown}(${signature.params.join(', ')}): ${signature.result}\`.`),
    block(listing(`${head(names.name, wire)}(`, params, `): ${result}`), [
      before,
      lowerResult(
        plan,
        listing(
          `${callee.head}(`,
          (callee.ofObject ? lifted.slice(1) : lifted).map((each) => each.value),
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

/** What is called: a function of the guest, a class of its, a method of an object. */
interface Callee {
  readonly head: string;
  /** How it is named in docs. */
  readonly shown: string;
  /** Whether the first parameter is the object. */
  readonly ofObject: boolean;
}

function calleeOf({ func, callee }: Export, guest: string, self: string | undefined): Callee {
  const path = `${guest}.${callee}`;
  const shown = `guest.${callee}`;
  if (func.kind === 'free' || func.resource === undefined) return { head: path, shown, ofObject: false };
  if (isPlainConstructor(func)) return { head: `new ${path}`, shown: `new ${shown}`, ofObject: false };
  const name = implementedNames(func.resource).get(func) ?? '';
  if (func.kind !== 'method') return { head: `${path}.${name}`, shown: `${shown}.${name}`, ofObject: false };
  return { head: `${self ?? ''}.${name}`, shown: `${shown}#${name}`, ofObject: true };
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
  const lift = liftedAtOnce(pass);
  if (lift !== undefined) return { code: undefined, value: `${site.file.use(lift)}(${slots.join(', ')})` };
  const at = place.of(pass);
  const value = local();
  return {
    code: [writeSlots(pass, slots, at), `const ${value} = ${loadValue(pass, { at, offset: 0 }, site)};`],
    value,
  };
}

/** What makes a value of its core values, without writing them to memory. */
function liftedAtOnce(pass: CanonicalPass): AsSymbol | undefined {
  switch (pass.shape) {
    case 'text':
      return canonical.liftText;
    case 'sequence':
      return isBytes(pass) ? canonical.liftBytes : undefined;
    case 'single':
    case 'product':
    case 'sum':
      return undefined;
  }
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
function isLent(pass: CanonicalPass, { names }: Site): boolean {
  return anyPart(pass, (part) => isHandle(part) && part.ownership === 'borrow' && !names.implemented.has(part.kind));
}
