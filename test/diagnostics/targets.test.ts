/** What is found after reading: while functions are planned, and by targets. */
import { expect, it } from 'vitest';
import { render } from '../../generator/diagnostics/render.js';
import { generate } from '../../generator/generate.js';
import { memoryReader } from '../../generator/source/loader.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import type { EmitOptions, Target } from '../../generator/targets/target.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { plainOptions } from '../generated.js';

const func = '(module $m (@interface func (export "f") (result $r (list u8))))';
const handles = (count: number): string =>
  Array.from({ length: count }, (_, index) => `(typename $h${index} (handle))`).join('\n');
const errno = '(typename $errno (enum (@witx tag u16) $success $bad))';
const failing = `${errno} (module $m (@interface func (export "f") (result $error (expected (error $errno)))))`;

it.each<[code: string, text: string, message: RegExp, target?: Target, options?: Partial<EmitOptions>]>([
  ['no-preview1-abi', func, /test\.witx:1:37[^]*hosts answer the errno/],
  ['target-without-dialect', func, /component-host/, componentHost],
  ['too-many-handle-kinds', handles(16), /16 \| \(typename \$h15/],
  ['unknown-fault', failing, /did you mean `absent`/, typescriptHost, { errno: { absnt: 'bad' } }],
  ['no-component-type', 'package a:b; interface i { record r {} }', /test\.wit:1:35[^]*no tool makes/, componentHost],
])('%s', async (code, text, message, target = typescriptHost, options = {}) => {
  const file = text.startsWith('package ') ? 'test.wit' : 'test.witx';
  const { diagnostics } = await generate(
    { label: 'test', entries: [file], targets: [target], options: { ...plainOptions, ...options } },
    memoryReader(new Map([[file, text]])),
  );
  expect(diagnostics.map((each) => each.code)).toContain(code);
  expect(diagnostics.map((each) => render(each)).join('\n')).toMatch(message);
});
