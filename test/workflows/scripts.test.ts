/** Every script of package.json runs in continuous integration, so that none breaks unseen: elsewhere, or here in a short form. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { builtMain } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

const run = promisify(execFile);
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

/** Where the others run: words of `.ci/run`, or a file of tests that runs the same program. */
const elsewhere: Readonly<Record<string, string>> = {
  build: 'npm ci',
  'build:native': 'npm ci',
  prepare: 'npm ci',
  typecheck: 'npx tsc -p test/tsconfig.json',
  // Its parts.
  lint: 'lint:format lint:code lint:architecture lint:unused',
  // With the same settings, of the same files.
  format: 'lint:format',
  'lint:format': 'npm run --silent lint:format',
  'lint:code': 'npm run --silent lint:code',
  'lint:architecture': 'npm run --silent lint:architecture',
  'lint:unused': 'npm run --silent lint:unused',
  'lint:native': 'npm run --silent lint:native',
  test: 'npm test --silent',
  acceptance: 'npm run --silent acceptance',
  generate: 'npm run --silent generate',
  check: 'node dist/generator/cli/main.js check --full',
  evidence: 'npm run --silent evidence',
  timing: 'npm run --silent evidence',
  'fuzz:host': 'npm run --silent evidence',
  'fuzz:component': 'npm run --silent evidence',
  'fuzz:native': 'npm run --silent evidence',
  'native:sanitize': 'npm run --silent native:sanitize',
  'bench:growth': 'npm run --silent bench:growth',
  packages: 'test/acceptance/packages.test.ts',
  'packages:check': 'test/acceptance/packages.test.ts',
  api: 'test/acceptance/site.test.ts',
  site: 'test/acceptance/site.test.ts',
  demo: 'node examples/demo.mjs',
  'demo:component': 'test/acceptance/component-examples.test.ts',
  'demo:protocols': 'test/acceptance/protocols.test.ts',
  'example:component-javascript': 'test/acceptance/component-examples.test.ts',
  corpus: 'test/acceptance/corpus.test.ts',
  residue: 'test/residue/residue.test.ts',
  'stores:kill': 'test/stores/processes.test.ts',
  // `bench` compiles it, too.
  'bench:guest': 'test/workflows/scripts.test.ts',
  vectors: 'npm test --silent',
};

/** Measurements, all in this process, where compilers are loaded once. */
const quick = [
  '',
  ':numbers',
  ':encodings',
  ':optional',
  ':hosts',
  ':keys',
  ':metering',
  ':workers',
  ':boundary',
  ':flat',
].map((each) => `bench${each}`);

/** Programs, and what makes them short; for those that need a network, what can be done without. */
const short: Readonly<Record<string, readonly string[]>> = {
  'bench:generator': ['--quick'],
  'packages:try': ['--list'],
  fips: ['--list'],
  'native:flat': ['--cycles', '1000'],
};

/** What is downloaded, and changes versions, with its settings; and what npm itself does. */
const settings: Readonly<Record<string, string>> = {
  changeset: '.changeset/config.json',
  'packages:version': '.changeset/config.json',
  sbom: 'package-lock.json',
};

it('each is known, and none that is gone', () => {
  const known = [elsewhere, short, settings].flatMap((each) => Object.keys(each)).concat(quick);
  expect(known.toSorted()).toEqual(Object.keys(scripts).toSorted());
});

it.each(Object.entries(elsewhere))('%s runs by %s', (name, place) => {
  if (place.endsWith('.test.ts')) expect(existsSync(join(projectRoot, place))).toBe(true);
  else if (name === 'lint') for (const part of place.split(' ')) expect(scripts['lint']).toContain(part);
  else if (name === 'format')
    expect(scripts[place]).toBe('prettier --check . --log-level warn --cache --cache-location .tmp/prettier');
  else expect(read('.ci/run')).toContain(place);
});

it.each(Object.entries(settings))('%s has %s', (_, path) => {
  expect(JSON.parse(read(path))).toBeTypeOf('object');
});

const [, program = ''] = process.argv;

afterEach(() => {
  vi.restoreAllMocks();
  process.argv = [process.execPath, program];
});

/** The file that a script runs, without what it builds first. */
function fileOf(name: string): string {
  const file = /(?:tsx|node)(?: --[\w-]+| tsx\/esm)* ((?:test|bench)\/\S+)$/.exec(scripts[name] ?? '')?.[1];
  if (file === undefined) throw new Error(`${name} runs no file`);
  return file;
}

it.each(quick)('%s works, in a short form', { timeout: 240_000 }, async (name) => {
  await builtMain();
  const file = join(projectRoot, fileOf(name));
  process.argv = [process.execPath, program, '--quick'];
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import(file);
  expect(said.mock.calls.length).toBeGreaterThan(0);
});

it.each(Object.entries(short))('%s works, in a short form', { timeout: 240_000 }, async (name, options) => {
  await builtMain();
  const { stdout } = await run(process.execPath, ['--import', 'tsx', fileOf(name), ...options], { cwd: projectRoot });
  expect(stdout).toMatch(/\w/);
});
