/** What becomes of unusual definitions, with annotations and without: each output is taken by the reference parser. */
import { describe, expect, it } from 'vitest';
import { generate, type GenerateOptions } from '../../../generator/memory.js';
import { Reference } from '../../frontend/wit/reference.js';
import { writeTemporary } from '../../generated.js';

const reference = await Reference.load();

type Files = Readonly<Record<string, string>>;

interface Made {
  /** All files, without their banners. */
  readonly text: string;
  readonly diagnostics: readonly (readonly [code: string, message: string])[];
}

async function make(files: Files, options: GenerateOptions = {}, world = 'imports'): Promise<Made> {
  const { files: made, diagnostics } = await generate(files, { label: 'test', targets: ['wit'], ...options });
  const texts = new Map(Object.entries(made).map(([path, text]) => [path.replace('wit/', ''), text]));
  if (texts.size > 0) {
    const judgement = reference.judge({ folder: writeTemporary(texts) }, world, []);
    expect(judgement.accepted ? '' : judgement.why).toBe('');
  }
  return {
    text: [...texts.values()].map((each) => each.replace(/^(?:\/\/.*\n)+\n/, '')).join('\n'),
    diagnostics: diagnostics.map(({ code, message }) => [code, message]),
  };
}

const func = (name: string, signature = ''): string => `(@interface func (export "${name}") ${signature})`;
const vault = (body: string): Files => ({
  'vault.witx': `(typename $errno (enum (@witx tag u16) $success $bad))
(typename $size (@witx usize))
(module $vault ${body})`,
});

describe('names', () => {
  it.each([
    ['world', /^interface %world \{/m, 'imports'],
    ['imports', /^world imports-2 \{\n {2}import imports;/m, 'imports-2'],
    ['2d', /^package local:n2d;$/m, 'imports'],
  ])('module `%s`', async (name, expected, world) => {
    const { text } = await make({ 'a.witx': `(module $${name} ${func('go')})` }, {}, world);
    expect(text).toMatch(expected);
  });

  it('of files are free', async () => {
    const files = { 'a.witx': `(module $world ${func('go')})`, 'b.witx': `(module $world_2 ${func('go')})` };
    const { files: made } = await generate(files, { targets: ['wit'] });
    expect(Object.keys(made)).toEqual(['wit/world.wit', 'wit/world-2.wit', 'wit/world-3.wit']);
    expect((await make(files)).text).toContain('  import %world;\n  import world-2;\n');
  });

  it('that get a letter stay apart from those that have it', async () => {
    const { text } = await make(vault(`(typename $e (enum (@witx tag u8) $2big $n2big)) ${func('go')}`));
    expect(text).toContain('    nn2big,\n    n2big,\n');
  });

  it('a function that is called as a type is left out', async () => {
    const own = await make(vault(`(typename $hash u32) ${func('hash', '(param $h $hash)')} ${func('go')}`));
    const why = 'a type has this name, and an interface has each name once';
    expect(own.diagnostics).toEqual([['no-wit', `WIT has no \`hash\`: ${why}`]]);
    const other = await make({
      'a.witx': '(module $a (typename $hash u32))',
      'b.witx': `(use * from $a) (module $b ${func('hash', '(param $h $hash)')} ${func('go')})`,
    });
    expect(other.diagnostics).toEqual(own.diagnostics);
    const renamed = await make(vault(`(typename $hash u32) ${func('hash', '(param $h $hash)')}`), {
      annotations: 'interface vault { hash-of: func(h: hash); }',
    });
    expect(renamed.text).toContain('  hash-of: func(h: hash);\n');
  });

  it('of types that several modules have mean those that are used', async () => {
    const { text } = await make({
      'a.witx': `(module $a (typename $t u32) ${func('fa', '(param $t $t)')})`,
      'b.witx': `(module $b (typename $t u64) ${func('fb', '(param $t $t)')})`,
      'c.witx': `(use $t from $a) (module $c ${func('fc', '(param $t $t)')})`,
    });
    expect(text).toContain('interface c {\n  use a.{t};\n');
  });
});

describe('memory that is filled', () => {
  const out = (type: string): string => `(param $out (@witx pointer ${type})) (param $out_len $size)`;

  it('with handles: they are given', async () => {
    const { text } = await make(
      vault(`(typename $h (handle)) (typename $r (record (field $h $h)))
${func('all', `${out('$h')} (result $e (expected $size (error $errno)))`)}
${func('records', `${out('$r')} (result $e (expected $size (error $errno)))`)}
${func('lent', '(param $in (@witx const_pointer $h)) (param $in_len $size)')}`),
    );
    expect(text).toContain('  all: func() -> result<list<h>, errno>;\n');
    expect(text).toContain('  records: func() -> result<list<r>, errno>;\n');
    expect(text).toContain('  lent: func(in: list<borrow<h>>);\n');
    expect(text).toContain('  record r {\n    h: h,\n  }\n');
  });

  it('is counted by the `size` of preview 1, too', async () => {
    const { text } = await make({
      'p1.witx': `(typename $size u32) (typename $errno (enum (@witx tag u16) $success $bad))
(module $p1 ${func('read', `${out('u8')} (result $e (expected $size (error $errno)))`)}
${func('fill', `${out('u8')} (result $e (expected (error $errno)))`)}
${func('other', `${out('u8')} (result $e (expected u32 (error $errno)))`)})`,
    });
    expect(text).toContain('  read: func() -> result<list<u8>, errno>;\n');
    expect(text).toContain('  fill: func(out-len: size) -> result<list<u8>, errno>;\n');
    expect(text).toContain('  other: func(out-len: size) -> result<tuple<list<u8>, u32>, errno>;\n');
  });
});

describe('comments', () => {
  it('have no characters that WIT forbids, nor does a header begin one that never ends', async () => {
    const definitions = { 'we\u202eird.witx': `;;; \u0149 \u2066 \u0007 */ /* ///\n(module $m ${func('go')})` };
    for (const header of ['/* a /* b */', '/* open\n * more', '/** licence */', '/**/', '/// docs', '\u0149', 'a\rb']) {
      const { files } = await generate(definitions, { targets: ['wit'], header, lint: 'disable' });
      const text = files['wit/m.wit'] ?? '';
      expect(text).toMatch(/^(?:\/\/(?: .*)?\n)+\n\/\/\/ \ufffd \ufffd \ufffd \*\/ \/\* \/\/\/\ninterface m \{\n/);
      await make(definitions, { header, lint: 'disable' });
    }
  });
});

describe('what the ABI cannot pass', () => {
  it('is nothing to WIT', async () => {
    const { diagnostics, text } = await make(
      vault(func('names', '(result $e (expected (list string) (error $errno)))')),
    );
    expect(diagnostics).toEqual([]);
    expect(text).toContain('  names: func() -> result<list<string>, errno>;\n');
  });
});

describe('annotations', () => {
  const files = vault(`(typename $fd u32) (typename $key (handle)) (typename $st (record (field $fd $fd)))
(typename $opt_key (option $key)) (typename $opt_number (option u32))
${func('fd_open', '(result $e (expected $fd (error $errno)))')}
${func('fd_read', '(param $handle $fd) (param $all (list $fd)) (param $key $key)')}
${func('fd_stat', '(result $e (expected $st (error $errno)))')}
${func('key_maybe', '(param $key $opt_key) (param $number $opt_number)')}
${func('fd_close', '(param $fd $fd)')}`);
  const decided = (annotations: string, options: GenerateOptions = {}): Promise<Made> =>
    make(files, { annotations, ...options });

  it('make a resource of a number: functions borrow it', async () => {
    const { text } = await decided('interface vault { resource fd; }');
    expect(text).toContain('  fd-open: func() -> result<fd, errno>;\n');
    expect(text).toContain('  fd-read: func(fd: borrow<fd>, all: list<borrow<fd>>, key: borrow<key>);\n');
    expect(text).toContain('  record st {\n    fd: fd,\n  }\n');
    expect(text).toContain('  fd-close: func(fd: fd);\n');
  });

  it('make another name of a resource, or a value of a handle', async () => {
    const { text } = await decided('interface vault { type fd = key; }');
    expect(text).toContain('  fd-read: func(handle: borrow<fd>, all: list<borrow<fd>>, key: borrow<key>);\n');
    const { text: values } = await decided('interface vault { type key = list<u8>; }');
    expect(values).toContain('  fd-read: func(handle: fd, all: list<fd>, key: key);\n');
    expect(values).toContain('  key-maybe: func(key: option<key>, number: option<u32>);\n');
  });

  it('say what an option is: functions have it, but for handles, which they borrow', async () => {
    const { text } = await decided('interface vault { type opt-key = option<key>; type opt-number = option<u64>; }');
    expect(text).toContain('  key-maybe: func(key: option<borrow<key>>, number: opt-number);\n');
    const { text: variants } = await decided('interface vault { variant opt-key { all, one(borrow<key>) } }');
    expect(variants).toContain('  key-maybe: func(key: opt-key, number: option<u32>);\n');
  });

  it('use a type in the place of one', async () => {
    const two = { 'b.witx': `(module $b (typename $descriptor u64) ${func('go')})`, ...files };
    const { text } = await make(two, { annotations: 'interface vault { use b.{descriptor as fd}; }' });
    expect(text).toContain('interface vault {\n  use b.{descriptor as fd};\n');
    expect(text).not.toContain('type fd');
  });

  it('do not bring back what was not chosen', async () => {
    const annotations = 'interface vault { resource fd; fd-stat: func() -> st; fd-new: func() -> fd; }';
    const { text } = await decided(annotations, { exclude: ['vault#fd_stat'] });
    expect(text).not.toContain('fd-stat');
    expect(text).toContain('  fd-new: func() -> fd;\n');
    expect(text).toContain('  fd-read: func(fd: borrow<fd>, ');
    const two = { ...files, 'b.witx': `(module $b ${func('go')})` };
    const world = 'world imports { import vault; import b; }';
    const rest = await make(two, { annotations: `${annotations} ${world}`, exclude: ['vault'] });
    expect(rest).toMatchObject({ diagnostics: [] });
    expect(rest.text).not.toContain('fd');
  });

  it('gate an interface, and all that belongs to it', async () => {
    const { text } = await decided('package a:b@1.0.0; @unstable(feature = later) interface vault {}');
    expect(text).toContain('@unstable(feature = later)\ninterface vault {\n');
    expect(text).toContain('  @unstable(feature = later)\n  resource key;\n');
    expect(text).toContain('  @unstable(feature = later)\n  import vault;\n');
  });

  it.each([
    ['what is gated, and needed by what is not', '@unstable(feature = f) resource key;', 'gated-name'],
    ['a name twice', 'type fd = u8; type fd = u16;', 'duplicate-name'],
    ['a function in the place of a type', 'fd: func();', 'wrong-kind'],
    ['types in a circle', 'type fd = key; type key = fd;', 'cyclic-type'],
  ])('with a mistake: %s', async (_, body, code) => {
    const { text, diagnostics } = await decided(`interface vault { ${body} }`);
    expect([text, diagnostics[0]?.[0]]).toEqual(['', code]);
  });

  it('have strings with any character', async () => {
    const { text } = await decided('interface vault { @external-id("a\\"\\\\\\n\\u{1}\\u{202e}") type fd = u8; }');
    expect(text).toContain('@external-id("a\\"\\\\\\u{a}\\u{1}\\u{202e}")');
  });
});
