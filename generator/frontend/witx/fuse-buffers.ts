/**
 * Pointers and their lengths become buffers: `x` or `x_ptr`, directly followed by `x_len` or
 * `x_max_len`, in parameters and fields, and by the names of their types in tuples. What stays a
 * pointer is an address, with a warning.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { erroneous, type DeclDraft, type ModuleDraft } from '../../model/build.js';
import { resolve } from '../../model/kinds.js';
import type { AddressType, BufferType, Func, Param, Type } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { walk, withParts } from '../../model/visit.js';
import type { Span } from '../../source/source.js';

type PointerType = AddressType | BufferType;

const pointerSuffix = '_ptr';
const lengthSuffixes = ['_max_len', '_len'] as const;

function pointerOf(type: Type): PointerType | undefined {
  const target = resolve(type);
  return target.kind === 'address' || target.kind === 'buffer' ? target : undefined;
}

/** Sizes are 32 bits wide, as guest memory is. */
function isSize(type: Type): boolean {
  const target = resolve(type);
  return target.kind === 'scalar' && (target.scalar === 'usize' || target.scalar === 'u32');
}

/** `data` of `data_len` and `data_max_len`; `max_len` alone is a limit. */
function stemsOfLength(wire: string): readonly string[] {
  const suffixes = lengthSuffixes.filter((suffix) => wire.endsWith(suffix) && wire.length > suffix.length);
  return suffixes.map((suffix) => wire.slice(0, -suffix.length)).filter((stem) => stem !== 'max');
}

/** The stem that the names of a pointer and of what follows it share, if these are the halves of a buffer. */
function commonStem(pointer: string, length: string): string | undefined {
  const stems = stemsOfLength(length);
  if (stems.includes(pointer)) return pointer;
  const bare = pointer.endsWith(pointerSuffix) ? pointer.slice(0, -pointerSuffix.length) : undefined;
  return bare !== undefined && stems.includes(bare) ? bare : undefined;
}

function bufferOver(pointer: PointerType, halves: readonly [string, string]): BufferType {
  return {
    kind: 'buffer',
    access: pointer.access,
    element: pointer.kind === 'address' ? pointer.pointee : pointer.element,
    halves,
  };
}

function joinDocs(...docs: readonly string[]): string {
  return docs.filter((each) => each !== '').join('\n');
}

/** Parameters or fields with their buffers fused. */
function fuseFields(fields: readonly Param[]): readonly Param[] {
  const fused: Param[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    const next = fields[index + 1];
    if (field === undefined) continue;
    const pointer = pointerOf(field.type);
    const stem = next !== undefined && isSize(next.type) ? commonStem(field.name.wire, next.name.wire) : undefined;
    if (pointer !== undefined && next !== undefined && stem !== undefined) {
      const docs = joinDocs(field.docs, next.docs);
      fused.push({
        name: nameOf(stem, field.name.span),
        docs,
        type: bufferOver(pointer, [field.name.wire, next.name.wire]),
      });
      index += 1;
    } else if (pointer?.kind === 'buffer') {
      // A buffer of its own brings its length along; the halves are named after the parameter.
      fused.push({ ...field, type: bufferOver(pointer, [field.name.wire, `${field.name.wire}_len`]) });
    } else {
      fused.push({ ...field, type: fuseTuples(field.type) });
    }
  }
  return fused;
}

/** A buffer type that stands alone, its halves called after the type that was named, if one was. */
function namedBuffer(type: Type): Type {
  const pointer = type.kind === 'ref' ? pointerOf(type) : undefined;
  return type.kind === 'ref' && pointer?.kind === 'buffer'
    ? bufferOver(pointer, [type.decl.name.wire, `${type.decl.name.wire}_len`])
    : type;
}

function fuseTuple(items: readonly Type[]): readonly Type[] {
  const fused: Type[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const next = items[index + 1];
    if (item === undefined) continue;
    const pointer = pointerOf(item);
    const named = item.kind === 'ref' && next?.kind === 'ref' && isSize(next);
    if (pointer !== undefined && named && commonStem(item.decl.name.wire, next.decl.name.wire) !== undefined) {
      fused.push(bufferOver(pointer, [item.decl.name.wire, next.decl.name.wire]));
      index += 1;
    } else {
      fused.push(namedBuffer(fuseTuples(item)));
    }
  }
  return fused;
}

/** Fuses inside a type: tuples and records wherever they stand in it. */
function fuseTuples(type: Type): Type {
  if (type.kind === 'tuple') return type === erroneous ? type : { kind: 'tuple', items: fuseTuple(type.items) };
  if (type.kind === 'record') return { kind: 'record', fields: fuseFields(type.fields) };
  return withParts(type, (part) => (part.kind === 'ref' ? part : fuseTuples(part)));
}

/** Whether a type has a pointer of its own, not behind a name other than an alias of a pointer. */
function hasAddress(type: Type): boolean {
  let found = pointerOf(type)?.kind === 'address';
  if (type.kind !== 'ref') {
    walk(type, (each) => {
      if (each.kind === 'address' || (each.kind === 'ref' && resolve(each).kind === 'address')) found = true;
    });
  }
  return found;
}

class BufferChecks {
  readonly #bag: DiagnosticBag;

  constructor(bag: DiagnosticBag) {
    this.#bag = bag;
  }

  func(declared: Func, fused: Func): void {
    const { params, results } = fused;
    const explained = new Set<Param>();
    params.forEach((param, index) => {
      const pointer = isSize(param.type)
        ? this.#length(param, params.slice(0, index), params.slice(index + 1))
        : undefined;
      if (pointer !== undefined) explained.add(pointer);
    });
    for (const param of params) {
      if (!explained.has(param))
        this.#single(
          param.type,
          param.name.span,
          `parameter \`$${param.name.wire}\` of \`${declared.name.wire}\``,
          params,
          param,
        );
    }
    for (const result of results)
      this.#single(
        result.type,
        result.name.span,
        `result \`$${result.name.wire}\` of \`${declared.name.wire}\``,
        [],
        result,
      );
  }

  decl(decl: DeclDraft, type: Type): void {
    if (type.kind === 'record') {
      for (const field of type.fields)
        this.#single(
          field.type,
          field.name.span,
          `field \`$${field.name.wire}\` of \`$${decl.name.wire}\``,
          type.fields,
          field,
        );
    } else if (type.kind !== 'address' && type.kind !== 'ref') {
      this.#single(type, decl.name.span, `a part of \`$${decl.name.wire}\``, [], undefined);
    }
  }

  #single(type: Type, span: Span, where: string, siblings: readonly Param[], field: Param | undefined): void {
    if (!hasAddress(type)) return;
    const length = siblings.find(
      (each) => field !== undefined && isSize(each.type) && commonStem(field.name.wire, each.name.wire) !== undefined,
    );
    if (length === undefined) this.#bag.report('single-pointer', span, { where });
    else {
      const related = [{ message: 'this looks like its length', span: length.name.span }];
      this.#bag.report(
        'single-pointer',
        span,
        { where },
        { hint: `put \`$${length.name.wire}\` directly after it to make them a buffer`, related },
      );
    }
  }

  /**
   * Only what is clearly a mistake: nothing before it has the name that the length asks for.
   * Returns the pointer that this says all about.
   */
  #length(length: Param, before: readonly Param[], after: readonly Param[]): Param | undefined {
    const stems = stemsOfLength(length.name.wire);
    const stem = stems[0];
    const belongs = (each: Param): boolean =>
      stems.some((wire) => each.name.wire === wire || each.name.wire === wire + pointerSuffix);
    if (stem === undefined || before.some(belongs)) return undefined;
    const late = after.find(belongs);
    const neighbour = before.at(-1);
    const misnamed = neighbour !== undefined && pointerOf(neighbour.type)?.kind === 'address' ? neighbour : undefined;
    let hint = `declare it: \`(param $${stem} (@witx const_pointer u8))\` to read, \`(@witx pointer u8)\` to write; if this is no length, give it another name`;
    if (late !== undefined) hint = `\`$${late.name.wire}\` must stand directly before it`;
    else if (misnamed !== undefined)
      hint = `if it belongs to \`$${misnamed.name.wire}\`, call it \`$${misnamed.name.wire.replace(/_ptr$/, '')}_len\``;
    this.#bag.report('length-without-pointer', length.name.span, { length: length.name.wire, pointer: stem }, { hint });
    return late ?? misnamed;
  }
}

/** Circles of types must have been cut: names are followed here. */
export function fuseBuffers(modules: readonly ModuleDraft[], bag: DiagnosticBag): void {
  const checks = new BufferChecks(bag);
  // What stands in signatures and types is looked at before any declaration changes.
  const funcs = modules.map((module) =>
    module.funcs.map((func): Func => ({
      ...func,
      params: fuseFields(func.params),
      results: func.results.map((each) => ({ ...each, type: fuseTuples(each.type) })),
    })),
  );
  const types = modules.map((module) => module.types.map((decl) => fuseTuples(namedAfter(decl))));
  modules.forEach((module, at) => {
    module.types.forEach((decl, index) => {
      const type = types[at]?.[index] ?? decl.type;
      checks.decl(decl, type);
      decl.type = type;
    });
    const fused = funcs[at] ?? [];
    module.funcs.forEach((declared, index) => {
      const func = fused[index] ?? declared;
      checks.func(declared, func);
      module.funcs[index] = func;
    });
  });
}

function namedAfter(decl: DeclDraft): Type {
  return decl.type.kind === 'buffer' ? bufferOver(decl.type, [decl.name.wire, `${decl.name.wire}_len`]) : decl.type;
}
