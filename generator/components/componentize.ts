/** `componentize`: from AssemblyScript and WIT to a component, in memory but for the last step. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { planUnit } from '../generate.js';
import { diagnostic, DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { World } from '../model/model.js';
import { ConfigurationError } from '../project/errors.js';
import { checkOptions, oneOf, text, texts, type Keys } from '../project/option-keys.js';
import { checkPlace, writeWhole } from '../project/places.js';
import { diskReader } from '../source/disk.js';
import { extensionOf } from '../source/path.js';
import { assemblyscriptGuest } from '../targets/assemblyscript-guest/index.js';
import {
  ascRuntimes,
  bindingsFolder,
  checkAscArgs,
  compileGuest,
  loadAsc,
  type AscRuntime,
  type CompiledGuest,
} from './guest-compiler.js';
import { findForeignImports } from './guest-imports.js';
import { loadJco, refusalOf, type Jco } from './jco.js';
import type { Loaded } from '../project/tools.js';
import { bundleWorld, witName } from './wit-bundle.js';
import { definitionsReader } from '../project/binary-packages.js';
import { findWorld, worldKeys, type FoundWorld, type WorldOptions } from './world.js';

export interface ComponentizeOptions extends WorldOptions {
  /** The path of the guest's entry file: it exports what the world does. */
  readonly guest: string;
  /** The file to write. */
  readonly out: string;
  /** AssemblyScript's memory management. Default `incremental`; `stub` never frees. */
  readonly runtime?: AscRuntime | undefined;
  /**
   * A folder to write the bindings to, for editors and for reading; the compiler does not need it. Files there that were
   * not generated are left alone, and are a mistake.
   */
  readonly bindings?: string | undefined;
  /** More options for the AssemblyScript compiler, such as `['--debug']`. */
  readonly ascArgs?: readonly string[] | undefined;
}

const componentizeKeys: Keys<ComponentizeOptions> = {
  ...worldKeys,
  guest: text,
  out: text,
  runtime: oneOf(...ascRuntimes),
  bindings: text,
  ascArgs: texts,
};

export interface ComponentizeResult {
  /** Whether the component was written. */
  readonly ok: boolean;
  /** Where, absolute. */
  readonly file: string;
  /** Its size in bytes; 0 when it was not written. */
  readonly size: number;
  /** `namespace:package/name@version` of its world; `undefined` when the definitions have errors. */
  readonly world: string | undefined;
  /** The definition files that were read; those of wasi-crypto that come with this package may be among them. */
  readonly definitions: readonly string[];
  /** What is wrong, or worth knowing, about definitions, guest and tools. */
  readonly diagnostics: readonly Diagnostic[];
  /** All that the AssemblyScript compiler had to say, as it says it; empty when it is content. */
  readonly compiler: string;
}

/**
 * Makes a component: reads the definitions, makes the bindings of the world, compiles the guest
 * against them and encodes the result. The file is written whole, and only when all went well.
 *
 * In the guest, imported packages of WIT are modules named after them: `import … from "wasi-crypto"`.
 *
 * @throws ConfigurationError when an option makes no sense, a path is not there, or
 *   `assemblyscript` or `@bytecodealliance/jco` is not installed
 */
export async function componentize(options: ComponentizeOptions): Promise<ComponentizeResult> {
  checkOptions('componentize', componentizeKeys, ['wit', 'guest', 'out'], options);
  const { guest, runtime = 'incremental', ascArgs = [] } = options;
  checkAscArgs(ascArgs);
  checkGuest(guest);
  checkPlace(options.out, 'file');
  if (options.bindings !== undefined) checkPlace(options.bindings, 'folder');
  const [jco, asc] = await Promise.all([loadJco(), loadAsc()]);
  const bag = new DiagnosticBag();
  for (const { warning } of [jco, asc]) if (warning !== undefined) bag.add(warning);
  const nothing = { ok: false, file: resolve(options.out), size: 0, world: undefined, definitions: [], compiler: '' };
  const found = findWorld(options, bag, await definitionsReader(options.wit));
  if (found === undefined) return { ...nothing, diagnostics: bag.all };

  const compiled = await compile(found, bag, async (bindings, entry) => {
    // Also when the guest does not compile: its author wants to look at them then.
    if (options.bindings !== undefined) await writeBindings(options.bindings, bindings);
    return compileGuest(asc.api, { guest, bindings, entry, runtime, args: ascArgs }).then((each) => ({
      ...each,
      entry: bindings.get(entry) ?? '',
    }));
  });
  if (compiled !== undefined) reportGuest(compiled, found.world, guest, bag);
  const component =
    compiled?.wasm === undefined || bag.hasErrors ? undefined : await encode(jco, compiled.wasm, found, guest, bag);
  if (component !== undefined) await writeWhole(nothing.file, component);
  return {
    ...nothing,
    ok: component !== undefined,
    size: component?.length ?? 0,
    world: found.world.id,
    definitions: found.unit.sources.map((each) => each.path),
    diagnostics: bag.all,
    compiler: compiled?.messages ?? '',
  };
}

/** Replaces what was generated there before, and nothing else. */
async function writeBindings(folder: string, bindings: ReadonlyMap<string, string>): Promise<void> {
  const files = [...bindings].map(([path, text]) => ({ path: join(folder, path), text }));
  for (const { path } of files) {
    const before = diskReader.read(path);
    if (before === undefined || (typeof before === 'string' && before.includes('Generated by wasi-crypto-gen')))
      continue;
    throw new ConfigurationError(
      `\`${path}\` stands in the way of the bindings, and was not generated`,
      'choose another folder with `--bindings`',
    );
  }
  for (const { path, text } of files)
    if (diskReader.read(path) !== text) await writeWhole(resolve(path), new TextEncoder().encode(text));
}

function checkGuest(guest: string): void {
  const hint = 'name the entry file of a guest in AssemblyScript: `assembly/index.ts`';
  const found = statSync(guest, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw new ConfigurationError(`\`${guest}\` is a folder`, hint);
  if (found?.isFile() !== true) throw new ConfigurationError(`there is no file \`${guest}\``, hint);
  if (extensionOf(guest) !== '.ts') throw new ConfigurationError(`\`${guest}\` is no AssemblyScript`, hint);
}

/** With the text of the file that calls what the guest exports. */
type Compiled = CompiledGuest & { readonly entry: string };
type Compile = (bindings: ReadonlyMap<string, string>, entry: string) => Promise<Compiled>;

/** Makes the bindings and compiles the guest against them; `undefined` when there can be none. */
async function compile({ unit, world }: FoundWorld, bag: DiagnosticBag, run: Compile): Promise<Compiled | undefined> {
  const entry = `worlds/${world.name.wire}.ts`;
  const emit = {
    importSuffix: '',
    header: undefined,
    support: undefined,
    command: 'npx wasi-crypto-gen componentize',
  } as const;
  const bindings = await assemblyscriptGuest.emit(planUnit(unit, bag), emit, bag);
  if (world.exports.length === 0) bag.report('world-without-exports', world.name.span, { world: world.name.wire });
  return bag.hasErrors ? undefined : run(bindings, entry);
}

function reportGuest({ wasm, messages, entry }: Compiled, world: World, guest: string, bag: DiagnosticBag): void {
  if (wasm !== undefined) {
    for (const each of findForeignImports(wasm, world, guest)) bag.add(each);
    return;
  }
  const wanted = wantedExports(messages, entry);
  const hint =
    wanted.length === 0
      ? undefined
      : `world \`${world.name.wire}\` wants \`${guest}\` to export ${wanted.map((each) => `\`${each}\``).join(', ')}`;
  bag.report('guest-not-compiled', undefined, { guest }, { hint });
}

/** The exports of a world are calls of the guest's functions: what those lack shows there. Above each stands which function it calls. */
function wantedExports(messages: string, entry: string): readonly string[] {
  const lines = entry.split('\n');
  const places = [
    ...messages.matchAll(new RegExp(`in ${bindingsFolder.replace('.', '\\.')}/worlds/.*?\\((\\d+),`, 'g')),
  ].map(([, line]) => Number(line) - 1);
  const called = places
    .filter((line) => lines[line]?.startsWith(' '))
    .flatMap(
      (line) =>
        [
          ...lines
            .slice(0, line)
            .join('\n')
            .matchAll(/Calls `(?:new )?guest\.(.*)`\./g),
        ].at(-1)?.[1] ?? [],
    );
  return [...new Set(called)];
}

async function encode(
  { api: jco, warning }: Loaded<Jco>,
  wasm: Uint8Array,
  { unit, world }: FoundWorld,
  guest: string,
  bag: DiagnosticBag,
): Promise<Uint8Array | undefined> {
  try {
    const described = await jco.componentEmbed({
      binary: wasm,
      witSource: bundleWorld(unit, world),
      world: witName(world.name.wire),
      stringEncoding: 'utf8',
      // Gates are decided.
      features: { tag: 'list', val: [] },
    });
    return await jco.componentNew(described, null);
  } catch (error) {
    bag.add(diagnostic('component-refused', undefined, { guest, why: refusalOf(error, warning === undefined) }));
    return undefined;
  }
}
