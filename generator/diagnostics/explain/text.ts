/** Reading files, words, forms. */
import type { Code } from '../catalog.js';
import { inFiles, inWit, inWitx, type Explanation } from './explanation.js';

const deep = (depth: number): string => `(typename $a ${'(list '.repeat(depth)}u8${')'.repeat(depth)})`;

const long = (length: number): string => `(typename $${'n'.repeat(length)} u8)`;

/** A chain of records, each of which holds the one before. */
const chain = (length: number): string =>
  [
    '(typename $t_0 u8)',
    ...Array.from({ length }, (_, index) => `(typename $t_${index + 1} (record (field $inner $t_${index})))`),
  ].join('\n');

/** Each holds the one before ten times. */
const tens = (length: number): string =>
  [
    '(typename $t_0 u8)',
    ...Array.from({ length }, (_, index) => `(typename $t_${index + 1} (tuple${` $t_${index}`.repeat(10)}))`),
  ].join('\n');

export const text = {
  'empty-spec': inWitx(
    'The definitions were read and hold nothing: no type, no function.',
    ';; nothing yet',
    '(typename $size u32)',
  ),
  'file-not-found': inFiles(
    'A file that was named on the command line or in a `use` does not exist.',
    '--- app.witx\n(use "typs.witx")\nwasi-crypto-gen generate app.witx',
    '--- app.witx\n(use "types.witx")\n--- types.witx\n(typename $size u32)\nwasi-crypto-gen generate app.witx',
  ),
  'file-unreadable': inFiles(
    'The file exists and cannot be read as text: it is no UTF-8, it is too large, or the system refuses it.',
    '--- app.witx/types.txt\n(typename $size u32)\n--- main.witx\n(use "app.witx")\nwasi-crypto-gen generate main.witx',
    '--- app.witx\n(typename $size u32)\n--- main.witx\n(use "app.witx")\nwasi-crypto-gen generate main.witx',
  ),
  'binary-package': inFiles(
    'In `deps` stands a package as WebAssembly. Commands that take one reader for all, such as `diff` and `inspect`, and the generator on files in memory read text.',
    '--- wit/app.wit\npackage app:keys;\ninterface api {\n  ping: func();\n}\n--- wit/deps/keys.wasm\n\\0asm\nwasi-crypto-gen inspect wit',
    '--- wit/app.wit\npackage app:keys;\ninterface api {\n  ping: func();\n}\n--- wit/deps/keys.wit\npackage other:keys;\ninterface keys {\n  count: func() -> u32;\n}\nwasi-crypto-gen inspect wit',
  ),
  'unsupported-dialect': inFiles(
    'WITX and WIT are two languages, and one set of definitions is written in one of them.',
    '--- app.witx\n(use "types.wit")\n--- types.wit\npackage app:types;\nwasi-crypto-gen generate app.witx',
    '--- app.witx\n(use "types.witx")\n--- types.witx\n(typename $size u32)\nwasi-crypto-gen generate app.witx',
  ),
  'wit-files-ignored': inFiles(
    'A folder is read in one language, and WITX comes first. WIT files beside are often another form of the same, or annotations: these are named, not found.',
    '--- app/app.witx\n(typename $size u32)\n--- app/world.wit\npackage app:types;\nwasi-crypto-gen generate app',
    '--- app/app.witx\n(typename $size u32)\n--- wit/world.wit\npackage app:types;\nwasi-crypto-gen generate app',
  ),
  'bad-integer': inWitx(
    'An integer is expected, and what stands there begins like one.',
    '(typename $size u32)\n(@witx const $size $limit 12px)',
    '(typename $size u32)\n(@witx const $size $limit 12)',
  ),
  'bad-name': inWitx(
    'A name holds something else than letters, digits, `_` and `-`. In WIT its words are in one case each, and none begins with a digit.',
    '(typename $my.size u32)',
    '(typename $my_size u32)',
  ),
  'bad-string': inWit(
    'A string has an escape that does not exist, or stands for something that is no Unicode text.',
    'package app:docs;\ninterface api {\n  @external-id("\\q")\n  ping: func();\n}',
    'package app:docs;\ninterface api {\n  @external-id("quit")\n  ping: func();\n}',
  ),
  'bad-version': inWit(
    'Versions have three numbers, as semantic versioning wants it.',
    'package app:keys@1.0;\ninterface api {\n  ping: func();\n}',
    'package app:keys@1.0.0;\ninterface api {\n  ping: func();\n}',
  ),
  'forbidden-character': inWit(
    'Control characters, and those that change the direction of text, can make a file look other than it is. No WIT file may hold them.',
    'package app:keys; // reads \u202eas\u202c it is\ninterface api {\n  ping: func();\n}',
    'package app:keys; // reads as it is\ninterface api {\n  ping: func();\n}',
  ),
  'keyword-as-name': inWit(
    'A word of the language stands where a name should. With `%` before it, it is a name.',
    'package app:keys;\ninterface api {\n  list: func();\n}',
    'package app:keys;\ninterface api {\n  %list: func();\n}',
  ),
  'unexpected-character': inWitx(
    'The language has no use for this character outside of strings and comments.',
    '(typename $bytes [u8])',
    '(typename $bytes (list u8))',
  ),
  'unterminated-comment': inWitx(
    'A block comment begins and never ends. Block comments nest: each needs an end of its own.',
    '(typename $size u32)\n(; the rest (; is planned ;)',
    '(typename $size u32)\n(; the rest (; is planned ;) ;)',
  ),
  'unterminated-string': inFiles(
    'A string has no closing quotation mark on its line.',
    '--- app.witx\n(use "types.witx)\n--- types.witx\n(typename $size u32)\nwasi-crypto-gen generate app.witx',
    '--- app.witx\n(use "types.witx")\n--- types.witx\n(typename $size u32)\nwasi-crypto-gen generate app.witx',
  ),
  'bad-package-name': inWit(
    'A package has a namespace, a name and perhaps a version.',
    'package keys;\ninterface api {\n  ping: func();\n}',
    'package app:keys;\ninterface api {\n  ping: func();\n}',
  ),
  'bad-path': inWit(
    'What is used or included is an interface or a world, of this package or of another one.',
    'package app:keys;\ninterface types {\n  type size = u32;\n}\ninterface api {\n  use app:keys.{size};\n  ping: func(a: size);\n}',
    'package app:keys;\ninterface types {\n  type size = u32;\n}\ninterface api {\n  use types.{size};\n  ping: func(a: size);\n}',
  ),
  'misplaced-form': inWitx(
    'The form is known, and has its place elsewhere.',
    '(@interface func (export "ping"))',
    '(module $api\n  (@interface func (export "ping")))',
  ),
  'misspelt-keyword': inWitx(
    'A keyword is expected, and this is none. Keywords are written in small letters.',
    '(Typename $size u32)',
    '(typename $size u32)',
  ),
  'name-too-long': inWitx('A name has more characters than names of files may have.', long(201), long(40)),
  'type-too-deep': inWitx(
    'Types hold types that hold types, further than any ABI or reader can follow.',
    chain(101),
    chain(3),
  ),
  'type-too-large': inWitx(
    'With all that its parts stand for, the type has more parts than bindings can hold. A few lines can say millions.',
    tens(4),
    tens(2),
  ),
  'nesting-too-deep': inWitx('Forms stand in each other more than 64 deep.', deep(70), deep(3)),
  'several-package-docs': inFiles(
    'A comment before `package` documents the package, which has several files here and can have one such comment.',
    '--- wit/a.wit\n/// Keys.\npackage app:keys;\ninterface a {\n  ping: func();\n}\n--- wit/b.wit\n/// More keys.\npackage app:keys;\ninterface b {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
    '--- wit/a.wit\n/// Keys.\npackage app:keys;\ninterface a {\n  ping: func();\n}\n--- wit/b.wit\npackage app:keys;\n\n/// More keys.\ninterface b {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
  ),
  'unbalanced-brace': inWit(
    'A brace is never closed, or closes nothing.',
    'package app:keys;\ninterface api {\n  ping: func();',
    'package app:keys;\ninterface api {\n  ping: func();\n}',
  ),
  'unbalanced-parenthesis': inWitx(
    'A parenthesis is never closed, or closes nothing.',
    '(typename $size u32))',
    '(typename $size u32)',
  ),
  'unexpected-token': inWitx(
    'Something else is expected here. The message says what.',
    '(typename $size u32)\n(@witx const $size $limit ten)',
    '(typename $size u32)\n(@witx const $size $limit 10)',
  ),
  'untagged-union': inWitx(
    'Unions of WASI in 2019 were memory that several types share, as in C, and a field beside them said which it was. Later ones name the enum that tells.',
    '(typename $contents (union (field $size u32) (field $error u16)))',
    '(typename $tag (enum (@witx tag u8) $size $error))\n(typename $contents (variant (@witx tag $tag) (case $size u32) (case $error u16)))',
  ),
  'unnamed-type': inWitx(
    'Bindings name enums, flags, records, variants and handles, so these are declared before they are used.',
    '(typename $colors (list (enum $red $green)))',
    '(typename $color (enum $red $green))\n(typename $colors (list $color))',
  ),
  'unsupported-form': inWitx(
    'The form is none of WITX as this version reads it.',
    '(typename $key (@witx borrow u32))',
    '(typename $key (handle))',
  ),
} as const satisfies Partial<Record<Code, Explanation>>;
