/** WITX whose every name is one of some words. */

/** Each word as a type, of one kind or another, and as a function, whose parameters are called by words, too. */
export function witxOf(words: readonly string[]): string {
  const named = words.map((word) => `$${snake(word)}`);
  const at = (index: number): string => named[index % named.length] as string;
  const kindOf = (index: number): Kind => kinds[index % kinds.length] as Kind;
  const enums = named.filter((_, index) => kindOf(index) === 'enum');
  const types = named.map((name, index) => `(typename ${name} ${bodyOf(kindOf(index), index, at)})`);
  const funcs = words.map((word, index) => {
    const own = distinct([0, 1].map((each) => at(index * 2 + each)));
    const params = own.map((name, each) => paramOf(name, at(index + each * 7 + 1), (index * 2 + each) % 5));
    const error = enums[index % enums.length] as string;
    const ok = index % 3 === 0 ? '' : index % 3 === 1 ? 'u32' : `(tuple ${at(index)} u64)`;
    return `(@interface func (export "${snake(word)}") ${params.join(' ')} (result $error (expected ${fits(kindOf(index)) || index % 3 !== 2 ? ok : 'u8'} (error ${error}))))`;
  });
  return `${types.join('\n')}\n(module $all_of_them\n${funcs.join('\n')})\n`;
}

const kinds = ['enum', 'record', 'flags', 'u64', 'variant', 'u8'] as const;
type Kind = (typeof kinds)[number];

/** Whether a result can hold it. */
function fits(kind: Kind): boolean {
  return kind !== 'variant';
}

function bodyOf(kind: Kind, index: number, at: (index: number) => string): string {
  const [one, two, three] = [at(index + 1), at(index + 2), at(index + 3)];
  switch (kind) {
    case 'enum':
      // An errno is one whose first case says so.
      return `(enum (@witx tag u16) $success ${[one, two, three].filter((name) => name !== '$success').join(' ')})`;
    case 'record':
      return `(record (field ${one} u8) (field ${two} string) (field ${three} u64))`;
    case 'flags':
      return `(flags (@witx repr u32) ${one} ${two} ${three})`;
    case 'variant':
      return `(variant (case ${one} u8) (case ${two}) (case ${three} string))`;
    case 'u64':
    case 'u8':
      return kind;
  }
}

function paramOf(name: string, type: string, kind: number): string {
  switch (kind) {
    case 0:
      return `(param ${name} ${type})`;
    case 1:
      return `(param ${name} string)`;
    case 2:
      return `(param ${name} (@witx const_pointer u8)) (param ${name}_len u32)`;
    case 3:
      return `(param ${name} (list ${type}))`;
    default:
      return `(param ${name} u64)`;
  }
}

/** Handles called by some words, each with a destructor, and methods called by words. */
export function witxHandles(handles: readonly string[], words: readonly string[]): string {
  const errno = '(typename $some_errno (enum (@witx tag u16) $success $other))';
  const types = handles.map((handle) => `(typename $${snake(handle)} (handle))`);
  const funcs = handles.flatMap((handle, index) => {
    const name = snake(handle);
    const method = snake(words[(index * 7) % words.length] as string);
    const param = snake(words[(index * 11 + 3) % words.length] as string);
    return [
      `(@interface func (export "${name}_close") (param $handle $${name}) (result $error (expected (error $some_errno))))`,
      `(@interface func (export "${name}_open") (param $${param} string) (result $error (expected $${name} (error $some_errno))))`,
      `(@interface func (export "${name}_zz_${method}") (param $${param} $${name}) (param $${param}_z (list $${name})) (result $error (expected (error $some_errno))))`,
    ];
  });
  return `${[errno, ...types].join('\n')}\n(module $of_handles\n${funcs.join('\n')})\n`;
}

/** Every kind of member called by every word. */
export function witxMembers(words: readonly string[]): string {
  const named = words.map((word) => `$${snake(word)}`);
  const chunks = chunked(named, 30);
  return [
    '(typename $thing (handle))',
    `(typename $every_case (enum (@witx tag u16) $success ${named.filter((name) => name !== '$success').join(' ')}))`,
    `(typename $every_field (record ${named.map((name, index) => `(field ${name} ${index % 25 === 0 ? '$thing' : 'u8'})`).join(' ')}))`,
    ...chunked(named, 200).map(
      (each, number) =>
        `(typename $every_choice${number} (variant ${each.map((name, index) => `(case ${name} ${index % 25 === 0 ? '$thing' : index % 5 === 1 ? '' : 'u8'})`).join(' ')}))`,
    ),
    ...chunks.map((each, index) => `(typename $every_flag${index} (flags (@witx repr u64) ${each.join(' ')}))`),
    '(typename $every_constant u16)',
    '(module $members',
    ...named.map((name, index) => `(@witx const $every_constant ${name} ${index})`),
    '(@interface func (export "take") (param $fields $every_field) (result $error (expected $every_field (error $every_case))))',
    ...chunked(named, 200).map(
      (_, number) =>
        `(@interface func (export "choose${number}") (param $choices (list $every_choice${number})) (result $error (expected $every_choice${number} (error $every_case))))`,
    ),
    ...chunks.map(
      (_, index) =>
        `(@interface func (export "flag${index}") (param $flags $every_flag${index}) (result $f $every_flag${index}))`,
    ),
    ')',
  ].join('\n');
}

/** Modules called by every word, each with a function. */
export function witxModules(words: readonly string[]): string {
  return words
    .map((word) => {
      const name = snake(word);
      return `(module $${name} (@interface func (export "${name}") (param $${name} u32) (result $${name} u32)))`;
    })
    .join('\n');
}

export function snake(word: string): string {
  return word.replaceAll('-', '_');
}

export function chunked<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** Without those that another one is called by together with `_len`. */
export function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !names.some((other) => other !== name && name === `${other}_len`));
}
