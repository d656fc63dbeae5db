/** The definitions of wasi-crypto that come with the package stand in for a dependency. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { bundleWit } from '../../generator/components/world.js';
import { checkProject } from '../../generator/project/check.js';
import { generateProject } from '../../generator/project/generate.js';
import { inputName, inputPath, findSpec } from '../../generator/project/spec.js';
import { memoryReader } from '../../generator/source/loader.js';
import { it } from '../cli/command-line.js';
import { mustRead, readFrom, type Outcome } from '../frontend/reading.js';
import { projectRoot } from '../shared.js';

function read(files: Readonly<Record<string, string>>): Outcome {
  return readFrom(memoryReader(new Map(Object.entries(files).map(([name, text]) => [`app/${name}`, text]))), ['app']);
}

const shippedFiles = /witx\/0\.11\/\w+\.wit$/;
const isShipped = (path: string): boolean => shippedFiles.test(path);

describe('definitions that refer to wasi:crypto@0.11.0', () => {
  it.for([
    ['import it', 'world app { import wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0; }'],
    [
      'use types of it',
      'interface i { use wasi:crypto/wasi-ephemeral-crypto-common@0.11.0.{options}; f: func(o: options); } world app { import i; }',
    ],
    ['use it at the top', 'use wasi:crypto/wasi-ephemeral-crypto-kx@0.11.0 as kx; world app { import kx; }'],
    ['include its world', 'world app { include wasi:crypto/imports@0.11.0; }'],
    [
      'use it in an inline interface',
      'world app { import i: interface { use wasi:crypto/wasi-ephemeral-crypto-common@0.11.0.{options}; f: func(o: options); } }',
    ],
    [
      'use it in a nested package',
      'world app { import n:m/i; } package n:m { interface i { use wasi:crypto/wasi-ephemeral-crypto-common@0.11.0.{options}; } }',
    ],
  ])('%s and have none get those of the package', ([, body]) => {
    const unit = mustRead(read({ 'app.wit': `package test:app; ${body}` }));
    expect(unit.packages.find((each) => each.id === 'wasi:crypto')).toMatchObject({
      version: '0.11.0',
      isDependency: true,
    });
    expect(unit.sources.filter((each) => isShipped(each.path))).toHaveLength(9);
  });

  const own = 'package wasi:crypto@0.11.0; interface mine { f: func(); }';
  it.for<[string, Readonly<Record<string, string>>]>([
    ['in a file of deps', { 'deps/crypto.wit': own }],
    ['in a folder of deps', { 'deps/crypto/own.wit': own }],
    ['nested', { 'more.wit': 'package wasi:crypto@0.11.0 { interface mine { f: func(); } }' }],
  ])('and have their own %s keep it', ([, files]) => {
    const unit = mustRead(
      read({ 'app.wit': 'package test:app; world app { import wasi:crypto/mine@0.11.0; }', ...files }),
    );
    expect(unit.sources.filter((each) => isShipped(each.path))).toEqual([]);
  });

  it('by a name that is not in it are told which are', () => {
    const { found } = read({
      'app.wit': 'package test:app; world app { import wasi:crypto/wasi-ephemeral-crypto-symetric@0.11.0; }',
    });
    expect(found).toMatchObject([{ code: 'unknown-name', hint: 'did you mean `wasi-ephemeral-crypto-symmetric`?' }]);
  });
});

describe('other definitions', () => {
  it('get nothing', () => {
    expect(mustRead(read({ 'app.wit': 'package test:app; world app {}' })).sources.map((each) => each.path)).toEqual([
      'app/app.wit',
    ]);
  });

  it.for(['', '@0.10.0', '@0.11.1'])('that want wasi:crypto%s are told which version there is', (version) => {
    const { found } = read({ 'app.wit': `package test:app; world app { import wasi:crypto/imports${version}; }` });
    expect(found).toMatchObject([
      {
        code: 'unknown-package',
        hint: '`wasi:crypto@0.11.0` comes with wasi-crypto-gen: paths give the version that the package has',
      },
    ]);
  });
});

describe('in a manifest', () => {
  it('shipped files have names that are the same on every machine, and lead back', async ({ folder }) => {
    await writeFile(
      join(folder, 'app.wit'),
      'package test:app; world app { import wasi:crypto/wasi-ephemeral-crypto-common@0.11.0; }',
    );
    const spec = findSpec(folder);
    const file = join(projectRoot, 'witx/0.11/world.wit');
    expect(inputName(spec, file)).toBe('<wasi-crypto-gen>/0.11/world.wit');
    expect(inputPath(spec, '<wasi-crypto-gen>/0.11/world.wit')).toBe(file);
    for (const name of ['app.wit', 'deps/other/other.wit', '../above.wit']) {
      expect(inputName(spec, join(folder, name))).toBe(name);
      expect(inputPath(spec, name)).toBe(join(folder, name));
    }
  });

  it('shipped files that were used are recorded, and `check` finds them', async ({ folder }) => {
    // A manifest may name what is in its project.
    await writeFile(join(folder, 'package.json'), '{}');
    const spec = join(folder, 'wit');
    await mkdir(spec);
    await writeFile(
      join(spec, 'app.wit'),
      'package test:app; world app { import wasi:crypto/wasi-ephemeral-crypto-common@0.11.0; }',
    );
    const out = join(folder, 'out');
    const { ok } = await generateProject({ spec, targets: ['assemblyscript-guest'], out });
    expect(ok).toBe(true);
    const { inputs } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { readonly inputs: object };
    expect(Object.keys(inputs).filter((each) => each.startsWith('<'))).toContain('<wasi-crypto-gen>/0.11/world.wit');
    expect(Object.keys(inputs).filter((each) => !each.startsWith('<'))).toEqual(['app.wit']);
    expect(await checkProject({ out })).toMatchObject({ ok: true, folders: [{ regenerated: false }] });
    expect(await checkProject({ out, full: true })).toMatchObject({ ok: true, folders: [{ regenerated: true }] });
  });

  it('shipped files are named below their own folder when they are what was asked for', () => {
    for (const spec of [findSpec('0.11'), findSpec(join(projectRoot, 'witx/0.11'))])
      expect(inputName(spec, join(projectRoot, 'witx/0.11/world.wit'))).toBe('world.wit');
  });
});

describe('as one text for other tools', () => {
  const world = 'package test:app@1.0.0; world app { import wasi:crypto/wasi-ephemeral-crypto-common@0.11.0; }';

  it('they are nested in the package of the world', async ({ folder }) => {
    await mkdir(join(folder, 'wit'));
    await writeFile(join(folder, 'wit/app.wit'), world);
    const { ok, text, diagnostics, world: name } = bundleWit({ wit: join(folder, 'wit') });
    expect({ ok, name, diagnostics }).toEqual({ ok: true, name: 'app', diagnostics: [] });
    expect(text).toMatch(
      /^package test:app@1\.0\.0;\nworld app \{\n {2}import wasi:crypto\/wasi-ephemeral-crypto-common@0\.11\.0;\n\}\npackage wasi:crypto@0\.11\.0 \{\n/,
    );
    expect(await readFile(join(folder, 'wit/app.wit'), 'utf8')).toBe(world);
  });

  it('mistakes come back with their places', async ({ folder }) => {
    const path = join(folder, 'app.wit');
    await writeFile(path, world);
    await appendFile(path, '\ninterface i { f: func(a: u33); }');
    const { ok, text, diagnostics } = bundleWit({ wit: path });
    expect({ ok, text }).toEqual({ ok: false, text: '' });
    expect(diagnostics).toMatchObject([{ code: 'unknown-name', span: { file: { path } } }]);
  });
});
