/** Building blocks of a model while it is being built: the same objects, not yet read-only. */
import type { SourceFile } from '../source/source.js';
import type { Constant, Func, Module, Name, Type, TypeDecl } from './model.js';

export interface ModuleDraft extends Module {
  readonly uses: Module[];
  readonly types: DeclDraft[];
  readonly constants: Constant[];
  readonly funcs: Func[];
}

export interface DeclDraft extends TypeDecl {
  readonly module: ModuleDraft;
  type: Type;
}

/** The type of what could not be understood: rules and emitters never see it in a unit without errors. */
export const erroneous: Type = Object.freeze({ kind: 'tuple', items: Object.freeze([]) as readonly Type[] });

export function newModule(name: Name, docs: string, file: SourceFile, typesOnly: boolean): ModuleDraft {
  return { name, docs, file, typesOnly, uses: [], types: [], constants: [], funcs: [] };
}

export function declareType(module: ModuleDraft, name: Name, docs: string): DeclDraft {
  const decl: DeclDraft = { name, docs, module, type: erroneous };
  module.types.push(decl);
  return decl;
}
