/**
 * `npm run native:sanitize`: the native library with AddressSanitizer and UndefinedBehaviorSanitizer, under hostile calls
 * of its functions and a hostile guest. It is built into a copy of the sources, so that `prebuilds/` stays what it is.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { projectRoot } from '../shared.js';
import { compilerName } from './compiler.js';

const { values } = parseArgs({
  options: {
    native: { type: 'string', default: '100000' },
    host: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});

const copied = ['generated', 'generator', 'runtime', 'templates', 'test', 'witx', 'package.json', 'tsconfig.json'];

const flags = [
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
  '-g',
  '-O1',
  // Sanitizers see nothing of assembly, and the processors that it is not for have the same in C.
  '-DWITHOUT_ASSEMBLY',
  // Some warnings are wrong with sanitizers.
  '-Wno-error',
];

/** The first of them that is to be loaded before everything else; undefined: this compiler has none. */
function sanitizer(): string | undefined {
  const { stdout } = spawnSync(compilerName(), ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  const path = (stdout ?? '').trim();
  return path.startsWith('/') && existsSync(path) ? path : undefined;
}

function run(folder: string, preload: string, script: string, calls: string): boolean {
  console.log(`\n${script}, ${calls} calls, seed ${values.seed}`);
  const node = ['--expose-gc', '--import', 'tsx', script, '--calls', calls, '--seed', values.seed];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, node, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      LD_PRELOAD: preload,
      // Node itself frees little at its end.
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      WASI_CRYPTO_NATIVE: '',
    },
  });
  console.log(stdout.trim());
  if (stderr !== '') console.error(stderr.trim());
  if (status === 0 && !/AddressSanitizer|runtime error/.test(stderr)) return true;
  console.error(`FAILED: ${script} ended with ${signal ?? String(status)}`);
  return false;
}

async function sanitize(preload: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-sanitize-'));
  try {
    for (const name of copied) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const build = pathToFileURL(join(folder, 'runtime/backends/native/build.ts')).href;
    const { buildNative } = (await import(build)) as typeof import('../../runtime/backends/native/build.js');
    console.log(`built with ${flags[0] ?? ''}: ${buildNative(flags)}`);
    return [
      run(folder, preload, 'test/native/hostile-main.ts', values.native),
      run(folder, preload, 'test/fuzz/host-main.ts', values.host),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const preload = sanitizer();
if (preload === undefined) console.log('skipped: this compiler has no libasan.so');
else if (!(await sanitize(preload))) process.exitCode = 1;
