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
    hint: 'give a `.witx` file or a folder of them',
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
    message: (p: { path: string; dialect: string }) => `\`${p.path}\` is ${p.dialect}, which is not read yet`,
    hint: 'give the WITX definitions: files that end in `.witx`',
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
  'misplaced-form': {
    severity: 'error',
    message: (p: { form: string; place: string }) => `${p.form} cannot stand ${p.place}`,
  },
  'misspelt-keyword': {
    severity: 'error',
    message: (p: { found: string }) => `\`${p.found}\` is no keyword`,
  },
  'nesting-too-deep': {
    severity: 'error',
    message: (p: { limit: number }) => `parentheses are nested more than ${p.limit} deep`,
    hint: 'give the inner types names with `typename`',
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
    message: (p: { name: string }) => `type \`$${p.name}\` contains itself`,
  },
  'cyclic-use': {
    severity: 'error',
    message: (p: { name: string }) => `\`${p.name}\` uses itself`,
  },
  'duplicate-case': {
    severity: 'error',
    message: (p: { what: string; name: string; type: string }) => `${p.what} \`$${p.name}\` stands twice in \`$${p.type}\``,
  },
  'duplicate-kind': {
    severity: 'error',
    message: (p: { name: string; module: string }) => `handle kind \`$${p.name}\` is founded in module \`${p.module}\` too`,
    hint: 'classes of the bindings are named after handle kinds: rename one, or use the one there is',
  },
  'duplicate-name': {
    severity: 'error',
    message: (p: { what: string; name: string; of?: string }) => `${p.what} \`${p.name}\`${p.of === undefined ? '' : ` of \`${p.of}\``} is declared twice`,
  },
  'unknown-module': {
    severity: 'error',
    message: (p: { name: string }) => `there is no module \`$${p.name}\``,
  },
  'unknown-name': {
    severity: 'error',
    message: (p: { what: string; name: string; module?: string }) =>
      `there is no ${p.what} \`$${p.name}\`${p.module === undefined ? '' : ` in module \`$${p.module}\``}`,
  },
  // types
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
    message: (p: { name: string; value: string; type: string; range: string }) => `constant \`$${p.name}\` is ${p.value}, but \`${p.type}\` goes ${p.range}`,
  },
  'constant-type': {
    severity: 'error',
    message: (p: { name: string; type: string }) => `constant \`$${p.name}\` is of type \`$${p.type}\`, which is no integer`,
  },
  'empty-type': {
    severity: 'error',
    message: (p: { what: string; name: string }) => `${p.what} \`$${p.name}\` is empty`,
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
    message: (p: { name: string; flags: number; limit: number }) => `\`$${p.name}\` has ${p.flags} flags, but room for ${p.limit}`,
  },
  // buffers
  'length-without-pointer': {
    severity: 'error',
    message: (p: { length: string; pointer: string }) => `\`$${p.length}\` is the length of a buffer, but there is no \`$${p.pointer}\` before it`,
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
  'too-many-handle-kinds': {
    severity: 'error',
    message: (p: { limit: number }) => `a handle has room for ${p.limit} kinds, and this is one more`,
    hint: 'split the definitions: every module can be bound on its own',
  },
  'no-guest-method': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `\`${p.func}\` has no method in guest bindings: ${p.why}`,
    hint: 'its raw import is there',
  },
  'no-guest-recipes': {
    severity: 'warning',
    message: (p: { missing: string }) => `guest bindings come without recipes, which need ${p.missing}`,
  },
  'no-preview1-abi': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `\`${p.func}\` has no preview 1 ABI: ${p.why}`,
    hint: 'hosts answer the errno for functions that are not implemented; guest bindings leave the function out',
  },
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof entries;
export type Params<C extends Code> = Parameters<(typeof entries)[C]['message']>[0];

export const catalog: { readonly [C in Code]: Entry & (typeof entries)[C] } = entries;
