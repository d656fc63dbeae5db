/** What a WITX file says, before any name is resolved. */
import type { Name } from '../../model/model.js';
import type { Span } from '../../source/source.js';
import type { BuiltinWord } from './tokens.js';

export interface AstFile {
  readonly docs: string;
  readonly items: readonly AstItem[];
}

/** What may stand in a file; all but modules may stand in a module too. */
export type AstItem =
  AstModule | AstUseFile | AstUseNames | AstTypename | AstResource | AstConstant | AstFunc | AstImport | AstBroken;

export type AstMember = Exclude<AstItem, AstModule>;

export interface AstModule {
  readonly kind: 'module';
  readonly name: Name;
  readonly docs: string;
  readonly items: readonly AstMember[];
  readonly span: Span;
}

/** `(use "file.witx")` */
export interface AstUseFile {
  readonly kind: 'use-file';
  readonly path: string;
  readonly span: Span;
}

/** `(use * from $module)`, `(use $a ($b as $c) from $module)` */
export interface AstUseNames {
  readonly kind: 'use-names';
  /** `undefined`: all. */
  readonly names: readonly AstUsedName[] | undefined;
  readonly from: Name;
  readonly span: Span;
}

export interface AstUsedName {
  readonly name: Name;
  readonly local: Name;
}

export interface AstTypename {
  readonly kind: 'typename';
  readonly name: Name;
  readonly docs: string;
  readonly type: AstType;
}

export interface AstResource {
  readonly kind: 'resource';
  readonly name: Name;
}

/** `(@witx const $type $name value)` */
export interface AstConstant {
  readonly kind: 'constant';
  readonly type: Name;
  readonly name: Name;
  readonly docs: string;
  /** `undefined`: it was no integer, and that has been said. */
  readonly value: bigint | undefined;
  readonly valueSpan: Span;
}

export interface AstFunc {
  readonly kind: 'func';
  readonly name: Name;
  readonly docs: string;
  readonly params: readonly AstField[];
  readonly results: readonly AstField[];
  readonly noreturn: boolean;
}

/** `(import "memory" (memory))`: understood, and without meaning for bindings. */
export interface AstImport {
  readonly kind: 'import';
  readonly span: Span;
}

/** A form that could not be parsed. What it would have declared counts as known, to report nothing twice. */
export interface AstBroken {
  readonly kind: 'broken';
  /** `any`: names that cannot be known, as by a `use`; `module`: a module whose name cannot be known. */
  readonly declares: 'type' | 'resource' | 'nothing' | 'any' | 'module';
  readonly name: Name | undefined;
}

/** A parameter, a result, a field of a record. */
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

/** `(@witx tag u8)` or `(@witx tag $enum)`; also the `repr` of flags. */
export type AstTag =
  | { readonly kind: 'word'; readonly word: BuiltinWord; readonly span: Span }
  | { readonly kind: 'name'; readonly name: Name };

export interface AstCase {
  /** `undefined`: a member of a union, which has no name of its own. */
  readonly name: Name | undefined;
  readonly docs: string;
  readonly payload: AstType | undefined;
}

/** `(const $name 0)`, in an `int`. */
export type AstIntConstant = Pick<AstConstant, 'name' | 'docs' | 'value'>;

export type AstType =
  | { readonly kind: 'name'; readonly name: Name }
  | { readonly kind: 'builtin'; readonly word: BuiltinWord | 'usize' | 'char8' }
  | {
      readonly kind: 'enum';
      readonly tag: AstTag | undefined;
      readonly cases: readonly AstLabel[];
      readonly span: Span;
    }
  | {
      readonly kind: 'flags';
      readonly repr: AstTag | undefined;
      readonly flags: readonly AstLabel[];
      readonly span: Span;
    }
  | {
      readonly kind: 'record';
      readonly bitflags: AstTag | undefined;
      readonly fields: readonly AstField[];
      readonly span: Span;
    }
  /** An integer and its constants, as WASI's snapshots have them. */
  | {
      readonly kind: 'int';
      readonly repr: AstTag;
      readonly constants: readonly AstIntConstant[];
      readonly span: Span;
    }
  | { readonly kind: 'tuple'; readonly items: readonly AstType[] }
  | {
      readonly kind: 'variant';
      readonly tag: AstTag | undefined;
      readonly cases: readonly AstCase[];
      readonly span: Span;
    }
  | { readonly kind: 'list'; readonly element: AstType }
  | { readonly kind: 'option'; readonly payload: AstType; readonly span: Span }
  | { readonly kind: 'handle'; readonly resource: Name | undefined; readonly span: Span }
  | { readonly kind: 'buffer'; readonly access: 'in' | 'out'; readonly element: AstType }
  | { readonly kind: 'pointer'; readonly access: 'in' | 'out'; readonly pointee: AstType }
  | { readonly kind: 'expected'; readonly ok: AstType | undefined; readonly error: AstType | undefined };
