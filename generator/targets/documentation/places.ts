/** Where things are documented: files, and anchors in them. */
import { founder } from '../../model/kinds.js';
import type { Func, Module, TypeDecl, World } from '../../model/model.js';
import { kebab } from '../../model/name.js';
import { Slugs } from './slugs.js';

export interface Place {
  /** The slug of a page. */
  readonly page: string;
  /** Absent: the page itself. */
  readonly anchor?: string;
}

/** A function with its module: for one of a world its root. */
interface PlacedFunc {
  readonly module: Module;
  readonly func: Func;
}

/** The headings over what a page has, in the order of the page. */
export const headings = { imports: 'Imports', exports: 'Exports', types: 'Types', functions: 'Functions' } as const;

export class Places {
  readonly #pages = new Map<Module, string>();
  readonly #headings = new Map<Module, ReadonlyMap<string, string>>();
  readonly #types = new Map<TypeDecl, Place>();
  readonly #functions = new Map<Func, Place>();

  constructor(modules: readonly Module[], worlds: readonly World[], placed: readonly PlacedFunc[]) {
    const taken = new Set(['readme', 'index']);
    const named: readonly (readonly [Module, string])[] = [
      ...modules.map((module) => [module, kebab(module.name.words)] as const),
      ...worlds.map(({ root, name }) => [root, `world-${kebab(name.words)}`] as const),
    ];
    for (const [module, name] of named) {
      const alone = named.filter(([, other]) => other === name).length === 1;
      const page = unique(alone ? name : (packagePrefix(module) ?? '') + name, taken);
      this.#pages.set(module, page);
      this.#place(
        module,
        page,
        worlds.find(({ root }) => root === module),
        placed,
      );
    }
  }

  /** In the order of headings. */
  #place(module: Module, page: string, world: World | undefined, placed: readonly PlacedFunc[]): void {
    const slugs = new Slugs();
    const anchors = new Map<string, string>();
    const heading = (text: string): unknown => anchors.set(text, slugs.next(text));
    this.#headings.set(module, anchors);
    const funcs = placed.filter((each) => each.module === module && !this.#functions.has(each.func));
    slugs.next((world ?? module).name.wire);
    if ((world?.imports ?? []).length > 0) heading(headings.imports);
    if ((world?.exports ?? []).length > 0) heading(headings.exports);
    if (module.types.length > 0) heading(headings.types);
    for (const decl of module.types) {
      this.#types.set(decl, { page, anchor: slugs.next(decl.name.wire) });
    }
    if (funcs.length > 0) heading(headings.functions);
    for (const { func } of funcs) {
      this.#functions.set(func, { page, anchor: slugs.next(spokenName(func)) });
    }
  }

  pageOf(module: Module): string {
    return this.#pages.get(module) ?? kebab(module.name.words);
  }

  /** The anchors of its headings. */
  headingsOf(module: Module): ReadonlyMap<string, string> {
    return this.#headings.get(module) ?? new Map();
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
