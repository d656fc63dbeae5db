/**
 * Every diagnostic: its stable code, severity, message and, where one always fits, hint. Codes are
 * part of the public API: never renamed, never reused. Sorted by stage, then by name.
 */
export type Severity = 'error' | 'warning';

interface Entry {
  readonly severity: Severity;
  // Each message states its own parameters; `Params` recovers them.
  readonly message: (params: never) => string;
  readonly hint?: string;
}

const entries = {
  // reading
  'empty-spec': {
    severity: 'error',
    message: (p: { path: string }) => `\`${p.path}\` defines nothing`,
    hint: 'give a `.witx` or `.wit` file, or a folder of them',
  },
  'file-not-found': {
    severity: 'error',
    message: (p: { path: string }) => `cannot find \`${p.path}\``,
  },
  'file-unreadable': {
    severity: 'error',
    message: (p: { path: string; why: string }) => `cannot read \`${p.path}\`: ${p.why}`,
  },
  'unsupported-dialect': {
    severity: 'error',
    message: (p: { path: string; dialect: string; among: string }) =>
      `\`${p.path}\` is ${p.dialect}, and cannot be read together with ${p.among}`,
    hint: 'one run reads either WITX or WIT',
  },
  'wit-files-ignored': {
    severity: 'warning',
    message: (p: { folder: string; files: string }) => `\`${p.folder}\` holds WITX, and so ${p.files} is not read`,
    hint: 'keep the languages in folders of their own, or name the files that are meant',
  },
  'binary-package': {
    severity: 'error',
    message: (p: { path: string }) => `\`${p.path}\` is a package in WebAssembly, which is not read here`,
    hint: '`generate`, `check` and `componentize` read it; otherwise `wkg wit fetch --type wit` fetches it as text',
  },
  // words
  'bad-integer': {
    severity: 'error',
    message: (p: { text: string }) => `\`${p.text}\` is not an integer`,
    hint: 'integers are written `42`, `-1`, `0xff` or `1_000`',
  },
  'bad-name': {
    severity: 'error',
    message: (p: { name: string }) => `${p.name === '' ? 'an empty string' : `\`${p.name}\``} cannot be a name`,
    hint: 'names are made of letters, digits, `_` and `-`, with one letter or digit at least',
  },
  'bad-string': {
    severity: 'error',
    message: (p: { text: string }) => `${p.text} has an escape that is none, or is not Unicode`,
    hint: 'escapes are `\\n`, `\\r`, `\\t`, `\\"`, `\\\\`, `\\41` and `\\u{1f512}`',
  },
  'bad-version': {
    severity: 'error',
    message: (p: { text: string }) => `\`${p.text}\` is no version`,
    hint: 'versions are written `1.2.3`, `1.2.3-rc.1` or `1.2.3+build`',
  },
  'forbidden-character': {
    severity: 'error',
    message: (p: { text: string }) => `character ${p.text} must not stand in a WIT file, not even in a comment`,
    hint: 'it could make the file look other than it is: remove it',
  },
  'keyword-as-name': {
    severity: 'error',
    message: (p: { word: string }) => `\`${p.word}\` is a keyword`,
  },
  'unexpected-character': {
    severity: 'error',
    message: (p: { text: string }) => `${p.text} has no meaning here`,
  },
  'unterminated-comment': {
    severity: 'error',
    message: (_: object) => 'this comment never ends',
    hint: 'block comments nest: every `(;` needs its own `;)`',
  },
  'unterminated-string': {
    severity: 'error',
    message: (_: object) => 'this string does not end on its line',
    hint: 'add the closing `"`',
  },
  // forms
  'bad-package-name': {
    severity: 'error',
    message: (p: { name: string }) => `\`${p.name}\` cannot be the name of a package`,
    hint: 'packages are named `namespace:name` or `namespace:name@1.0.0`, in small letters; nested namespaces and packages are not read',
  },
  'bad-path': {
    severity: 'error',
    message: (p: { path: string }) => `\`${p.path}\` names no interface or world`,
    hint: 'those of the same package are named `name`, others `namespace:package/name` or `namespace:package/name@1.0.0`',
  },
  'misplaced-form': {
    severity: 'error',
    message: (p: { form: string; place: string }) => `${p.form} cannot stand ${p.place}`,
  },
  'misspelt-keyword': {
    severity: 'error',
    message: (p: { found: string }) => `\`${p.found}\` is no keyword`,
  },
  'name-too-long': {
    severity: 'error',
    message: (p: { start: string; limit: number }) => `the name \`${p.start}…\` has more than ${p.limit} characters`,
    hint: 'names become names of files, which have limits',
  },
  'type-too-deep': {
    severity: 'error',
    message: (p: { name: string; limit: number }) =>
      `what \`${p.name}\` is made of stands more than ${p.limit} deep in each other`,
    hint: 'pass the parts by several calls, or by a list',
  },
  'type-too-large': {
    severity: 'error',
    message: (p: { name: string; limit: number }) =>
      `\`${p.name}\` has more than ${p.limit} parts, counted with all that names in it stand for`,
    hint: 'pass the parts by several calls, or by a list',
  },
  'nesting-too-deep': {
    severity: 'error',
    message: (p: { limit: number; what?: string }) => `${p.what ?? 'parentheses'} are nested more than ${p.limit} deep`,
    hint: 'give the inner types names with `typename`',
  },
  'several-package-docs': {
    severity: 'error',
    message: (p: { name: string }) => `comments stand before \`package ${p.name}\` in more than one file`,
    hint: 'any comment there documents the package, for other tools too, and it can have one only: move this one',
  },
  'unbalanced-brace': {
    severity: 'error',
    message: (p: { side: 'open' | 'close' }) =>
      p.side === 'open' ? 'this brace is never closed' : 'this brace closes nothing',
  },
  'unbalanced-parenthesis': {
    severity: 'error',
    message: (p: { side: 'open' | 'close' } | { before: string }) => {
      if ('before' in p) return `there is no opening parenthesis before \`${p.before}\``;
      return p.side === 'open' ? 'this parenthesis is never closed' : 'this parenthesis closes nothing';
    },
  },
  'unexpected-token': {
    severity: 'error',
    message: (p: { expected: string; found: string }) => `expected ${p.expected}, found ${p.found}`,
  },
  'untagged-union': {
    severity: 'error',
    message: (_: object) =>
      'a `union` of named fields without a tag is how WASI wrote it in 2019: nothing in it says which field it has',
    hint: 'later snapshots name the enum that does: `(union $tag (field $name type) …)`, today `(variant (@witx tag $tag) (case $name type) …)`',
  },
  'unnamed-type': {
    severity: 'error',
    message: (p: { what: string }) => `${p.what} needs a name`,
    hint: 'declare it with `(typename $name …)` and use `$name` here',
  },
  'unsupported-form': {
    severity: 'error',
    message: (p: { form: string }) => `\`${p.form}\` is not supported`,
  },
  // names
  'ambiguous-name': {
    severity: 'error',
    message: (p: { name: string }) => `\`$${p.name}\` comes from more than one \`use\``,
    hint: 'name what you mean: `(use $name from $module)`',
  },
  'colliding-name': {
    severity: 'error',
    message: (p: { what: string; name: string; other: string }) =>
      `${p.what} \`${p.name}\` differs from \`${p.other}\` in case or separators only, so both become one name in generated code`,
  },
  'cyclic-type': {
    severity: 'error',
    message: (p: { name: string }) => `type \`${p.name}\` contains itself`,
  },
  'cyclic-use': {
    severity: 'error',
    message: (p: { name: string; verb?: string }) => `\`${p.name}\` ${p.verb ?? 'uses'} itself`,
  },
  'duplicate-case': {
    severity: 'error',
    message: (p: { what: string; name: string; type: string }) =>
      `${p.what} \`$${p.name}\` stands twice in \`$${p.type}\``,
  },
  'duplicate-kind': {
    severity: 'error',
    message: (p: { name: string; module: string }) =>
      `handle kind \`$${p.name}\` is founded in module \`${p.module}\` too`,
    hint: 'classes of the bindings are named after handle kinds: rename one, or use the one there is',
  },
  'duplicate-name': {
    severity: 'error',
    message: (p: { what: string; name: string; of?: string }) =>
      `${p.what} \`${p.name}\`${p.of === undefined ? '' : ` of \`${p.of}\``} is declared twice`,
  },
  'duplicate-package': {
    severity: 'error',
    message: (p: { name: string }) => `package \`${p.name}\` is declared in two places`,
    hint: 'the files of one folder make one package; others need a name or version of their own',
  },
  'gated-name': {
    severity: 'error',
    message: (p: { name: string; feature: string }) =>
      `\`${p.name}\` is part of \`${p.feature}\`, a feature that is not on`,
    hint: 'give what refers to it the same `@unstable(feature = …)`',
  },
  'no-package': {
    severity: 'error',
    message: (p: { path: string }) => `\`${p.path}\` does not say which package it is`,
    hint: 'begin a file with `package namespace:name;`',
  },
  'package-mismatch': {
    severity: 'error',
    message: (p: { name: string; other: string }) => `\`${p.name}\` stands beside files of package \`${p.other}\``,
    hint: 'the files of one folder make one package',
  },
  'resource-member-name': {
    severity: 'error',
    message: (p: { name: string }) => `a function of resource \`${p.name}\` cannot have its name`,
  },
  'unknown-module': {
    severity: 'error',
    message: (p: { name: string }) => `there is no module \`$${p.name}\``,
  },
  'unknown-package': {
    severity: 'error',
    message: (p: { name: string }) => `there is no package \`${p.name}\``,
  },
  'wrong-kind': {
    severity: 'error',
    message: (p: { name: string; found: string; wanted: string }) => `\`${p.name}\` is ${p.found}, not ${p.wanted}`,
  },
  'unknown-name': {
    severity: 'error',
    message: (p: { what: string; name: string; place?: string }) =>
      `there is no ${p.what} \`${p.name}\`${p.place === undefined ? '' : ` in ${p.place}`}`,
  },
  // gates
  'conflicting-gates': {
    severity: 'error',
    message: (_: object) => 'what is `@unstable` is in no version yet, so it has no `@since`',
    hint: 'keep one of them',
  },
  'duplicate-gate': {
    severity: 'error',
    message: (p: { gate: string }) => `\`@${p.gate}\` stands twice`,
  },
  'gate-without-version': {
    severity: 'error',
    message: (p: { package: string }) => `package \`${p.package}\` has no version to compare this with`,
    hint: 'give it one: `package namespace:name@1.0.0;`',
  },
  'lonely-deprecated': {
    severity: 'error',
    message: (_: object) => '`@deprecated` stands alone',
    hint: 'say with `@since(version = …)` or `@unstable(feature = …)` what it was before',
  },
  'unreleased-gate': {
    severity: 'error',
    message: (p: { version: string; package: string }) =>
      `version ${p.version} comes after that of the package, \`${p.package}\``,
    hint: '`@since` is the version that brought the item',
  },
  // worlds
  'incompatible-exports': {
    severity: 'error',
    message: (p: { name: string; imported: string; exported: string }) =>
      `\`${p.name}\` cannot be exported: it uses \`${p.imported}\`, which is imported and itself uses the exported \`${p.exported}\``,
  },
  // types
  'bad-constructor': {
    severity: 'error',
    message: (p: { name: string }) => `this constructor does not return \`${p.name}\``,
  },
  'bad-list-length': {
    severity: 'error',
    message: (p: { text: string }) => `\`${p.text}\` cannot be the length of a list`,
    hint: 'it is a number from 1 to 4294967295',
  },
  'bad-map-key': {
    severity: 'error',
    message: (p: { found: string }) => `${p.found} cannot be the key of a map`,
    hint: 'keys are integers, `bool`, `char` or `string`, without another name',
  },
  'borrow-in-result': {
    severity: 'error',
    message: (p: { func: string; name: string }) =>
      `\`${p.func}\` returns a borrowed \`${p.name}\`, but a loan ends with the call`,
    hint: 'return the resource itself, which is then owned',
  },
  'not-a-resource': {
    severity: 'error',
    message: (p: { name: string; word: string }) => `\`${p.name}\` is no resource, so there is no \`${p.word}\` of it`,
  },
  'bad-tag': {
    severity: 'error',
    message: (p: { role: string; found: string }) => `${p.found} cannot be the ${p.role}`,
  },
  'bitflags-field': {
    severity: 'error',
    message: (p: { name: string }) => `field \`$${p.name}\` of a \`bitflags\` record is no \`bool\``,
  },
  'constant-out-of-range': {
    severity: 'error',
    message: (p: { name: string; value: string; type: string; range: string }) =>
      `constant \`$${p.name}\` is ${p.value}, but \`${p.type}\` goes ${p.range}`,
  },
  'constant-type': {
    severity: 'error',
    message: (p: { name: string; type: string }) =>
      `constant \`$${p.name}\` is of type \`$${p.type}\`, which is no integer`,
  },
  'empty-type': {
    severity: 'error',
    message: (p: { what: string; name: string }) => `${p.what} \`${p.name}\` is empty`,
  },
  'tag-mismatch': {
    severity: 'error',
    message: (p: { name: string; tag: string }) => `case \`$${p.name}\` is not in the tag \`$${p.tag}\``,
    hint: 'the cases of a variant are those of the enum that is its tag',
  },
  'tag-case-count': {
    severity: 'error',
    message: (p: { name: string; cases: number; tag: string; tagCases: number }) =>
      `\`$${p.name}\` has ${p.cases} ${p.cases === 1 ? 'case' : 'cases'}, but its tag \`$${p.tag}\` has ${p.tagCases}`,
  },
  'too-many-cases': {
    severity: 'error',
    message: (p: { name: string; cases: number; tag: string; limit: string }) =>
      `\`$${p.name}\` has ${p.cases} cases, but its tag \`${p.tag}\` can tell ${p.limit} apart`,
    hint: 'choose a wider tag',
  },
  'too-many-flags': {
    severity: 'error',
    message: (p: { name: string; flags: number; limit: number }) =>
      `\`${p.name}\` has ${p.flags} flags, but room for ${p.limit}`,
  },
  // buffers
  'length-without-pointer': {
    severity: 'warning',
    message: (p: { length: string; pointer: string }) =>
      `\`$${p.length}\` looks like the length of a buffer, but there is no \`$${p.pointer}\` before it: bindings pass a number`,
  },
  'single-pointer': {
    severity: 'warning',
    message: (p: { where: string }) => `${p.where} is a pointer without a length: bindings pass it as a bare address`,
  },
  // errata
  'erratum-does-not-apply': {
    severity: 'warning',
    message: (p: { func: string; declared: string; found: string }) =>
      `the correction of \`${p.func}\` no longer fits: it expects \`${p.declared}\`, the definition says \`${p.found}\``,
    hint: 'the definition is taken as it stands; if it was corrected upstream, remove the entry from errata.ts',
  },
  // what an ABI or a target cannot express
  'target-without-dialect': {
    severity: 'error',
    message: (p: { target: string; dialect: string; takes: string }) =>
      `target \`${p.target}\` cannot be made from ${p.dialect} definitions: it takes ${p.takes}`,
  },
  'too-many-handle-kinds': {
    severity: 'error',
    message: (p: { limit: number }) => `a handle has room for ${p.limit} kinds, and this is one more`,
    hint: 'split the definitions: every module can be bound on its own',
  },
  'unknown-selection': {
    severity: 'error',
    message: (p: { pattern: string }) => `\`${p.pattern}\` is no interface, module or function of the definitions`,
    hint: 'write `namespace:package/interface`, `module`, or one of them and `#function`; `*` stands for anything',
  },
  'guessed-errno': {
    severity: 'warning',
    message: (p: { errno: string; faults: string; name: string }) =>
      `\`${p.errno}\` has no case that is known to say ${p.faults}: the bindings answer \`${p.name}\``,
    hint: 'choose with `--errno fault=case`, or write `@fault …` into the comment of the case',
  },
  'unknown-fault': {
    severity: 'error',
    message: (p: { fault: string }) => `\`${p.fault}\` is nothing that the bindings find`,
  },
  'no-guest-method': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `\`${p.func}\` has no method in guest bindings: ${p.why}`,
    hint: 'its raw import is there',
  },
  'no-guest-export': {
    severity: 'warning',
    message: (p: { name: string; why: string }) => `a guest in AssemblyScript cannot export \`${p.name}\`: ${p.why}`,
    hint: 'compiling a guest for this world is an error',
  },
  'no-guest-recipes': {
    severity: 'warning',
    message: (p: { missing: string }) => `guest bindings come without recipes, which need ${p.missing}`,
  },
  'no-component-abi': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `no target can express \`${p.func}\` yet: ${p.why}`,
    hint: 'bindings leave the function out',
  },
  'no-component-type': {
    severity: 'warning',
    message: (p: { name: string; why: string }) => `components cannot encode \`${p.name}\`, ${p.why}`,
    hint: 'functions that pass it are left out, and no tool makes a component of a world that has it',
  },
  'no-preview1-abi': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `\`${p.func}\` has no preview 1 ABI: ${p.why}`,
    hint: 'hosts answer the errno for functions that are not implemented; guest bindings leave the function out',
  },
  'near-miss-in-annotations': {
    severity: 'warning',
    message: (p: { name: string }) => `the definitions have no function \`${p.name}\`: it is added`,
  },
  'no-wit': {
    severity: 'warning',
    message: (p: { name: string; why: string }) => `WIT has no \`${p.name}\`: ${p.why}`,
    hint: 'it is left out: declare it in a file of annotations, and name that with `--annotations`',
  },
  'renamed-in-wit': {
    severity: 'warning',
    message: (p: { name: string; now: string }) =>
      `\`${p.name}\` is called \`${p.now}\` in WIT, where names begin with letters`,
    hint: 'for another name, declare it in a file of annotations, and name that with `--annotations`',
  },
  'unknown-world': {
    severity: 'error',
    message: (p: { world: string }) => `the definitions have no world \`${p.world}\``,
  },
  // configuration files
  'config-bad-value': {
    severity: 'error',
    message: (p: { path: string; why: string }) => `\`${p.path}\`: ${p.why}`,
  },
  'config-missing-key': {
    severity: 'error',
    message: (p: { path: string; key: string }) =>
      `${p.path === '' ? 'the configuration' : `\`${p.path}\``} has no \`${p.key}\``,
    hint: 'a configuration is `{ outputs: [{ spec: "definitions", out: "src/bindings" }] }`',
  },
  'config-same-folder': {
    severity: 'error',
    message: (p: { path: string; other: string }) => `\`${p.path}\` goes to the same folder as \`${p.other}\``,
    hint: 'give each an `out` of its own: a folder has one manifest',
  },
  'config-unknown-key': {
    severity: 'error',
    message: (p: { path: string }) => `a configuration has no key \`${p.path}\``,
  },
  'config-unreadable': {
    severity: 'error',
    message: (p: { why: string }) => `the configuration cannot be read: ${p.why}`,
  },
  'config-wrong-type': {
    severity: 'error',
    message: (p: { path: string; expected: string; found: string }) =>
      `${p.path === '' ? 'the configuration' : `\`${p.path}\``} should be ${p.expected}, and is ${p.found}`,
  },
  // making components
  'component-refused': {
    severity: 'error',
    message: (p: { guest: string; why: string }) => `no component can be made of \`${p.guest}\`: ${p.why}`,
  },
  'foreign-import': {
    severity: 'error',
    message: (p: { guest: string; module: string; name: string; why: string }) =>
      `\`${p.guest}\` imports \`${p.name}\` from \`${p.module}\`, ${p.why}`,
  },
  'guest-not-compiled': {
    severity: 'error',
    message: (p: { guest: string }) => `the AssemblyScript compiler does not take \`${p.guest}\``,
  },
  'untested-tool': {
    severity: 'warning',
    message: (p: { name: string; version: string; tested: string }) =>
      `${p.name} ${p.version} was never tested with this version of wasi-crypto-gen, ${p.tested} was`,
  },
  'world-without-exports': {
    severity: 'error',
    message: (p: { world: string }) => `world \`${p.world}\` exports nothing, so nobody could call its component`,
    hint: 'add what hosts are to call: `export run: func();`',
  },
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof entries;
export type Params<C extends Code> = Parameters<(typeof entries)[C]['message']>[0];

export const catalog: { readonly [C in Code]: Entry & (typeof entries)[C] } = entries;
