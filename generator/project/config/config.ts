/** What a configuration file says. The types are part of the public API. */
import type { Choices } from '../choices.js';
import type { Target } from '../../targets/target.js';
import type { ImportSuffix } from '../manifest.js';

/** What can be said of each output, and beside `outputs` for all of them. */
export interface OutputOptions extends Choices {
  /**
   * Ids from `targets()`, and in modules targets of your own: objects whose type `wasi-crypto-gen/memory` has. Default: all that
   * take the definitions' dialect, but for documentation and `wit`.
   */
  readonly targets?: readonly (string | Target)[] | undefined;
  /** The ending of relative imports in TypeScript. Default `.js`. */
  readonly importSuffix?: ImportSuffix | undefined;
  /** Text for the top of every file, without comment marks; or the file that has it, seen from the configuration. */
  readonly header?: string | { readonly file: string } | undefined;
  /** The folder with this package's `templates`, seen from the configuration: hosts import their support files from there. */
  readonly support?: string | undefined;
  /** The file, in WIT, that says what the rules of target `wit` leave open, seen from the configuration. */
  readonly annotations?: string | undefined;
}

/** One output folder. */
export interface OutputConfig extends OutputOptions {
  /**
   * Definitions shipped with this package (`'0.10'`), or the path of a definition file or a folder of them, seen from
   * the folder of the configuration.
   */
  readonly spec: string;
  /** The output folder, seen from that of the configuration. Default: `generated/<revision, or name of the folder or file>`. */
  readonly out?: string | undefined;
}

/**
 * What `wasi-crypto.config.ts` (or `.js`, `.mjs`, `.json`) exports by default, or `package.json` has under
 * `wasi-crypto-gen`. What stands beside `outputs` holds for each of them that does not say otherwise.
 */
export interface Config extends Omit<OutputOptions, 'annotations'> {
  readonly outputs: readonly OutputConfig[];
}

/**
 * Returns the configuration as it is: editors then know its type.
 *
 * ```ts
 * import { defineConfig } from 'wasi-crypto-gen';
 *
 * export default defineConfig({ outputs: [{ spec: 'definitions', out: 'src/bindings' }] });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
