/**
 * `npm run fips`: tests, vectors and examples on Node's OpenSSL with its FIPS provider, with the native backend and
 * without it. `npm run fips -- test/vectors` runs a part, `-- --list` prints the files.
 */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest, startVitest, type TestCase } from 'vitest/node';
import type { Capabilities } from '../../runtime/index.js';
import Progress from '../progress.js';
import { projectRoot } from '../shared.js';
import { findProvider } from './find-provider.js';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } });
const config = join(projectRoot, 'test/fips/vitest.config.ts');
if (values.list === true) {
  await list();
  process.exit();
}
const temporary = tmpdir();
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  const { configuration, modules } = findProvider();
  // For all processes that are started from here on; this one has no need of it.
  process.env['OPENSSL_CONF'] = configuration;
  process.env['OPENSSL_MODULES'] = modules;
  console.log(`OPENSSL_CONF=${configuration}\nOPENSSL_MODULES=${modules}\n`);
  showAbsent(capabilities());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await runTests('with the native backend', '');
await runTests('without the native backend', 'off');
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** The files that it would run. */
async function list(): Promise<void> {
  const vitest = await createVitest('test', { config, watch: false });
  for (const { moduleId } of await vitest.globTestSpecifications([...positionals]))
    console.log(relative(projectRoot, moduleId));
  await vitest.close();
}

/** What a process says that has the provider. */
function capabilities(): Capabilities {
  const command = join(projectRoot, 'dist/generator/cli/main.js');
  const text = execFileSync(process.execPath, [command, 'algorithms', '--json'], { encoding: 'utf8' });
  const found = JSON.parse(text) as Capabilities;
  if (!found.fipsProvider) throw new Error('Node does not keep to a FIPS provider with this configuration of OpenSSL');
  return found;
}

function showAbsent({ node, openssl, algorithms }: Capabilities): void {
  const supported = algorithms.filter((each) => each.supported);
  const approved = supported.filter((each) => each.approved !== undefined);
  console.log(`Node ${node}, OpenSSL ${openssl}: ${supported.length} algorithms, ${approved.length} of them approved`);
  for (const { id, supported, tier, reason } of algorithms)
    if (!supported && tier !== 'optional') console.log(`absent: ${id}: ${reason}`);
}

async function runTests(title: string, native: string): Promise<void> {
  console.log(`\n=== ${title}`);
  process.env['WASI_CRYPTO_NATIVE'] = native;
  const vitest = await startVitest('test', positionals, { config, watch: false, reporters: [new Progress()] });
  // The set-up of the tests has changed it to a folder that is gone when the next run begins.
  process.env['TMPDIR'] = temporary;
  const files = vitest.state.getTestModules();
  const tests = files.flatMap((file) => [...file.children.allTests()]);
  counts.passed += tests.filter((test) => test.result().state === 'passed').length;
  // A file that does not load fails no test, nor does a run that does not begin.
  counts.failed += tests.filter((test) => test.result().state === 'failed').length;
  counts.failed += files.filter((file) => file.errors().length > 0).length + vitest.state.getUnhandledErrors().length;
  if (tests.length === 0) counts.failed += 1;
  const skipped = tests.filter((test) => test.result().state === 'skipped');
  counts.skipped += skipped.length;
  showSkipped(skipped);
  await vitest.close();
}

/** By their reasons. */
function showSkipped(tests: readonly TestCase[]): void {
  const byReason = new Map<string, TestCase[]>();
  for (const test of tests) {
    const result = test.result();
    const reason = (result.state === 'skipped' ? result.note : undefined) ?? test.name.replace(/^skipped: /, '');
    byReason.set(reason, [...(byReason.get(reason) ?? []), test]);
  }
  for (const [reason, skipped] of byReason) {
    console.log(`skipped: ${reason}`);
    for (const { fullName, module } of skipped) console.log(`  ${module.relativeModuleId}: ${fullName}`);
  }
}
