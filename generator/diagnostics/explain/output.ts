/** What an ABI or a target cannot express, configuration files, components. */
import type { Code } from '../catalog.js';
import { inConfig, inFiles, inWit, inWitx, type Explanation } from './explanation.js';

const errno =
  '(typename $errno (enum (@witx tag u16) $success $guest_error $invalid_handle $too_many_handles $not_implemented $internal_error))';
const handles = (count: number): string =>
  Array.from({ length: count }, (_, index) => `(typename $h${index} (handle))`).join('\n');
const withKeys = (count: number): string => `${errno}
(typename $key (handle))
(typename $there (enum (@witx tag u8) $some $none))
(typename $maybe_key (variant (@witx tag $there) (case $some $key) (case $none)))
(module $api
  (@interface func (export "ping")
    ${Array.from({ length: count }, (_, index) => `(param $k${index} $maybe_key)`).join(' ')}
    (result $error (expected (error $errno)))))`;
const config = (output: string): string => `{ "outputs": [{ ${output} }] }`;
const guest = (source: string, world: string): string =>
  `--- guest.ts\n${source}\n--- wit/app.wit\npackage app:keys;\n${world}\nwasi-crypto-gen componentize guest.ts --wit wit --out guest.wasm`;
const soundGuest = guest(
  'export function ping(): u32 {\n  return 1;\n}',
  'world app {\n  export ping: func() -> u32;\n}',
);

export const output = {
  'target-without-dialect': {
    meaning:
      'Some targets belong to one of the two languages: a host for core modules is made from WITX, one for components from WIT. Programs that call the library get this diagnostic; the command line says it of its options.',
    wrong: { files: [], command: 'wasi-crypto-gen generate 0.10 --target component-host' },
    right: { files: [], command: 'wasi-crypto-gen generate 0.10 --target typescript-host' },
  },
  'too-many-handle-kinds': inWitx(
    'A handle holds its kind in four bits, one of whose values means none.',
    handles(16),
    handles(15),
  ),
  'unknown-selection': inFiles(
    '`--include` or `--exclude` names nothing that the definitions have.',
    '--- app.witx\n(module $api\n  (@interface func (export "ping")))\nwasi-crypto-gen generate app.witx --include apis',
    '--- app.witx\n(module $api\n  (@interface func (export "ping")))\nwasi-crypto-gen generate app.witx --include api',
  ),
  'guessed-errno': inFiles(
    'Bindings answer some mistakes of guests themselves, such as a handle that is none. No case of the errno is known to say this one, so the likeliest was taken.',
    `--- app.witx\n(typename $errno (enum (@witx tag u16) $success $bad $worse))\n(module $api\n  (@interface func (export "ping") (result $error (expected (error $errno)))))\nwasi-crypto-gen generate app.witx`,
    `--- app.witx\n(typename $errno (enum (@witx tag u16)\n  $success\n  ;;; @fault bad-memory, bad-text, bad-value, absent, bad-handle, closed-handle, too-many-handles, internal\n  ;;; Anything else.\n  $bad))\n(module $api\n  (@interface func (export "ping") (result $error (expected (error $errno)))))\nwasi-crypto-gen generate app.witx`,
  ),
  'unknown-fault': inFiles(
    '`--errno` or a comment with `@fault` gives a case to something that bindings never find.',
    `--- app.witx\n${errno}\n(module $api\n  (@interface func (export "ping") (result $error (expected (error $errno)))))\nwasi-crypto-gen generate app.witx --errno absnt=internal_error`,
    `--- app.witx\n${errno}\n(module $api\n  (@interface func (export "ping") (result $error (expected (error $errno)))))\nwasi-crypto-gen generate app.witx --errno absent=internal_error`,
  ),
  'near-miss-in-annotations': inFiles(
    'A file of annotations declares a function that the definitions do not have, and they have one that is called nearly so. What is declared is added; what was perhaps meant stays as the rules make it.',
    `--- app.witx\n(module $api\n  (@interface func (export "ping")))\n--- decisions.wit\npackage app:keys;\ninterface api {\n  pign: func() -> u32;\n}\nwasi-crypto-gen generate app.witx --target wit --annotations decisions.wit`,
    `--- app.witx\n(module $api\n  (@interface func (export "ping")))\n--- decisions.wit\npackage app:keys;\ninterface api {\n  ping: func() -> u32;\n  status: func() -> u32;\n}\nwasi-crypto-gen generate app.witx --target wit --annotations decisions.wit`,
  ),
  'no-wit': inFiles(
    'Components share no memory, so WIT cannot say this with an address, or with memory that is filled inside a list. Nor can a function have the name of a type that its interface has or uses. A file of annotations says what stands there instead.',
    `--- app.witx\n(typename $size (@witx usize))\n(module $api\n  (@interface func (export "peek") (param $at (@witx pointer (@witx pointer u8)))))\nwasi-crypto-gen generate app.witx --target wit`,
    `--- app.witx\n(typename $size (@witx usize))\n(module $api\n  (@interface func (export "peek") (param $at (@witx pointer (@witx pointer u8)))))\n--- decisions.wit\npackage app:keys;\ninterface api {\n  peek: func() -> list<list<u8>>;\n}\nwasi-crypto-gen generate app.witx --target wit --annotations decisions.wit`,
  ),
  'renamed-in-wit': inFiles(
    'Names in WIT begin with a letter. Where that is not so, target `wit` puts an `n` before it, unless a file of annotations declares the type or function.',
    '--- app.witx\n(typename $errno (enum (@witx tag u8) $success $2big))\nwasi-crypto-gen generate app.witx --target wit',
    '--- app.witx\n(typename $errno (enum (@witx tag u8) $success $too_big))\nwasi-crypto-gen generate app.witx --target wit',
  ),
  'no-guest-method': inWitx(
    'The function has more optional parameters than the classes of guests in AssemblyScript can pass. Its raw import is there.',
    withKeys(9),
    withKeys(2),
  ),
  'no-guest-export': inWit(
    'A guest in AssemblyScript cannot export this item of the world: it takes or returns what cannot be passed, or has a name that the component needs itself.',
    'package app:keys;\nworld app {\n  export ping: func(a: stream<u8>);\n}',
    'package app:keys;\nworld app {\n  export ping: func(a: list<u8>);\n}',
  ),
  'no-guest-recipes': inWitx(
    'Recipes are functions for whole tasks, such as `hash`. Definitions that have only some of the modules of wasi-crypto have none.',
    `${errno}\n(module $wasi_ephemeral_crypto_symmetric\n  (@interface func (export "ping") (result $error (expected (error $errno)))))`,
    `${errno}\n(module $my_symmetric\n  (@interface func (export "ping") (result $error (expected (error $errno)))))`,
  ),
  'no-component-abi': inWit(
    'The function uses a part of the component model that is not finished, or that bindings do not know yet.',
    'package app:keys;\ninterface api {\n  ping: func(a: stream<u8>);\n}',
    'package app:keys;\ninterface api {\n  ping: func(a: list<u8>);\n}',
  ),
  'no-component-type': inWit(
    'WIT can say types that components have no encoding for: records, tuples and flags of nothing, and more than 32 flags.',
    'package app:keys;\ninterface api {\n  record nothing {}\n  ping: func() -> u32;\n}',
    'package app:keys;\ninterface api {\n  ping: func() -> u32;\n}',
  ),
  'no-preview1-abi': inWitx(
    'Preview 1 passes numbers, and memory that the caller has set aside. What it cannot pass, such as a list that is returned, leaves the function without an ABI.',
    '(module $api\n  (@interface func (export "ping") (result $names (list string))))',
    '(typename $size u32)\n(module $api\n  (@interface func (export "ping") (param $out (@witx pointer u8)) (param $out_len $size) (result $written $size)))',
  ),
  'unknown-world': inFiles(
    '`--world` names no world of the definitions.',
    '--- app.wit\npackage app:keys;\nworld app {\n  export ping: func();\n}\nwasi-crypto-gen generate app.wit --world ap',
    '--- app.wit\npackage app:keys;\nworld app {\n  export ping: func();\n}\nwasi-crypto-gen generate app.wit --world app',
  ),
  'config-bad-value': inConfig(
    'A key of the configuration has a value of the right type that means nothing.',
    config('"spec": "app.witx", "out": "bindings", "targets": ["typescript-hots"]'),
    config('"spec": "app.witx", "out": "bindings", "targets": ["typescript-host"]'),
  ),
  'config-missing-key': inConfig(
    'A key that the configuration needs is not there.',
    config('"out": "bindings"'),
    config('"spec": "app.witx", "out": "bindings"'),
  ),
  'config-same-folder': inConfig(
    'Two outputs go to one folder, which has one manifest.',
    '{ "outputs": [{ "spec": "app.witx", "out": "bindings" }, { "spec": "0.10", "out": "bindings" }] }',
    '{ "outputs": [{ "spec": "app.witx", "out": "bindings" }] }',
  ),
  'config-unknown-key': inConfig(
    'The configuration has a key that nothing reads, perhaps a misspelt one.',
    config('"spec": "app.witx", "out": "bindings", "target": ["typescript-host"]'),
    config('"spec": "app.witx", "out": "bindings", "targets": ["typescript-host"]'),
  ),
  'config-unreadable': inConfig(
    'The configuration is no JSON, or its module fails when it is loaded.',
    '{ "outputs": [{ "spec": "app.witx", "out": "bindings" }',
    config('"spec": "app.witx", "out": "bindings"'),
  ),
  'config-wrong-type': inConfig(
    'A key of the configuration has a value of another type.',
    config('"spec": "app.witx", "out": "bindings", "targets": "typescript-host"'),
    config('"spec": "app.witx", "out": "bindings", "targets": ["typescript-host"]'),
  ),
  'component-refused': inFiles(
    'The tool that makes components of core modules does not take this one. What it said follows.',
    guest(
      '@external("app:keys/host", "log")\ndeclare function log(a: f64): void;\nexport function ping(): u32 {\n  log(1);\n  return 1;\n}',
      'interface host {\n  log: func(a: u32);\n}\nworld app {\n  import host;\n  export ping: func() -> u32;\n}',
    ),
    guest(
      '@external("app:keys/host", "log")\ndeclare function log(a: u32): void;\nexport function ping(): u32 {\n  log(1);\n  return 1;\n}',
      'interface host {\n  log: func(a: u32);\n}\nworld app {\n  import host;\n  export ping: func() -> u32;\n}',
    ),
  ),
  'foreign-import': inFiles(
    'The guest imports what its world does not. A component has no other imports than those of its world.',
    guest(
      '@external("env", "now")\ndeclare function now(): u32;\nexport function ping(): u32 {\n  return now();\n}',
      'world app {\n  export ping: func() -> u32;\n}',
    ),
    soundGuest,
  ),
  'guest-not-compiled': inFiles(
    'The AssemblyScript compiler refuses the guest. Its own messages say why and where.',
    guest('export function ping(): u32 {\n  return "one";\n}', 'world app {\n  export ping: func() -> u32;\n}'),
    soundGuest,
  ),
  'untested-tool': inFiles(
    'A tool that is installed has another version than those which this version of wasi-crypto-gen was tested with. It is used all the same.',
    'npm install --save-dev @bytecodealliance/jco@1.0',
    'npm install --save-dev @bytecodealliance/jco@1.35',
  ),
  'world-without-exports': inFiles(
    'Hosts call what a component exports. The world of this one exports nothing.',
    guest('export function ping(): u32 {\n  return 1;\n}', 'world app {\n  import ping: func() -> u32;\n}'),
    soundGuest,
  ),
} as const satisfies Partial<Record<Code, Explanation>>;
