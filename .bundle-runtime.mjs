// Puts the compiled runtime into one file, in place: `node .bundle-runtime.mjs dist`. Node takes longer to find and open its
// 120 files than to run them: importing it costs half as much this way. Packages stay imports. What is imported by path
// keeps its path, and its state is shared, since both are parts of one bundle.
import { join } from 'node:path';
import { build } from 'esbuild';

const imported = [
  'index.js',
  'component.js',
  'keys.js',
  'native.js',
  'secrets/conformance.js',
  'backends/native/build.js',
  'backends/native/library.js',
];

const folder = join(process.argv[2] ?? 'dist', 'runtime');
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
  sourcemap: true,
  logLevel: 'warning',
});
