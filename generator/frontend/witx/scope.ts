/** Which names can be seen from where. */
import type { DeclDraft, ModuleDraft } from '../../model/build.js';
import type { Name } from '../../model/model.js';
import type { Span } from '../../source/source.js';

export interface Use {
  readonly target: Scope;
  readonly span: Span;
}

/** What a name stands for: `unknowable` after a mistake that was reported; `ambiguous`: several things. */
export type Found<T> = T | 'unknowable' | 'ambiguous' | undefined;

type Space = 'types' | 'resources';
interface Spaces {
  readonly types: DeclDraft;
  readonly resources: Name;
}

/** The names of a file (all that stands outside modules) or of a module. */
export class Scope {
  /** How it is called in messages. */
  readonly title: string;
  /** Of a module: the scope of its file. */
  readonly parent: Scope | undefined;
  /** What it builds: none for a file without definitions of its own. */
  draft: ModuleDraft | undefined;
  readonly types = new Map<string, DeclDraft>();
  readonly resources = new Map<string, Name>();
  /** Names whose declaration is broken. */
  readonly broken = new Set<string>();
  /** Names taken one by one, by their local name. */
  readonly named = new Map<string, { readonly from: Scope; readonly name: string; readonly span: Span }>();
  /** Scopes that were used whole. */
  readonly globs: Scope[] = [];
  /** Every `use`, in order. */
  readonly uses: Use[] = [];
  /** Of a file: the scopes that `use` it by its path. */
  readonly users: Scope[] = [];
  /** Of a file: the modules in it. */
  readonly modules: Scope[] = [];
  /** A `use` failed: any name may have been meant to come from it. */
  open = false;
  readonly #cache: { [S in Space]: Map<string, Found<Spaces[S]>> } = { types: new Map(), resources: new Map() };

  constructor(title: string, parent: Scope | undefined) {
    this.title = title;
    this.parent = parent;
  }

  find<S extends Space>(space: S, name: string): Found<Spaces[S]> {
    const cache: Map<string, Found<Spaces[S]>> = this.#cache[space];
    if (!cache.has(name)) {
      // Where `use` goes in circles, which is an error, the search ends here.
      cache.set(name, undefined);
      const declared = this[space] as ReadonlyMap<string, DeclDraft | Name> as ReadonlyMap<string, Spaces[S]>;
      cache.set(name, declared.get(name) ?? this.findOutside(space, name));
    }
    return cache.get(name);
  }

  /** What the name would mean if this scope did not declare it itself. */
  findOutside<S extends Space>(space: S, name: string): Found<Spaces[S]> {
    if (this.broken.has(name)) return 'unknowable';
    const single = this.named.get(name);
    if (single !== undefined) return single.from.find(space, single.name);
    const found = new Set<Found<Spaces[S]>>(this.globs.map((glob) => glob.find(space, name)));
    found.delete(undefined);
    const vague = found.delete('unknowable');
    if (found.size > 1) return 'ambiguous';
    const [only] = found;
    return only ?? this.parent?.find(space, name) ?? (vague || this.open ? 'unknowable' : undefined);
  }

  /** All that an ambiguous name may mean. */
  candidates(name: string): readonly DeclDraft[] {
    const found = new Set(
      this.globs.flatMap((glob) => {
        const each = glob.find('types', name);
        return each === 'ambiguous' ? glob.candidates(name) : typeof each === 'object' ? [each] : [];
      }),
    );
    return found.size > 0 ? [...found] : (this.parent?.candidates(name) ?? []);
  }

  /** What the scopes that use this file see, and it does not: WASI's tools put all files into one scope. */
  findInUsers(name: string): readonly DeclDraft[] {
    const found = new Set<DeclDraft>();
    const seen = new Set<Scope>([this]);
    for (const scope of seen) {
      for (const each of [...scope.users, ...(scope.parent === undefined ? [] : [scope.parent])]) seen.add(each);
      const decl = scope.find('types', name);
      if (typeof decl === 'object') found.add(decl);
    }
    return [...found];
  }

  /** All names that can be seen, nearest first. */
  visible(space: Space, seen = new Set<Scope>()): Set<string> {
    const names = new Set<string>();
    if (seen.has(this)) return names;
    seen.add(this);
    for (const name of [...this[space].keys(), ...this.named.keys()]) names.add(name);
    for (const scope of [...this.globs, ...(this.parent === undefined ? [] : [this.parent])]) {
      for (const name of scope.visible(space, seen)) names.add(name);
    }
    return names;
  }
}
