// Makes a component of guest.js, with a JavaScript engine in it: node examples/component-javascript/build.mjs
// That takes a quarter of a minute, so nothing is done when build/ is of the same sources and tools.
import { componentize, version } from '@bytecodealliance/componentize-js';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWit } from 'wasi-crypto-gen';

const folder = new URL('build/', import.meta.url);
const guest = await readFile(new URL('guest.js', import.meta.url), 'utf8');
const { ok, text, world, diagnostics } = bundleWit({ wit: fileURLToPath(new URL('wit', import.meta.url)) });
if (!ok) throw new Error(diagnostics.map((each) => each.message).join('\n'));

const stamp = createHash('sha256').update([guest, text, version].join('\0')).digest('hex');
const stampFile = new URL('stamp', folder);
if ((await readFile(stampFile, 'utf8').catch(() => '')) !== stamp) {
  // Without the engine's own clock, console and network the component imports wasi-crypto and nothing else.
  const { component } = await componentize(guest, text, {
    worldName: world,
    disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
  });
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('guest.component.wasm', folder), component);
  await writeFile(stampFile, stamp);
}
