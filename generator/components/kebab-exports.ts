/**
 * A transform for the AssemblyScript compiler: `asc --transform wasi-crypto-gen/asc-transform`.
 *
 * Components export names that AssemblyScript has none for: `sign-it`, `wasi:cli/run@0.2.0#run`. The
 * generated exports stand under escaped names, every character but letters, digits and `_` as `$` and
 * its code in two small hexadecimal digits; this gives them their own.
 */

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

/** `sign-it` as `sign$2dit` */
export function escapeExport(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, (character) => `$${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `sign$2dit` as `sign-it` */
export function unescapeExport(name: string): string {
  return name.replace(/\$([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
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
