/** The runtime in a changed copy of the project, checked as `tsconfig.json` says. What did not change since is not checked again. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../shared.js';

export interface Problem {
  /** Below the folder of the copy. */
  readonly file: string;
  readonly text: string;
}

/** They are read once. */
const libraries = new Map<string, ts.SourceFile | undefined>();

export class RuntimeProgram {
  readonly #folder: string;
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.CompilerHost;
  #builder: ts.SemanticDiagnosticsBuilderProgram | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      {
        ...config.compilerOptions,
        rootDir: folder,
        outDir: join(folder, 'dist'),
        // Declarations are nobody's here, and cost as much as all checks.
        declaration: false,
        sourceMap: false,
        inlineSources: false,
      },
      folder,
    );
    this.#options = options;
    const host = ts.createIncrementalCompilerHost(options, {
      ...ts.sys,
      createHash: (text) => createHash('sha256').update(text).digest('hex'),
    });
    this.#host = {
      ...host,
      getSourceFile(name, ...rest) {
        if (!name.includes('/node_modules/')) return host.getSourceFile(name, ...rest);
        if (!libraries.has(name)) libraries.set(name, host.getSourceFile(name, ...rest));
        return libraries.get(name);
      },
    };
  }

  /** What the type checker has to say of the files as they are now. */
  problems(): readonly Problem[] {
    const builder = this.#current();
    return [
      ...builder.getOptionsDiagnostics(),
      ...builder.getGlobalDiagnostics(),
      ...builder.getSyntacticDiagnostics(),
      ...builder.getSemanticDiagnostics(),
    ].map(({ file, messageText }) => ({
      file: file?.fileName.slice(this.#folder.length + 1) ?? '',
      text: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
  }

  /** Writes `dist/` of the files that were checked last, whatever the type checker said. No types are needed for that. */
  emit(): void {
    const compilerOptions = { ...this.#options, module: ts.ModuleKind.ES2022 };
    for (const { fileName, text } of (this.#builder ?? this.#current()).getSourceFiles()) {
      if (fileName.includes('/node_modules/')) continue;
      const path = join(this.#folder, 'dist', fileName.slice(this.#folder.length + 1).replace(/\.ts$/, '.js'));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ts.transpileModule(text, { fileName, compilerOptions }).outputText);
    }
  }

  #current(): ts.SemanticDiagnosticsBuilderProgram {
    this.#builder = ts.createSemanticDiagnosticsBuilderProgram(
      [join(this.#folder, 'runtime/index.ts')],
      this.#options,
      this.#host,
      this.#builder,
    );
    return this.#builder;
  }
}
