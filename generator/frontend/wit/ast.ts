/** What a WIT file says, before any name is resolved. */
import type { Name } from '../../model/model.js';
import type { Span } from '../../source/source.js';
import type { BuiltinWord } from './tokens.js';

export interface AstFile {
  /** `package a:b@1.0.0;` at its head. */
  readonly package: AstPackageName | undefined;
  readonly items: readonly AstTop[];
}

/** `wasi:io@0.2.0` */
export interface AstPackageName {
  readonly namespace: string;
  readonly name: string;
  readonly version: AstVersion | undefined;
  readonly docs: string;
  /** A comment stands before its `package`. */
  readonly commented: boolean;
  readonly span: Span;
}

export interface AstVersion {
  readonly text: string;
  readonly span: Span;
}

/** What may stand in a file; all but packages may stand in a nested package too. */
export type AstTop = AstTopUse | AstInterface | AstWorld | AstPackage | AstBroken;

/** `package a:b { … }` */
export interface AstPackage {
  readonly kind: 'package';
  readonly id: AstPackageName;
  readonly items: readonly AstTop[];
}

/** The name of an interface or world, of this package or (`wasi:io/streams@0.2.0`) another. */
export interface AstPath {
  readonly package: AstPackageName | undefined;
  readonly name: Name;
  readonly span: Span;
}

/** `use path as name;` at the top of a file */
export interface AstTopUse {
  readonly kind: 'top-use';
  readonly path: AstPath;
  readonly local: Name;
}

export interface AstInterface {
  readonly kind: 'interface';
  readonly name: Name;
  readonly docs: string;
  readonly gates: AstGates;
  readonly items: readonly AstMember[];
}

export interface AstWorld {
  readonly kind: 'world';
  readonly name: Name;
  readonly docs: string;
  readonly gates: AstGates;
  readonly items: readonly AstWorldItem[];
}

/** What may stand in an interface. */
export type AstMember = AstUse | AstTypedef | AstFunc | AstBroken;

/** What may stand in a world. */
export type AstWorldItem = AstUse | AstTypedef | AstExtern | AstInclude | AstBroken;

/** `use path.{a, b as c};` */
export interface AstUse {
  readonly kind: 'use';
  readonly path: AstPath;
  readonly names: readonly AstUsedName[];
  readonly gates: AstGates;
}

export interface AstUsedName {
  readonly name: Name;
  readonly local: Name;
}

export interface AstTypedef {
  readonly kind: 'type';
  readonly name: Name;
  readonly docs: string;
  readonly gates: AstGates;
  readonly body: AstBody;
}

export type AstBody =
  | { readonly kind: 'alias'; readonly type: AstType }
  | { readonly kind: 'record'; readonly fields: readonly AstField[] }
  | { readonly kind: 'flags'; readonly flags: readonly AstLabel[] }
  | { readonly kind: 'enum'; readonly cases: readonly AstLabel[] }
  | { readonly kind: 'variant'; readonly cases: readonly AstCase[] }
  | { readonly kind: 'resource'; readonly funcs: readonly (AstFunc | AstBroken)[] };

export interface AstFunc {
  readonly kind: 'func';
  readonly name: Name;
  readonly docs: string;
  readonly gates: AstGates;
  /** As written; what is not in a resource is free. */
  readonly form: 'plain' | 'static' | 'constructor';
  readonly async: boolean;
  readonly params: readonly AstField[];
  readonly result: AstType | undefined;
  /** The keyword `static` or `constructor`, or the name. */
  readonly span: Span;
}

/** `import …;`, `export …;` */
export interface AstExtern {
  readonly kind: 'extern';
  readonly direction: 'import' | 'export';
  readonly docs: string;
  readonly gates: AstGates;
  readonly what:
    | { readonly kind: 'func'; readonly func: AstFunc }
    | { readonly kind: 'inline'; readonly name: Name; readonly items: readonly AstMember[] }
    /** With a name: `import name: path;`. */
    | { readonly kind: 'path'; readonly name: Name | undefined; readonly path: AstPath };
}

/** `include path with { a as b }` */
export interface AstInclude {
  readonly kind: 'include';
  readonly path: AstPath;
  readonly renames: readonly AstUsedName[];
  readonly gates: AstGates;
}

/** What could not be parsed. What it would have declared counts as known, to report nothing twice. */
export interface AstBroken {
  readonly kind: 'broken';
  /** `any`: names that cannot be known, as by a `use`. */
  readonly declares: 'name' | 'any' | 'nothing';
  readonly name: Name | undefined;
}

/** `@since(version = 1.0.0)` and so on, before an item. */
export type AstGates = readonly AstGate[];

export type AstGate = (
  | { readonly kind: 'since' | 'deprecated'; readonly version: string }
  | { readonly kind: 'unstable'; readonly feature: string }
  | { readonly kind: 'external-id'; readonly id: string }
) & { readonly span: Span };

/** A parameter or a field. */
export interface AstField {
  readonly name: Name;
  readonly docs: string;
  readonly type: AstType;
}

/** An enum case or a flag. */
export interface AstLabel {
  readonly name: Name;
  readonly docs: string;
}

export interface AstCase {
  readonly name: Name;
  readonly docs: string;
  readonly payload: AstType | undefined;
}

export type AstType = (
  | { readonly kind: 'name'; readonly name: Name }
  | { readonly kind: 'builtin'; readonly word: BuiltinWord }
  | { readonly kind: 'error-context' }
  | { readonly kind: 'list'; readonly element: AstType; readonly length: AstLength | undefined }
  | { readonly kind: 'option'; readonly payload: AstType }
  | { readonly kind: 'result'; readonly ok: AstType | undefined; readonly error: AstType | undefined }
  | { readonly kind: 'tuple'; readonly items: readonly AstType[] }
  | { readonly kind: 'map'; readonly key: AstType; readonly value: AstType }
  | { readonly kind: 'future' | 'stream'; readonly payload: AstType | undefined }
  | { readonly kind: 'own' | 'borrow'; readonly name: Name }
) & { readonly span: Span };

export interface AstLength {
  readonly text: string;
  readonly span: Span;
}
