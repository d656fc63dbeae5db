/** Names, gates, worlds. */
import type { Code } from '../catalog.js';
import { inFiles, inWit, inWitx, type Explanation } from './explanation.js';

export const names = {
  'ambiguous-name': inWitx(
    'Two modules whose names are all used have a type of this name.',
    '(module $a (typename $size u32))\n(module $b (typename $size u64))\n(module $c\n  (use * from $a)\n  (use * from $b)\n  (typename $sizes (list $size)))',
    '(module $a (typename $size u32))\n(module $b (typename $size u64))\n(module $c\n  (use $size from $a)\n  (typename $sizes (list $size)))',
  ),
  'colliding-name': inWitx(
    'Generated code writes names in the case of its language, and there the two would be one.',
    '(typename $key_size u32)\n(typename $key-size u32)',
    '(typename $key_size u32)\n(typename $key_limit u32)',
  ),
  'cyclic-type': inWitx(
    'The type is made of itself, directly or by way of others, so its values would never end.',
    '(typename $tree (record (field $left $tree)))',
    '(typename $tree (record (field $left u32)))',
  ),
  'cyclic-use': inFiles(
    'Files, modules, interfaces, worlds or packages use each other in a circle.',
    '--- app.witx\n(use "types.witx")\n--- types.witx\n(use "app.witx")\nwasi-crypto-gen generate app.witx',
    '--- app.witx\n(use "types.witx")\n--- types.witx\n(typename $size u32)\nwasi-crypto-gen generate app.witx',
  ),
  'duplicate-case': inWitx(
    'An enum, a variant or flags name a case twice.',
    '(typename $color (enum $red $green $red))',
    '(typename $color (enum $red $green $blue))',
  ),
  'duplicate-kind': inWitx(
    'Two modules declare a kind of handle of the same name, and classes are named after these.',
    '(module $a (typename $key (handle)))\n(module $b (typename $key (handle)))',
    '(module $a (typename $key (handle)))\n(module $b (use $key from $a) (typename $pair (handle)))',
  ),
  'duplicate-name': inWitx(
    'Two things of one kind have one name.',
    '(typename $size u32)\n(typename $size u64)',
    '(typename $size u32)\n(typename $long_size u64)',
  ),
  'duplicate-package': inWit(
    'A package is the files of one folder, or one block in a file.',
    'package app:all;\npackage app:keys {\n  interface a {\n    ping: func();\n  }\n}\npackage app:keys {\n  interface b {\n    ping: func();\n  }\n}',
    'package app:all;\npackage app:keys {\n  interface a {\n    ping: func();\n  }\n  interface b {\n    ping: func();\n  }\n}',
  ),
  'gated-name': inWit(
    'What is named is there only while a feature is on, and what names it is always there.',
    'package app:keys;\ninterface api {\n  @unstable(feature = fast)\n  type size = u32;\n  ping: func(a: size);\n}',
    'package app:keys;\ninterface api {\n  @unstable(feature = fast)\n  type size = u32;\n  @unstable(feature = fast)\n  ping: func(a: size);\n  pong: func();\n}',
  ),
  'no-package': inFiles(
    'No file of the folder says which package they are.',
    '--- wit/api.wit\ninterface api {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
    '--- wit/api.wit\npackage app:keys;\ninterface api {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
  ),
  'package-mismatch': inFiles(
    'The files of one folder make one package, and these name two. Other packages stand in `deps/`.',
    '--- wit/a.wit\npackage app:keys;\ninterface a {\n  ping: func();\n}\n--- wit/b.wit\npackage app:locks;\ninterface b {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
    '--- wit/a.wit\npackage app:keys;\ninterface a {\n  ping: func();\n}\n--- wit/deps/locks/b.wit\npackage app:locks;\ninterface b {\n  ping: func();\n}\nwasi-crypto-gen generate wit',
  ),
  'resource-member-name': inWit(
    'In bindings a function of the name of its resource would be the class itself.',
    'package app:keys;\ninterface api {\n  resource key {\n    key: func();\n  }\n}',
    'package app:keys;\ninterface api {\n  resource key {\n    bits: func();\n  }\n}',
  ),
  'unknown-module': inWitx(
    'Nothing that was read declares a module of this name.',
    '(module $common (typename $size u32))\n(module $api (use * from $comon))',
    '(module $common (typename $size u32))\n(module $api (use * from $common))',
  ),
  'unknown-package': inWit(
    'The package is neither this one nor one in `deps/`. Paths give the version that a package has.',
    'package app:keys;\ninterface api {\n  use app:types/numbers.{size};\n  ping: func(a: size);\n}',
    'package app:keys;\ninterface numbers {\n  type size = u32;\n}\ninterface api {\n  use numbers.{size};\n  ping: func(a: size);\n}',
  ),
  'wrong-kind': inWit(
    'The name exists, and is of another kind than is needed here.',
    'package app:keys;\nworld app {\n  export ping: func();\n}\ninterface api {\n  use app.{size};\n}',
    'package app:keys;\ninterface types {\n  type size = u32;\n}\ninterface api {\n  use types.{size};\n  ping: func(a: size);\n}',
  ),
  'unknown-name': inWitx(
    'Nothing of this name is declared where it could be seen.',
    '(typename $sizes (list $siz))',
    '(typename $size u32)\n(typename $sizes (list $size))',
  ),
  'conflicting-gates': inWit(
    'An item is either part of a version or not yet stable.',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.0.0)\n  @unstable(feature = fast)\n  ping: func();\n}',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.0.0)\n  ping: func();\n}',
  ),
  'duplicate-gate': inWit(
    'A gate stands once before an item.',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.0.0)\n  @since(version = 1.0.0)\n  ping: func();\n}',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.0.0)\n  ping: func();\n}',
  ),
  'gate-without-version': inWit(
    '`@since` names a version of the package, and the package has none.',
    'package app:keys;\ninterface api {\n  @since(version = 1.0.0)\n  ping: func();\n}',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.0.0)\n  ping: func();\n}',
  ),
  'lonely-deprecated': inWit(
    '`@deprecated` says when an item went out of use, and another gate has to say when it came.',
    'package app:keys@1.1.0;\ninterface api {\n  @deprecated(version = 1.1.0)\n  ping: func();\n}',
    'package app:keys@1.1.0;\ninterface api {\n  @since(version = 1.0.0)\n  @deprecated(version = 1.1.0)\n  ping: func();\n}',
  ),
  'unreleased-gate': inWit(
    'The version is later than that of the package.',
    'package app:keys@1.0.0;\ninterface api {\n  @since(version = 1.2.0)\n  ping: func();\n}',
    'package app:keys@1.2.0;\ninterface api {\n  @since(version = 1.2.0)\n  ping: func();\n}',
  ),
  'incompatible-exports': inWit(
    'An interface is exported, and uses one that is imported, which uses an exported one: the same type would be on both sides.',
    'package app:keys;\ninterface c {\n  resource key;\n}\ninterface b {\n  use c.{key};\n  type held = key;\n}\ninterface a {\n  use b.{held};\n  ping: func(k: held);\n}\nworld w {\n  export a;\n  export c;\n}',
    'package app:keys;\ninterface c {\n  resource key;\n}\ninterface b {\n  use c.{key};\n  type held = key;\n}\ninterface a {\n  use b.{held};\n  ping: func(k: held);\n}\nworld w {\n  export a;\n  export b;\n  export c;\n}',
  ),
} as const satisfies Partial<Record<Code, Explanation>>;
