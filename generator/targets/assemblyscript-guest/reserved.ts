/**
 * Names the output may not use, found by asking `asc` 0.28 about each. A reserved name gets a `_` at
 * its end; see `legal`.
 */

/** Words of the language. As names of functions, parameters or accessors they are mostly errors. */
const keywords = [
  'abstract', 'as', 'async', 'await', 'break', 'case', 'catch', 'class', 'const', 'constructor', 'continue', 'debugger',
  'declare', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false', 'finally', 'for', 'from',
  'function', 'get', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'is', 'keyof', 'let', 'module',
  'namespace', 'never', 'new', 'null', 'of', 'override', 'package', 'private', 'protected', 'public', 'readonly',
  'return', 'set', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'var',
  'void', 'while', 'with', 'yield',
];

/** What is there without an import; output that shadowed it would call itself by mistake. */
const globals = [
  // types
  'anyref', 'arrayref', 'auto', 'bool', 'eqref', 'externref', 'f32', 'f64', 'funcref', 'i16', 'i31ref', 'i32', 'i64', 'i8',
  'isize', 'number', 'string', 'stringref', 'structref', 'u16', 'u32', 'u64', 'u8', 'usize', 'v128',
  // functions and namespaces
  'abort', 'abs', 'add', 'alignof', 'assert', 'atomic', 'bswap', 'ceil', 'changetype', 'clz', 'console', 'copysign', 'crypto',
  'ctz', 'decodeURI', 'decodeURIComponent', 'div', 'encodeURI', 'encodeURIComponent', 'eq', 'external', 'final', 'floor',
  'fmod', 'fmodf', 'global', 'globalThis', 'heap', 'i16x8', 'i31', 'i32x4', 'i64x2', 'i8x16', 'f32x4', 'f64x2', 'idof', 'indexof',
  'inline', 'instantiate', 'isArray', 'isArrayLike', 'isBoolean', 'isConstant', 'isDefined', 'isFinite', 'isFloat',
  'isFunction', 'isInteger', 'isManaged', 'isNaN', 'isNullable', 'isReference', 'isSigned', 'isString', 'isVector', 'isVoid',
  'lazy', 'lengthof', 'load', 'max', 'memory', 'min', 'mul', 'nameof', 'native', 'ne', 'nearest', 'nonnull', 'offsetof',
  'operator', 'parseFloat', 'parseInt', 'performance', 'popcnt', 'process', 'reinterpret', 'rem', 'returnof', 'rotl', 'rotr',
  'seed', 'select', 'self', 'sizeof', 'sqrt', 'store', 'sub', 'table', 'trace', 'trunc', 'unchecked', 'unmanaged', 'unreachable',
  'unsafe', 'valueof', 'ERROR', 'INFO', 'Infinity', 'NaN', 'WARNING',
  // classes
  'Array', 'ArrayBuffer', 'ArrayBufferView', 'Atomics', 'Boolean', 'DataView', 'Date', 'Error', 'F32', 'F64', 'Float32Array',
  'Float64Array', 'Function', 'I16', 'I32', 'I64', 'I8', 'Int16Array', 'Int32Array', 'Int64Array', 'Int8Array', 'Isize', 'JSMath',
  'Map', 'Math', 'Mathf', 'NativeMath', 'NativeMathf', 'NonNullable', 'Number', 'Object', 'RangeError', 'ReturnType', 'Set',
  'StaticArray', 'String', 'Symbol', 'SyntaxError', 'TemplateStringsArray', 'TypeError', 'TypedArray', 'U16', 'U32', 'U64', 'U8',
  'URIError', 'Uint16Array', 'Uint32Array', 'Uint64Array', 'Uint8Array', 'Uint8ClampedArray', 'Usize',
];

export const reservedGlobals: ReadonlySet<string> = new Set([...keywords, ...globals]);

/** Parameters and locals may hide what the bodies of calls do not use. */
export const reservedLocals: ReadonlySet<string> = new Set([
  ...keywords, 'bool', 'changetype', 'f32', 'f64', 'i16', 'i32', 'i64', 'i8', 'string', 'u16', 'u32', 'u64', 'u8', 'unreachable', 'usize',
]);

/** Members may be called like any word but these: asc reads them as modifiers. */
const modifiers = ['abstract', 'constructor', 'declare', 'override', 'private', 'protected', 'public', 'readonly', 'static'];

/** Members every class of a handle kind has. */
export const reservedMembers: ReadonlySet<string> = new Set([...modifiers, 'of', 'expect', 'handle']);

/** Accessors take fewer names than methods, and every overlay has these members. */
export const reservedAccessors: ReadonlySet<string> = new Set([...keywords, 'address', 'alloc', 'at', 'free', 'item', 'tag']);

/** Fields and accessors of objects that are no overlays. */
export const reservedFields: ReadonlySet<string> = new Set(keywords);

/** A name that is none of the reserved ones, and no number at its start: WASI's `2big`. */
export function legal(name: string, reserved: ReadonlySet<string> = new Set()): string {
  const started = /^[0-9]/.test(name) ? `_${name}` : name;
  return reserved.has(started) ? `${started}_` : started;
}
