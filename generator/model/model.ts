/**
 * The model every dialect is lowered into. Types only: behaviour is in `build.ts`, `kinds.ts`,
 * `visit.ts` and the rules. All of it is immutable once built, but for `TypeDecl.type`, which the
 * builder fills in when it resolves names (types may refer to later ones).
 */
import type { SourceFile, Span } from '../source/source.js';

export type Dialect = 'witx' | 'wit';

/** A name as written, split into words; casing works on `words`, the ABI uses `wire`. */
export interface Name {
  /** Lower-case words: `opt_symmetric_key` and `opt-symmetric-key` are `['opt', 'symmetric', 'key']`. */
  readonly words: readonly string[];
  /** The spelling of the definition, without WITX's `$`. */
  readonly wire: string;
  readonly span: Span;
}

/** Everything one run of the generator is about. */
export interface Unit {
  readonly dialect: Dialect;
  readonly packages: readonly Package[];
  /** Every file that was read, in the order of reading. */
  readonly sources: readonly SourceFile[];
  /** Corrections made to the definitions (see `frontend/errata.ts`). */
  readonly errata: readonly AppliedErratum[];
}

/** WIT: a package. WITX has no packages: one with the revision or the folder's name as id. */
export interface Package {
  readonly id: string;
  readonly version: string | undefined;
  /** In dependency order: a module follows those it uses. */
  readonly modules: readonly Module[];
}

/** A WITX module or WIT interface; definitions outside any module form a types-only module named after the file. */
export interface Module {
  readonly name: Name;
  readonly docs: string;
  readonly file: SourceFile;
  readonly typesOnly: boolean;
  /** The modules whose names this one uses, directly. */
  readonly uses: readonly Module[];
  readonly types: readonly TypeDecl[];
  readonly constants: readonly Constant[];
  readonly funcs: readonly Func[];
}

export interface TypeDecl {
  readonly name: Name;
  readonly docs: string;
  /** The module that declares it. */
  readonly module: Module;
  readonly type: Type;
}

export interface Constant {
  readonly name: Name;
  readonly docs: string;
  /** The type whose value it is: `(@witx const $version $latest …)` belongs to `version`. */
  readonly type: TypeDecl;
  readonly value: bigint;
}

export interface Func {
  readonly name: Name;
  readonly docs: string;
  readonly params: readonly Param[];
  /**
   * WITX: none, one, or (its older vintage) several; the first of several, or a single one named
   * `error`, that is an enum stands for the error. A `result` type stands alone.
   */
  readonly results: readonly Param[];
  /** `(@witx noreturn)`: the call never comes back to the guest. */
  readonly noreturn: boolean;
}

export interface Param {
  readonly name: Name;
  readonly docs: string;
  readonly type: Type;
}

export type IntegerRepr = 'u8' | 'u16' | 'u32' | 'u64';

export type ScalarName = IntegerRepr | 's8' | 's16' | 's32' | 's64' | 'f32' | 'f64' | 'char' | 'char8' | 'usize';

export type Type =
  | ScalarType
  | BoolType
  | StringType
  | RefType
  | HandleType
  | EnumType
  | FlagsType
  | RecordType
  | TupleType
  | VariantType
  | ListType
  | BufferType
  | AddressType
  | ResultType;

/** An integer, a float or a character. `usize` is a guest size: 32 bits. */
export interface ScalarType {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
}

export interface BoolType {
  readonly kind: 'bool';
}

/** UTF-8 text. */
export interface StringType {
  readonly kind: 'string';
}

/** A declared type. `model/kinds.ts` has `resolve`, which follows it. */
export interface RefType {
  readonly kind: 'ref';
  readonly decl: TypeDecl;
}

/** The body of a declared type that founds a handle kind. */
export interface HandleType {
  readonly kind: 'handle';
  /** WITX 0.10 `(handle $handle)`: the name of the `(resource …)`. */
  readonly resource: string | undefined;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly tag: IntegerRepr;
  readonly cases: readonly Label[];
}

export interface FlagsType {
  readonly kind: 'flags';
  readonly repr: IntegerRepr;
  readonly flags: readonly Label[];
}

/** An enum case or a flag: a name with docs. */
export interface Label {
  readonly name: Name;
  readonly docs: string;
}

export interface RecordType {
  readonly kind: 'record';
  readonly fields: readonly Param[];
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly items: readonly Type[];
}

/** A tagged union: WITX `variant` and `union`, WIT `variant`. */
export interface VariantType {
  readonly kind: 'variant';
  readonly tag: IntegerRepr;
  /** The enum that names the cases (`(@witx tag $name)`), if the definition gives one. */
  readonly tagDecl: TypeDecl | undefined;
  readonly cases: readonly VariantCase[];
}

export interface VariantCase {
  readonly name: Name;
  readonly docs: string;
  readonly payload: Type | undefined;
}

export interface ListType {
  readonly kind: 'list';
  readonly element: Type;
}

/** A run of guest memory the callee reads (`in`) or fills (`out`): a fused pointer and length. */
export interface BufferType {
  readonly kind: 'buffer';
  readonly access: 'in' | 'out';
  readonly element: Type;
  /** The wire names of the two halves, for raw imports: `data` and `data_len`. */
  readonly halves: readonly [pointer: string, length: string];
}

/** A pointer without a length: passed as a raw u32. */
export interface AddressType {
  readonly kind: 'address';
  readonly access: 'in' | 'out';
  readonly pointee: Type;
}

/** WITX `(expected T (error E))`, WIT `result<T, E>`. */
export interface ResultType {
  readonly kind: 'result';
  readonly ok: Type | undefined;
  readonly error: Type | undefined;
}

/** A correction of the definitions that was applied, for banners and `diff`. */
export interface AppliedErratum {
  readonly module: string;
  readonly func: string;
  readonly declared: string;
  readonly corrected: string;
  readonly why: string;
}
