/** Definitions whose every name is taken somewhere still become code that the compilers accept. */
import { describe, expect, it, vi } from 'vitest';
import ts from 'typescript';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticBag, type Diagnostic } from '../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../generator/generate.js';
import type { Dialect } from '../../generator/model/model.js';
import { templateExports } from '../../generator/print/template.js';
import { memoryReader } from '../../generator/source/loader.js';
import { targets } from '../../generator/targets/index.js';
import type { Target } from '../../generator/targets/target.js';
import { mustRead, readFrom } from '../frontend/reading.js';
import { plainOptions, typeErrors, writeTemporary } from '../generated.js';
import { describeUnless, projectRoot } from '../shared.js';
import { compileEntry } from '../targets/assemblyscript-guest/asc.js';
import { clangMissing, readHeader, standards } from '../targets/c-guest/clang.js';
import { compilerOf } from '../targets/compilers.js';
import { Reference } from '../frontend/wit/reference.js';
import { deadLinks } from '../targets/links.js';
import { witInterfaces, witMembers, witOf, witResources, witWorld } from './reserved-names/wit.js';
import { witxHandles, witxMembers, witxModules, witxOf } from './reserved-names/witx.js';
import { reservedWords } from './reserved-names/words.js';
import { everyGuest } from '../targets/wit-corpus/every-guest.js';

// How the code is laid out says nothing about names, and takes longer than making it.
vi.mock(import('../../generator/print/format.js'), () => ({
  formatTypeScript: (text: string) => Promise.resolve(text),
}));

/** Compiling all of them takes some seconds; on a machine with other work, many. */
const patience = 240_000;

/** Names of modules: each makes a file, so there are but some, with those that could meet files and binders of ours. */
function ofModules(words: readonly string[]): readonly string[] {
  return [
    ...new Set([
      ...words.filter((_, index) => index % 12 === 0),
      ...['component', 'types', 'index', 'kinds', 'binding', 'fail', 'failure', 'handles', 'memory', 'guest-memory'],
      ...['values', 'guest', 'trap', 'absent', 'reporting', 'canonical', 'worlds', 'errno', 'functions', 'result'],
      ...['new', 'constructor', 'to-string', 'then', 'proto'],
    ]),
  ];
}

function definitionsOf(words: readonly string[]): Readonly<Record<Dialect, readonly string[]>> {
  // Properties, functions and methods that JavaScript could not tell apart are diagnostics: see below.
  const apart = words.filter((word) => !['a-1-b', 'a-1'].includes(word));
  const third = apart.filter((_, index) => index % 3 === 0);
  return {
    witx: [
      witxOf(words),
      witxMembers(apart),
      witxModules(ofModules(apart)),
      // Hosts have no more than 15 kinds.
      witxHandles(
        words.filter((_, index) => index % Math.ceil(words.length / 15) === 0),
        words,
      ),
    ],
    wit: [
      witOf(apart, 0),
      witOf(apart, 1),
      witMembers(apart),
      witResources(third),
      witInterfaces(ofModules(apart)),
      witWorld(third),
    ].map((text) => `package test:reserved;\n${text}`),
  };
}

const forHosts = definitionsOf(reservedWords('hosts'));
const forGuests = definitionsOf(reservedWords('guests'));
const forHeaders = definitionsOf(reservedWords('headers'));

/** Warnings that are not about names: that some function has no bindings, which case stands for what the bindings find. */
const exotic = ['guessed-errno', 'no-guest-method', 'no-guest-export', 'no-guest-recipes'];

async function emitted(target: Target, dialect: Dialect, text: string): Promise<ReadonlyMap<string, string>> {
  const { files, found } = await emit(target, dialect, text);
  expect(found.filter(({ code }) => !exotic.includes(code)).map(({ message }) => message)).toEqual([]);
  return files;
}

async function emit(
  target: Target,
  dialect: Dialect,
  text: string,
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly found: readonly Diagnostic[] }> {
  const bag = new DiagnosticBag();
  const path = `names.${dialect}`;
  const unit = mustRead(readFrom(memoryReader(new Map([[path, text]])), [path]));
  return { files: await target.emit(planUnit(unit, bag), plainOptions, bag), found: bag.all };
}

function outputsFor(compiler: ReturnType<typeof compilerOf>): readonly (readonly [string, Dialect, Target])[] {
  return targets
    .filter((target) => compilerOf(target) === compiler)
    .flatMap((target) => target.dialects.map((dialect) => [target.id, dialect, target] as const));
}

describe('definitions whose every name is taken', () => {
  it.each(outputsFor('tsc'))(
    'become a %s of %s that compiles under the strictest options',
    async (_, dialect, target) => {
      const files = new Map<string, string>();
      for (const [index, text] of forHosts[dialect].entries())
        for (const [path, own] of await emitted(target, dialect, text)) files.set(`u${index}/${path}`, own);
      expect(typeErrors(files)).toEqual([]);
    },
    patience,
  );

  it.each(outputsFor('asc'))(
    'become a %s of %s whose every call compiles',
    async (_, dialect, target) => {
      const all: ReadonlyMap<string, string>[] = [];
      for (const text of forGuests[dialect]) all.push(await emitted(target, dialect, text));
      const { messages } = await compileEntry('entry.ts', everyGuest(all), ['--use', 'abort=']);
      expect(messages).toBe('');
    },
    patience,
  );
});

describe('documentation of definitions whose every name is taken', () => {
  it.each(outputsFor('none'))(
    'has, as %s of %s, a file for each page and no dead link',
    async (_, dialect, target) => {
      for (const text of forHosts[dialect]) {
        const files = await emitted(target, dialect, text);
        expect(new Set([...files.keys()].map((path) => path.toLowerCase())).size).toBe(files.size);
        expect(deadLinks(files)).toEqual([]);
      }
    },
    patience,
  );
});

describe('definitions in WITX whose every name is a word of some language', () => {
  it.each(outputsFor('wit'))(
    'become, as %s of %s, what the reference parser takes, but for names that WIT does not tell apart',
    async (_, dialect, target) => {
      const reference = await Reference.load();
      for (const text of forHosts[dialect]) {
        const { files, found } = await emit(target, dialect, text);
        expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
        const [, world] = /^world %?([\w-]+) \{/m.exec([...files.values()].join('\n')) ?? [];
        const judged = reference.judge({ folder: writeTemporary(files) }, world ?? '', []);
        // Types alone have no world.
        if (judged.accepted || world === undefined) continue;
        // Dashes do not tell names apart for it.
        const [, name = 'none', other] =
          /`([\w-]+)` conflicts with previous [\w ]*name `([\w-]+)`/.exec(judged.why) ?? [];
        expect(name.replaceAll('-', ''), judged.why).toBe(other?.replaceAll('-', ''));
      }
    },
    patience,
  );
});

describeUnless(clangMissing, 'a header for C of definitions whose every name is taken', () => {
  it.each(outputsFor('clang').flatMap((output) => standards.map((each) => [...output, ...each] as const)))(
    'is, as %s of %s, taken by clang',
    async (_, dialect, target, _standard, options) => {
      for (const text of forHeaders[dialect]) {
        const files = await emitted(target, dialect, text);
        const folder = writeTemporary(files);
        for (const file of files.keys()) await readHeader(folder, file, options);
      }
    },
    patience,
  );
});

describe('names that nothing would tell apart', () => {
  const host = (dialect: Dialect): Target =>
    targets.find((each) => compilerOf(each) === 'tsc' && each.dialects.includes(dialect)) as Target;
  const placesOf = async (dialect: Dialect, text: string): Promise<readonly string[]> => {
    const { found } = await emit(host(dialect), dialect, text);
    return found.map(({ code, span }) => `${code} ${span === undefined ? '' : text.slice(span.start, span.end)}`);
  };

  it.each([
    ['a record', 'record r { a-1-b: u8, a1-b: u8 }'],
    ['flags', 'flags f { a-1-b, a1-b }'],
    ['an interface', 'a-1-b: func(); a1-b: func();'],
    ['a resource', 'resource r { a-1-b: func(); a1-b: func(); }'],
    ['a resource, as static functions', 'resource r { a-1-b: static func(); a1-b: static func(); }'],
    ['an interface, as resources', 'resource a-1-b; resource a1-b;'],
  ])('to jco, in %s, are a diagnostic with its place', async (_, items) => {
    expect(await placesOf('wit', `package a:b;\ninterface i { ${items} }`)).toEqual(['colliding-name a1-b']);
  });

  it('may stand in enums, variants, parameters and types, and in a method beside a static function', async () => {
    const items =
      'enum e { a-1-b, a1-b } variant v { a-1-b(u8), a1-b } f: func(a-1-b: u8, a1-b: u8) -> result<_, e>; record a-1-b { x: u8 } record a1-b { x: u8 } resource r { a-1-b: func(); a1-b: static func(); }';
    expect(await placesOf('wit', `package a:b;\ninterface i { ${items} }`)).toEqual(['guessed-errno e']);
  });

  it.each([
    ['fields', '(record (field $a_1_b u8) (field $a1_b u8))'],
    ['cases with payloads', '(variant (case $a_1_b u8) (case $a1_b u16))'],
  ])('to hosts of WITX, as %s, are a diagnostic with its place', async (_, type) => {
    expect(await placesOf('witx', `(typename $t ${type})`)).toEqual(['colliding-name $a1_b']);
  });

  it('are numbered where they are constants or methods', async () => {
    const text =
      '(typename $e (enum (@witx tag u8) $a_1_b $a1_b))(module $m (@interface func (export "a_1_b") (result $r $e))(@interface func (export "a1_b") (result $r $e)))';
    const { files, found } = await emit(host('witx'), 'witx', text);
    expect(found).toEqual([]);
    expect(files.get('types.ts')).toMatch(/A1B: 0,\s*A1B2: 1,/);
    expect(files.get('m.ts')).toMatch(/a1B\(\): E;\n\s*a1B2\(\): E;/);
  });
});

describe('what templates export', () => {
  const folder = join(projectRoot, 'templates');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // What `init` writes is a project of the user's own.
    .filter((path) => path.endsWith('.ts') && path.includes('/') && !path.startsWith('init/'))
    .map((path) => path.replace(/\.ts$/, ''));

  it.each(paths)('of %s is read as TypeScript reads it', (path) => {
    const text = readFileSync(join(folder, `${path}.ts`), 'utf8');
    const { statements } = ts.createSourceFile('template.ts', text, ts.ScriptTarget.ES2023);
    const names = statements.flatMap((each): readonly string[] => {
      if (ts.isExportDeclaration(each))
        return each.exportClause !== undefined && ts.isNamedExports(each.exportClause)
          ? each.exportClause.elements.map(({ name }) => name.text)
          : [];
      const isExported =
        ts.canHaveModifiers(each) && ts.getModifiers(each)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      if (isExported !== true) return [];
      if (ts.isVariableStatement(each))
        return each.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
      return 'name' in each ? [(each.name as ts.Identifier).text] : [];
    });
    expect(templateExports(path).toSorted()).toEqual([...new Set(names)].toSorted());
  });
});
