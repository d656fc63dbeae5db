/** Building blocks of a model while it is being built: the same objects, not yet read-only. */
import type { SourceFile } from '../source/source.js';
import type { Constant, Func, Gates, Module, Name, Type, TypeDecl, UsedType } from './model.js';

export interface ModuleDraft extends Module {
  readonly uses: Module[];
  readonly usedTypes: UsedType[];
  readonly types: DeclDraft[];
  readonly constants: Constant[];
  readonly funcs: Func[];
}

export interface DeclDraft extends TypeDecl {
  readonly module: ModuleDraft;
  type: Type;
}

/** The type of what could not be understood: rules and emitters never see it in a unit without errors. */
export const erroneous: Type = Object.freeze({ kind: 'tuple', items: Object.freeze([]) });

/** What WIT says of a module beyond its name. */
export interface ModuleOptions {
  readonly id?: string;
  readonly gates?: Gates;
}

export function newModule(
  name: Name,
  docs: string,
  file: SourceFile,
  typesOnly: boolean,
  options: ModuleOptions = {},
): ModuleDraft {
  return {
    name,
    docs,
    file,
    typesOnly,
    id: name.wire,
    ...options,
    uses: [],
    usedTypes: [],
    types: [],
    constants: [],
    funcs: [],
  };
}

export function declareType(module: ModuleDraft, name: Name, docs: string, gates?: Gates): DeclDraft {
  const decl: DeclDraft = { name, docs, module, type: erroneous, ...(gates === undefined ? {} : { gates }) };
  module.types.push(decl);
  return decl;
}
