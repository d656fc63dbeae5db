/** Types, buffers, corrections of definitions. */
import type { Code } from '../catalog.js';
import { inWit, inWitx, type Explanation } from './explanation.js';

const cases = (count: number): string =>
  `(typename $code (enum (@witx tag u8)${Array.from({ length: count }, (_, index) => ` $c${index}`).join('')}))`;

/** The function of wasi-crypto 0.10 that declares another result than it has. */
const signing = (result: string): string => `(module $wasi_ephemeral_crypto_signatures
  (typename $crypto_errno (enum (@witx tag u16) $success))
  (typename $array_output (handle))
  (typename $signature (handle))
  (typename $signature_state (handle))
  (@interface func (export "signature_state_sign")
    (param $state $signature_state)
    (result $error ${result})))`;

export const types = {
  'bad-constructor': inWit(
    'A constructor returns its resource, which is left unsaid, or a `result` of it.',
    'package app:keys;\ninterface api {\n  resource key {\n    constructor() -> u32;\n  }\n}',
    'package app:keys;\ninterface api {\n  resource key {\n    constructor() -> result<key, string>;\n  }\n}',
  ),
  'bad-list-length': inWit(
    'A list of fixed length has at least one element.',
    'package app:keys;\ninterface api {\n  ping: func(a: list<u8, 0>);\n}',
    'package app:keys;\ninterface api {\n  ping: func(a: list<u8, 32>);\n}',
  ),
  'bad-map-key': inWit(
    'Keys of maps are compared, which only integers, `bool`, `char` and `string` can be.',
    'package app:keys;\ninterface api {\n  ping: func(a: map<f32, u8>);\n}',
    'package app:keys;\ninterface api {\n  type sizes = map<string, u8>;\n}',
  ),
  'borrow-in-result': inWit(
    'A borrowed handle ends with the call that it was lent for, so a function cannot return it.',
    'package app:keys;\ninterface api {\n  resource key {\n    pair: func() -> borrow<key>;\n  }\n}',
    'package app:keys;\ninterface api {\n  resource key {\n    pair: func() -> key;\n  }\n}',
  ),
  'not-a-resource': inWit(
    'Only resources are owned or borrowed. Other types are passed by value.',
    'package app:keys;\ninterface api {\n  type size = u32;\n  ping: func(a: borrow<size>);\n}',
    'package app:keys;\ninterface api {\n  type size = u32;\n  ping: func(a: size);\n}',
  ),
  'bad-tag': inWitx(
    'A tag is an unsigned integer, or for variants an enum.',
    '(typename $color (enum (@witx tag s8) $red $green))',
    '(typename $color (enum (@witx tag u8) $red $green))',
  ),
  'bitflags-field': inWitx(
    'A record that is written as bits has fields of one bit.',
    '(typename $mode (record (@witx bitflags u8) (field $read bool) (field $count u8)))',
    '(typename $mode (record (@witx bitflags u8) (field $read bool) (field $write bool)))',
  ),
  'constant-out-of-range': inWitx(
    'The value does not fit the type of the constant.',
    '(typename $byte u8)\n(@witx const $byte $limit 256)',
    '(typename $byte u8)\n(@witx const $byte $limit 255)',
  ),
  'constant-type': inWitx(
    'Constants are integers.',
    '(typename $text string)\n(@witx const $text $limit 1)',
    '(typename $byte u8)\n(@witx const $byte $limit 1)',
  ),
  'empty-type': inWitx(
    'No value could ever be of this type, since it has no cases.',
    '(typename $color (enum (@witx tag u8)))',
    '(typename $color (enum (@witx tag u8) $red))',
  ),
  'tag-mismatch': inWitx(
    'The cases of a variant have the names of the enum that is its tag.',
    '(typename $tag (enum (@witx tag u8) $a $b))\n(typename $value (variant (@witx tag $tag) (case $a u32) (case $c u64)))',
    '(typename $tag (enum (@witx tag u8) $a $b))\n(typename $value (variant (@witx tag $tag) (case $a u32) (case $b u64)))',
  ),
  'tag-case-count': inWitx(
    'A variant has a case for each case of the enum that is its tag.',
    '(typename $tag (enum (@witx tag u8) $a $b))\n(typename $value (variant (@witx tag $tag) (case $a u32)))',
    '(typename $tag (enum (@witx tag u8) $a $b))\n(typename $value (variant (@witx tag $tag) (case $a u32) (case $b u64)))',
  ),
  'too-many-cases': inWitx('The tag has too few values for all cases.', cases(257), cases(4)),
  'too-many-flags': inWitx(
    'Every flag is a bit of the integer that represents them, and that has too few.',
    '(typename $uses (flags (@witx repr u8) $a $b $c $d $e $f $g $h $i))',
    '(typename $uses (flags (@witx repr u16) $a $b $c $d $e $f $g $h $i))',
  ),
  'length-without-pointer': inWitx(
    'A parameter called `…_len` is the length of the buffer before it, and there is none.',
    '(typename $size u32)\n(module $api\n  (@interface func (export "ping") (param $data_len $size)))',
    '(typename $size u32)\n(module $api\n  (@interface func (export "ping") (param $data (@witx const_pointer u8)) (param $data_len $size)))',
  ),
  'single-pointer': inWitx(
    'A pointer without a length is an address: bindings cannot tell how much memory it means, and hand over the number.',
    '(typename $size u32)\n(typename $node (record (field $next (@witx pointer u8)) (field $count $size)))',
    '(typename $size u32)\n(typename $node (record (field $index u32) (field $count $size)))',
  ),
  'erratum-does-not-apply': inWitx(
    'This version knows a mistake of published definitions and corrects it, and these definitions no longer have it. They are taken as they stand.',
    signing('(expected $signature (error $crypto_errno))'),
    signing('(expected $array_output (error $crypto_errno))'),
  ),
} as const satisfies Partial<Record<Code, Explanation>>;
