// Puts the generator for files in memory into one file, in place: `node .bundle-memory.mjs dist`. Templates and definitions
// become part of it, so that it needs no disk: for browsers, a module of Node would be an error here. Packages stay imports.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = process.argv[2] ?? 'dist';
const files = {};
for (const place of ['templates', 'witx'])
  for (const entry of readdirSync(place, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      files[path.replaceAll('\\', '/')] = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
    }
// New projects and shells are made by the command line alone.
for (const path of Object.keys(files)) if (/^templates\/(init|completion)\//.test(path)) delete files[path];

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const shipped = `
const files = ${JSON.stringify(files)};
export const version = ${JSON.stringify(version)};
export const shippedFolder = '<wasi-crypto-gen>';
export function shippedText(path) {
  return files[path];
}
export function shippedEntries(folder) {
  const start = folder.replace(/\\/*$/, '/');
  const below = Object.keys(files).filter((each) => each.startsWith(start)).map((each) => each.slice(start.length));
  const names = [...new Set(below.map((each) => each.replace(/\\/.*/, '')))];
  return names.map((name) => ({ name, isFolder: !below.includes(name) }));
}
`;
await build({
  entryPoints: [join(folder, 'generator/memory.js')],
  outfile: join(folder, 'generator/memory.js'),
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [
    {
      name: 'shipped files',
      setup(bundler) {
        bundler.onLoad({ filter: /[\\/]generator[\\/]shipped-files\.js$/ }, () => ({ contents: shipped }));
      },
    },
  ],
});
