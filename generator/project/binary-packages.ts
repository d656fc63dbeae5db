/**
 * Packages in `deps` that are WebAssembly, as `wkg` keeps them: jco's parser says them as text, before the reader, which
 * waits for nobody, comes to them.
 */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskReader, readRegularFile } from '../source/disk.js';
import type { FileReader } from '../source/loader.js';
import { extensionOf, joinPath, normalisePath } from '../source/path.js';
import { ConfigurationError } from './errors.js';
import { fileOfTool, loadTool } from './tools.js';

/** What is used of it: `componentWit` beside it traps on a package, and is of no use afterwards. */
interface Parser {
  readonly $init: Promise<void>;
  unpackWit(
    expected: undefined,
    binary: Uint8Array,
  ): ReadonlyMap<string, string> | readonly (readonly [path: string, text: string])[];
}

/**
 * Files on disk, in which a binary package in the `deps` of `entry` is a folder of that name, beside folders of those
 * that it brings along and nobody else has.
 *
 * @throws ConfigurationError when jco is not installed, or such a file is no package
 */
export async function definitionsReader(entry: string): Promise<FileReader> {
  const deps = joinPath(normalisePath(entry), 'deps');
  const binaries = (diskReader.list(deps) ?? []).filter(isBinary);
  const [first] = binaries;
  if (first === undefined) return diskReader;
  const parser = await loadParser(joinPath(deps, first));
  const unpacked = binaries.map((name) => ({ name, texts: unpack(parser, joinPath(deps, name)) }));
  const taken = new Set([
    ...namesInText(deps),
    ...unpacked.flatMap(({ texts }) => packageName(texts.get('package.wit') ?? '') ?? []),
  ]);
  const folders = new Map<string, string>();
  for (const { name, texts } of unpacked)
    for (const [path, text] of texts) {
      const brought = packageName(text) ?? '';
      if (path !== 'package.wit' && taken.has(brought)) continue;
      taken.add(brought);
      folders.set(path === 'package.wit' ? name : `${name}/${dirname(path)}`, text);
    }
  const textOf = (folder: string): string | undefined =>
    folder.startsWith(`${deps}/`) ? folders.get(folder.slice(deps.length + 1)) : undefined;
  return {
    read: (path) => (path.endsWith('/package.wit') ? textOf(dirname(path)) : undefined) ?? diskReader.read(path),
    list(path) {
      if (path === deps) return diskReader.list(path)?.filter((name) => !isBinary(name));
      return textOf(path) === undefined ? diskReader.list(path) : ['package.wit'];
    },
    folders: (path) => (path === deps ? [...diskReader.folders(path), ...folders.keys()] : diskReader.folders(path)),
  };
}

/** The file that a path of this reader comes from. */
export function fileBehind(path: string): string {
  return path.replace(/(\.wasm)\/.*$/, '$1');
}

export function isBinary(path: string): boolean {
  return extensionOf(path) === '.wasm';
}

/** `namespace:name@version` */
function packageName(text: string): string | undefined {
  return /^\s*package\s+([^\s;{]+)\s*[;{]/m.exec(text)?.[1];
}

function namesInText(deps: string): readonly string[] {
  const files = [
    ...(diskReader.list(deps) ?? []),
    ...diskReader
      .folders(deps)
      .flatMap((folder) => (diskReader.list(joinPath(deps, folder)) ?? []).map((name) => `${folder}/${name}`)),
  ];
  return files
    .filter((name) => extensionOf(name) === '.wit')
    .flatMap((name) => {
      const text = diskReader.read(joinPath(deps, name));
      return typeof text === 'string' ? (packageName(text) ?? []) : [];
    });
}

async function loadParser(path: string): Promise<Parser> {
  const jco = { name: '@bytecodealliance/jco', entry: '.', tested: '1.35', purpose: `read \`${path}\`` };
  // jco's own dependency, which is found from jco.
  const { api } = await loadTool<Parser>(
    { name: '@bytecodealliance/jco-transpile', entry: './component', tested: '0.15', purpose: jco.purpose },
    [dirname(realpathSync(fileOfTool(jco)))],
  );
  await api.$init;
  return api;
}

function unpack(parser: Parser, path: string): ReadonlyMap<string, string> {
  const content = readRegularFile(path);
  if (content === undefined || 'why' in content)
    throw new ConfigurationError(`cannot read \`${path}\`: ${content?.why ?? 'there is no such file'}`);
  let texts: ReadonlyMap<string, string>;
  try {
    texts = new Map(parser.unpackWit(undefined, content));
  } catch (error) {
    // The parser is a component: it throws what it found as `payload`, and anything else is a trap.
    if (!(error instanceof Error)) throw error;
    const { payload } = error as { readonly payload?: { readonly val?: unknown } };
    const why = typeof payload?.val === 'string' ? `: ${payload.val}` : '';
    throw new ConfigurationError(
      `\`${path}\` is no package of WIT${why}`,
      'in `deps` stand packages, as text or as `wkg wit fetch` keeps them',
    );
  }
  if (!texts.has('package.wit')) throw new ConfigurationError(`\`${path}\` holds no package of WIT`);
  return texts;
}
