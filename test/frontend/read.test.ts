/** What files are read, and how they are found. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allModules } from '../../generator/model/kinds.js';
import { diskReader } from '../../generator/source/disk.js';
import { memoryReader, type FileReader } from '../../generator/source/loader.js';
import { extensionOf, folderOf, joinPath, normalisePath, stemOf } from '../../generator/source/path.js';
import { SourceFile } from '../../generator/source/source.js';
import { mustRead, readFrom, readText, readTexts, type Outcome } from './reading.js';

const modulesOf = (outcome: Outcome): string[] => allModules(mustRead(outcome)).map((module) => module.name.wire);
const sourcesOf = (outcome: Outcome): string[] => mustRead(outcome).sources.map((file) => file.path);

describe('entries', () => {
  test('a file, a folder, several of both', () => {
    const files = {
      'a/x.witx': '(typename $x u8)',
      'a/y.witx': '(typename $y u8)',
      'a/notes.md': 'no',
      'b.witx': '(typename $z u8)',
    };
    expect(sourcesOf(readTexts(files, ['b.witx']))).toEqual(['b.witx']);
    expect(sourcesOf(readTexts(files, ['a']))).toEqual(['a/x.witx', 'a/y.witx']);
    expect(sourcesOf(readTexts(files, ['b.witx', './a/', 'a/x.witx']))).toEqual(['b.witx', 'a/x.witx', 'a/y.witx']);
  });

  test('the label is the id of the package', () => {
    const outcome = readFrom(memoryReader(new Map([['a.witx', '(typename $x u8)']])), ['a.witx'], { label: '0.10' });
    expect(mustRead(outcome).packages.map((each) => each.id)).toEqual(['0.10']);
    expect(mustRead(outcome).dialect).toBe('witx');
  });

  test('one that is not there', () => {
    const { unit, found } = readTexts({ 'typenames.witx': '' }, ['typename.witx']);
    expect(unit).toBeUndefined();
    expect(found).toMatchObject([
      {
        code: 'file-not-found',
        message: 'cannot find `typename.witx`',
        hint: 'there is a `typenames.witx` beside it',
        span: undefined,
      },
    ]);
  });

  test('none at all', () => {
    expect(readTexts({}, []).codes).toEqual(['empty-spec']);
  });
});

describe('files that cannot be taken', () => {
  test('a reader says why', () => {
    const reader: FileReader = { read: () => ({ why: 'it is locked' }), list: () => undefined, folders: () => [] };
    const { unit, found } = readFrom(reader, ['a.witx']);
    expect(unit).toBeUndefined();
    expect(found).toMatchObject([{ code: 'file-unreadable', message: 'cannot read `a.witx`: it is locked' }]);
  });

  const folder = mkdtempSync(join(tmpdir(), 'witx-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('on disk: not UTF-8, a folder', () => {
    const path = join(folder, 'latin1.witx');
    writeFileSync(path, Buffer.from([0x28, 0xe4, 0x29]));
    expect(diskReader.read(path)).toEqual({ why: 'it is not UTF-8 text' });
    expect(diskReader.read(folder)).toEqual({ why: 'it is a folder' });
    expect(diskReader.read(join(folder, 'nothing'))).toBeUndefined();
    expect(diskReader.list(folder)).toEqual(['latin1.witx']);
    expect(diskReader.list(path)).toBeUndefined();
    expect(readFrom(diskReader, [path]).codes).toEqual(['file-unreadable']);
  });

  test('on disk: what may never end, at once', () => {
    const pipe = join(folder, 'pipe.witx');
    execFileSync('mkfifo', [pipe]);
    expect(diskReader.read(pipe)).toEqual({ why: 'it is no regular file' });
    expect(diskReader.read('/dev/zero')).toEqual({ why: 'it is no regular file' });
    const large = join(folder, 'large.witx');
    writeFileSync(large, '');
    truncateSync(large, 64 * 1024 * 1024 + 1);
    expect(diskReader.read(large)).toEqual({ why: 'it has more than 64 MiB' });
    rmSync(pipe);
    rmSync(large);
  });

  test('a byte order mark is no mistake', () => {
    expect(readText('\ufeff(typename $x u8)').codes).toEqual([]);
  });
});

describe('use', () => {
  test('two spellings of a path are one file', () => {
    const outcome = readTexts({
      'a/main.witx': '(use "t.witx") (use "./t.witx") (use "../a/t.witx") (typename $u $t)',
      'a/t.witx': '(typename $t u8)',
    });
    expect(sourcesOf(outcome)).toEqual(['a/main.witx', 'a/t.witx']);
    expect(modulesOf(outcome)).toEqual(['t', 'main']);
  });

  test('paths are relative to the file that uses', () => {
    const outcome = readTexts({
      'a/main.witx': '(use "../b/t.witx")',
      'b/t.witx': '(use "u.witx")',
      'b/u.witx': '(typename $t u8)',
    });
    expect(sourcesOf(outcome)).toEqual(['a/main.witx', 'b/t.witx', 'b/u.witx']);
  });

  test('a module is looked for in all files, then beside the file that uses it', () => {
    const user = '(module $user (use $t from $common) (typename $u $t))';
    const inOther = readTexts({ 'a.witx': user, 'b.witx': '(module $common (typename $t u8))' }, ['a.witx', 'b.witx']);
    expect(modulesOf(inOther)).toEqual(['common', 'user']);
    const beside = readTexts({
      'x/a.witx': user,
      'x/common.witx': '(module $common (typename $t u8))',
      'common.witx': '',
    });
    expect(sourcesOf(beside)).toEqual(['x/a.witx', 'x/common.witx']);
  });

  test('dependencies come first, otherwise the order of reading stays', () => {
    const outcome = readText(
      '(module $z) (module $a (use * from $m)) (module $k (typename $t u8)) (module $m (use * from $n)) (module $n)',
    );
    expect(modulesOf(outcome)).toEqual(['z', 'n', 'm', 'a', 'k']);
  });
});

describe('paths', () => {
  test.for([
    ['a/./b//../c', 'a/c'],
    ['../a/../../b', '../../b'],
    ['/../a', '/a'],
    ['a\\b', 'a/b'],
    ['C:\\a\\..\\b', 'C:/b'],
    ['./', '.'],
    ['', '.'],
  ])('%s is %s', ([path, normal]) => {
    expect(normalisePath(path ?? '')).toBe(normal);
  });

  test('their parts', () => {
    expect([folderOf('a/b/c.witx'), folderOf('c.witx'), folderOf('/c.witx')]).toEqual(['a/b', '.', '/']);
    expect([joinPath('a', 'b.witx'), joinPath('a', '/b.witx'), joinPath('.', 'b.witx')]).toEqual([
      'a/b.witx',
      '/b.witx',
      'b.witx',
    ]);
    expect([stemOf('a/b.c.witx'), stemOf('.witx'), stemOf('b')]).toEqual(['b.c', '.witx', 'b']);
    expect([extensionOf('a.WITX'), extensionOf('a/b'), extensionOf('a.b/c')]).toEqual(['.witx', '', '']);
  });
});

test('source files know lines and columns', () => {
  const file = new SourceFile('f', 'ab\r\ncd\n');
  expect([0, 2, 4, 5, 7].map((offset) => file.position(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 3, column: 1 },
  ]);
  expect([1, 2, 3, 4].map((line) => file.line(line))).toEqual(['ab', 'cd', '', '']);
});
