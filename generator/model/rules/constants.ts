import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { erroneous } from '../build.js';
import { allModules, resolve } from '../kinds.js';
import type { ScalarName, Unit } from '../model.js';

interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

const signed = (bits: bigint): Range => ({ least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n });
const unsigned = (bits: bigint): Range => ({ least: 0n, most: 2n ** bits - 1n });

/** What an integer type holds; `undefined` for floats and characters. */
const ranges: { readonly [S in ScalarName]: Range | undefined } = {
  u8: unsigned(8n),
  u16: unsigned(16n),
  u32: unsigned(32n),
  u64: unsigned(64n),
  usize: unsigned(32n),
  char8: unsigned(8n),
  s8: signed(8n),
  s16: signed(16n),
  s32: signed(32n),
  s64: signed(64n),
  f32: undefined,
  f64: undefined,
  char: undefined,
};

/** Constants are integers of their type. */
export function checkConstants(unit: Unit, bag: DiagnosticBag): void {
  for (const constant of allModules(unit).flatMap((module) => module.constants)) {
    const target = resolve({ kind: 'ref', decl: constant.type });
    if (target === erroneous) continue;
    const range = target.kind === 'scalar' ? ranges[target.scalar] : undefined;
    const [name, type] = [constant.name.wire, constant.type.name.wire];
    const related = [{ message: 'its type is declared here', span: constant.type.name.span }];
    if (range === undefined) {
      bag.report('constant-type', constant.name.span, { name, type }, { related });
    } else if (constant.value < range.least || constant.value > range.most) {
      const bounds = {
        name,
        value: String(constant.value),
        type: `$${type}`,
        range: `from ${range.least} to ${range.most}`,
      };
      bag.report('constant-out-of-range', constant.name.span, bounds, { related });
    }
  }
}
