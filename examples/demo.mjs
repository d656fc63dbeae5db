// From definitions to running guests: generates the bindings, compiles the example guests against them
// and runs both. `npm run demo`, after `npm ci` (which builds).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'dist/generator/cli/main.js');
const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-demo-'));
const bindings = join(folder, 'bindings');

/** Runs a program of Node's; what it prints is shown, indented, and returned. */
function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: root,
    ...options,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stdout}${stderr}`);
  process.stdout.write(stdout.replace(/^(?=.)/gm, '   '));
  return stdout;
}

function step(title) {
  process.stdout.write(`\n${title}\n`);
}

/** Compiles the guest of an example against the bindings just made. asc must run beside its configuration. */
function compile(example) {
  const guest = join(folder, `${example}.wasm`);
  run(asc, ['--path', join(bindings, 'assemblyscript-guest'), '--outFile', guest], {
    cwd: join(root, 'examples', example),
  });
  return guest;
}

const started = performance.now();
try {
  step('1. Bindings for guests, from the definitions of wasi-crypto 0.10');
  run(command, ['generate', '--spec', '0.10', '--target', 'assemblyscript-guest', '--out', bindings]);

  step('2. A guest hashes README.md');
  const hashFile = compile('hash-file');
  const [digest = ''] = run(command, ['run', '--dir', '.', hashFile, 'README.md']).split(' ');
  const expected = createHash('sha256')
    .update(readFileSync(join(root, 'README.md')))
    .digest('hex');
  if (digest !== expected) throw new Error(`the digest of README.md is ${expected}`);
  process.stdout.write(`   which is what sha256sum says\n`);

  step('3. Another seals and opens, signs and verifies');
  const output = run(command, ['run', compile('seal-and-sign')]);
  for (const line of [
    /^opened {4}The quick brown fox/m,
    /^tampered {2}refused: invalid_tag$/m,
    /^verified {2}accepted$/m,
    /^altered {3}refused: verification_failed$/m,
  ]) {
    if (!line.test(output)) throw new Error(`the output has no line ${line}`);
  }

  step(`All as it should be, in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
