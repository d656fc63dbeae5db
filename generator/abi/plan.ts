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

/** What every way of passing has: its size and alignment as a value in memory, in bytes. */
interface InMemory {
  readonly size: number;
  readonly align: number;
}

/** How one value is represented, in a core parameter and in memory. */
export type Pass =
  | ScalarPass
  | BoolPass
  | EnumPass
  | FlagsPass
  | HandlePass
  | AddressPass
  | StringPass
  | BufferPass
  | ListPass
  | RecordPass
  | TuplePass
  | OptionPass
  | VariantPass;

export interface ScalarPass extends InMemory {
  readonly how: 'scalar';
  readonly scalar: ScalarName;
}

/** One byte in memory; as a core parameter any value but 0 is true. */
export interface BoolPass extends InMemory {
  readonly how: 'bool';
}

export interface EnumPass extends InMemory {
  readonly how: 'enum';
  readonly repr: IntegerRepr;
  readonly decl: TypeDecl | undefined;
  /** Values from 0 to `cases.length - 1` are legal, judged on all bits of the core value. */
  readonly cases: readonly Label[];
}

export interface FlagsPass extends InMemory {
  readonly how: 'flags';
  readonly repr: IntegerRepr;
  readonly decl: TypeDecl | undefined;
  readonly flags: readonly Label[];
}

export interface HandlePass extends InMemory {
  readonly how: 'handle';
  readonly kind: TypeDecl;
  /** Components: whether the handle goes over to the callee (`own`) or is lent for the call. */
  readonly ownership?: 'own' | 'borrow';
}

/** A raw guest address. */
export interface AddressPass extends InMemory {
  readonly how: 'address';
}

/** UTF-8 text: pointer and length in bytes. Components choose an encoding, and the unit of the length with it. */
export interface StringPass extends InMemory {
  readonly how: 'string';
}

/** Guest memory itself: pointer and length in elements. The callee reads it (`in`) or fills it (`out`). */
export interface BufferPass extends InMemory {
  readonly how: 'buffer';
  readonly access: 'in' | 'out';
  /** Bytes of one element: the length counts elements. */
  readonly stride: number;
}

/** A sequence of values in memory: pointer and number of elements. */
export interface ListPass extends InMemory {
  readonly how: 'list';
  readonly element: Pass;
  readonly stride: number;
  /** Components: always that many, and the elements stand where the pointer would. */
  readonly length?: number;
}

/** By address, as a parameter. */
export interface RecordPass extends InMemory {
  readonly how: 'record';
  readonly decl: TypeDecl | undefined;
  readonly fields: readonly PlacedField[];
}

export interface PlacedField {
  readonly name: Name;
  readonly pass: Pass;
  readonly offset: number;
}

/** By address, as a parameter. */
export interface TuplePass extends InMemory {
  readonly how: 'tuple';
  readonly items: readonly PlacedItem[];
}

export interface PlacedItem {
  readonly pass: Pass;
  readonly offset: number;
}

/** `T | undefined` in host types. By address, as a parameter. */
export interface OptionPass extends InMemory {
  readonly how: 'option';
  readonly repr: IntegerRepr;
  readonly someTag: number;
  readonly noneTag: number;
  readonly payload: Pass;
  readonly payloadOffset: number;
}

/** By address, as a parameter. A `result` of a component is one with the cases `ok` and `err`. */
export interface VariantPass extends InMemory {
  readonly how: 'variant';
  readonly repr: IntegerRepr;
  readonly decl: TypeDecl | undefined;
  readonly cases: readonly PlacedCase[];
  readonly payloadOffset: number;
}

export interface PlacedCase {
  readonly name: Pick<Name, 'words' | 'wire'>;
  readonly pass: Pass | undefined;
}

/** A parameter: its core parameters are the named ones, in order. */
export interface ParamPlan {
  readonly name: Name;
  readonly type: Type;
  readonly pass: Pass;
  readonly core: readonly CoreParam[];
}

/** A result the callee writes through a pointer that follows the parameters. */
export interface OutPlan {
  /** `undefined`: the only success value, or an item of a tuple. */
  readonly name: Name | undefined;
  readonly type: Type;
  readonly pass: Pass;
  readonly core: CoreParam;
}

/** What the core function itself returns. */
export type ReturnPlan =
  | { readonly how: 'nothing' }
  /** An errno: an enum whose case 0 means success; the results then are behind the out pointers. */
  | { readonly how: 'errno'; readonly decl: TypeDecl; readonly cases: readonly Label[] }
  | { readonly how: 'value'; readonly type: Type; readonly pass: Pass };

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
  readonly pass: Pass;
  readonly core: readonly CoreParam[];
}

/** What a function of a component returns. */
export interface CanonicalResult {
  readonly type: Type;
  readonly pass: Pass;
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
  readonly unit: Unit;
  readonly plans: ReadonlyMap<Func, Planned>;
  readonly canonical: ReadonlyMap<Func, PlannedCanonical>;
}
