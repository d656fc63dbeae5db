/** What linters of users say of generated TypeScript: nothing but what the documentation gives reasons for. */
import { readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import tseslint from 'typescript-eslint';
import { targets } from '../../generator/targets/index.js';
import { emit, plannedUnit, writeTemporary } from '../generated.js';
import { compilerOf } from './compilers.js';

/** One of everything, and what has no handles. */
const definitions = {
  witx: ['test/abi/cases/everything.witx', 'test/targets/typescript-host/cases/odd.witx'],
  wit: ['test/abi/canonical/everything.wit'],
} as const;

/** As most projects have it: without `noUncheckedIndexedAccess`. */
const options = { strict: true, target: 'es2022', lib: ['es2022', 'dom'], module: 'nodenext', types: [], noEmit: true };

describe('typescript-eslint, strict and with types', () => {
  it('finds nothing in what targets make but what docs/command-line.md says', { timeout: 240_000 }, async () => {
    const files = new Map([
      ['package.json', '{ "type": "module" }'],
      ['tsconfig.json', JSON.stringify({ compilerOptions: options })],
    ]);
    for (const target of targets.filter((each) => compilerOf(each) === 'tsc'))
      for (const path of target.dialects.flatMap((each) => definitions[each]))
        for (const [name, text] of await emit(target, plannedUnit('x', path)))
          files.set(`${target.id}/${basename(path)}/${name}`, text);
    const place = writeTemporary(files);
    const eslint = new ESLint({
      cwd: place,
      overrideConfigFile: true,
      overrideConfig: [
        ...(tseslint.configs.strictTypeChecked as ESLint.ConfigData[] as []),
        { languageOptions: { parserOptions: { project: ['tsconfig.json'], tsconfigRootDir: place } } },
      ],
    });
    const results = await eslint.lintFiles(['**/*.ts']);
    rmSync(place, { recursive: true });
    const found = results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, message }) => ({ rule: ruleId ?? message, file: basename(filePath) })),
    );
    const isTold = ({ rule, file }: (typeof found)[number]): boolean =>
      told.some((each) => each.rule === rule && (each.files === undefined || each.files.includes(file)));
    expect(results).toHaveLength([...files.keys()].filter((each) => each.endsWith('.ts')).length);
    expect(found.filter((each) => !isTold(each))).toEqual([]);
    expect(told.filter(({ rule }) => !found.some((each) => each.rule === rule))).toEqual([]);
  });
});

/** The table of the documentation: rules, and the files they are about. */
const told = [
  ...readFileSync('docs/command-line.md', 'utf8').matchAll(
    /^\| (`[\w`, -]*`) \| (all files|`[\w`., -]*\.ts`) \| .* \|$/gm,
  ),
].flatMap(([, rules = '', files = '']) =>
  inCode(rules).map((rule) => ({
    rule: `@typescript-eslint/${rule}`,
    files: files === 'all files' ? undefined : inCode(files),
  })),
);

function inCode(markdown: string): readonly string[] {
  return [...markdown.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}
