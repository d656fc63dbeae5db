/**
 * Wrong uses of the command line, of configurations and of definitions: each is told in words, with what to do or where, and
 * without a stack trace; nothing is written.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { shippedRevisions } from '../../generator/project/spec.js';
import { it, wasiCryptoGen } from './command-line.js';
import { writeDefinition } from './small-project.js';

/** Arguments, message, hint. */
const commands: readonly (readonly [args: readonly string[], message: string, hint: string])[] = [
  [['genrate'], 'there is no command `genrate`', 'did you mean `generate`?'],
  [
    ['frobnicate'],
    'there is no command `frobnicate`',
    'commands are generate, init, check, watch, diff, inspect, imports, run, algorithms, keys, native, doctor, explain, completion, componentize, transpile, help',
  ],
  [['keys', 'audit', '--since', '1 ab'], '`--since` says what `--verify` compares', 'add `--verify`'],
  [['generate', '--sepc', '0.10'], 'unknown option `--sepc`', 'did you mean `--spec`?'],
  [['generate', '0.10', '--spec', '0.9'], 'there are two definitions, `0.10` and `0.9`', 'run it once for each'],
  [['..'], 'there is no command `..`', 'to generate from it: `wasi-crypto-gen generate ..`'],
  [['diff', '0.10'], 'missing required argument `new`', 'see `wasi-crypto-gen diff --help`'],
  [['run', '--bogus'], 'unknown option `--bogus`', 'see `wasi-crypto-gen run --help`'],
  [['check', '--ful'], 'unknown option `--ful`', 'did you mean `--full`?'],
  [['check', 'generated'], 'too many arguments for `check`', 'wasi-crypto-gen check --help'],
  [['generate', '--spec'], 'option `--spec <revision|path>` argument missing', 'wasi-crypto-gen generate --help'],
  [['--spec', '0.10'], '`--spec` is an option of a command', 'did you mean `wasi-crypto-gen generate --spec …`?'],
  [['--dry-run'], '`--dry-run` is an option of a command', 'did you mean `wasi-crypto-gen generate --dry-run …`?'],
  [
    ['generate', '--spec', '0.01'],
    'there is no revision, file or folder `0.01`',
    `shipped revisions are ${shippedRevisions().join(', ')}, extension-0.1`,
  ],
  [
    ['generate', '--spec', '0.10', '--target', 'typescript-hots'],
    'there is no target `typescript-hots`',
    'did you mean `typescript-host`?',
  ],
  [['generate', '--spec', '0.10', '--target', 'cobol'], 'there is no target `cobol`', 'targets are typescript-host'],
  [
    ['generate', '--spec', '0.11', '--target', 'typescript-host'],
    'target `typescript-host` cannot be made from WIT definitions',
    'it takes WITX',
  ],
  [
    ['generate', '--spec', 'extension-0.2'],
    'there is no revision, file or folder `extension-0.2`',
    'did you mean `extension-0.1`?',
  ],
  [
    ['inspect', 'extension-0.1'],
    '`extension-0.1` comes in 2 languages, and one of them is needed here',
    'say `extension-0.1/wit` or `extension-0.1/witx`',
  ],
  [['diff', 'extension-0.1', '0.10'], '`extension-0.1` comes in 2 languages', '`extension-0.1/witx`'],
  [['inspect', 'absent'], 'there is no revision, file or folder `absent`', ', extension-0.1/wit, extension-0.1/witx;'],
  [
    ['generate', '--spec', '0.11', '--features', '--dry-run'],
    'argument `--dry-run` is invalid. `--dry-run` is no name of a feature.',
    'see `wasi-crypto-gen generate --help`',
  ],
  [
    ['diff', '0.11', '0.11', '--features', 'a,,b'],
    'argument `a,,b` is invalid. `` is no name of a feature.',
    '--help`',
  ],
  [['generate', '--import-suffix', '.mjs'], 'argument `.mjs` is invalid', 'Allowed choices are .js, .ts, none'],
  [['check', '--format', 'xml'], 'argument `xml` is invalid', 'Allowed choices are text, json'],
  [['inspect'], 'missing required argument `definitions`', 'see `wasi-crypto-gen inspect --help`'],
  [
    ['inspect', '0.10', 'symmetric_state_opne'],
    'have no function `symmetric_state_opne`',
    'did you mean `symmetric_state_open`?',
  ],
  [
    ['inspect', '0.10', 'nothing_like_it'],
    'have no function `nothing_like_it`',
    '`wasi-crypto-gen inspect 0.10` names',
  ],
  [['check', '--below', '.'], 'there is no `manifest.json` in `.`', 'say with `--below`'],
  [
    ['imports', 'absent.wasm'],
    'cannot read `absent.wasm` (no such file or directory)',
    'wasi-crypto-gen imports guest.wasm',
  ],
  [['init'], 'there is nobody to answer questions', 'add `--yes`'],
  [['init', '--yes', '--template', 'gest'], 'argument `gest` is invalid', 'Allowed choices are guest-core'],
  [['watch', '0.10'], 'there are no definitions of your own to watch', 'write a configuration'],
  [['generate', '--config', 'none.json'], 'cannot read the configuration `none.json`', 'name a file such as'],
  [['diff', '0.10', 'absent'], 'there is no revision, file or folder `absent`', 'shipped revisions are'],
  [['check', '--out', 'absent'], 'there is no `manifest.json` in `absent`', 'wasi-crypto-gen generate'],
  [['run'], 'missing required argument `guest.wasm`', 'wasi-crypto-gen run --help'],
];

/** A file, and what is said of it: code, place and words. */
const configurations: readonly (readonly [name: string, text: string, ...expected: readonly string[]])[] = [
  [
    'wasi-crypto.config.json',
    '{\n  "outputs": [{ "spec": "definitions", "targts": [] }]\n}',
    '[config-unknown-key]',
    'wasi-crypto.config.json:2:40',
    'a configuration has no key `outputs[0].targts`',
    'did you mean `targets`?',
  ],
  [
    'wasi-crypto.config.json',
    '{\n  "outputs": [{ "spec": 10 }]\n}',
    '[config-wrong-type]',
    'wasi-crypto.config.json:2:25',
    '`outputs[0].spec` should be a text, and is `10`',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [{ "spec": "a", "targets": ["a", 1] }] }',
    '[config-wrong-type]',
    'json:1:47',
    '`outputs[0].targets[1]` should be a text',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [\n  {} ] }',
    '[config-missing-key]',
    'json:2:3',
    '`outputs[0]` has no `spec`',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [] }',
    '[config-wrong-type]',
    'json:1:14',
    '`outputs` should be a list of outputs, and is empty',
  ],
  ['wasi-crypto.config.json', '{}', '[config-missing-key]', 'json:1:1', 'the configuration has no `outputs`'],
  ['wasi-crypto.config.json', '[]', '[config-wrong-type]', 'the configuration should be an object, and is a list'],
  ['wasi-crypto.config.json', '{\n  "outputs": [,]\n}', '[config-unreadable]', 'json:2:15', "Unexpected token ','"],
  ['wasi-crypto.config.json', '{ "outputs": [', '[config-unreadable]', 'json:1:15', 'Unexpected end'],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [{ "spec": "defintions" }] }',
    '[config-bad-value]',
    'json:1:25',
    '`outputs[0].spec`: there is no revision, file or folder `defintions`',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [{ "spec": "definitions", "header": { "file": "none.txt" } }] }',
    '[config-bad-value]',
    'json:1:50',
    'cannot read the header `none.txt`',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [{ "spec": "definitions", "eol": "cr" }] }',
    '[config-wrong-type]',
    'json:1:47',
    'one of `lf`, `crlf`, `auto`, and is the text `cr`',
  ],
  [
    'wasi-crypto.config.json',
    '{ "outputs": [{ "spec": "definitions" },\n { "spec": "definitions" }] }',
    '[config-same-folder]',
    'json:2:2',
    '`outputs[1]` goes to the same folder as `outputs[0]`',
  ],
  [
    'package.json',
    '{\n  "name": "mine",\n  "wasi-crypto-gen": { "outputs": 1 }\n}',
    '[config-wrong-type]',
    'package.json:3:35',
    '`outputs` should be a list of outputs, and is `1`',
  ],
  [
    'wasi-crypto.config.ts',
    "const outputs = [\n  { spec: 'definitions', lnt: 'disable' },\n];\nexport default { outputs };\n",
    '[config-unknown-key]',
    'no key `outputs[0].lnt`',
    'did you mean `lint`?',
  ],
  [
    'wasi-crypto.config.ts',
    "const outputs = [\n  { spec: 'definitions', lint: 'off' },\n];\nexport default { outputs: outputs };\n",
    '[config-wrong-type]',
    'wasi-crypto.config.ts:2:32',
    '`outputs[0].lint`',
  ],
  [
    'wasi-crypto.config.ts',
    'export default {\n  outputs: [}\n',
    '[config-unreadable]',
    'wasi-crypto.config.ts:2:',
    'Expression or comma expected',
  ],
  [
    'wasi-crypto.config.mjs',
    "export default {};\nthrow new Error('no luck');\n",
    '[config-unreadable]',
    'wasi-crypto.config.mjs:2:7',
    'no luck',
  ],
  [
    'wasi-crypto.config.mjs',
    'export const config = { outputs: [] };\n',
    '[config-unreadable]',
    'it exports nothing by default',
  ],
  [
    'wasi-crypto.config.mjs',
    "const list = [1].map(() => ({ spec: 'definitions', x: 1 }));\nexport default {\n  outputs: list,\n};\n",
    '[config-unknown-key]',
    'wasi-crypto.config.mjs:3:12',
    '`outputs[0].x`',
  ],
];

/** Definitions, the code, and what else is said. */
const definitions: readonly (readonly [file: string, text: string, code: string, ...expected: readonly string[]])[] = [
  ['a.witx', '(module $m', 'unbalanced-parenthesis', 'a.witx:1:1', 'never closed'],
  ['a.witx', '(modul $m)', 'misspelt-keyword', 'did you mean `module`?'],
  ['a.witx', '(typename $a $b)', 'unknown-name', 'a.witx:1:14'],
  ['a.witx', '(typename $a u8) (typename $a u16)', 'duplicate-name', 'declared twice'],
  ['a.witx', '(typename $a (record (field $x $a)))', 'cyclic-type', 'contains itself'],
  ['a.witx', '(use "absent.witx")', 'file-not-found', 'absent.witx'],
  ['a.witx', '(typename $a (enum (@witx tag u8)))', 'empty-type'],
  ['a.witx', '(typename $a (handle) u8)', 'unexpected-token'],
  ['a.witx', '', 'empty-spec', 'defines nothing'],
  ['a.wit', 'interface a { f: func(); }', 'no-package', 'package namespace:name;'],
  ['a.wit', 'package a:b;\ninterface a { f: func(x: strin); }', 'unknown-name', 'a.wit:2:', 'did you mean `string`?'],
  ['a.wit', 'package a:b;\ninterface a { f: func() -> borrow<r>; resource r; }', 'borrow-in-result', 'owned'],
  ['a.wit', 'package a:b;\nworld w { import c:d/e; }', 'unknown-package', 'c:d'],
  ['a.wit', 'package a:b;\ninterface a {', 'unbalanced-brace', 'never closed'],
  ['a.wit', 'package a:b;\ninterface a { enum e { } }', 'empty-type'],
  ['a.wit', 'package a:b;\ninterface type { f: func(); }', 'keyword-as-name', '`type` is a keyword'],
];

it('are sixty and more', () => {
  expect(commands.length + configurations.length + definitions.length).toBeGreaterThanOrEqual(60);
});

describe('wrong arguments exit with 2 and a hint', () => {
  it.for(commands)('%j', async ([args, message, hint], { folder }) => {
    const { code, stdout, stderr } = await wasiCryptoGen(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of ['error: ', message, hint]) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a mistake in a configuration is told with its place, and ends with 2', () => {
  it.for(configurations)('%s: %s', async ([name, text, ...expected], { folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, name), text);
    const { code, stdout, stderr } = await wasiCryptoGen(['generate'], { cwd: folder });
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    for (const part of [...expected, `error: \`${name}\` cannot be used`]) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder)).toEqual(['definitions', name].sort());
  });
});

describe('a mistake in definitions is told with its place, and ends with 3', () => {
  it.for(definitions)('%s: %s', async ([file, text, diagnosed, ...expected], { folder }) => {
    await writeFile(join(folder, file), text);
    const { code, stdout, stderr } = await wasiCryptoGen(['generate', file], { cwd: folder });
    expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: '' });
    for (const part of [...expected, `error[${diagnosed}]`, 'nothing was written']) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder)).toEqual([file]);
  });
});
