/** Projects of users have other options and versions of TypeScript than this one, and need not have the types of Node. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { emit, load, plannedUnit, typeErrors, writeTemporary } from '../generated.js';
import { describeUnless, oldTypeScript } from '../shared.js';

const plain = { types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] };

/** One of everything; what has no handles; what worlds import by themselves, and under one name. */
const definitions = [
  [typescriptHost, 'test/abi/cases/everything.witx'],
  [typescriptHost, 'test/targets/typescript-host/cases/odd.witx'],
  [componentHost, 'test/abi/canonical/everything.wit'],
  [componentHost, 'test/targets/wit-corpus/worlds.wit'],
] as const;

async function bindings(): Promise<ReadonlyMap<string, string>> {
  const made = await Promise.all(
    definitions.map(async ([target, path], index) =>
      [...(await emit(target, plannedUnit('x', path)))].map(([name, text]) => [`${index}/${name}`, text] as const),
    ),
  );
  return new Map(made.flat());
}

describe('host bindings', { timeout: 120_000 }, () => {
  it('compile with `strict` alone, the libraries of 2022 and the types of browsers, and have declarations that a file is enough for', async () => {
    const alone = { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false, verbatimModuleSyntax: false };
    const declaring = { isolatedDeclarations: true, declaration: true };
    expect(typeErrors(await bindings(), { ...plain, ...alone, ...declaring })).toEqual([]);
  });

  it('have `ok` and `err` for results', async () => {
    const files = await emit(componentHost, plannedUnit('0.11', 'witx/0.11'));
    const { ok, err } = (await load(files, 'results.ts')) as typeof import('../../templates/component-host/results.js');
    expect([ok(1), err('no')]).toEqual([
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'no' },
    ]);
  });
});

const missing = oldTypeScript === undefined ? 'skipped: no TypeScript 5.0 in .tmp/typescript' : undefined;

describeUnless(missing, 'host bindings, with TypeScript 5.0', () => {
  it('compile', { timeout: 120_000 }, async () => {
    const options = {
      strict: true,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      module: 'nodenext',
      types: [],
      noEmit: true,
    };
    const files = [
      ['package.json', '{ "type": "module" }'],
      ['tsconfig.json', JSON.stringify({ compilerOptions: options })],
    ] as const;
    const folder = writeTemporary(new Map([...(await bindings()), ...files]));
    const compiler = join(oldTypeScript ?? '', 'bin/tsc');
    expect(execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })).toBe('');
    rmSync(folder, { recursive: true });
  });
});
