/** `imports`: what a compiled guest needs of its host, as far as its file tells. */
import { DiagnosticBag } from '../diagnostics/diagnostic.js';
import { readUnit } from '../frontend/read.js';
import { placedFuncs, wireName } from '../model/kinds.js';
import { shippedDefinitions, shippedReader } from '../shipped.js';
import { shippedFolder } from '../shipped-files.js';
import { ConfigurationError } from '../project/errors.js';
import { checkOptions, text, texts, type Keys } from '../project/option-keys.js';
import { componentImports, coreModules, dataOf } from './component-file.js';
import { readWasm } from './wasm-file.js';

/** The part of the global `WebAssembly` used here; Node's types have none without those of browsers. */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array<ArrayBuffer>): object;
    imports(module: object): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
  };
};

export interface NeedsOptions {
  /** The path of a core module or a component. */
  readonly guest: string;
  /** Ids of algorithms to look for. */
  readonly ids: readonly string[];
}

const needsKeys: Keys<NeedsOptions> = { guest: text, ids: texts };

export interface Needs {
  readonly kind: 'component' | 'module';
  /** Those of wasi-crypto and its extension, by module and name. */
  readonly functions: readonly NeededFunction[];
  /** Everything else: `wasi_snapshot_preview1.fd_write (function)`; of components the names of interfaces. */
  readonly others: readonly string[];
  /**
   * Ids of algorithms that stand in the guest's data, as UTF-8 or UTF-16. It may have more, put together while it
   * runs, and may never use one of these.
   */
  readonly algorithms: readonly string[];
}

export interface NeededFunction {
  /** As the guest imports it: `wasi_ephemeral_crypto_common`, `wasi:crypto/wasi-ephemeral-crypto-common@0.11.0`. */
  readonly module: string;
  readonly name: string;
  /** The shipped definitions that have it: `0.9`, `0.10`, `extension-0.1/wit`; none: no revision known here has it. */
  readonly revisions: readonly string[];
}

/**
 * Reads what a guest imports. Nothing of it is run.
 *
 * @throws ConfigurationError when the file is not there, or is no WebAssembly
 */
export async function guestNeeds(options: NeedsOptions): Promise<Needs> {
  checkOptions('guestNeeds', needsKeys, ['guest', 'ids'], options);
  const { guest, ids } = options;
  const { kind, bytes } = await readWasm(guest, 'name a guest: `wasi-crypto-gen imports guest.wasm`');
  const modules = kind === 'module' ? [bytes] : coreModules(bytes);
  const imports = modules.flatMap((each) => importsOf(each, guest));
  const revisions = shippedFunctions();
  const isOurs = (module: string): boolean => revisions.has(withoutVersion(module)) || ours.test(module);
  const functions = new Map<string, NeededFunction>();
  for (const { module, name } of imports) {
    // `[resource-drop]` and the like belong to the ABI of components, and every host has them.
    if (!isOurs(module) || /^\[resource-/.test(name)) continue;
    const own = revisions.get(withoutVersion(module)) ?? [];
    functions.set(`${module}#${name}`, {
      module,
      name,
      revisions: own.filter((each) => each.version === versionOf(module) && each.names.has(name)).map(({ id }) => id),
    });
  }
  const others =
    kind === 'module'
      ? imports
          .filter(({ module }) => !isOurs(module))
          .map(({ module, name, kind: what }) => `${module}.${name} (${what})`)
      : componentImports(bytes).filter((each) => !isOurs(each));
  return {
    kind,
    functions: [...functions.values()].sort((a, b) => order(a.module, b.module) || order(a.name, b.name)),
    others: [...new Set(others)].sort(),
    algorithms: idsIn(modules.map(dataOf), ids),
  };
}

/** Modules of ours by their names, also those that no revision has: misspelt, or newer. */
const ours = /^wasi_(ephemeral_)?crypto_|^wasi:crypto(-ext)?\//;

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function importsOf(module: Uint8Array, path: string): ReturnType<typeof WebAssembly.Module.imports> {
  try {
    return WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(module)));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'CompileError') throw error;
    throw new ConfigurationError(`\`${path}\` cannot be compiled: ${error.message}`, 'is the file whole?');
  }
}

interface Shipped {
  readonly id: string;
  readonly version: string | undefined;
  readonly names: ReadonlySet<string>;
}

/** What every shipped definition has, by module without version. */
function shippedFunctions(): ReadonlyMap<string, readonly Shipped[]> {
  const found = new Map<string, Shipped[]>();
  for (const id of shippedDefinitions()) {
    const unit = readUnit({ label: id, entries: [`${shippedFolder}/${id}`] }, shippedReader, new DiagnosticBag());
    const modules = new Map<string, Set<string>>();
    for (const { module, func } of unit === undefined ? [] : placedFuncs(unit)) {
      const names = modules.get(module.id) ?? new Set();
      modules.set(module.id, names.add(wireName(func)));
    }
    for (const [module, names] of modules) {
      const key = withoutVersion(module);
      found.set(key, [...(found.get(key) ?? []), { id, version: versionOf(module), names }]);
    }
  }
  return found;
}

function withoutVersion(module: string): string {
  return module.replace(/@.*$/, '');
}

function versionOf(module: string): string | undefined {
  return /@(.*)$/.exec(module)?.[1];
}

/** Longer ids first: `SHA-512/256` is no mention of `SHA-512`. */
function idsIn(segments: readonly Uint8Array[], ids: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const texts = segments.map((each) => Buffer.from(each).toString('latin1'));
  for (const id of [...ids].sort((a, b) => b.length - a.length)) {
    const wide = [...id].join('\0');
    for (const [index, text] of texts.entries())
      for (const spelling of [id, wide]) {
        if (!text.includes(spelling)) continue;
        found.add(id);
        texts[index] = (texts[index] ?? '').replaceAll(spelling, '\x01'.repeat(spelling.length));
      }
  }
  return ids.filter((each) => found.has(each));
}
