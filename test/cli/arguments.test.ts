import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { packageRoot } from '../../generator/package-root.js';
import { asProcess, builtMain, it, wasiCryptoGen } from './command-line.js';
import { types, writeProjectAsProcess } from './small-project.js';
import { shippedRevisions } from '../../generator/project/spec.js';

describe('wrong arguments exit with 2 and a hint', () => {
  it.for<[readonly string[], string, string]>([
    [['genrate'], 'there is no command `genrate`', 'did you mean `generate`?'],
    [
      ['frobnicate'],
      'there is no command `frobnicate`',
      'commands are generate, init, check, watch, diff, inspect, imports, run, algorithms, keys, native, doctor, componentize, transpile, help',
    ],
    [['generate', '--sepc', '0.10'], "unknown option '--sepc'", 'did you mean `--spec`?'],
    [['generate', '0.10', '--spec', '0.9'], 'there are two definitions, `0.10` and `0.9`', 'run it once for each'],
    [['..'], 'there is no command `..`', 'to generate from it: `wasi-crypto-gen generate ..`'],
    [['diff', '0.10'], "missing required argument 'new'", 'see `wasi-crypto-gen diff --help`'],
    [['run', '--bogus'], "unknown option '--bogus'", 'see `wasi-crypto-gen run --help`'],
    [['check', '--ful'], "unknown option '--ful'", 'did you mean `--full`?'],
    [['check', 'generated'], "too many arguments for 'check'", 'wasi-crypto-gen check --help'],
    [['generate', '--spec'], "option '--spec <revision|path>' argument missing", 'wasi-crypto-gen generate --help'],
    [['--spec', '0.10'], '`--spec` is an option of a command', 'did you mean `wasi-crypto-gen generate --spec …`?'],
    [['--dry-run'], '`--dry-run` is an option of a command', 'did you mean `wasi-crypto-gen generate --dry-run …`?'],
    [
      ['generate', '--spec', '0.01'],
      'there is no revision, file or folder `0.01`',
      `shipped revisions are ${shippedRevisions().join(', ')}, extension-0.1`,
    ],
    [
      ['generate', '--spec', '0.10', '--target', 'typescript-hots'],
      'there is no target `typescript-hots`',
      'did you mean `typescript-host`?',
    ],
    [['generate', '--spec', '0.10', '--target', 'cobol'], 'there is no target `cobol`', 'targets are typescript-host'],
    [
      ['generate', '--spec', '0.11', '--target', 'typescript-host'],
      'target `typescript-host` cannot be made from WIT definitions',
      'it takes WITX',
    ],
    [
      ['generate', '--spec', 'extension-0.2'],
      'there is no revision, file or folder `extension-0.2`',
      'did you mean `extension-0.1`?',
    ],
    [['generate', '--import-suffix', '.mjs'], "argument '.mjs' is invalid", 'Allowed choices are .js, .ts, none'],
    [['check', '--format', 'xml'], "argument 'xml' is invalid", 'Allowed choices are text, json'],
    [['run'], "missing required argument 'guest.wasm'", 'wasi-crypto-gen run --help'],
  ])('%j', async ([args, message, hint], { folder }) => {
    const { code, stdout, stderr } = await wasiCryptoGen(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error: `);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

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

  it('shows the stack on request', async ({ folder }) => {
    const { code, stderr } = await asProcess(['algorithms'], {
      cwd: folder,
      node: ['--import', breakage],
      env: { WASI_CRYPTO_GEN_DEBUG: '1' },
    });
    expect(code).toBe(70);
    expect(stderr).toMatch(/^ +at .*algorithms\.js/m);
  });
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
