/**
 * jco, which makes components of core modules and JavaScript of components. Only what it does in
 * memory is used: where it reads WIT from a path, it goes through a preview2-shim that some of its
 * versions do not work with.
 */
import { loadTool, type Loaded, type Tool } from '../project/tools.js';

/** What is used of jco's API. */
export interface Jco {
  /** Adds to a core module the description of its world. */
  componentEmbed(options: {
    readonly binary: Uint8Array;
    readonly witSource: string;
    readonly world: string;
    readonly stringEncoding: 'utf8';
    readonly features: { readonly tag: 'list'; readonly val: string[] };
  }): Promise<Uint8Array>;
  /** Makes a component of a module that has such a description. */
  componentNew(module: Uint8Array, adapters: null): Promise<Uint8Array>;
  transpile(component: Uint8Array, options: JcoTranspileOptions): Promise<JcoTranspiled>;
}

/** Called with one object each: jco writes into it. */
export interface JcoTranspileOptions {
  name: string;
  importBindings: 'js' | 'hybrid';
  map: Record<string, string>;
  instantiation?: 'sync' | 'async';
}

export interface JcoTranspiled {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What the JavaScript imports; with `instantiation`, the keys of the import object. */
  readonly imports: readonly string[];
  readonly exports: readonly (readonly [name: string, kind: 'function' | 'instance'])[];
}

/**
 * The versions all of this is tested with. `hybrid` bindings in particular rely on how jco keeps
 * its tables of resources, so other versions get the default ones.
 */
export const testedJco = '1.35';

const jco: Tool = { name: '@bytecodealliance/jco', entry: '.', tested: testedJco, purpose: 'work with components' };

/** @throws ConfigurationError when it is not installed */
export function loadJco(folders?: readonly string[]): Promise<Loaded<Jco>> {
  return loadTool<Jco>(jco, folders);
}

/**
 * Why jco's parser or encoder, which are components themselves, did not do it: they throw a
 * `ComponentError` with a text, or trap. Anything else is a mistake of ours, unless jco is another than
 * the one this was written for.
 */
export function refusalOf(error: unknown, isTested: boolean): string {
  if (!(error instanceof Error)) throw error;
  if ('payload' in error && typeof error.payload === 'string') return error.payload.replaceAll('\n$', '\n');
  if (error.name === 'RuntimeError') return `jco trapped (${error.message})`;
  if (!isTested) return error.message;
  throw error;
}
