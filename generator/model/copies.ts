/**
 * Copies of what stands for different things under one declaration: the resources of an interface that is
 * imported once more under another name, those that a component exports beside those it imports.
 */
import type { Func, Module, Param, Type, TypeDecl } from './model.js';
import { walk, withParts } from './visit.js';

/** Where a declaration is copied to, and how it is called there. */
export interface Home {
  readonly module: Module;
  /** Another name; absent: the same. */
  nameOf?(decl: TypeDecl): TypeDecl['name'];
}

/** Types that lead to no resource of the originals are not copied: they stay the same for all. */
export class Copies {
  readonly #homeOf: (decl: TypeDecl) => Home | undefined;
  readonly #known = new Map<TypeDecl, TypeDecl>();
  readonly #leads = new Map<TypeDecl, boolean>();

  constructor(homeOf: (decl: TypeDecl) => Home | undefined) {
    this.#homeOf = homeOf;
  }

  /** Whether a declared type is a resource that is copied, or leads to one. */
  isCopied(decl: TypeDecl): boolean {
    if (this.#homeOf(decl) === undefined) return false;
    const known = this.#leads.get(decl);
    if (known !== undefined) return known;
    const leads = decl.type.kind === 'handle' || this.refers(decl.type);
    this.#leads.set(decl, leads);
    return leads;
  }

  /** Whether a type names one that is copied. */
  refers(type: Type): boolean {
    let found = false;
    walk(type, (part) => {
      if (part.kind === 'ref' || part.kind === 'borrow') found ||= this.isCopied(part.decl);
    });
    return found;
  }

  decl(decl: TypeDecl): TypeDecl {
    const home = this.isCopied(decl) ? this.#homeOf(decl) : undefined;
    if (home === undefined) return decl;
    const made = this.#known.get(decl) ?? {
      ...decl,
      name: home.nameOf?.(decl) ?? decl.name,
      module: home.module,
      type: this.type(decl.type),
    };
    this.#known.set(decl, made);
    return made;
  }

  type(type: Type): Type {
    return type.kind === 'ref' || type.kind === 'borrow'
      ? { ...type, decl: this.decl(type.decl) }
      : withParts(type, (part) => this.type(part));
  }

  func(func: Func): Func {
    const { resource, ...others } = func;
    const param = (each: Param): Param => ({ ...each, type: this.type(each.type) });
    return {
      ...others,
      ...(resource && { resource: this.decl(resource) }),
      params: func.params.map(param),
      results: func.results.map(param),
    };
  }
}
