import type { PlannedUnit } from '../abi/plan.js';
import type { DiagnosticBag } from '../diagnostics/diagnostic.js';
import type { Dialect } from '../model/model.js';
import type { SourceFile } from '../source/source.js';

/** Finished files by their path, with `/`, below an output folder. */
export type FileMap = ReadonlyMap<string, string>;

/** What a user may choose about the output. */
export interface EmitOptions {
  /** The ending of relative imports in TypeScript. */
  readonly importSuffix: '.js' | '.ts' | '';
  /** Text for the top of every file, such as a licence; without comment marks. */
  readonly header: string | undefined;
  /** The folder that support files are imported from, seen from the target's folder; undefined: they are copied. */
  readonly support: string | undefined;
  /** `disable`: linters pass over the files. */
  readonly lint?: 'disable' | 'none' | undefined;
  /** The cases of errnos that say what the bindings find, by the names of faults. */
  readonly errno?: Readonly<Record<string, string>> | undefined;
  /** For targets that take annotations. */
  readonly annotations?: SourceFile | undefined;
  /** The command that regenerates the output, for the banner. */
  readonly command: string;
}

/** An output language. A new one is a folder here and a line in `index.ts`. */
export interface Target {
  /** Names the target on the command line and its folder in the output. */
  readonly id: string;
  /** One line for the help. */
  readonly summary: string;
  readonly dialects: readonly Dialect[];
  /** It is made only where somebody names it, as documentation is; the others, where nobody names any. */
  readonly onRequest?: boolean;
  /** It reads a file in which people say what its rules leave open. */
  readonly takesAnnotations?: boolean;
  /** What the ABI of the definitions cannot pass, it can say all the same. */
  readonly needsNoAbi?: boolean;
  /** Finished files, by path below the target's folder. What the target cannot express goes to the bag. */
  emit(unit: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): Promise<FileMap>;
}
