/** Walking types. A kind of type that is added to the model must be added here: the compiler says so. */
import { handleKind, resolve } from './kinds.js';
import type { Func, Module, Type } from './model.js';

/** The types a type is made of, in order; those behind declared names not. */
export function parts(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'scalar':
    case 'bool':
    case 'string':
    case 'ref':
    case 'handle':
    case 'borrow':
    case 'error-context':
    case 'enum':
    case 'flags':
      return [];
    case 'record':
      return type.fields.map((field) => field.type);
    case 'tuple':
      return type.items;
    case 'variant':
      return type.cases.flatMap((each) => (each.payload === undefined ? [] : [each.payload]));
    case 'list':
    case 'buffer':
      return [type.element];
    case 'address':
      return [type.pointee];
    case 'result':
      return [type.ok, type.error].filter((each) => each !== undefined);
    case 'option':
      return [type.payload];
    case 'map':
      return [type.key, type.value];
    case 'future':
    case 'stream':
      return type.payload === undefined ? [] : [type.payload];
  }
}

/** The same type with its parts replaced. */
export function withParts(type: Type, change: (part: Type) => Type): Type {
  switch (type.kind) {
    case 'scalar':
    case 'bool':
    case 'string':
    case 'ref':
    case 'handle':
    case 'borrow':
    case 'error-context':
    case 'enum':
    case 'flags':
      return type;
    case 'record':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: change(field.type) })) };
    case 'tuple':
      return { ...type, items: type.items.map(change) };
    case 'variant':
      return {
        ...type,
        cases: type.cases.map((each) => ({
          ...each,
          payload: each.payload === undefined ? undefined : change(each.payload),
        })),
      };
    case 'list':
    case 'buffer':
      return { ...type, element: change(type.element) };
    case 'address':
      return { ...type, pointee: change(type.pointee) };
    case 'result':
      return {
        ...type,
        ok: type.ok === undefined ? undefined : change(type.ok),
        error: type.error === undefined ? undefined : change(type.error),
      };
    case 'option':
      return { ...type, payload: change(type.payload) };
    case 'map':
      return { ...type, key: change(type.key), value: change(type.value) };
    case 'future':
    case 'stream':
      return { ...type, payload: type.payload === undefined ? undefined : change(type.payload) };
  }
}

/** Calls `see` for a type and all its parts, outside first; does not follow declared names. */
export function walk(type: Type, see: (type: Type) => void): void {
  see(type);
  for (const part of parts(type)) walk(part, see);
}

/**
 * Whether a value of a type holds one that satisfies a condition, or is one: behind declared names too, but
 * not where an address points to.
 */
export function holds(type: Type, condition: (part: Type) => boolean): boolean {
  const target = resolve(type);
  if (condition(type) || condition(target)) return true;
  if (target.kind === 'address' || target.kind === 'buffer') return false;
  return parts(target).some((part) => holds(part, condition));
}

/** Whether a value of a type holds handles, owned or borrowed. */
export function holdsHandle(type: Type): boolean {
  return holds(type, (part) => handleKind(part) !== undefined);
}

/** The types that stand in the signature of a function. */
export function signatureTypes(func: Func): readonly Type[] {
  return [...func.params, ...func.results].map((each) => each.type);
}

/** The types that stand in a module: its declarations, then its functions. */
export function moduleTypes(module: Module): readonly Type[] {
  return [...module.types.map((decl) => decl.type), ...module.funcs.flatMap(signatureTypes)];
}
