/** What a run leaves behind: a table, JSON, and plots. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DELIVERED, PLAIN } from './contestants.js';
import { FLOOR } from './floor.js';
import { KiB } from './inputs.js';
import { plot } from './plot.js';
import type { Pace, Spread } from './rounds.js';
import { ratio, size, time, type Row } from './rows.js';

/** The guest whose host has no native backend. */
export const WITHOUT_NATIVE = 'guest, native backend off';

/** Which machine, and which versions. */
export function machine(): readonly string[] {
  const { node, openssl, v8 } = process.versions;
  return [
    `Node ${node}, OpenSSL ${openssl ?? 'unknown'}, V8 ${v8}`,
    `CPU: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} of them; instructions: ${instructions()}; this process may use: ${allowedCpus()}`,
  ];
}

/** Those on which the speed of cryptography depends. */
function instructions(): string {
  const flags =
    systemFile('/proc/cpuinfo')
      .match(/^flags\s*:(.*)$/m)?.[1]
      ?.split(' ') ?? [];
  const known = ['sha_ni', 'aes', 'vaes', 'pclmulqdq', 'vpclmulqdq', 'avx2', 'avx512f', 'bmi2', 'adx'].filter((name) =>
    flags.includes(name),
  );
  return known.join(' ') || 'unknown';
}

function allowedCpus(): string {
  return systemFile('/proc/self/status').match(/^Cpus_allowed_list:\s*(.*)$/m)?.[1] ?? 'unknown';
}

function systemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux.
    return '';
  }
}

/** One row, for people who wait. */
export function line({ operation, bytes, contestants }: Row): string {
  const parts = contestants.map(({ name, nanoseconds, ratios }) => {
    const shown = [PLAIN, DELIVERED].filter((baseline) => baseline !== name && ratios[baseline] !== undefined);
    return `${name} ${time(nanoseconds.median)}${shown.map((baseline) => ` ${ratio(ratios[baseline])}`).join('')}`;
  });
  return `${`${operation} ${size(bytes)}`.trim()}: ${parts.join(' | ')}`;
}

/** Writes the report of this version of Node; returns its folder. */
export function write(rows: readonly Row[], pace: Pace): string {
  const folder = `bench/report/node-${process.versions.node.split('.')[0] ?? ''}`;
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  mkdirSync(path, { recursive: true });
  const plots = plottable(rows);
  writeFileSync(
    `${path}report.json`,
    `${JSON.stringify({ machine: machine(), pace, rows: rows.map(rounded) }, undefined, 1)}\n`,
  );
  writeFileSync(
    `${path}report.md`,
    page(
      rows,
      pace,
      plots.map(({ file, operation }) => `![${operation}](${file})`),
    ),
  );
  for (const { file, operation, ofOperation } of plots) writeFileSync(path + file, plot(operation, ofOperation));
  return folder;
}

interface Plot {
  readonly operation: string;
  readonly file: string;
  readonly ofOperation: readonly Row[];
}

/** The operations that were measured at several sizes. */
function plottable(rows: readonly Row[]): readonly Plot[] {
  return [...new Set(rows.filter(({ bytes }) => bytes !== 0).map(({ operation }) => operation))].map((operation) => ({
    operation,
    file: `${operation.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`,
    ofOperation: rows.filter((row) => row.operation === operation),
  }));
}

/** Four digits say all that a measurement does. */
function rounded({ operation, bytes, contestants }: Row): Row {
  const short = ({ median, low, high }: Spread): Spread => ({
    median: Number(median.toPrecision(4)),
    low: Number(low.toPrecision(4)),
    high: Number(high.toPrecision(4)),
  });
  return {
    operation,
    bytes,
    contestants: contestants.map(({ name, nanoseconds, ratios }) => ({
      name,
      nanoseconds: short(nanoseconds),
      ratios: Object.fromEntries(Object.entries(ratios).map(([baseline, of]) => [baseline, short(of)])),
    })),
  };
}

function page(rows: readonly Row[], pace: Pace, plots: readonly string[]): string {
  const lines = rows.map(({ operation, bytes, contestants }) => {
    const [guest, ...others] = contestants;
    const rest = others
      .filter(({ name }) => ![PLAIN, DELIVERED, WITHOUT_NATIVE, FLOOR].includes(name))
      .map(({ name, ratios }) => `${name} ${factor(ratios['guest'])}`);
    const plain = contestants.find(({ name }) => name === PLAIN);
    const off = contestants.find(({ name }) => name === WITHOUT_NATIVE);
    return `| ${operation} | ${size(bytes)} | ${time(guest?.nanoseconds.median ?? NaN)} | ${plain === undefined ? '' : time(plain.nanoseconds.median)} | ${ratio(guest?.ratios[PLAIN])} | ${ratio(off?.ratios[PLAIN])} | ${ratio(guest?.ratios[DELIVERED])} | ${ratio(guest?.ratios[FLOOR])} | ${rest.join(', ')} |`;
  });
  return `# Speed, Node ${process.versions.node.split('.')[0] ?? ''}

Written by \`npm run bench\`; how to read it stands in [bench/README.md](../../README.md).

${machine()
  .map((text) => `- ${text}`)
  .join('\n')}
- ${pace.rounds} interleaved rounds of ${pace.milliseconds} ms a contestant; medians, and in brackets the quartiles of the ratios within a round

| operation | size | guest, whole sequence | ${PLAIN} | guest / ${PLAIN} | without the native backend | guest / delivered | guest / C floor | others, as multiples of the guest's time |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

## Beside cryptography compiled to WebAssembly

How many times as long they take as the guest, ${size(WASM_BYTES)} a message. Only what is compiled to WebAssembly counts; where nothing at hand is, the same in JavaScript is named.

| operation | compiled to WebAssembly | in JavaScript |
| --- | --- | --- |
${wasmOperations.map((operation) => besideWebAssembly(operation, rows)).join('\n')}

${plots.join('\n')}
`;
}

const WASM_BYTES = 64 * KiB;
const compiledLibraries = ['hash-wasm', '@chainsafe/as-sha256', 'libsodium', 'rsa.wasm'];
const wasmOperations = [
  'SHA-256',
  'SHA-512',
  'HMAC/SHA-256',
  'AES-256-GCM encrypt',
  'CHACHA20-POLY1305 encrypt',
  'Ed25519 sign',
  'RSA-2048 sign',
];

function besideWebAssembly(operation: string, rows: readonly Row[]): string {
  const { contestants = [] } =
    rows.find((row) => row.operation === operation && (row.bytes === WASM_BYTES || row.bytes === 0)) ?? {};
  const named = (names: readonly string[]): string =>
    contestants
      .filter(({ name }) => names.includes(name))
      .map(({ name, ratios }) => `${name} ${factor(ratios['guest'])}`)
      .join(', ') || 'none';
  return `| ${operation} | ${named(compiledLibraries)} | ${named(['noble'])} |`;
}

function factor(spread: Spread | undefined): string {
  return spread === undefined ? '' : `${Number(spread.median.toPrecision(2))}×`;
}
