/** What a guest wants and nobody has, with what to do about it. */
import { didYouMean } from '../../diagnostics/suggest.js';
import { WebAssembly, type ImportKind, type Imports, type Module } from './web-assembly.js';

export interface MissingImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ImportKind;
  readonly advice: string;
}

export function findMissingImports(module: Module, imports: Imports): readonly MissingImport[] {
  return WebAssembly.Module.imports(module)
    .filter(({ module: from, name, kind }) => !provides(imports, from, name, kind))
    .map(({ module: from, name, kind }) => ({
      module: from,
      name,
      kind,
      advice: adviceFor(from, name, kind, imports),
    }));
}

function provides(imports: Imports, module: string, name: string, kind: ImportKind): boolean {
  const found = Object.hasOwn(imports, module) ? imports[module] : undefined;
  if (found === undefined || !Object.hasOwn(found, name)) return false;
  const value = found[name];
  switch (kind) {
    case 'function':
      return typeof value === 'function';
    case 'memory':
      return value instanceof WebAssembly.Memory;
    case 'global':
      return value instanceof WebAssembly.Global;
    case 'table':
      return value instanceof WebAssembly.Table;
    case 'tag':
      return false;
  }
}

function adviceFor(module: string, name: string, kind: ImportKind, imports: Imports): string {
  // What AssemblyScript's standard library imports when nothing replaces it.
  if (module === 'env' && (name === 'seed' || name === 'trace' || name.startsWith('console.'))) {
    return 'compile with @assemblyscript/wasi-shim: asc --config node_modules/@assemblyscript/wasi-shim/asconfig.json';
  }
  if (module.includes(':'))
    return 'it belongs to the component model: build the guest as a core module for WASI preview 1';
  if (kind !== 'function') return `nothing here provides a ${kind}: \`--link ${module}=file.mjs\` can`;
  const functions = Object.hasOwn(imports, module) ? imports[module] : undefined;
  if (functions === undefined)
    return (
      didYouMean(module, Object.keys(imports)) ??
      `modules here are ${Object.keys(imports).sort().join(', ')}; \`--link ${module}=file.mjs\` adds one`
    );
  const meant = didYouMean(name, Object.keys(functions));
  if (meant !== undefined) return meant;
  // Not an interface with revisions, but where compilers put what they find nowhere.
  if (module === 'env') return 'the guest was linked without it: `--link env=file.mjs` can provide it';
  return 'the guest was built for another revision of this module';
}
