// How long the generator takes: whole processes, cold; the pipeline again in one process, warm; and how
// both grow with the definitions. `npm run bench:generator`, after `npm run build`.
import { spawnSync } from 'node:child_process';
import { cpus, tmpdir } from 'node:os';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bench } from 'tinybench';
import { generate } from '../dist/generator/generate.js';
import { diskReader } from '../dist/generator/source/disk.js';
import { targets as all } from '../dist/generator/targets/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/generator/cli/main.js');
const shared = process.env.WASI_CRYPTO_SHARED ?? resolve(root, '../shared');
const scratch = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}: ${result.stderr}`);
}

/** The 0.10 definitions, and `copies - 1` more of each module that has no handle kinds, under other names. */
function synthetic(copies) {
  const from = join(root, 'witx/0.10');
  const folder = join(scratch, `times-${copies}`);
  mkdirSync(folder);
  for (const name of readdirSync(from)) {
    const text = readFileSync(join(from, name), 'utf8');
    writeFileSync(join(folder, name), text);
    if (name.endsWith('_common.witx') || name.endsWith('_batch.witx')) continue;
    for (let copy = 2; copy <= copies; copy += 1) {
      const renamed = text
        .replace(/\(module \$(\w+)/, `(module $$$1_${copy}`)
        .replaceAll(/\(export "(\w+)"/g, `(export "$1_${copy}"`)
        .replaceAll(/\(typename \$(\w+)/g, `(typename $$$1_${copy}`)
        .replaceAll(/\$(kx|signature)_(keypair|publickey|secretkey)(?=[)\s])/g, `$$$1_$2_${copy}`);
      writeFileSync(join(folder, name.replace('.witx', `_${copy}.witx`)), renamed);
    }
  }
  return folder;
}

const out = join(scratch, 'out');
const targets = all.filter((target) => target.dialects.includes('witx'));
const proofs = join(root, 'node_modules/.cache/wasi-crypto-gen');
const quick = process.argv.includes('--quick');
const bench = new Bench({ iterations: quick ? 1 : 5, time: 0, warmup: false, throws: true });
const node = process.execPath;
bench.add('process: generate 0.10, all targets', () =>
  run(node, [cli, 'generate', '--spec', '0.10', '--out', out, '--quiet']),
);
if (!quick)
  bench.add('process: check, for the first time', () => run(node, [cli, 'check', '--out', out, '--quiet']), {
    beforeEach: () => rmSync(proofs, { recursive: true, force: true }),
  });
bench.add('process: check, nothing changed', () => run(node, [cli, 'check', '--out', out, '--quiet']));
if (!quick) bench.add('process: check --full', () => run(node, [cli, 'check', '--out', out, '--full', '--quiet']));
bench.add('process: node -e 0', () => run(node, ['-e', '0']));
const wit = join(shared, 'spec/wit-0.11');
if (existsSync(wit) && !quick)
  bench.add('process: jco types on the 0.11 WIT', () =>
    run(node, [
      join(root, 'node_modules/.bin/jco'),
      'types',
      wit,
      '--world-name',
      'imports',
      '-o',
      join(scratch, 'jco'),
    ]),
  );

const options = { importSuffix: '.js', header: undefined, command: 'bench' };
const warm = (folder) => async () => {
  const { files, diagnostics } = await generate({ label: 'bench', entries: [folder], targets, options }, diskReader);
  if (files.size === 0) throw new Error(diagnostics.map((each) => each.message).join('\n'));
};
for (const copies of quick ? [] : [1, 10, 100]) {
  bench.add(`warm: all targets, definitions times ${copies}`, warm(synthetic(copies)), {
    beforeAll: warm(join(root, 'witx/0.10')),
  });
}

await bench.run();
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}`);
console.table(
  bench.tasks.map((task) => {
    const { latency } = task.result ?? {};
    return { task: task.name, 'median ms': latency ? Math.round(latency.p50 ?? latency.mean) : 'failed' };
  }),
);
for (const task of bench.tasks)
  if (task.result?.error !== undefined) console.error(`${task.name}: ${task.result.error.message}`);
if (bench.tasks.some((task) => task.result?.error !== undefined)) process.exitCode = 1;
