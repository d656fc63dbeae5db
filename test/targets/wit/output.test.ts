import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../generator/diagnostics/diagnostic.js';
import { render } from '../../../generator/diagnostics/render.js';
import { parseWit } from '../../../generator/frontend/wit/parse.js';
import { planUnit } from '../../../generator/generate.js';
import { diff, generate } from '../../../generator/memory.js';
import { diskReader } from '../../../generator/source/disk.js';
import { SourceFile } from '../../../generator/source/source.js';
import { wit } from '../../../generator/targets/wit/index.js';
import { printFile } from '../../../generator/targets/wit/print.js';
import { mustRead, readFrom } from '../../frontend/reading.js';
import { Reference } from '../../frontend/wit/reference.js';
import { emit, plainOptions, plannedUnit, writeTemporary } from '../../generated.js';
import { describeWithShared, projectRoot, shared } from '../../shared.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const reference = await Reference.load();

function annotationsIn(path: string): SourceFile {
  return new SourceFile(path.slice(path.lastIndexOf('/') + 1), readFileSync(path, 'utf8'));
}

/** Files of a folder, for the library. */
function folderOf(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(path)
      .filter((name) => /\.witx?$/.test(name))
      .map((name) => [name, readFileSync(`${path}/${name}`, 'utf8')]),
  );
}

/** What a text says, without the comments that say nothing. */
function printedAgain(text: string): string {
  return printFile(parseWit(new SourceFile('again.wit', text), new DiagnosticBag()), []);
}

describe('wit output, as recorded', () => {
  it('has one of everything', async () => {
    const files = await emit(wit, plannedUnit('everything', here('../../abi/cases/everything.witx')));
    expect([...files.keys()]).toEqual(['everything.wit', 'world.wit']);
    for (const [path, text] of files) await expect(text).toMatchFileSnapshot(here(`cases/everything/${path}`));
  });

  it('has by rules what can be said, and otherwise what annotations say', async () => {
    const planned = plannedUnit('notes', here('cases/notes.witx'));
    const ruled = await emit(wit, planned);
    const bag = new DiagnosticBag();
    await wit.emit(planned, plainOptions, bag);
    expect(bag.all.map(({ code, message }) => [code, message])).toEqual([
      ['renamed-in-wit', '`2big` is called `n2big` in WIT, where names begin with letters'],
      ['no-wit', 'WIT has no `chunks`: it holds memory that the function fills'],
      ['no-wit', 'WIT has no `note_scatter`: it uses `chunks`, which has none'],
    ]);
    const decided = await emit(wit, planned, { annotations: annotationsIn(here('cases/notes.decisions.wit')) });
    for (const [folder, files] of [
      ['notes', ruled],
      ['notes/decided', decided],
    ] as const)
      for (const [path, text] of files) await expect(text).toMatchFileSnapshot(here(`cases/${folder}/${path}`));
    expect([...decided.keys()]).toEqual([...ruled.keys()]);
  });
});

describe('wasi-crypto 0.10 in WIT', async () => {
  const old = folderOf(`${projectRoot}witx/0.10`);
  const now = folderOf(`${projectRoot}witx/0.11`);
  const annotations = readFileSync(`${projectRoot}examples/wit-from-witx/decisions.wit`, 'utf8');
  const options = { label: '0.10', targets: ['wit'] };
  const [ruled, decided] = await Promise.all([generate(old, options), generate(old, { ...options, annotations })]);
  const below = (files: typeof old): typeof old =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/^wit\//, ''), text]));

  it.each([
    ['by rules alone', ruled],
    ['with the decisions of the proposal', decided],
  ])('is taken by the reference parser, %s', (_, { files, diagnostics }) => {
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const folder = writeTemporary(new Map(Object.entries(below(files))));
    expect(reference.judge({ folder }, 'imports', [])).toMatchObject({ accepted: true });
  });

  it('is 0.11 but for comments, with the decisions of the proposal', () => {
    const { comparison } = diff(below(decided.files), now);
    expect(comparison?.changes.filter(({ kind }) => kind !== 'documented')).toEqual([]);
    expect(decided.diagnostics.filter(({ code }) => code === 'no-wit')).toEqual([]);
  });

  it('differs by rules alone from 0.11 in what the decisions declare, and in what uses that', () => {
    const { comparison } = diff(below(ruled.files), now);
    const declared = new Set(
      [...annotations.matchAll(/^ {2}(?:type |variant )?([a-z0-9-]+)(?: =|: func| \{)/gm)].map(([, name]) => name),
    );
    const changed = (comparison?.changes ?? []).filter(({ kind }) => kind !== 'documented');
    expect(changed.length).toBeGreaterThan(25);
    const undeclared = changed
      .filter(({ name, subject }) => !declared.has(name) && subject !== 'package' && subject !== 'world')
      .map(({ name }) => name);
    expect(undeclared).toEqual([]);
  });
});

describe('any WITX', () => {
  const folder = `${projectRoot}test/frontend/cases`;
  const inEachOther = 'names-of-the-user-of-a-file';
  const sound = readdirSync(folder)
    .filter((name) => !name.endsWith('.txt'))
    .filter((name) => readdirSync(folder).includes(`${name.replace(/\.witx$/, '')}.model.txt`));

  it('whose files take names from those that use them has an error: interfaces of WIT must not use each other', async () => {
    const outcome = readFrom(diskReader, [`${folder}/${inEachOther}`]);
    const bag = new DiagnosticBag();
    await wit.emit(planUnit(mustRead(outcome), bag), plainOptions, bag);
    expect(bag.all.map(({ code }) => code)).toEqual(['cyclic-use']);
  });

  it.each(sound.filter((name) => name !== inEachOther))(
    '%s becomes WIT that the reference parser takes',
    async (name) => {
      const outcome = readFrom(diskReader, [`${folder}/${name}`]);
      if (outcome.unit === undefined) return expect(outcome.codes).toEqual([]);
      const bag = new DiagnosticBag();
      const files = await wit.emit(planUnit(outcome.unit, bag), plainOptions, bag);
      expect(bag.all.filter(({ severity }) => severity === 'error').map((each) => render(each))).toEqual([]);
      for (const text of files.values()) expect(printedAgain(text)).toBe(text.replace(/^(?:\/\/ .*\n)+\n/, ''));
      // A package of types alone has no world that it could be asked for.
      if (!files.get('world.wit')?.includes('world ')) return;
      expect(reference.judge({ folder: writeTemporary(files) }, 'imports', [])).toMatchObject({ accepted: true });
    },
  );
});

describeWithShared('WASI preview 1, as it is', () => {
  it('becomes WIT, but for addresses and what is scattered', async () => {
    const { files, diagnostics } = await generate(folderOf(shared('spec/witx-preview1')), { targets: ['wit'] });
    const texts = new Map(Object.entries(files).map(([path, text]) => [path.replace('wit/', ''), text]));
    expect(reference.judge({ folder: writeTemporary(texts) }, 'imports', [])).toMatchObject({ accepted: true });
    const left = diagnostics.flatMap(({ code, message }) =>
      code === 'no-wit' ? (/`(.*?)`/.exec(message)?.[1] ?? []) : [],
    );
    expect(left).toEqual('iovec iovec_array args_get environ_get fd_pread fd_read poll_oneoff sock_recv'.split(' '));
    const functions = texts.get('wasi-snapshot-preview1.wit') ?? '';
    expect(functions).toMatch(/^ {2}path-readlink: func\([^]*?\) -> result<list<u8>, errno>;$/m);
    expect(functions).toMatch(/^ {2}random-get: func\([^]*?buf-len: size,\n {2}\) -> result<list<u8>, errno>;$/m);
  });
});

describe('annotations', () => {
  const planned = plannedUnit('notes', here('cases/notes.witx'));
  const errorsOf = async (text: string): Promise<string> => {
    const bag = new DiagnosticBag();
    const annotations = new SourceFile('decisions.wit', text);
    expect((await wit.emit(planned, { ...plainOptions, annotations }, bag)).size >= 0).toBe(true);
    return bag.all
      .filter(({ severity }) => severity === 'error')
      .map((each) => render(each))
      .join('\n\n');
  };

  it.each([
    [
      'an interface that is misspelt',
      'interface note-store {}',
      /unknown-name[^]*decisions\.wit:1:11[^]*did you mean `notes-store`/,
    ],
    [
      'an interface twice',
      'interface notes-store {}\ninterface notes-store {}',
      /duplicate-name[^]*decisions\.wit:2:11/,
    ],
    [
      'a type that nobody has',
      'interface notes-store { note-burn: func(note: nota); }',
      /unknown-name[^]*decisions\.wit:1:47/,
    ],
    ['text that is no WIT', 'interface notes-store { note-burn func(); }', /decisions\.wit:1:35/],
    ['a loan that is returned', 'interface notes-store { note-burn: func() -> borrow<note>; }', /decisions\.wit:1:\d+/],
    ['another package inside', 'package a:b { interface i {} }', /misplaced-form[^]*decisions\.wit:1:/],
    ['a world of what is not there', 'world w { import nothing; }', /unknown-name[^]*decisions\.wit:1:18/],
  ])('tell where they have %s', async (_, text, expected) => {
    expect(await errorsOf(text)).toMatch(expected);
  });

  it('need no package, and may be empty', async () => {
    expect(await errorsOf('')).toBe('');
    expect(await errorsOf('interface notes-store {}')).toBe('');
  });
});
