import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { packageRoot } from '../../generator/package-root.js';
import { asProcess, builtMain, it, wasiCryptoGen } from './command-line.js';
import { types, writeDefinition, writeProjectAsProcess } from './small-project.js';

it('prints help, exits with 2 and writes nothing when it is given no command', async ({ folder }) => {
  const { code, stdout, stderr } = await wasiCryptoGen([], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: wasi-crypto-gen [options] [command]');
  expect(stderr).toContain('generate [options] [definitions]');
  expect(await readdir(folder)).toEqual([]);
});

describe('help', () => {
  it.for<[readonly string[], readonly string[]]>([
    [['--help'], ['generate', 'check', 'run', 'algorithms', 'componentize', 'transpile', 'Examples:', 'Exit codes:']],
    [
      ['generate', '--help'],
      [
        '--spec',
        '--target',
        '--out',
        '--import-suffix',
        '--header',
        '--dry-run',
        '--force',
        'typescript-host',
        'Examples:',
      ],
    ],
    [
      ['help', 'check'],
      ['--full', '--format', 'Examples:'],
    ],
    [
      ['check', '-h'],
      ['--full', 'Examples:'],
    ],
    [
      ['run', '--help'],
      ['--dir', '--env', 'Examples:'],
    ],
    [
      ['algorithms', '--help'],
      ['--json', 'Examples:'],
    ],
  ])('%j', async ([args, parts]) => {
    const { code, stdout, stderr } = await wasiCryptoGen(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of parts) expect(stdout).toContain(part);
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    for (const flag of ['--version', '-V'])
      expect(await wasiCryptoGen([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a bug of ours', () => {
  const breakage = `data:text/javascript,${encodeURIComponent("process.stdout.write = () => { throw new TypeError('broken pipe dream'); };")}`;

  it('exits with 70 and tells what to report, without a stack', async ({ folder }) => {
    const { code, stderr } = await asProcess(['algorithms'], { cwd: folder, node: ['--import', breakage] });
    expect(code).toBe(70);
    expect(stderr).toContain('this is a bug of wasi-crypto-gen');
    expect(stderr).toContain('TypeError: broken pipe dream');
    expect(stderr).toContain(`Node ${process.version}`);
    expect(stderr).toContain('["algorithms"]');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('shows no password of an address', async ({ folder }) => {
    const address = 'postgres://shop:pass@word@db.example/shop';
    const { code, stderr } = await asProcess(
      ['generate', '0.10', '--target', 'overview', '--dry-run', '--header', address],
      {
        cwd: folder,
        node: ['--import', breakage],
      },
    );
    expect(code).toBe(70);
    expect(stderr).toContain('postgres://shop:…@db.example/shop');
    expect(stderr).not.toContain('word');
  });

  it.for<[readonly string[], Readonly<Record<string, string>>]>([
    [[], { WASI_CRYPTO_GEN_DEBUG: '1' }],
    [['--debug'], {}],
  ])('shows the stack on request: %j %j', async ([flags, env], { folder }) => {
    const { code, stderr } = await asProcess(['algorithms', ...flags], {
      cwd: folder,
      node: ['--import', breakage],
      env,
    });
    expect(code).toBe(70);
    expect(stderr).toMatch(/^ +at .*algorithms\.js/m);
  });
});

it('prints nothing with --silent: the exit code tells', async ({ folder }) => {
  await writeDefinition(folder, '(module $m');
  const silent = { stdout: '', stderr: '' };
  expect(await wasiCryptoGen(['generate', 'definitions', '--silent'], { cwd: folder })).toEqual({ code: 3, ...silent });
  expect(await wasiCryptoGen(['generate', 'absent', '--silent', '--json'], { cwd: folder })).toEqual({
    code: 2,
    ...silent,
  });
  await writeDefinition(folder);
  expect(await wasiCryptoGen(['generate', 'definitions', '--silent'], { cwd: folder })).toEqual({ code: 0, ...silent });
});

describe('colours', () => {
  // The control sequence introducer of terminals.
  const colour = /\u001b\[/;

  it('are for terminals: not for pipes, not with NO_COLOR, also in CI', async ({ folder }) => {
    expect((await asProcess(['genrate'], { cwd: folder, env: { CI: 'true' } })).stderr).not.toMatch(colour);
    expect(
      (await wasiCryptoGen(['genrate'], { cwd: folder, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr,
    ).not.toMatch(colour);
  });

  it('can be forced', async ({ folder }) => {
    expect((await asProcess(['genrate'], { cwd: folder, env: { FORCE_COLOR: '1' } })).stderr).toMatch(colour);
  });
});

it('is quiet when nobody reads on, and keeps its exit code', async ({ folder }) => {
  await writeProjectAsProcess(folder);
  await writeFile(join(folder, 'generated/definitions', types), 'edited');
  const child = spawn(process.execPath, [await builtMain(), 'check'], { cwd: folder });
  // Closed before the process has begun to write.
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
});
