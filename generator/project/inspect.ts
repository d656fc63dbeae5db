/** `inspect`: what definitions mean once they are read, and how functions cross the boundary. */
import { describeFunctions, isCalled, type FunctionDescription } from '../abi/describe.js';
import { surfaceOf, type Surface } from '../changes/surface.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { readUnit } from '../frontend/read.js';
import type { Features } from '../frontend/wit/gates.js';
import { planUnit } from '../generate.js';
import { printUnit } from '../model/print.js';
import type { Selection } from '../model/select.js';
import { diskReader } from '../source/disk.js';
import { ConfigurationError } from './errors.js';
import { checkOptions, features as featuresCheck, text, texts, type Keys } from './option-keys.js';
import { asSeenByUser, findSpec } from './spec.js';

export interface InspectOptions extends Selection {
  /** A revision shipped with this package (`'0.10'`, `'extension-0.1/wit'`), or the path of a definition file or a folder. */
  readonly spec: string;
  /** A function, by its name (`symmetric_state_open`), or with its module (`streams#input-stream.read`). Default: all. */
  readonly func?: string | undefined;
  /** WIT: which `@unstable` features are on. Default: none. */
  readonly features?: Features | undefined;
}

const inspectKeys: Keys<InspectOptions> = {
  spec: text,
  func: text,
  features: featuresCheck,
  world: text,
  include: texts,
  exclude: texts,
};

export interface InspectResult {
  /** The model in one canonical text; empty when the definitions have errors. */
  readonly text: string;
  /** The same as data: names, types, numbers, sizes, core signatures; undefined when they have errors. */
  readonly surface: Surface | undefined;
  /** How functions cross the boundary: the one that was asked for, under every module that has it, or all. */
  readonly functions: readonly FunctionDescription[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads definitions, and tells what they mean. Nothing is written.
 *
 * @throws ConfigurationError when there are no such definitions, or no such function in them
 */
export function inspectDefinitions(options: InspectOptions): InspectResult {
  checkOptions('inspect', inspectKeys, ['spec'], options);
  const { spec, func, features = [], ...selection } = options;
  const found = findSpec(spec);
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: found.label, entries: [asSeenByUser(found.path)] }, diskReader, bag, { features });
  if (unit === undefined) return { text: '', surface: undefined, functions: [], diagnostics: bag.all };
  const planned = planUnit(unit, bag, selection);
  if (bag.hasErrors) return { text: '', surface: undefined, functions: [], diagnostics: bag.all };
  const all = describeFunctions(planned);
  const functions = func === undefined ? all : all.filter((each) => isCalled(each, func));
  if (functions.length === 0 && func !== undefined)
    throw new ConfigurationError(
      `the definitions have no function \`${func}\``,
      didYouMean(func, [...new Set(all.map(({ name }) => name))]) ??
        `\`wasi-crypto-gen inspect ${spec}\` names them all`,
    );
  return { text: printUnit(planned.unit), surface: surfaceOf(planned), functions, diagnostics: bag.all };
}
