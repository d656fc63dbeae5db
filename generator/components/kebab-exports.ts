/**
 * A transform for the AssemblyScript compiler: `asc --transform wasi-crypto-gen/asc-transform`.
 *
 * Components export names that AssemblyScript has none for: `sign-it`, `wasi:cli/run@0.2.0#run`. The
 * generated exports stand under escaped names; this gives them their own.
 *
 * @module wasi-crypto-gen/asc-transform
 */
import { unescapeExport } from '../targets/assemblyscript-guest/component/export-names.js';

/** The part of binaryen's module that is used here. */
export interface BinaryenModule {
  getNumExports(): number;
  getExportByIndex(index: number): number;
  removeExport(name: string): void;
  addFunctionExport(internalName: string, externalName: string): number;
}

/** The part of binaryen that is used here. */
export interface Binaryen {
  readonly ExternalFunction: number;
  getExportInfo(ref: number): { readonly kind: number; readonly name: string; readonly value: string };
}

/** The compiler makes an instance and calls it with the module, before it is optimized. */
export default class KebabExports {
  // The compiler adds it to the prototype: a field of the class would hide it.
  declare readonly binaryen: Binaryen;

  afterCompile(module: BinaryenModule): void {
    const count = module.getNumExports();
    const all = Array.from({ length: count }, (_, index) =>
      this.binaryen.getExportInfo(module.getExportByIndex(index)),
    );
    for (const { kind, name, value } of all) {
      const wire = unescapeExport(name);
      if (kind !== this.binaryen.ExternalFunction || wire === name) continue;
      module.removeExport(name);
      module.addFunctionExport(value, wire);
    }
  }
}
