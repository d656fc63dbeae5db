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
  /** `wasi:io` */
  readonly id: string;
  readonly version: string | undefined;
  /** WITX: what guests call it, by the names of its modules. */
  readonly name?: string;
  /** WIT: the comment on its header. */
  readonly docs?: string;
  /** WIT: it was read because others need it (`deps`, or nested in a file), not asked for. */
  readonly isDependency?: boolean;
  /** In dependency order: a module follows those it uses. */
  readonly modules: readonly Module[];
  /** WIT: its worlds, included ones first. */
  readonly worlds?: readonly World[];
}

/** WIT: what a component imports and exports. */
export interface World {
  readonly name: Name;
  /** `wasi:cli/command@0.2.0` */
  readonly id: string;
  readonly docs: string;
  readonly gates?: Gates;
  /** The types it declares itself and the names its `use` brings, which stand in no interface: a module of that name. */
  readonly root: Module;
  /** What a component imports, after what it needs itself; what was included or is only implied (WIT.md, "Transitive imports") among it. */
  readonly imports: readonly WorldItem[];
  readonly exports: readonly WorldItem[];
  /** The worlds it includes directly. Their items are its own already. */
  readonly includes: readonly World[];
}

export type WorldItem = WorldInterface | WorldFunc;

interface WorldItemBase {
  /** How the component calls it: `wasi:io/streams@0.2.0`, or a name of its own. */
  readonly name: string;
  readonly gates?: Gates;
}

export interface WorldInterface extends WorldItemBase {
  readonly kind: 'interface';
  /** `path`: under its own name; `named`: a declared interface under another; `inline`: written in the world. */
  readonly form: 'path' | 'named' | 'inline';
  readonly module: Module;
  /** Nobody wrote it: something else needs it. */
  readonly implied: boolean;
}

export interface WorldFunc extends WorldItemBase {
  readonly kind: 'func';
  readonly func: Func;
}

/** WIT: since when an item is there, and until when it should be used. Items of features that are off are not in the model. */
export interface Gates {
  readonly since?: string;
  readonly unstable?: string;
  readonly deprecated?: string;
  /** `@external-id("…")`: what the world outside calls it. */
  readonly externalId?: string;
}

/** A WITX module or WIT interface; definitions outside any module form a types-only module named after the file. */
export interface Module {
  readonly name: Name;
  /** How it is called from elsewhere: WIT: `wasi:io/streams@0.2.0`; otherwise its name. */
  readonly id: string;
  readonly docs: string;
  readonly file: SourceFile;
  readonly typesOnly: boolean;
  /** The modules whose names this one uses, directly. */
  readonly uses: readonly Module[];
  /** WIT: the names its `use` brings: they are its own for those that use it. */
  readonly usedTypes?: readonly UsedType[];
  readonly gates?: Gates;
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
  readonly gates?: Gates;
}

/** `use from.{name as local}`; types that refer to it refer to `decl`. */
export interface UsedType {
  readonly local: Name;
  readonly name: Name;
  readonly from: Module;
  /** Where the name leads, perhaps by the `use` of other modules. */
  readonly decl: TypeDecl;
}

export interface Constant {
  readonly name: Name;
  readonly docs: string;
  /** The type whose value it is: `(@witx const $version $latest …)` belongs to `version`. */
  readonly type: TypeDecl;
  readonly value: bigint;
}

/** WIT: functions may belong to a resource. */
export type FuncKind = 'free' | 'method' | 'static' | 'constructor';

export interface Func {
  readonly name: Name;
  readonly docs: string;
  readonly kind: FuncKind;
  /** The resource that a method, a static function or a constructor belongs to. `kinds.ts` has `wireName`, which has it. */
  readonly resource?: TypeDecl;
  /** WIT: the callee may block, and is called by the asynchronous ABI. */
  readonly async?: boolean;
  readonly gates?: Gates;
  /** A method's first is `self`, a borrowed handle. */
  readonly params: readonly Param[];
  /**
   * WITX: none, one, or (its older vintage) several; the first of several, or a single one named
   * `error`, that is an enum stands for the error. A `result` type stands alone. WIT: none, or one
   * named `result`; a constructor's is its resource, or a `result` of it.
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
  | ResultType
  | ComponentType;

/** What only components have; preview 1 has no ABI for it. */
export type ComponentType = OptionType | BorrowType | MapType | ChannelType | ErrorContextType;

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

/** The body of a declared type that founds a handle kind: a WITX handle, a WIT resource. */
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
  /** WIT `list<T, 4>`: always that many. */
  readonly length?: number;
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

/** WIT `option<T>`. In a WITX definition it is a variant: `kinds.ts` has `optionPayload` for both. */
export interface OptionType {
  readonly kind: 'option';
  readonly payload: Type;
}

/** WIT `borrow<resource>`: a loan for the time of a call. The resource alone, a reference, is owned. */
export interface BorrowType {
  readonly kind: 'borrow';
  /** The resource, or another name of it. */
  readonly decl: TypeDecl;
}

/** WIT `map<K, V>` */
export interface MapType {
  readonly kind: 'map';
  readonly key: Type;
  readonly value: Type;
}

/** WIT `future<T>`, `stream<T>` */
export interface ChannelType {
  readonly kind: 'future' | 'stream';
  readonly payload: Type | undefined;
}

/** WIT `error-context` */
export interface ErrorContextType {
  readonly kind: 'error-context';
}

/** A correction of the definitions that was applied, for banners and `diff`. */
export interface AppliedErratum {
  readonly module: string;
  readonly func: string;
  readonly declared: string;
  readonly corrected: string;
  readonly why: string;
}
