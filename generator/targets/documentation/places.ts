/** Where things are documented: files, and anchors in them. */
import { founder } from '../../model/kinds.js';
import type { Func, Module, Type, TypeDecl, World } from '../../model/model.js';
import { kebab } from '../../model/name.js';
import { Slugs } from './slugs.js';

export interface Place {
  /** The slug of a page. */
  readonly page: string;
  /** Absent: the page itself. */
  readonly anchor?: string;
}

/** The headings over what a page has, in the order of the page. */
export const headings = { imports: 'Imports', exports: 'Exports', types: 'Types', functions: 'Functions' } as const;

export class Places {
  readonly #pages = new Map<Module, string>();
  readonly #types = new Map<TypeDecl, Place>();
  readonly #functions = new Map<Func, Place>();
  readonly #byPage = new Map<string, Map<string, Place>>();
  /** Undefined: several are called so. */
  readonly #byName = new Map<string, Place | undefined>();

  /** @param placed the functions, each with its module: for one of a world its root */
  constructor(
    modules: readonly Module[],
    worlds: readonly World[],
    placed: readonly { readonly module: Module; readonly func: Func }[],
  ) {
    const taken = new Set(['index', 'overview', 'readme', 'names']);
    const named: readonly (readonly [Module, string])[] = [
      ...modules.map((module) => [module, kebab(module.name.words)] as const),
      ...worlds.map(({ root, name }) => [root, `world-${kebab(name.words)}`] as const),
    ];
    for (const [module, name] of named) {
      const alone = named.filter(([, other]) => other === name).length === 1;
      const page = unique(alone ? name : (packagePrefix(module) ?? '') + name, taken);
      this.#pages.set(module, page);
      this.#note(page, module.name.wire, { page });
      this.#place(
        module,
        page,
        worlds.find(({ root }) => root === module),
        placed,
      );
    }
    for (const [decl, place] of this.#types)
      for (const name of labelsOf(decl.type)) if (!this.#byName.has(name)) this.#note(place.page, name, place);
  }

  /** In the order of headings. */
  #place(
    module: Module,
    page: string,
    world: World | undefined,
    placed: ConstructorParameters<typeof Places>[2],
  ): void {
    const slugs = new Slugs();
    const funcs = placed.filter((each) => each.module === module && !this.#functions.has(each.func));
    slugs.next((world ?? module).name.wire);
    if ((world?.imports ?? []).length > 0) slugs.next(headings.imports);
    if ((world?.exports ?? []).length > 0) slugs.next(headings.exports);
    if (module.types.length > 0) slugs.next(headings.types);
    for (const decl of module.types) {
      const place = { page, anchor: slugs.next(decl.name.wire) };
      this.#types.set(decl, place);
      this.#note(page, decl.name.wire, place);
    }
    if (funcs.length > 0) slugs.next(headings.functions);
    for (const { func } of funcs) {
      const place = { page, anchor: slugs.next(spokenName(func)) };
      this.#functions.set(func, place);
      for (const name of new Set([spokenName(func), func.name.wire])) this.#note(page, name, place);
    }
  }

  pageOf(module: Module): string {
    return this.#pages.get(module) ?? kebab(module.name.words);
  }

  ofPage(module: Module): Place | undefined {
    const page = this.#pages.get(module);
    return page === undefined ? undefined : { page };
  }

  ofType(decl: TypeDecl): Place | undefined {
    return this.#types.get(decl) ?? this.#types.get(founder(decl));
  }

  ofFunction(func: Func): Place | undefined {
    return this.#functions.get(func);
  }

  /** What a name in the text of a page means: what the page has itself, or what only one page has. */
  find(name: string, page: string): Place | undefined {
    return this.#byPage.get(page)?.get(name) ?? this.#byName.get(name);
  }

  #note(page: string, name: string, place: Place): void {
    const own = this.#byPage.get(page) ?? new Map<string, Place>();
    this.#byPage.set(page, own);
    // A type and a function may have one name: the first stays.
    if (!own.has(name)) own.set(name, place);
    this.#byName.set(name, this.#byName.has(name) ? undefined : place);
  }
}

/** Errnos are spoken of by their cases. */
function labelsOf(type: Type): readonly string[] {
  return type.kind === 'enum' ? type.cases.map(({ name }) => name.wire) : [];
}

/** `wasi-io-` of `wasi:io/streams@0.2.0` */
function packagePrefix({ id }: Module): string | undefined {
  const [, own] = /^([^/]+)\//.exec(id) ?? [];
  return own === undefined ? undefined : `${own.replace(/[^\w]+/g, '-').toLowerCase()}-`;
}

/** File systems may not tell cases apart, which names in lower case leave out; versions of one interface get a number. */
function unique(name: string, taken: Set<string>): string {
  let found = name;
  for (let count = 2; taken.has(found); count += 1) found = `${name}-${count}`;
  taken.add(found);
  return found;
}

/** As people say it: `pollable.ready`. */
export function spokenName(func: Func): string {
  if (func.resource === undefined) return func.name.wire;
  return `${func.resource.name.wire}.${func.kind === 'constructor' ? 'constructor' : func.name.wire}`;
}
