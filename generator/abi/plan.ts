/**
 * The ABI plan: how every value of a function crosses the boundary, as data. It says *how*, not
 * *which way*: hosts read a parameter's `Pass` as lifting, guests as lowering. Emitters and the
 * test interpreter read plans and nothing else about the ABI.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Func, IntegerRepr, Label, Module, Name, ScalarName, Type, TypeDecl, Unit } from '../model/model.js';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** One parameter of the core function, with the name the definition gives it. */
export interface CoreParam {
  /** Snake case, unique in its function: `data`, `data_len`, `out_ptr`. */
  readonly name: string;
  readonly type: CoreType;
}

/** What every way of passing has: the type as it is written there, its size and alignment as a value in memory, in bytes. */
interface Value {
  readonly type: Type;
  readonly size: number;
  readonly align: number;
}

/**
 * How one value is represented, in core parameters and in memory. `shape` is its structure, which walks
 * over memory follow; `how` is what it is in the definitions, which languages spell each in their own way.
 */
export type Pass = CorePass | CanonicalPass;

/** What preview 1 passes. (An alias may name itself in interfaces only, so the unions are written out.) */
export type CorePass =
  | SinglePass
  | AddressPass
  | TextPass
  | BufferPass
  | ListPass<CorePass>
  | RecordPass<CorePass>
  | TuplePass<CorePass>
  | OptionPass<CorePass>
  | VariantPass<CorePass>;

/** What preview 1 returns: values whose size is known, since there is no allocator to call. */
export type OutPass =
  SinglePass | AddressPass | RecordPass<OutPass> | TuplePass<OutPass> | OptionPass<OutPass> | VariantPass<OutPass>;

/** What components pass. */
export type CanonicalPass =
  | SinglePass
  | TextPass
  | ListPass<CanonicalPass>
  | RecordPass<CanonicalPass>
  | TuplePass<CanonicalPass>
  | OptionPass<CanonicalPass>
  | VariantPass<CanonicalPass>
  | ResultPass<CanonicalPass>;

/** One number, or a character. */
export type SinglePass = ScalarPass | BoolPass | EnumPass | FlagsPass | HandlePass;

/** Values side by side. */
export type ProductPass<Part> = RecordPass<Part> | TuplePass<Part>;

/** One of several values, told apart by a tag. WITX has no result but that of a function. */
export type SumPass<Part> = OptionPass<Part> | VariantPass<Part> | ResultPass<Part>;

export interface ScalarPass extends Value {
  readonly shape: 'single';
  readonly how: 'scalar';
  readonly scalar: ScalarName;
}

/** One byte in memory; as a core parameter any value but 0 is true. */
export interface BoolPass extends Value {
  readonly shape: 'single';
  readonly how: 'bool';
}

export interface EnumPass extends Value {
  readonly shape: 'single';
  readonly how: 'enum';
  readonly repr: IntegerRepr;
  readonly decl: TypeDecl | undefined;
  /** Values from 0 to `cases.length - 1` are legal, judged on all bits of the core value. */
  readonly cases: readonly Label[];
}

export interface FlagsPass extends Value {
  readonly shape: 'single';
  readonly how: 'flags';
  readonly repr: IntegerRepr;
  readonly decl: TypeDecl | undefined;
  readonly flags: readonly Label[];
}

export interface HandlePass extends Value {
  readonly shape: 'single';
  readonly how: 'handle';
  readonly kind: TypeDecl;
  /** Components: whether the handle goes over to the callee (`own`) or is lent for the call. */
  readonly ownership: 'own' | 'borrow' | undefined;
}

/** A raw guest address. */
export interface AddressPass extends Value {
  readonly shape: 'single';
  readonly how: 'address';
}

/** UTF-8 text: pointer and length in bytes. Components choose an encoding, and the unit of the length with it. */
export interface TextPass extends Value {
  readonly shape: 'text';
  readonly how: 'string';
}

/** Guest memory itself: pointer and length in elements. The callee reads it (`in`) or fills it (`out`). */
export interface BufferPass extends Value {
  readonly shape: 'buffer';
  readonly how: 'buffer';
  readonly access: 'in' | 'out';
  /** Bytes of one element: the length counts elements. */
  readonly stride: number;
}

/** A sequence of values in memory: pointer and number of elements. */
export interface ListPass<Part> extends Value {
  readonly shape: 'sequence';
  readonly how: 'list';
  readonly element: Part;
  readonly stride: number;
  /** Components: always that many, and the elements stand where the pointer would. */
  readonly length: number | undefined;
}

interface Product<Part> extends Value {
  readonly shape: 'product';
  readonly parts: readonly Placed<Part>[];
}

export interface Placed<Part> extends Named {
  readonly pass: Part;
  readonly offset: number;
}

/** A field, an item or a case. Items of tuples, and what is not declared, are named here: `item0`, `some`, `ok`. */
interface Named {
  readonly name: Pick<Name, 'words' | 'wire'>;
  readonly docs: string;
}

export interface RecordPass<Part> extends Product<Part> {
  readonly how: 'record';
  readonly decl: TypeDecl | undefined;
}

export interface TuplePass<Part> extends Product<Part> {
  readonly how: 'tuple';
}

interface Sum<Part> extends Value {
  readonly shape: 'sum';
  readonly repr: IntegerRepr;
  /** By their tags, from 0. */
  readonly cases: readonly Case<Part>[];
  /** Where each case has what it holds. */
  readonly payloadOffset: number;
}

export interface Case<Part> extends Named {
  readonly tag: number;
  readonly pass: Part | undefined;
}

/** `T | undefined` in host types. */
export interface OptionPass<Part> extends Sum<Part> {
  readonly how: 'option';
  readonly none: Case<Part>;
  readonly some: Case<Part> & { readonly pass: Part };
}

export interface VariantPass<Part> extends Sum<Part> {
  readonly how: 'variant';
  readonly decl: TypeDecl | undefined;
}

export interface ResultPass<Part> extends Sum<Part> {
  readonly how: 'result';
  readonly ok: Case<Part>;
  readonly error: Case<Part>;
}

/** A parameter: its core parameters are the named ones, in order. */
export interface ParamPlan {
  readonly name: Name;
  readonly type: Type;
  readonly pass: CorePass;
  readonly core: readonly CoreParam[];
}

/** A result the callee writes through a pointer that follows the parameters. */
export interface OutPlan {
  /** `undefined`: the only success value, or an item of a tuple. */
  readonly name: Name | undefined;
  readonly type: Type;
  readonly pass: OutPass;
  readonly core: CoreParam;
}

/** What the core function itself returns. */
export type ReturnPlan =
  | { readonly how: 'nothing' }
  /** An errno: an enum whose case 0 means success; the results then are behind the out pointers. */
  | { readonly how: 'errno'; readonly decl: TypeDecl; readonly cases: readonly Label[] }
  | { readonly how: 'value'; readonly type: Type; readonly pass: SinglePass | AddressPass };

export interface CallPlan {
  readonly module: Module;
  readonly func: Func;
  readonly params: readonly ParamPlan[];
  readonly outs: readonly OutPlan[];
  /** One success value, several (a tuple in host types), or none. */
  readonly shape: 'none' | 'single' | 'tuple';
  readonly returns: ReturnPlan;
  /** All core parameters in order: those of `params`, then the out pointers. */
  readonly core: { readonly params: readonly CoreParam[]; readonly result: CoreType | undefined };
  readonly noreturn: boolean;
}

/** The type of a core function. */
export interface CoreSignature {
  readonly params: readonly CoreParam[];
  readonly result: CoreType | undefined;
}

/** A parameter of a component's function. Its core parameters are the flattened ones, unless all parameters stand in memory. */
export interface FlatParam {
  readonly name: Name;
  readonly type: Type;
  readonly pass: CanonicalPass;
  readonly core: readonly CoreParam[];
}

/** What a function of a component returns. */
export interface CanonicalResult {
  readonly type: Type;
  readonly pass: CanonicalPass;
  /** `core`: it is the one core value the core function returns. `memory`: it stands in memory. */
  readonly in: 'core' | 'memory';
}

/**
 * How a function crosses the boundary of a component (CanonicalABI.md). One plan serves both
 * directions: components that import the function lower its parameters, those that export it lift
 * them.
 */
export interface CanonicalPlan {
  readonly module: Module;
  readonly func: Func;
  /** The name in the ABI, with its resource: `[method]pollable.ready`. */
  readonly wire: string;
  readonly params: readonly FlatParam[];
  /** There are more than 16 core values: all parameters stand in memory, one after another. */
  readonly paramsInMemory: ParamsInMemory | undefined;
  readonly result: CanonicalResult | undefined;
  /** Of the import: a result in memory is written through a pointer that follows the parameters. */
  readonly imported: CoreSignature;
  /** Of the export: a result in memory is returned as a pointer. */
  readonly exported: CoreSignature;
  /** Whether values of unknown size go into the memory of the component, which has to export `cabi_realloc`. */
  readonly importAllocates: boolean;
  readonly exportAllocates: boolean;
  /** Whether the exported function needs a `cabi_post_` function, which frees what it returned. */
  readonly postReturn: boolean;
}

export interface ParamsInMemory {
  readonly size: number;
  readonly align: number;
  readonly offsets: readonly number[];
  readonly pointer: CoreParam;
}

/** A function an ABI cannot express, and why. */
export interface Unplannable {
  readonly func: Func;
  readonly unplannable: Diagnostic;
}

export type Planned = CallPlan | Unplannable;

export function isPlanned(planned: Planned): planned is CallPlan {
  return 'core' in planned;
}

export type PlannedCanonical = CanonicalPlan | Unplannable;

export function isCanonical(planned: PlannedCanonical): planned is CanonicalPlan {
  return 'imported' in planned;
}

/** A unit with a plan, or a reason, for every function: in `plans` for WITX, in `canonical` for WIT. */
export interface PlannedUnit {
  /** What was chosen. */
  readonly unit: Unit;
  /** All that was read. */
  readonly read: Unit;
  readonly plans: ReadonlyMap<Func, Planned>;
  readonly canonical: ReadonlyMap<Func, PlannedCanonical>;
}
