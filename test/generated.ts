/** Generates in memory and loads what was generated. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { planUnit } from '../generator/generate.js';
import { DiagnosticBag } from '../generator/diagnostics/diagnostic.js';
import { readUnit } from '../generator/frontend/read.js';
import type { PlannedUnit } from '../generator/abi/plan.js';
import { diskReader } from '../generator/source/disk.js';
import type { EmitOptions, Target } from '../generator/targets/target.js';

export const plainOptions: EmitOptions = {
  importSuffix: '.js',
  support: undefined,
  header: undefined,
  command: 'wasi-crypto-gen generate',
};

/** Reads and plans definitions that must be free of errors. */
export function plannedUnit(label: string, entry: string): PlannedUnit {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label, entries: [entry] }, diskReader, bag);
  if (unit === undefined) throw new Error(bag.all.map((each) => `${each.code}: ${each.message}`).join('\n'));
  return planUnit(unit, bag);
}

/** The files of one target, which must not report an error. */
export async function emit(
  target: Target,
  planned: PlannedUnit,
  options: Partial<EmitOptions> = {},
): Promise<ReadonlyMap<string, string>> {
  const bag = new DiagnosticBag();
  const files = await target.emit(planned, { ...plainOptions, ...options }, bag);
  if (bag.hasErrors) throw new Error(bag.all.map((each) => `${each.code}: ${each.message}`).join('\n'));
  return files;
}

/** Writes files into a new temporary folder. */
export function writeTemporary(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-test-'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs generated TypeScript: the module a file exports, with the files it imports. */
export async function load(files: ReadonlyMap<string, string>, entry: string): Promise<unknown> {
  const compiled = new Map([['package.json', '{"type":"module"}']]);
  for (const [path, text] of files) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    });
    compiled.set(path.replace(/\.ts$/, '.js'), outputText);
  }
  return import(pathToFileURL(join(writeTemporary(compiled), entry.replace(/\.ts$/, '.js'))).href);
}

const strictest: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('../node_modules/@types', import.meta.url))],
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  skipLibCheck: true,
};

/** Libraries are read once for all programs, whose options are the same. */
const libraries = new Map<string, ts.SourceFile | undefined>();
const host = ts.createCompilerHost(strictest);
const sharingHost: ts.CompilerHost = {
  ...host,
  getSourceFile: (name, ...rest) => {
    if (!name.includes('/node_modules/')) return host.getSourceFile(name, ...rest);
    if (!libraries.has(name)) libraries.set(name, host.getSourceFile(name, ...rest));
    return libraries.get(name);
  },
};

/** What `tsc --strict` and stricter options find wrong with the files; empty when all is well. */
export function typeErrors(files: ReadonlyMap<string, string>, options: ts.CompilerOptions = {}): readonly string[] {
  const folder = writeTemporary(new Map([...files, ['package.json', '{"type":"module"}']]));
  const program = ts.createProgram(
    [...files.keys()].map((path) => join(folder, path)),
    { ...strictest, ...options },
    sharingHost,
  );
  return ts.getPreEmitDiagnostics(program).map((each) => {
    const where =
      each.file === undefined
        ? ''
        : `${each.file.fileName.slice(folder.length + 1)}:${each.file.getLineAndCharacterOfPosition(each.start ?? 0).line + 1} `;
    return `${where}${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`;
  });
}
