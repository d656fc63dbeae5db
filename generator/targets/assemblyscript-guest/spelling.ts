/** Spellings that guests of both ABIs share. */
import type { AddressPass, Pass, SinglePass } from '../../abi/plan.js';
import { isSingle } from '../../abi/shape.js';
import { pascal } from '../../model/name.js';
import type { IntegerRepr, ScalarName } from '../../model/model.js';

export const scalarTypes: Readonly<Record<ScalarName, string>> = {
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  s8: 'i8',
  s16: 'i16',
  s32: 'i32',
  s64: 'i64',
  f32: 'f32',
  f64: 'f64',
  char: 'u32',
  char8: 'u8',
  usize: 'usize',
};

/** The type parameter of a buffer: `Buffer` alone, else `DataBuffer`, `OutBuffer`. */
export function bufferParameter(words: readonly string[], alone: boolean): string {
  return alone ? 'Buffer' : `${pascal(words)}Buffer`;
}

/** A literal of a flag: bit `index`. */
export function flagLiteral(index: number, repr: IntegerRepr): string {
  return repr === 'u64' ? `0x${(1n << BigInt(index)).toString(16)}` : `0x${(2 ** index).toString(16)}`;
}

/** What a result says about reading its value: `value` gives it as a `u32`, unless it is told a type, which then is written. */
export function resultDocs(pass: Pass, type: () => string): string {
  const reader = isSingle(pass) && isReadByType(pass) ? `<${type()}>value(…)` : 'value';
  return `@returns a result: \`${reader}\` reads it`;
}

function isReadByType(pass: SinglePass | AddressPass): boolean {
  switch (pass.how) {
    case 'scalar':
      return pass.scalar.startsWith('s');
    case 'enum':
      return true;
    case 'bool':
    case 'flags':
    case 'handle':
    case 'address':
      return false;
  }
}
