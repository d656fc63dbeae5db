/**
 * `npm run bench:hosts`: what a program pays before its guest's first call: importing the runtime, and making and ending a
 * host for each request.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { loadRuntime } from './guest-host.js';
import { quick } from './quick.js';
import { machine } from './report.js';
import { measure, spread } from './rounds.js';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const { createWasiCrypto } = await loadRuntime(dist);
const memory = new WebAssembly.Memory({ initial: 1 });

/** Of a guest that encrypts: engines look up the modules that it imports, and jco the members as well. */
function coreHost(): void {
  const host = createWasiCrypto();
  const { wasi_ephemeral_crypto_common, wasi_ephemeral_crypto_symmetric } = host.imports;
  void [wasi_ephemeral_crypto_common, wasi_ephemeral_crypto_symmetric];
  host.attach(memory);
  host.close();
}

function componentHost(): void {
  const host = createWasiCrypto();
  const {
    'wasi:crypto/wasi-ephemeral-crypto-common': { Options, SymmetricKey, SymmetricState, optionsOpen, optionsSet },
    'wasi:crypto/wasi-ephemeral-crypto-symmetric': symmetric,
  } = host.component;
  const { symmetricKeyImport, symmetricStateOpen, symmetricStateEncrypt, symmetricStateClose } = symmetric;
  void [Options, SymmetricKey, SymmetricState, optionsOpen, optionsSet];
  void [symmetricKeyImport, symmetricStateOpen, symmetricStateEncrypt, symmetricStateClose];
  host.close();
}

/** Of a program that spreads the imports, beside others: every module is bound. */
function spreadHost(): void {
  const host = createWasiCrypto();
  void { ...host.imports };
  host.attach(memory);
  host.close();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript's heap that one run leaves as garbage or for good. */
function heapOf(run: () => void): number {
  const times = quick ? 2 : 200;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < times; count += 1) run();
  return (process.memoryUsage().heapUsed - before) / times;
}

const hosts = [
  ['core module', coreHost],
  ['core module whose imports are spread', spreadHost],
  ['component', componentHost],
] as const;
const measured = measure(
  hosts.map(([name, once]) => ({
    name,
    run(count: number) {
      for (let done = 0; done < count; done += 1) once();
    },
  })),
  [],
  { rounds: 41, milliseconds: 16 },
);

console.log(machine().join('\n'));
for (const [index, { name, nanoseconds }] of measured.entries()) {
  const heap = heapOf(hosts[index]?.[1] ?? coreHost);
  console.log(
    `a host for a ${name}, made, connected and closed: ${(nanoseconds.median / 1000).toFixed(0)} µs, ${(heap / 1024).toFixed(0)} KiB of heap`,
  );
}

/** Milliseconds that a process takes. */
function started(...args: readonly string[]): number {
  const begin = performance.now();
  const { status } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error('a process failed');
  return performance.now() - begin;
}

const bare: number[] = [];
const importing: number[] = [];
const program = `import(${JSON.stringify(`${dist}/runtime/index.js`)})`;
for (let round = 0; round < (quick ? 1 : 31); round += 1) {
  bare.push(started('-e', '0'));
  importing.push(started('-e', program));
}
const beyond = spread(importing.map((time, round) => time - (bare[round] as number)));
console.log(
  `importing the runtime: ${beyond.median.toFixed(0)} ms (${beyond.low.toFixed(0)}–${beyond.high.toFixed(0)}) beyond a bare start of ${spread(bare).median.toFixed(0)} ms`,
);

const { createIsolatedWasiCrypto } = (await import(
  `${dist}/runtime/isolated.js`
)) as typeof import('../runtime/isolated.js');

const starts = Array.from({ length: quick ? 1 : 11 }, () => {
  const begin = performance.now();
  createIsolatedWasiCrypto().close();
  return performance.now() - begin;
});

/** A call that does next to nothing but take so many bytes: there is no such handle. */
function absorbing(host: Pick<ReturnType<typeof createWasiCrypto>, 'imports' | 'attach'>, size: number) {
  host.attach(pages);
  const { symmetric_state_absorb: absorb } = host.imports.wasi_ephemeral_crypto_symmetric;
  return {
    name: `${size}`,
    run(count: number) {
      for (let done = 0; done < count; done += 1) absorb(1, 0, size);
    },
  };
}

const pages = new WebAssembly.Memory({ initial: 2 });
const isolated = createIsolatedWasiCrypto();
const crossing = measure(
  [0, 65_536].map((size) => absorbing(isolated, size)),
  [],
  { rounds: 41, milliseconds: 16 },
);
const [resident = ''] = existsSync(`/proc/${isolated.pid}/status`)
  ? (/VmRSS:.*/.exec(readFileSync(`/proc/${isolated.pid}/status`, 'utf8')) ?? [])
  : [];
isolated.close();
console.log(`an isolated host, made and closed: ${spread(starts).median.toFixed(0)} ms; its process: ${resident}`);
for (const { name, nanoseconds } of crossing)
  console.log(`a call of it that passes ${name} bytes: ${(nanoseconds.median / 1000).toFixed(1)} µs`);
