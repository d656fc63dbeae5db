/**
 * Takes out what belongs to features that are off. All of it has been understood by then: mistakes
 * in it count, and what stays must not refer to it (WIT.md, "Rules for feature gate usage").
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { ModuleDraft } from '../../model/build.js';
import type { Func, Module, Name, Type, TypeDecl, UsedType } from '../../model/model.js';
import { signatureTypes, walk } from '../../model/visit.js';

/** The features that are off, by the modules, types, functions and used names that belong to them. */
export type OffItems = ReadonlyMap<Module | TypeDecl | Func | UsedType, string>;

export class GatedItems {
  readonly #off: OffItems;
  readonly #bag: DiagnosticBag;

  constructor(off: OffItems, bag: DiagnosticBag) {
    this.#off = off;
    this.#bag = bag;
  }

  isOff(item: Module | TypeDecl | Func | UsedType): boolean {
    return this.#off.has(item);
  }

  /** A reference to a whole interface or world. */
  check(name: Name, target: Module): void {
    const feature = this.#off.get(target);
    if (feature !== undefined) this.#report(name, target.name, feature);
  }

  #report(from: Name, to: Name, feature: string): void {
    this.#bag.report(
      'gated-name',
      from.span,
      { name: to.wire, feature },
      { related: [{ message: 'it is declared here', span: to.span }] },
    );
  }

  checkTypes(name: Name, types: readonly Type[]): void {
    const seen = new Set<TypeDecl>();
    for (const type of types) {
      walk(type, (each) => {
        if ((each.kind !== 'ref' && each.kind !== 'borrow') || seen.has(each.decl)) return;
        seen.add(each.decl);
        const feature = this.#off.get(each.decl) ?? this.#off.get(each.decl.module);
        if (feature !== undefined) this.#report(name, each.decl.name, feature);
      });
    }
  }

  #checkUsed({ local, name, from, decl }: UsedType): void {
    const passedOn = from.usedTypes?.find((each) => each.local.wire === name.wire);
    const [own, whole, passed] = [this.#off.get(decl), this.#off.get(from), passedOn && this.#off.get(passedOn)];
    if (own !== undefined) this.#report(local, decl.name, own);
    else if (whole !== undefined) this.#report(local, from.name, whole);
    else if (passed !== undefined) this.#report(local, passedOn?.local ?? name, passed);
  }

  /** Checks what stays of a module. `remove` then takes the rest out: all modules are checked before. */
  checkModule(module: Module): void {
    const own = this.#off.get(module);
    for (const { name, type } of module.types.filter((each) => !this.isOff(each))) {
      // The reference parser asks for a gate of their own on types inside what is gated, not on functions.
      if (own !== undefined) this.#report(name, module.name, own);
      else this.checkTypes(name, [type]);
    }
    for (const used of (module.usedTypes ?? []).filter((each) => !this.isOff(each))) {
      if (own !== undefined) this.#report(used.local, module.name, own);
      else this.#checkUsed(used);
    }
    for (const func of module.funcs.filter((each) => !this.isOff(each))) {
      const resource = func.resource === undefined ? undefined : this.#off.get(func.resource);
      if (resource !== undefined && func.resource !== undefined) this.#report(func.name, func.resource.name, resource);
      else if (own === undefined) this.checkTypes(func.name, signatureTypes(func));
    }
  }

  remove(module: ModuleDraft): void {
    const keep = <T extends TypeDecl | Func | UsedType>(list: T[]): number =>
      list.push(...list.splice(0).filter((each) => !this.isOff(each)));
    keep(module.types);
    keep(module.usedTypes);
    keep(module.funcs);
  }
}
