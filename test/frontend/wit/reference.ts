/**
 * The reference parser, as jco carries it: what it makes of a text, and how it prints what it has
 * understood. The world is encoded in between, which finds what the parser alone lets pass. (jco's
 * `generateTypes` asks the same parser, but traps on other names of handles.)
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { blocksOfText, type Blocks } from './wit-text.js';

/** What of jco's modules is used here. */
interface Bindgen {
  readonly $init: Promise<void>;
  unpackWit(
    expected: undefined,
    binary: Uint8Array,
  ): ReadonlyMap<string, string> | readonly (readonly [string, string])[];
}
interface Tools {
  readonly $init: Promise<void>;
  readonly tools: {
    componentEmbed(options: {
      dummy: true;
      witSource?: string;
      witPath?: string;
      world: string;
      features: EnabledFeatures;
    }): Uint8Array;
  };
}
type EnabledFeatures = { readonly tag: 'all' } | { readonly tag: 'list'; readonly val: string[] };

/** Definitions as a text, or as a folder. */
export type Definitions = { readonly text: string } | { readonly folder: string };

export type Judgement =
  { readonly accepted: true; readonly blocks: Blocks } | { readonly accepted: false; readonly why: string };

const bindgenUrl = pathToFileURL(createRequire(import.meta.url).resolve('@bytecodealliance/jco-transpile/component'));
const toolsUrl = new URL('wasm-tools.js', bindgenUrl);

/** The section of a module that says which world it is for. */
function worldSection(module: Uint8Array): Uint8Array {
  const sections = WebAssembly.Module.customSections(new WebAssembly.Module(module.slice().buffer), 'component-type');
  const [section] = sections;
  if (section === undefined) throw new Error('no world in the module');
  return new Uint8Array(section);
}

function reasonOf(thrown: unknown): string {
  const payload = thrown instanceof Error && 'payload' in thrown ? thrown.payload : undefined;
  if (typeof payload === 'string') return payload;
  if (payload !== undefined) return JSON.stringify(payload);
  // A trap leaves the parser unusable: no case may have one.
  throw thrown;
}

export class Reference {
  readonly #bindgen: Bindgen;
  readonly #tools: Tools;

  private constructor(bindgen: Bindgen, tools: Tools) {
    this.#bindgen = bindgen;
    this.#tools = tools;
  }

  static async load(): Promise<Reference> {
    const [bindgen, tools] = (await Promise.all([import(bindgenUrl.href), import(toolsUrl.href)])) as [Bindgen, Tools];
    await Promise.all([bindgen.$init, tools.$init]);
    return new Reference(bindgen, tools);
  }

  judge(definitions: Definitions, world: string, features: readonly string[] | 'all'): Judgement {
    const enabled: EnabledFeatures = features === 'all' ? { tag: 'all' } : { tag: 'list', val: [...features] };
    const source = 'text' in definitions ? { witSource: definitions.text } : { witPath: definitions.folder };
    try {
      const module = this.#tools.tools.componentEmbed({ dummy: true, ...source, world, features: enabled });
      const files = new Map(this.#bindgen.unpackWit(undefined, worldSection(module)));
      return { accepted: true, blocks: blocksOfText([...files.values()]) };
    } catch (thrown) {
      return { accepted: false, why: reasonOf(thrown) };
    }
  }
}

/** A package as WebAssembly. */
export async function encodedPackage(text: string, world: string): Promise<Uint8Array> {
  return worldSection(await dummyModule(text, world, 'all'));
}

/** A core module that imports and exports what a world has, with nothing inside. */
export async function dummyModule(
  text: string,
  world: string,
  features: readonly string[] | 'all',
): Promise<Uint8Array> {
  const { $init, tools } = (await import(toolsUrl.href)) as Tools;
  await $init;
  return tools.componentEmbed({
    dummy: true,
    witSource: text,
    world,
    features: features === 'all' ? { tag: 'all' } : { tag: 'list', val: [...features] },
  });
}
