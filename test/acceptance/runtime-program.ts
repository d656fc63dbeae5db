/** The runtime in a changed copy of the project, checked as `tsconfig.json` says. What did not change since is not checked again. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../shared.js';

export interface Problem {
  /** Below the folder of the copy. */
  readonly file: string;
  readonly text: string;
}

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
    this.#host = ts.createIncrementalCompilerHost(options, {
      ...ts.sys,
      createHash: (text) => createHash('sha256').update(text).digest('hex'),
    });
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

  /** Writes `dist/`, whatever the type checker says. */
  emit(): void {
    this.#current().emit();
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
