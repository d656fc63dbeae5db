/**
 * The drill of `witx/README.md`: a function is added to the extension, bindings are generated, and the type checker names
 * what the runtime lacks, which is one method in each of its two hosts.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { emit, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';
import { compile } from '../targets/assemblyscript-guest/asc.js';
import { RuntimeProgram } from './runtime-program.js';

// The type checker runs here, over all of the runtime.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let folder: string;
let program: RuntimeProgram;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-extension-')));
  program = new RuntimeProgram(folder);
  for (const part of [
    'runtime',
    'templates',
    'generated/0.10/typescript-host',
    'generated/0.11/component-host',
    'witx/extension-0.1',
  ])
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', '{"type":"module"}');
  change(
    'witx/extension-0.1/witx/wasi_crypto_ext_bytes.witx',
    /(?= {2};;; Add two numbers)/,
    [
      '  ;;; Write the bytes in the opposite order.',
      '  (@interface func (export "bytes_reverse")',
      '    (param $value (@witx const_pointer u8))',
      '    (param $value_len $size)',
      '    (param $out (@witx pointer u8))',
      '    (param $out_len $size)',
      '    (result $error (expected (error $ext_errno))))\n\n',
    ].join('\n'),
  );
  change(
    'witx/extension-0.1/wit/bytes.wit',
    /(?= {2}\/\/\/ Add two numbers)/,
    [
      '  /// The bytes in the opposite order.',
      '  bytes-reverse: func(value: list<u8>) -> result<list<u8>, ext-errno>;\n\n',
    ].join('\n'),
  );
  const support = '../../../../templates';
  for (const [target, dialect] of [
    [typescriptHost, 'witx'],
    [componentHost, 'wit'],
  ] as const)
    for (const [path, text] of await emit(target, planned(dialect), { support }))
      write(join('generated/extension-0.1', dialect, target.id, path), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function planned(dialect: 'witx' | 'wit') {
  return plannedUnit('extension', join(folder, 'witx/extension-0.1', dialect));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A drill whose edit hit nothing would prove nothing. */
function change(path: string, from: RegExp | string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${path} lacks what the drill changes`);
  write(path, changed);
}

it('the type checker names the one missing method, in the host of each language', () => {
  const found = program.problems();
  expect(found).toHaveLength(2);
  expect(found.map(({ file }) => file).toSorted()).toEqual([
    'runtime/hosts/extension/component.ts',
    'runtime/hosts/extension/core.ts',
  ]);
  for (const { text } of found) expect(text).toContain("'bytesReverse' is missing");
});

it('guests have the new function', async () => {
  const files = await emit(assemblyscriptGuest, planned('witx'));
  const guest = `import { bytesReverse } from "wasi-crypto-ext";
    export function run(a: StaticArray<u8>, out: StaticArray<u8>): bool { return bytesReverse(a, out) == 0; }`;
  expect((await compile(files, guest)).messages).toBe('');
});

it('with the method the runtime is whole again', () => {
  change(
    'runtime/interfaces/extension/bytes.ts',
    /(?= {4}bytesWipe)/,
    `    bytesReverse(value: Uint8Array, out: Uint8Array): void {
      requireSize(out, value.length);
      begin(context, value.length);
      out.set(value);
      out.reverse();
    },\n\n`,
  );
  change(
    'runtime/hosts/extension/component.ts',
    /(?= {4}bytesAdd)/,
    '    bytesReverse: (value, take) => given(context, value.length, take, (out) => host.bytesReverse(value, out)),\n',
  );
  expect(program.problems()).toEqual([]);
});
