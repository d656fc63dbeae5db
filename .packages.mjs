// Makes the two packages that are published out of the one tree: `node .packages.mjs dist`, in `dist/packages`; `--pack` packs
// them. `wasi-crypto-runtime` is what runs in production: the bundled runtime, and little else. `wasi-crypto-gen` is all else,
// and exports the runtime under its old names. Dependencies, addresses and files follow from `package.json` and the imports.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, process.argv[2] ?? 'dist');
const packages = join(dist, 'packages');
const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { projectTemplates } = await import(pathToFileURL(join(dist, 'generator/project/scaffold.js')).href);

/** What programs import of the runtime, and from where. */
const modules = {
  '.': 'index',
  './component': 'component',
  './keys': 'keys',
  './keys/conformance': 'secrets/conformance',
  './native': 'native',
  './isolated': 'isolated',
};

const common = Object.fromEntries(
  ['version', 'license', 'type', 'engines', 'homepage', 'bugs', 'repository'].map((key) => [key, project[key]]),
);

/** What programs in TypeScript need. */
const typing = ['@types/node', 'typescript'];

rmSync(packages, { recursive: true, force: true });
makeRuntime(join(packages, 'wasi-crypto-runtime'));
makeGenerator(join(packages, 'wasi-crypto-gen'));
if (process.argv.includes('--pack'))
  for (const name of readdirSync(packages))
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packages], {
      cwd: join(packages, name),
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });

function makeRuntime(folder) {
  const entries = Object.values(modules).map((file) => `runtime/${file}`);
  // The last one is a program, which hosts start.
  const code = reached([...entries, 'runtime/isolation/program'].map((file) => `${file}.js`));
  for (const file of [...code, ...code.map((each) => `${each}.map`), ...reached(entries.map((file) => `${file}.d.ts`))])
    copy(join(dist, file), join(folder, 'dist', file));
  fitTypes(join(folder, 'dist'));
  copy(join(root, 'prebuilds'), join(folder, 'prebuilds'));
  const native = 'runtime/backends/native';
  for (const file of readdirSync(join(root, native)))
    if (/\.[ch]$/.test(file)) copy(join(root, native, file), join(folder, native, file));
  const used = packagesIn(folder, code);
  write(folder, 'docs/runtime.md', {
    name: 'wasi-crypto-runtime',
    description: 'wasi-crypto for Node.js: the host of WebAssembly guests that use cryptography, on OpenSSL',
    keywords: project.keywords.filter((each) => each !== 'code generator'),
    ...common,
    exports: {
      ...Object.fromEntries(Object.entries(modules).map(([name, file]) => [name, target(`runtime/${file}`)])),
      './package.json': './package.json',
    },
    dependencies: chosen(project.dependencies, used),
    optionalDependencies: project.optionalDependencies,
    ...peers(new Set([...used, ...typing])),
  });
}

function makeGenerator(folder) {
  copy(join(dist, 'generator'), join(folder, 'dist/generator'));
  fitTypes(join(folder, 'dist/generator'));
  for (const [name, file] of Object.entries(modules)) {
    const text = `export * from '${posix.join('wasi-crypto-runtime', name)}';\n`;
    for (const extension of ['.js', '.d.ts']) {
      const path = join(folder, 'dist/runtime', `${file}${extension}`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  // Those of templates of projects are part of the projects.
  const readme = /[\\/](?:generated|templates)[\\/]README\.md$/;
  for (const each of ['generated', 'templates', 'witx'])
    cpSync(join(root, each), join(folder, each), { recursive: true, filter: (path) => !readme.test(path) });
  const used = packagesIn(folder, filesBelow(join(folder, 'dist')));
  const tools = new Set(Object.values(projectTemplates).flatMap((each) => each.tools));
  write(folder, 'README.md', {
    name: project.name,
    description: project.description,
    keywords: project.keywords,
    ...common,
    bin: project.bin,
    exports: project.exports,
    dependencies: { ...chosen(project.dependencies, used), 'wasi-crypto-runtime': `^${project.version}` },
    // What new projects get, in the versions that are tested.
    devDependencies: chosen(project.devDependencies, tools),
    // All of them: `doctor` looks for those of the runtime, too.
    ...peers(new Set(Object.keys(project.peerDependencies)), { '@bytecodealliance/preview2-shim': '0.x' }),
  });
}

function target(file) {
  return { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` };
}

function copy(from, to) {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

/**
 * Makes types fit projects that are not like this one: those whose `types` do not name Node (TypeScript 6 names none), and
 * TypeScript before 5.7, where `Uint8Array` has no parameter.
 */
function fitTypes(folder) {
  for (const file of filesBelow(folder).filter((each) => each.endsWith('.d.ts'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const needsNode = /\bfrom 'node:|\bBuffer\b|\bNodeJS\.|\bSymbol\.dispose\b/.test(text);
    const fitting = text.replace(/\bUint8Array<ArrayBuffer(?:Like)?>/g, 'Uint8Array');
    const reference = needsNode ? '/// <reference types="node" />\n' : '';
    if (reference !== '' || fitting !== text) writeFileSync(join(folder, file), `${reference}${fitting}`);
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true }).map((each) => each.replaceAll('\\', '/'));
}

/** Files of `dist` that some import, directly or by others: those that bundling made superfluous are none of them. */
function reached(files) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file) || !existsSync(join(dist, file))) return;
    found.add(file);
    for (const [, path] of readFileSync(join(dist, file), 'utf8').matchAll(
      /\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g,
    )) {
      const next = posix.join(posix.dirname(file), path);
      visit(file.endsWith('.d.ts') ? next.replace(/\.js$/, '.d.ts') : next);
    }
  };
  files.forEach(visit);
  return [...found].sort();
}

/** The names of packages that compiled files import, require or resolve. */
function packagesIn(folder, files) {
  const found = new Set();
  for (const file of files.filter((each) => each.endsWith('.js')))
    for (const [, specifier] of readFileSync(join(folder, 'dist', file), 'utf8').matchAll(
      /(?:\bfrom\s*|\bimport\s*\(?\s*|[\w)]\(\s*)["']((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^"']*)?["']/g,
    ))
      if (!builtinModules.includes(specifier)) found.add(specifier);
  return found;
}

function chosen(record, names) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
}

/** @param others those that npm refuses in this project's own file, beside an override */
function peers(names, others = {}) {
  const optional = Object.fromEntries(Object.keys(others).map((name) => [name, { optional: true }]));
  return {
    peerDependencies: { ...others, ...chosen(project.peerDependencies, names) },
    peerDependenciesMeta: { ...optional, ...chosen(project.peerDependenciesMeta, names) },
  };
}

function write(folder, readme, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const file of ['LICENSE', 'CHANGELOG.md']) copy(join(root, file), join(folder, file));
  writeFileSync(join(folder, 'README.md'), absolute(readFileSync(join(root, readme), 'utf8'), dirname(readme)));
}

/** Links to files of the tree lead nowhere from the page of a registry: they get the repository's address. */
function absolute(markdown, folder) {
  const address = `${project.homepage.replace(/#.*/, '')}/blob/main`;
  return markdown.replace(
    /(\]\()(?![a-z]+:|#)([^)\s]+)/g,
    (_, before, path) => `${before}${address}/${posix.join(folder, path)}`,
  );
}
