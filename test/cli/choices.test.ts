/** What may be chosen about output: how lines end, what linters see, which part of the definitions, and which errno says what. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { EOL } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';
import { smallDefinition, types, writeDefinition, writeProject } from './small-project.js';

const spec = ['--spec', 'definitions', '--target', 'typescript-host'] as const;

async function succeed(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await wasiCryptoGen(args[0] === 'check' ? args : ['generate', ...args], { cwd: folder });
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome;
}

const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8');

const wit = `package a:b;
interface first { f: func(); }
interface second { g: func(); h: func(); resource r { constructor(); m: func(); } }
@unstable(feature = later)
interface third { i: func(); }
`;

async function writeWit(folder: string): Promise<void> {
  await mkdir(join(folder, 'definitions'), { recursive: true });
  await writeFile(join(folder, 'definitions/a.wit'), wit);
}

const witSpec = ['--spec', 'definitions', '--target', 'component-host'] as const;

/** What the host interfaces of the output ask for. */
async function methods(folder: string): Promise<readonly string[]> {
  const out = join(folder, 'generated/definitions/component-host');
  const found: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    const text = await readFile(join(out, `${name}.ts`), 'utf8').catch(() => '');
    const body = /export interface \w+Host(?:<.*>)? \{\n([^}]*)\}/.exec(text)?.[1] ?? '';
    found.push(...[...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, method]) => `${name}.${method}`));
  }
  return found;
}

describe('line ends', () => {
  it('are those that are chosen, and the choice is kept', async ({ folder }) => {
    await writeProject(folder);
    const before = await read(folder, `generated/definitions/${types}`);
    expect(before).not.toContain('\r');
    await succeed(folder, '--eol', 'crlf');
    const after = await read(folder, `generated/definitions/${types}`);
    expect(after).toBe(before.replaceAll('\n', '\r\n'));
    expect((await succeed(folder)).stdout).toMatch(/: \d+ unchanged/);
    await succeed(folder, 'check', '--full');
    await succeed(folder, '--eol', 'lf');
    expect(await read(folder, `generated/definitions/${types}`)).toBe(before);
  });

  it('are those of the platform where that is chosen, for what is written; files with others stay, so that two systems do not rewrite each other', async ({
    folder,
  }) => {
    await writeProject(folder, '--eol', EOL === '\n' ? 'crlf' : 'lf');
    const module = 'generated/definitions/typescript-host/common.ts';
    const before = await read(folder, module);
    expect((await succeed(folder, '--eol', 'auto')).stdout).toContain('unchanged');
    expect(await read(folder, module)).toBe(before);
    await writeDefinition(folder, smallDefinition.replace('(param $name string)', '(param $title string)'));
    await succeed(folder);
    const after = await read(folder, module);
    expect(after).toContain('title: string');
    expect(after.replaceAll(EOL, '')).not.toMatch(/[\r\n]/);
    await succeed(folder, 'check', '--full');
  });

  it('of the definitions make no difference', async ({ folder }) => {
    const header = ['--header', '@licence.txt'] as const;
    await writeFile(join(folder, 'licence.txt'), 'One\nTwo\n');
    await writeDefinition(folder, `;;; Docs\n;;; of several lines\n${smallDefinition}`);
    await succeed(folder, ...spec, ...header);
    await writeDefinition(folder, `;;; Docs\n;;; of several lines\n${smallDefinition}`.replaceAll('\n', '\r\n'));
    await writeFile(join(folder, 'licence.txt'), 'One\r\nTwo\r\n');
    await succeed(folder, 'check', '--full');
    expect((await succeed(folder)).stdout).toMatch(/: \d+ unchanged/);
  });
});

describe('linters', () => {
  it('pass over files when they are to', async ({ folder }) => {
    await writeProject(folder);
    expect(await read(folder, `generated/definitions/${types}`)).not.toContain('eslint');
    await succeed(folder, '--lint', 'disable');
    const files = await readdir(join(folder, 'generated/definitions/typescript-host'));
    for (const name of files)
      expect(await read(folder, `generated/definitions/typescript-host/${name}`)).toMatch(
        /^\/\* eslint-disable \*\/\n\/\/ biome-ignore-all lint: generated\n\/\/ Generated/,
      );
    await succeed(folder, '--lint', 'none');
    expect(await read(folder, `generated/definitions/${types}`)).not.toContain('eslint');
  });

  it('are told what the header says in comments of its own', async ({ folder }) => {
    await writeDefinition(folder);
    const header = '/* eslint-disable no-var */\n/*\n * A licence.\n */\nplain';
    await succeed(folder, ...spec, '--header', header);
    expect(await read(folder, `generated/definitions/${types}`)).toMatch(
      /^\/\* eslint-disable no-var \*\/\n\/\*\n \* A licence\.\n \*\/\n\/\/ plain\n\/\/\n\/\/ Generated/,
    );
  });

  it('are not told so by a comment that does not end', async ({ folder }) => {
    await writeDefinition(folder);
    const { code, stderr } = await wasiCryptoGen(['generate', ...spec, '--header', '/* licence'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('does not end') as string });
  });
});

describe('parts of definitions', () => {
  it('are what is included, without what is excluded', async ({ folder }) => {
    await writeWit(folder);
    await succeed(folder, ...witSpec);
    expect(await methods(folder)).toEqual(['first.f', 'second.g', 'second.h', 'second.rConstructor', 'second.rM']);
    await succeed(folder, '--exclude', 'first', '--exclude', 'second#r.m');
    expect(await methods(folder)).toEqual(['second.g', 'second.h', 'second.rConstructor']);
    await succeed(folder, ...witSpec, '--include', 'a:b/*#g', '--include', 'a:b/first');
    expect(await methods(folder)).toEqual(['first.f', 'second.g']);
    await succeed(folder, 'check', '--full');
  });

  it('have names that are there', async ({ folder }) => {
    await writeWit(folder);
    const { code, stderr } = await wasiCryptoGen(['generate', ...witSpec, '--include', 'a:b/fist'], { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('error[unknown-selection]');
    expect(stderr).toContain('did you mean `a:b/first`');
  });

  it('are not written among the packages that the definitions use', async ({ folder }) => {
    await writeWit(folder);
    const args = ['generate', '--spec', 'definitions', '--out', 'definitions/deps/made'];
    const { code, stderr } = await wasiCryptoGen(args, { cwd: folder });
    expect(stderr).toContain('output would be among the packages that the definitions use, in `definitions/deps/made`');
    expect(code).toBe(2);
  });

  it('of features that are off are there when they are turned on', async ({ folder }) => {
    await writeWit(folder);
    await succeed(folder, ...witSpec, '--features', 'sooner,later');
    expect(await methods(folder)).toContain('third.i');
    await succeed(folder);
    expect(await methods(folder)).toContain('third.i');
    await succeed(folder, ...witSpec);
    expect(await methods(folder)).not.toContain('third.i');
    await succeed(folder, ...witSpec, '--all-features');
    expect(await methods(folder)).toContain('third.i');
    await succeed(folder, 'check', '--full');
  });
});

describe('the case of an errno that says what the bindings find', () => {
  const faults = async (folder: string): Promise<string> =>
    /OfFault.*? = \{([^}]*)\}/.exec(
      (await read(folder, `generated/definitions/${types}`)).replaceAll('\n', ' '),
    )?.[1] ?? '';
  const definition = (forbidden: string, busy = ''): string =>
    smallDefinition.replace(/\$success[^)]*\$forbidden/, `$success\n${forbidden} $forbidden\n${busy} $busy`);

  it('is the last when none is known to say it, with a warning', async ({ folder }) => {
    await writeDefinition(folder, definition(''));
    const { stderr } = await succeed(folder, ...spec);
    expect(stderr).toContain('warning[guessed-errno]');
    expect(stderr).toContain('the bindings answer `busy`');
    expect(await faults(folder)).toContain('internal: Errno.Busy');
  });

  it('is the one that the definition says, or the user', async ({ folder }) => {
    const every = ';;; @fault bad-memory, bad-text, bad-value, absent, bad-handle, closed-handle, too-many-handles\n';
    await writeDefinition(folder, definition(every, ';;; @fault internal\n'));
    const { stderr } = await succeed(folder, ...spec);
    expect(stderr).not.toContain('guessed-errno');
    expect(await faults(folder)).toMatch(/badMemory: Errno\.Forbidden,.*internal: Errno\.Busy/);
    await succeed(folder, '--errno', 'internal=forbidden', '--errno', 'bad-memory=busy');
    expect(await faults(folder)).toMatch(/badMemory: Errno\.Busy,.*internal: Errno\.Forbidden/);
    await succeed(folder, 'check', '--full');
  });

  it.for([
    ['intern=busy', 'did you mean `internal`?', 3],
    ['internal=bussy', 'did you mean `busy`?', 3],
    ['internal', 'write `--errno internal=io`', 2],
  ] as const)('is not %s', async ([choice, hint, code], { folder }) => {
    await writeDefinition(folder, definition(''));
    const outcome = await wasiCryptoGen(['generate', ...spec, '--errno', choice], { cwd: folder });
    expect(outcome.stderr).toContain(hint);
    expect(outcome.code).toBe(code);
  });
});

describe('options that are given twice', () => {
  it('are refused where one value would win', async ({ folder }) => {
    await writeDefinition(folder);
    for (const args of [
      ['--spec', '0.10', '--spec', 'definitions'],
      ['--out', 'a', '--out', 'b'],
      ['--eol', 'lf', '--eol', 'crlf'],
    ]) {
      const { code, stderr } = await wasiCryptoGen(['generate', ...args], { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('It is given twice') as string });
    }
  });

  it('all count for check, which finds the manifests of a monorepo', async ({ folder }) => {
    await writeDefinition(folder);
    await succeed(folder, ...spec, '--out', 'one/bindings');
    await succeed(folder, ...spec, '--out', 'two/deep/down/bindings');
    const outs = ['--out', 'one', '--out', 'two/deep/down'] as const;
    expect((await succeed(folder, 'check', ...outs)).stdout.match(/up to date/g)).toHaveLength(2);
    expect((await succeed(folder, 'check', '--below', '.')).stdout.match(/up to date/g)).toHaveLength(2);
    await writeFile(join(folder, 'one/bindings', types), 'spoilt');
    for (const args of [outs, ['--below', '.']] as const) {
      const { code, stdout } = await wasiCryptoGen(['check', ...args], { cwd: folder });
      expect(code).toBe(1);
      expect(stdout).toMatch(/one\/bindings: .*1 file[^]*two\/deep\/down\/bindings: .*up to date/);
    }
    const none = await wasiCryptoGen(['check', '--out', 'one', '--out', 'three'], { cwd: folder });
    expect(none.code).toBe(2);
  });
});
