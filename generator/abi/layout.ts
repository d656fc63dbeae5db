/** Sizes, alignments and offsets: the only file that knows them. All numbers are bytes. */
import type { ScalarName } from '../model/model.js';
import type { AddressPass, CoreType, SinglePass } from './plan.js';

export interface Layout {
  readonly size: number;
  readonly align: number;
}

/** Guest pointers and sizes are 32 bits: preview 1 is defined for wasm32. */
export const pointer: Layout = { size: 4, align: 4 };

/** A pointer and a length. */
export const fatPointer: Layout = { size: 8, align: 4 };

const scalarSizes: Readonly<Record<ScalarName, number>> = {
  u8: 1,
  s8: 1,
  char8: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  usize: 4,
  char: 4,
  f32: 4,
  u64: 8,
  s64: 8,
  f64: 8,
};

export function scalar(name: ScalarName): Layout {
  const size = scalarSizes[name];
  return { size, align: size };
}

/** The core type of an integer, float or character as a parameter. */
export function coreOfScalar(name: ScalarName): CoreType {
  if (name === 'f32' || name === 'f64') return name;
  return scalarSizes[name] === 8 ? 'i64' : 'i32';
}

/** The core type of a single value as a parameter. */
export function coreOf(pass: SinglePass | AddressPass): CoreType {
  switch (pass.how) {
    case 'scalar':
      return coreOfScalar(pass.scalar);
    case 'flags':
      return pass.repr === 'u64' ? 'i64' : 'i32';
    case 'bool':
    case 'enum':
    case 'handle':
    case 'address':
      return 'i32';
  }
}

export function alignTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/** Places values one after another, each at its alignment; the whole is padded to the largest. */
export function sequence(members: readonly Layout[]): Layout & { readonly offsets: readonly number[] } {
  let end = 0;
  let align = 1;
  const offsets = members.map((member) => {
    const offset = alignTo(end, member.align);
    end = offset + member.size;
    align = Math.max(align, member.align);
    return offset;
  });
  return { size: alignTo(end, align), align, offsets };
}

/** A tag, then room for the largest payload. */
export function tagged(tag: Layout, payloads: readonly Layout[]): Layout & { readonly payloadOffset: number } {
  const payloadAlign = payloads.reduce((most, each) => Math.max(most, each.align), 1);
  const payloadSize = payloads.reduce((most, each) => Math.max(most, each.size), 0);
  const payloadOffset = alignTo(tag.size, payloadAlign);
  const align = Math.max(tag.align, payloadAlign);
  return { size: alignTo(payloadOffset + payloadSize, align), align, payloadOffset };
}
