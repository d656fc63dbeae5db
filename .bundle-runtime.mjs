// Puts the compiled runtime into one file, in place: `node .bundle-runtime.mjs dist`. Node takes longer to find and open its
// 120 files than to run them: importing it costs half as much this way. Packages stay imports. What is imported by path
// keeps its path, and its state is shared, since both are parts of one bundle. `primitives.wasm` becomes part of the code:
// those who bundle a host would otherwise have to carry it along.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const imported = [
  'index.js',
  'component.js',
  'keys.js',
  'native.js',
  'isolated.js',
  'isolation/program.js',
  'secrets/conformance.js',
  'backends/native/build.js',
  'backends/native/library.js',
];

const folder = join(process.argv[2] ?? 'dist', 'runtime');
// A build for tests has none of its own.
const primitives = [folder, 'dist/runtime'].map((each) => join(each, 'primitives.wasm')).find(existsSync);
const embedded = {
  name: 'primitives',
  setup(bundler) {
    if (primitives === undefined) return;
    const text = JSON.stringify(readFileSync(primitives, 'base64'));
    bundler.onLoad({ filter: /[\\/]module-bytes\.js$/ }, () => ({
      contents: `import { Buffer } from 'node:buffer';\nexport const moduleBytes = () => Buffer.from(${text}, 'base64');\n`,
    }));
  },
};
await build({
  entryPoints: imported.map((file) => join(folder, file)),
  outdir: folder,
  outbase: folder,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  platform: 'node',
  packages: 'external',
  plugins: [embedded],
  sourcemap: true,
  logLevel: 'warning',
});
