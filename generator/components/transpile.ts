/** `transpile`: from a component to JavaScript that runs it, with wasi-crypto mapped to its runtime. */
import { basename, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { shippedPackages } from '../frontend/wit/shipped.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { ConfigurationError } from '../project/errors.js';
import { anyText, byName, checkOptions, oneOf, text, type Keys } from '../project/option-keys.js';
import { checkPlace, writeWhole } from '../project/places.js';
import { componentImports } from './component-file.js';
import { loadJco, refusalOf, testedJco, type JcoTranspiled, type JcoTranspileOptions } from './jco.js';
import { syntaxProblem } from './syntax.js';
import { readComponent } from './wasm-file.js';

export interface TranspileOptions {
  /** The path of a component. */
  readonly component: string;
  /** The folder for the output; what it already has under the same names is replaced. */
  readonly out: string;
  /** What the files are called: `<name>.js`, `<name>.core.wasm` … Default: the component's name without `.component` and `.wasm`. */
  readonly name?: string | undefined;
  /**
   * Make a module that exports `instantiate(getCoreModule, imports)`, which returns the exports or
   * (`async`) a promise of them, instead of one that imports what it needs and is ready when imported.
   */
  readonly instantiation?: 'sync' | 'async' | undefined;
  /**
   * Where imports come from, by the component's name for them, `*` for any interface of a package:
   * `{ 'my:app/*': './app.js#*' }`. Default without `instantiation`: wasi-crypto from
   * `wasi-crypto-runtime/component`, the rest of WASI from `@bytecodealliance/preview2-shim`. With it:
   * other keys of the import object than the component's names.
   */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

const transpileKeys: Keys<TranspileOptions> = {
  component: text,
  out: text,
  // What is no name is told below, in its own words.
  name: anyText,
  instantiation: oneOf('sync', 'async'),
  map: byName(anyText),
};

export interface TranspileResult {
  /** The output folder, absolute. */
  readonly folder: string;
  /** The files written, below the folder, with `/`, and sorted. */
  readonly files: readonly string[];
  /** The module to import, among them. */
  readonly entry: string;
  /** The modules that it imports; with `instantiation`, the keys of its import object. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** How calls are bound: `hybrid` lets the runtime take core values at once, `js` goes through jco's conversions. */
  readonly bindings: 'hybrid' | 'js';
  /** Warnings: about an untested version of jco. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where components find what comes with this package, when nobody says otherwise. */
function runtimeMap(): Readonly<Record<string, string>> {
  return Object.fromEntries(shippedPackages().map((id) => [`${id}/*`, 'wasi-crypto-runtime/component#*']));
}

/**
 * Makes JavaScript of a component with jco, and writes it. With a version of jco that was never
 * tested calls go through its default bindings, which are slower.
 *
 * @returns what was written, and what it imports
 * @throws ConfigurationError when an option makes no sense, the file is no component or cannot be
 *   transpiled, or `@bytecodealliance/jco` is not installed; nothing is written then
 */
export async function transpile(options: TranspileOptions): Promise<TranspileResult> {
  checkOptions('transpile', transpileKeys, ['component', 'out'], options);
  const component = await readComponent(options.component);
  const name = fileName(options.name ?? basename(options.component).replace(/(?:\.component)?(?:\.wasm)?$/, ''));
  const map = checkMap(options.map ?? {}, () => componentImports(component));
  checkPlace(options.out, 'folder');
  const { api: jco, warning } = await loadJco();
  const bindings = warning === undefined ? 'hybrid' : 'js';
  const { instantiation } = options;
  const jcoOptions: JcoTranspileOptions = {
    name,
    importBindings: bindings,
    map: instantiation === undefined ? { ...runtimeMap(), ...map } : { ...map },
    ...(instantiation === undefined ? {} : { instantiation }),
  };
  const { files, imports, exports } = await refusing(options.component, warning === undefined, () =>
    jco.transpile(component, jcoOptions),
  );
  await checkModule(files[`${name}.js`], options.component, [...imports, ...exports.map(([each]) => each)]);
  const folder = resolve(options.out);
  const paths = Object.keys(files).sort();
  for (const path of paths) await writeWhole(join(folder, path), files[path] ?? new Uint8Array());
  return {
    folder,
    files: paths,
    entry: `${name}.js`,
    imports,
    exports: exports.map(([each]) => each),
    bindings,
    diagnostics: warning === undefined ? [] : [warning],
  };
}

async function refusing(path: string, isTested: boolean, work: () => Promise<JcoTranspiled>): Promise<JcoTranspiled> {
  try {
    return await work();
  } catch (error) {
    throw new ConfigurationError(
      `jco cannot transpile \`${path}\`: ${refusalOf(error, isTested)}`,
      isTested
        ? 'is the file whole, and were its tools and jco made for the same version of the component model?'
        : `this is tested with jco ${testedJco}: install that`,
    );
  }
}

/** jco makes variables of names; JavaScript takes most words for them, not all. */
async function checkModule(file: Uint8Array | undefined, path: string, names: readonly string[]): Promise<void> {
  const problem = await syntaxProblem(new TextDecoder().decode(file));
  if (problem === undefined) return;
  const { why, word, line } = problem;
  throw new ConfigurationError(
    `jco makes of \`${path}\` what is no JavaScript (${why}): \`${line}\``,
    names.some((each) => each === word || each.endsWith(`/${word}`))
      ? `the component imports or exports \`${word}\`, which JavaScript takes for no variable: call it otherwise in its world`
      : `JavaScript does not take \`${word}\` there: does a world, an interface or a function have this name?`,
  );
}

/** A name for files in one folder, on every platform. */
function fileName(name: string): string {
  if (/^[\w][\w.-]*$/.test(name)) return name;
  throw new ConfigurationError(
    `files cannot be called \`${name}\``,
    'choose a name of letters, digits, `_`, `-` and `.` with `--name`',
  );
}

/** @param importsOf what the component imports, by its names */
function checkMap(
  map: Readonly<Record<string, string>>,
  importsOf: () => readonly string[],
): Readonly<Record<string, string>> {
  for (const [from, to] of Object.entries(map)) {
    if (from === '' || to === '')
      throw new ConfigurationError(
        `\`--map ${from}=${to}\` maps nothing`,
        'write `--map namespace:package/interface=./module.js`, or `--map "namespace:package/*=./module.js#*"`',
      );
    const imports = importsOf();
    if (imports.some((each) => isMapped(each, from))) continue;
    const names = [...new Set(imports.map(withoutVersion))];
    throw new ConfigurationError(
      `\`--map ${from}=${to}\` matches no import of the component`,
      didYouMean(from, names) ??
        (names.length === 0 ? 'it imports nothing' : `it imports ${names.map((each) => `\`${each}\``).join(', ')}`),
    );
  }
  return map;
}

/** Whether jco applies a mapping to an import: with its version or without, and `*` for the rest of a name. */
function isMapped(name: string, from: string): boolean {
  const [start, ...rest] = from.split('*');
  return [name, withoutVersion(name)].some((each) =>
    rest.length === 0 ? each === from : each.startsWith(start ?? '') && each.endsWith(rest.join('*')),
  );
}

function withoutVersion(name: string): string {
  return name.replace(/@.*$/, '');
}
