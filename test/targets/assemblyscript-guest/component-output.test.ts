import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag, type Diagnostic } from '../../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../../generator/frontend/read.js';
import { planUnit } from '../../../generator/generate.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plainOptions, plannedUnit } from '../../generated.js';
import { compile, compileWorld, runtimes } from './asc.js';
import { everyCallOf, everyExportOf } from './component-every-call.js';
import { newestOfEach } from '../../revisions.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const everything = here('cases/component.wit');
const ecosystem = here('cases/ecosystem.wit');

/** The packages of an output, by their folders. */
function packagesOf(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((path) => (path.endsWith('/index.ts') ? [path.slice(0, -'/index.ts'.length)] : []));
}

/** What the raw imports of a package are called; in place of `…-close` handles are dropped. */
function importsOf(files: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const raw = [...files].flatMap(([path, text]) => (path.startsWith(`${folder}/raw/`) ? [text] : []));
  const imports = raw.flatMap((text) =>
    [...text.matchAll(/^@external\("(.*)", "(.*)"\)$/gm)].map(([, module, name]) => `${module} ${name}`),
  );
  return imports.filter((each) => !each.endsWith('-close')).sort();
}

describe('assemblyscript-guest output for components', () => {
  for (const runtime of runtimes) {
    it.each([
      ['wasi-crypto 0.11', here('../../../witx/0.11')],
      ['one of everything', everything],
      ['interfaces like those of WASI 0.2', ecosystem],
    ])(`of %s compiles without a word from asc under the ${runtime} runtime`, async (label, entry) => {
      const files = await emit(assemblyscriptGuest, plannedUnit(label, entry));
      for (const folder of packagesOf(files)) {
        const { wasm, messages } = await compile(files, everyCallOf(files, folder), [
          '--runtime',
          runtime,
          '--use',
          'abort=',
        ]);
        expect(messages, folder).toBe('');
        const imports = WebAssembly.Module.imports(await WebAssembly.compile(wasm));
        expect(imports.map(({ module, name }) => `${module} ${name}`).sort(), folder).toEqual(importsOf(files, folder));
      }
      for (const [path, text] of files) {
        const [, world] = /^worlds\/(.*)\.ts$/.exec(path) ?? [];
        if (world !== undefined)
          expect((await compileWorld(files, world, everyExportOf(text), ['--runtime', runtime])).messages, path).toBe(
            '',
          );
      }
    });
  }

  it('has a folder for each package, which other packages import from', async () => {
    const files = await emit(assemblyscriptGuest, plannedUnit('ecosystem', ecosystem));
    expect(packagesOf(files)).toEqual(
      expect.arrayContaining([
        'test-service',
        'wasi-io',
        'wasi-clocks',
        'wasi-cli',
        'wasi-filesystem',
        'wasi-keyvalue',
        'wasi-http',
      ]),
    );
    expect(files.get('wasi-cli/functions.ts')).toContain(
      'import { OutputStream } from "../wasi-io/classes/output-stream";',
    );
    expect(files.get('worlds/service.ts')).toContain(
      'import { IncomingRequest } from "wasi-http/classes/incoming-request";',
    );
  });

  it('says of which interface a function is when several have one of its name', async () => {
    const files = await emit(assemblyscriptGuest, plannedUnit('ecosystem', ecosystem));
    expect(files.get('wasi-clocks/index.ts')).toContain(
      'export { monotonicClockNow, monotonicClockResolution, wallClockNow, wallClockResolution } from "./functions";',
    );
    expect(files.get('wasi-keyvalue/functions.ts')).toContain(
      'export function open(identifier: string): Result<Bucket, Error_> {',
    );
  });

  it('has the names of recipes for other packages too, whose guests do not get them', async () => {
    const files = await emit(assemblyscriptGuest, plannedUnit('ecosystem', ecosystem));
    expect([...files.keys()].filter((path) => /recipes|dialect|result|errno/.test(path))).toEqual([]);
  });

  it('has the same classes, methods and recipes of wasi-crypto as that for core modules', async () => {
    const [core, component] = await Promise.all(
      newestOfEach.map(({ revision, path }) => emit(assemblyscriptGuest, plannedUnit(revision, path))),
    );
    const namesOf = (files: ReadonlyMap<string, string>, path: string): readonly string[] =>
      [...(files.get(path) ?? '').matchAll(/^ {2}(?:static )?(\w+)(?:<[\w, ]+>)?\(/gm)].map(
        ([, name]) => name as string,
      );
    const classes = [...(core?.keys() ?? [])].filter((path) => path.includes('/classes/'));
    expect(classes).toHaveLength(12);
    // The lists of batches have no form in core modules; an array output can be dropped unread.
    for (const path of classes)
      expect(
        namesOf(component ?? new Map(), path)
          .filter((name) => name !== 'close')
          .sort(),
        path,
      ).toEqual(
        namesOf(core ?? new Map(), path)
          .filter((name) => name !== 'close')
          .sort(),
      );
    for (const path of ['wasi-crypto/recipes.ts', 'wasi-crypto/result.ts'])
      expect(withoutBanner(component?.get(path))).toBe(withoutBanner(core?.get(path)));
  });

  it('is the same whenever it is made', async () => {
    const unit = (): ReturnType<typeof plannedUnit> => plannedUnit('component', everything);
    expect(await emit(assemblyscriptGuest, unit())).toEqual(await emit(assemblyscriptGuest, unit()));
  });

  it("starts every file with the user's header and the banner", async () => {
    const files = await emit(assemblyscriptGuest, plannedUnit('component', everything), { header: 'Licence: ours' });
    for (const text of files.values())
      expect(text).toMatch(
        /^\/\/ Licence: ours\n\/\/\n\/\/ Generated by wasi-crypto-gen \S+ from .*\n\/\/ Do not edit: /,
      );
  });
});

function withoutBanner(text: string | undefined): string | undefined {
  return text?.replace(/^(\/\/.*\n)+/, '');
}

const recorded = [
  'my-app/index',
  'my-app/types',
  'my-app/functions',
  'my-app/errno',
  'my-app/classes/blob',
  'my-app/classes/pipe',
  'my-app/raw/everything',
  'my-app/raw/w',
  'canonical/codecs',
  'canonical/tuples',
  'worlds/w',
];

describe('assemblyscript-guest output for components, as recorded', () => {
  it('has one of everything', async () => {
    const files = await emit(assemblyscriptGuest, plannedUnit('component', everything));
    const others = [
      'canonical/bytes',
      'canonical/buffers',
      'canonical/lift',
      'canonical/loans',
      'canonical/memory',
      'canonical/realloc',
      'canonical/text',
      'canonical/values',
      'my-app/classes/owned',
      'my-app/raw/inner',
      'my-app/result',
    ];
    expect([...files.keys()].sort()).toEqual([...recorded, ...others].map((name) => `${name}.ts`).sort());
    for (const name of recorded)
      await expect(files.get(`${name}.ts`)).toMatchFileSnapshot(here(`cases/component/${name}.ts`));
  });
});

interface Emitted {
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

async function emitted(wit: string): Promise<Emitted> {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'test', entries: ['test.wit'] }, memoryReader(new Map([['test.wit', wit]])), bag);
  if (unit === undefined) throw new Error(bag.all.map((each) => each.message).join('\n'));
  const planned = planUnit(unit, bag);
  const files = await assemblyscriptGuest.emit(planned, plainOptions, bag);
  return { files, diagnostics: bag.all };
}

describe('what a guest in AssemblyScript cannot export', () => {
  it.each([
    [
      'functions without an ABI',
      'world w { export f: func(x: future<u8>); }',
      'no target can express `f` yet: it takes or returns `future`',
    ],
    ['asynchronous functions', 'world w { export f: async func(); }', 'no target can express `f` yet: it is `async`'],
    [
      'what has the name of the memory',
      'world w { export memory: func(); }',
      'the memory of a component is called like this',
    ],
  ])('%s: a warning, and an error of the compiler for guests of that world', async (_, items, why) => {
    const { files, diagnostics } = await emitted(`package a:b; ${items}`);
    expect(
      diagnostics.filter((each) => each.code === 'no-guest-export').map((each) => [each.severity, each.message]),
    ).toEqual([['warning', expect.stringContaining(why)]]);
    const { messages } = await compileWorld(files, 'w', 'export function other(): void {}', ['--noEmit']);
    expect(messages).toContain('cannot be exported by a guest in AssemblyScript');
    expect(messages).toContain(why.replaceAll('`', '`'));
  });

  it('is left to the package it comes from when a world is only read for others', async () => {
    const { diagnostics } = await emitted(
      'package a:b; world mine { include c:d/w; } package c:d { world w { import f: func(); } world x { export memory: func(); } }',
    );
    expect(diagnostics).toEqual([]);
  });

  it('does not stand in the way of what can be imported', async () => {
    const { files, diagnostics } = await emitted(
      'package a:b; interface i { f: func(x: stream<u8>); g: func() -> u8; } world w { import i; }',
    );
    expect(diagnostics.map((each) => each.code)).toEqual(['no-component-abi']);
    expect(files.get('a-b/raw/i.ts')).toContain('// no target can express `f` yet: it takes or returns `stream`.');
    expect(files.get('a-b/functions.ts')).toContain('export function g(): u8 {');
  });
});

describe('names of guests for components', () => {
  it('tell two versions of a package, and interfaces of one name, apart', async () => {
    const { files } = await emitted(`
      package a:b;
      package c:d@1.0.0 { interface run { r: func(); } }
      package c:d@2.0.0 { interface run { r: func(); } }
      package e:f { interface run { r: func(); } }
      world w { import c:d/run@1.0.0; import c:d/run@2.0.0; export c:d/run@2.0.0; export e:f/run; }`);
    expect(packagesOf(files)).toEqual(expect.arrayContaining(['c-d-1.0.0', 'c-d-2.0.0', 'e-f']));
    expect([...(files.get('worlds/w.ts') ?? '').matchAll(/Calls `(.*?)\(/g)].map(([, name]) => name)).toEqual([
      'guest.dRun.r',
      'guest.fRun.r',
    ]);
  });

  it('of an errno are those of the package that declares it', async () => {
    const { files } = await emitted(`
      package a:b;
      package c:d { interface e { enum failure { success, failed } } }
      interface i { use c:d/e.{failure}; type mishap = failure; f: func() -> result<u8, failure>; g: func() -> result<_, mishap>; }
      world w { import i; }`);
    expect(files.get('c-d/types.ts')).toContain('export function failureName(errno: Failure): string {');
    expect(files.get('a-b/errno.ts')).toContain(
      'export { Failure as Errno, failureName as errnoName } from "../c-d/types";',
    );
    expect([...(files.get('a-b/functions.ts') ?? '').matchAll(/^export function .*$/gm)].map(([line]) => line)).toEqual(
      ['export function f(): u64 {', 'export function g(): Failure {'],
    );
    expect((await compile(files, everyCallOf(files, 'a-b'))).messages).toBe('');
  });

  it('of errors without a success among them are no errnos', async () => {
    const { files } = await emitted(
      'package a:b; interface i { enum error-code { access, exist } f: func() -> result<u8, error-code>; } world w { import i; }',
    );
    expect(files.get('a-b/functions.ts')).toContain('export function f(): Result<u8, ErrorCode> {');
    expect(files.has('a-b/result.ts')).toBe(false);
  });

  it('are found for whatever a definition may call its things', async () => {
    const { files } = await emitted(`
      package a:b;
      interface i {
        record bytes { class: u8, %from: u8, load: u8 }
        enum slice { %type, %static, of }
        variant shape { tag(u8), shape-tag(string), new }
        record shape-tag { x: u8 }
        resource thing { constructor(load: u8, store: string); handle: func() -> u8; close: func() -> u8; %static: static func(area: string, lent: list<u8>, lend: list<u8>) -> string; }
        load: func(store: string, memory: list<u8>, release: u8) -> list<u8>;
        delete: func();
        %type: func();
      }
      world w { import i; import load: func(lend: string); import lent: func() -> string; export store: func(load: string, guest: list<u8>, borrowed: list<borrow<thing>>) -> string; export guest: func(); use i.{thing}; }`);
    for (const folder of packagesOf(files))
      expect((await compile(files, everyCallOf(files, folder))).messages, folder).toBe('');
    expect((await compileWorld(files, 'w', everyExportOf(files.get('worlds/w.ts') ?? ''))).messages).toBe('');
    expect(files.get('a-b/classes/thing.ts')).toContain('  close(): u8 {');
    expect(files.get('a-b/classes/thing.ts')).toContain('  drop(): void {');
  });
});
