/** `init`: new projects, which build, run and are tested as they stand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { packageFile, packageRoot, version } from '../package-root.js';
import { ConfigurationError } from './errors.js';
import { checkPlace, writeWhole } from './places.js';

/** Where the files of the templates are: whole projects, but for `package.json`. */
const templatesFolder = join(packageRoot, 'templates/init');

interface Template {
  readonly summary: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** Of this package's own development dependencies: those that it is tested with. */
  readonly tools: readonly string[];
  /** What programs need when they run, and not only when they are built. */
  readonly runs: boolean;
  /** What is made, and not committed. */
  readonly ignored: readonly string[];
}

const compile = 'asc --config asconfig.json';
const test = 'npm run build && node --test';

export const projectTemplates = {
  'guest-core': {
    summary: 'a guest in AssemblyScript, as a core module for WASI preview 1',
    scripts: { build: compile, start: 'npm run build && wasi-crypto-gen run build/guest.wasm', test },
    tools: ['@assemblyscript/wasi-shim', 'assemblyscript'],
    runs: false,
    ignored: ['build'],
  },
  'guest-component': {
    summary: 'a guest in AssemblyScript, as a component',
    scripts: {
      build:
        'wasi-crypto-gen componentize assembly/index.ts --wit wit --out build/app.component.wasm --bindings bindings && wasi-crypto-gen transpile build/app.component.wasm --out build',
      test,
    },
    tools: ['@bytecodealliance/jco', 'assemblyscript'],
    runs: true,
    ignored: ['bindings', 'build'],
  },
  host: {
    summary: 'a host in Node.js, with a guest to try it',
    scripts: { build: compile, start: 'node src/main.js', test },
    tools: ['@assemblyscript/wasi-shim', 'assemblyscript'],
    runs: true,
    ignored: ['build'],
  },
  definitions: {
    summary: 'an interface of your own in WITX, with host and guest',
    scripts: {
      generate: 'wasi-crypto-gen generate',
      check: 'wasi-crypto-gen check',
      watch: 'wasi-crypto-gen watch',
      build: `npm run generate && tsc && ${compile}`,
      test,
    },
    tools: ['@types/node', 'assemblyscript', 'typescript'],
    runs: false,
    ignored: ['build'],
  },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof projectTemplates;

export interface ScaffoldOptions {
  /** The folder of the project; it is made, if need be. */
  readonly folder: string;
  readonly template: TemplateName;
  /** The name of its package. Default: that of the folder. */
  readonly name?: string | undefined;
  /** Overwrite files that are there. */
  readonly force?: boolean | undefined;
}

export interface ScaffoldResult {
  /** Absolute. */
  readonly folder: string;
  /** What was written, below the folder, with `/`, and sorted. */
  readonly files: readonly string[];
}

/** The name of a package for a folder. */
export function nameFor(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
  return name === '' ? 'wasi-crypto-project' : name;
}

/**
 * Writes a project.
 *
 * @throws ConfigurationError when the name cannot be that of a package, or a file is in the way; nothing is written then
 */
export async function scaffold({ folder, template, name, force }: ScaffoldOptions): Promise<ScaffoldResult> {
  checkPlace(folder, 'folder');
  const files = filesOf(template, checkedName(name ?? nameFor(folder)), ownPackages(folder));
  const paths = [...files.keys()].sort();
  const inTheWay = paths.filter((path) => existsSync(join(folder, path)));
  if (inTheWay.length > 0 && force !== true)
    throw new ConfigurationError(
      `\`${folder}\` already has ${inTheWay.map((path) => `\`${path}\``).join(', ')}`,
      'choose an empty folder, or overwrite them with `--force`',
    );
  await mkdir(folder, { recursive: true });
  for (const [path, text] of files) await writeWhole(resolve(folder, path), new TextEncoder().encode(text));
  return { folder: resolve(folder), files: paths };
}

/** As npm takes it, without a scope or with one. */
function checkedName(name: string): string {
  if (/^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 214) return name;
  throw new ConfigurationError(
    `\`${name}\` cannot be the name of a package`,
    'names have small letters, digits, `-`, `_` and `.`, and begin with a letter or digit',
  );
}

interface OwnPackages {
  readonly 'wasi-crypto-gen': string;
  readonly 'wasi-crypto-runtime': string;
}

/** How a project in a folder asks for our packages: by version where they are installed, and those of a checkout by their place. */
function ownPackages(folder: string): OwnPackages {
  if (packageRoot.split(sep).includes('node_modules'))
    return { 'wasi-crypto-gen': `^${version}`, 'wasi-crypto-runtime': `^${version}` };
  const place = (path: string): string => `file:${relative(resolve(folder), path).split(sep).join('/')}`;
  return {
    'wasi-crypto-gen': place(packageRoot),
    'wasi-crypto-runtime': place(join(packageRoot, 'dist/packages/wasi-crypto-runtime')),
  };
}

function filesOf(template: TemplateName, name: string, packages: OwnPackages): ReadonlyMap<string, string> {
  const root = join(templatesFolder, template);
  const { scripts, tools, runs, ignored }: Template = projectTemplates[template];
  const { 'wasi-crypto-runtime': runtime, ...own } = packages;
  const pinned = Object.fromEntries(tools.map((each) => [each, packageFile().devDependencies[each] ?? 'latest']));
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: packageFile().engines.node },
    scripts,
    ...(runs ? { dependencies: { 'wasi-crypto-runtime': runtime } } : {}),
    devDependencies: sorted({ ...own, ...pinned }),
  };
  const files = new Map([
    ['package.json', `${JSON.stringify(manifest, undefined, 2)}\n`],
    ['.gitignore', ['node_modules', ...ignored, ''].join('\n')],
  ]);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'));
  }
  return files;
}

function sorted(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
