/** Configuration files: what they say is made and checked; what is wrong in them is told with its place. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';
import { smallDefinition, types, writeDefinition } from './small-project.js';
import { defineConfig } from '../../generator/index.js';

const wit = `package a:b;
interface first { f: func(); }
interface second { g: func(); }
interface alone { h: func(); }
world one { import first; }
world two { import second; }
`;

async function writeWit(folder: string): Promise<void> {
  await mkdir(join(folder, 'wit'), { recursive: true });
  await writeFile(join(folder, 'wit/a.wit'), wit);
}

const host = { spec: 'definitions', targets: ['typescript-host'], out: 'src/host' } as const;

function writeConfig(folder: string, value: unknown, name = 'wasi-crypto.config.json'): Promise<void> {
  return writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));
}

const run = (folder: string, ...args: readonly string[]): Promise<Outcome> => wasiCryptoGen(args, { cwd: folder });

describe('a configuration', () => {
  it('says all outputs of generate and check', async ({ folder }) => {
    await writeDefinition(folder);
    await writeWit(folder);
    const component = { spec: 'wit', world: 'one', targets: ['component-host'], eol: 'crlf', header: 'Other words' };
    await writeConfig(folder, { header: 'Our licence', lint: 'disable', outputs: [host, component] });
    const made = await run(folder, 'generate');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^src\/host: \d+ written definitions: typescript-host\ngenerated\/wit: \d+ written wit/,
    );
    expect(await readFile(join(folder, 'src/host', types), 'utf8')).toMatch(
      /^\/\* eslint-disable \*\/\n[^]*Our licence\n/,
    );
    expect(await readFile(join(folder, 'generated/wit/component-host/index.ts'), 'utf8')).toMatch(/Other words\r\n/);
    expect(
      (await readdir(join(folder, 'generated/wit/component-host'))).filter((name) => /first|second|alone/.test(name)),
    ).toEqual(['first.ts']);
    const checked = await run(folder, 'check');
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout.match(/up to date/g)).toHaveLength(2);
    expect((await run(folder, 'check', '--out', 'src')).stdout.match(/up to date/g)).toHaveLength(1);
  });

  it.for<[string, string]>([
    [
      'wasi-crypto.config.ts',
      `import type { Config } from 'wasi-crypto-gen';\nconst out: string = 'src/host';\nexport default { outputs: [{ spec: 'definitions', targets: ['typescript-host'], out }] } satisfies Config;\n`,
    ],
    ['wasi-crypto.config.mjs', `export default { outputs: [${JSON.stringify(host)}] };\n`],
    ['wasi-crypto.config.js', `module.exports = { outputs: [${JSON.stringify(host)}] };\n`],
    ['package.json', JSON.stringify({ name: 'mine', 'wasi-crypto-gen': { outputs: [host] } })],
  ])('may be %s', async ([name, text], { folder }) => {
    await writeDefinition(folder);
    await writeConfig(folder, text, name);
    expect(await run(folder, 'generate', '--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^src\/host: \d+ written \(dry run/) as string,
    });
  });

  it('sees paths from its own folder, and is named by --config', async ({ folder }) => {
    await mkdir(join(folder, 'sub'));
    await writeDefinition(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/licence.txt'), 'A licence in a file');
    await writeConfig(join(folder, 'sub'), { outputs: [{ ...host, header: { file: 'licence.txt' } }] }, 'other.json');
    expect(await run(folder, 'generate', '--config', 'sub/other.json')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'sub/src/host', types), 'utf8')).toContain('A licence in a file');
    expect(await run(folder, 'check', '--config', 'sub/other.json')).toMatchObject({ code: 0 });
    await rm(join(folder, 'sub/src/host', types));
    expect((await run(folder, 'check', '--config', 'sub/other.json')).stdout).toContain(
      'to fix: npx wasi-crypto-gen generate --config sub/other.json\n',
    );
  });

  it('gives way to what the command line says', async ({ folder }) => {
    await writeDefinition(folder);
    await writeConfig(folder, {
      outputs: [
        { ...host, header: 'Ours' },
        { ...host, out: 'src/other' },
      ],
    });
    const { code, stdout } = await run(
      folder,
      'generate',
      '--out',
      'src/host',
      '--header',
      'Yours',
      '--lint',
      'disable',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^src\/host: [^\n]*\n$/) as string });
    expect(await readFile(join(folder, 'src/host', types), 'utf8')).toMatch(/^\/\* eslint-disable \*\/\n[^]*Yours\n/);
    // The configuration says otherwise, and the other output was never made.
    const checked = await run(folder, 'check');
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(
      /stale +typescript-host\/types\.ts +configuration changed: header; configuration changed: lint/,
    );
    expect(checked.stdout).toMatch(
      /src\/other: 1 file[^]*missing +manifest\.json +it was never generated\n +to fix: npx wasi-crypto-gen generate\n/,
    );
    expect((await run(folder, 'generate', '--quiet')).code).toBe(0);
    expect((await run(folder, 'check')).code).toBe(0);
  });

  it('is meant by --out, and a folder that it does not have, nor anybody made, is a mistake', async ({ folder }) => {
    await writeDefinition(folder);
    await writeConfig(folder, { outputs: [host] });
    expect(await run(folder, 'generate', '--out', 'src/hots')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /no output of the configuration goes to `src\/hots`\n.*they go to `src\/host`/,
      ) as string,
    });
  });

  it('is not asked where definitions are given', async ({ folder }) => {
    await writeDefinition(folder);
    await writeConfig(folder, 'broken');
    expect(await run(folder, 'generate', 'definitions', '--target', 'typescript-host')).toMatchObject({ code: 0 });
  });

  it('has a type', () => {
    const config = defineConfig({ outputs: [{ spec: '0.10', eol: 'lf' }] });
    expect(config.outputs).toHaveLength(1);
    // @ts-expect-error there is no such key
    expect(defineConfig({ outputs: [{ spec: '0.10', ends: 'lf' }] })).toBeDefined();
  });
});

describe('a mistake in a configuration', () => {
  it('is told as JSON, too', async ({ folder }) => {
    await writeConfig(folder, { outputs: [{ spec: 1, a: 2 }] });
    const { code, stdout, stderr } = await run(folder, 'check', '--json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: {
        diagnostics: [
          { code: 'config-wrong-type', file: 'wasi-crypto.config.json' },
          { code: 'config-unknown-key', start: { line: 5 } },
        ],
      },
    });
  });

  it.for<[readonly string[], string, string]>([
    [['--config', 'none.json'], 'cannot read the configuration `none.json`: there is no such file', 'name a file'],
    [
      ['--config', 'a.json', '--spec', '0.10'],
      'definitions are given, `0.10`, and a configuration, `a.json`',
      'leave out one',
    ],
    [[], 'there are two configurations, `wasi-crypto.config.js` and `wasi-crypto.config.json`', 'keep one'],
    [
      ['--config', 'a.json', '--out', 'elsewhere'],
      'no output of the configuration goes to `elsewhere`',
      'they go to `src/host`',
    ],
    [['--config', 'a.json', '--world', 'w'], '[unknown-world]', 'WITX has none'],
    [['--config', 'a.json', '--target', 'cobol'], 'there is no target `cobol`', 'targets are typescript-host'],
    [['--config', 'cobol.json'], '[config-bad-value]', 'cobol.json:1:45'],
    [['--config', 'cobol.json'], '`outputs[0].targets`: there is no target `cobol`', 'targets are typescript-host'],
  ])('%j', async ([args, message, hint], { folder }) => {
    await writeDefinition(folder, smallDefinition);
    await writeConfig(folder, { outputs: [host] }, 'a.json');
    await writeConfig(folder, JSON.stringify({ outputs: [{ spec: 'definitions', targets: ['cobol'] }] }), 'cobol.json');
    await writeConfig(folder, { outputs: [host] });
    await writeConfig(folder, '', 'wasi-crypto.config.js');
    const { code, stderr } = await run(folder, 'generate', ...args);
    expect(code).toBe(message.includes('world') ? 3 : 2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});

it('a world that is not there is an error of the definitions', async ({ folder }) => {
  await writeWit(folder);
  const { code, stderr } = await run(folder, 'generate', 'wit', '--world', 'tow');
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(/\[unknown-world\][^]*did you mean `two`/) as string,
  });
});
