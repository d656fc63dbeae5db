/** Writes the site: `npm run site`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { siteFiles } from './build.js';

const folder = process.argv[2] ?? 'dist/site';
const files = await siteFiles('dist/api');
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
process.stdout.write(`${folder}: ${files.size} files; begin with ${join(folder, 'index.html')}\n`);
