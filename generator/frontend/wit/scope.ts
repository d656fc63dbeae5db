/** Which names can be seen from where. */
import type { DeclDraft, ModuleDraft } from '../../model/build.js';
import type { Name } from '../../model/model.js';
import type { Span } from '../../source/source.js';
import type { AstExtern, AstInterface, AstPath, AstTypedef, AstUse, AstWorld } from './ast.js';
import type { GatedPackage, Gating } from './gates.js';

export interface PackageScope extends GatedPackage {
  /** `wasi:io` */
  readonly id: string;
  /** Where its name stands first. */
  readonly span: Span;
  readonly isDependency: boolean;
  docs: string;
  readonly items: Map<string, PackageItem>;
  /** Names whose declaration is broken. */
  readonly broken: Set<string>;
  readonly files: FileScope[];
  /** The packages its paths lead to, and where they do first. */
  readonly leadsTo: Map<PackageScope, Span>;
}

/** A file, or a nested package: what its top-level `use` brings is seen there only. */
export interface FileScope {
  readonly package: PackageScope;
  readonly aliases: Map<string, { readonly path: AstPath; readonly local: Name }>;
}

export type PackageItem = InterfaceItem | WorldDraftItem;

export interface InterfaceItem {
  readonly kind: 'interface';
  readonly ast: AstInterface;
  readonly file: FileScope;
  readonly scope: TypeScope;
}

export interface WorldDraftItem {
  readonly kind: 'world';
  readonly ast: AstWorld;
  readonly file: FileScope;
  readonly gating: Gating;
  readonly scope: TypeScope;
  readonly inline: ReadonlyMap<AstExtern, TypeScope>;
}

/** A name that a `use` takes from another interface. */
export interface UsedEntry {
  readonly kind: 'used';
  readonly use: AstUse;
  readonly name: Name;
  readonly local: Name;
  readonly gating: Gating;
  /** Filled in when paths are resolved; stays `undefined` when there is no such interface, which is then reported. */
  target: TypeScope | undefined;
}

export interface TypeEntry {
  readonly kind: 'type';
  readonly decl: DeclDraft;
}

export type Entry =
  TypeEntry | UsedEntry | { readonly kind: 'func'; readonly span: Span } | { readonly kind: 'broken' };

/** What a name stands for: `unknowable` after a mistake that was reported. */
export type Found = DeclDraft | { readonly kind: 'func'; readonly span: Span } | 'unknowable' | undefined;

/** The names of an interface, or those of a world itself. */
export class TypeScope {
  /** How it is called in messages. */
  readonly title: string;
  readonly file: FileScope;
  readonly draft: ModuleDraft;
  readonly gating: Gating;
  readonly entries = new Map<string, Entry>();
  /** Its own types, as they are written; of two with one name both. */
  readonly declared = new Map<AstTypedef, { readonly decl: DeclDraft; readonly gating: Gating }>();
  readonly uses: AstUse[] = [];
  readonly used: UsedEntry[] = [];
  /** A `use` could not be read: any name may have been meant to come from it. */
  open = false;

  constructor(title: string, file: FileScope, draft: ModuleDraft, gating: Gating) {
    this.title = title;
    this.file = file;
    this.draft = draft;
    this.gating = gating;
  }

  find(name: string): Found {
    const seen = new Set<Entry>();
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the loop begins here and goes on elsewhere
    let scope: TypeScope = this;
    let current = name;
    for (;;) {
      const entry = scope.entries.get(current);
      if (entry === undefined) return scope.open ? 'unknowable' : undefined;
      // A circle of `use` is reported elsewhere.
      if (entry.kind === 'broken' || seen.has(entry)) return 'unknowable';
      seen.add(entry);
      if (entry.kind === 'type') return entry.decl;
      if (entry.kind === 'func') return entry;
      if (entry.target === undefined) return 'unknowable';
      scope = entry.target;
      current = entry.name.wire;
    }
  }

  /** The names of types that can be seen. */
  get types(): readonly string[] {
    return [...this.entries]
      .filter(([, entry]) => entry.kind === 'type' || entry.kind === 'used')
      .map(([name]) => name);
  }
}
