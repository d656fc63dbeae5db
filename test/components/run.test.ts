/** `run` of components: one that exports `wasi:cli/run`, made here, tells what it was given and how it ends. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asProcess, wasiCryptoGen, type Outcome } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'run-component-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What of WASI 0.2.6 the guest uses. */
const files = {
  'wit/app.wit': `package example:command@1.0.0;

interface host { twice: func(x: u32) -> u32; }
interface more { thrice: func(x: u32) -> u32; }
world command {
  import wasi:cli/environment@0.2.6;
  import wasi:cli/exit@0.2.6;
  import wasi:cli/stdout@0.2.6;
  import wasi:filesystem/preopens@0.2.6;
  import wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0;
  export wasi:cli/run@0.2.6;
}
world linked { include command; import host; }
world library { export digest-of: func() -> u32; }
`,
  'wit/deps/cli/cli.wit': `package wasi:cli@0.2.6;
interface run { run: func() -> result; }
interface environment {
  get-environment: func() -> list<tuple<string, string>>;
  get-arguments: func() -> list<string>;
  initial-cwd: func() -> option<string>;
}
interface exit { exit: func(status: result); }
interface stdout {
  use wasi:io/streams@0.2.6.{output-stream};
  get-stdout: func() -> output-stream;
}
`,
  'wit/deps/io/io.wit': `package wasi:io@0.2.6;
interface error { resource error { to-debug-string: func() -> string; } }
interface streams {
  use error.{error};
  variant stream-error { last-operation-failed(error), closed }
  resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
}
`,
  'wit/deps/filesystem/filesystem.wit': `package wasi:filesystem@0.2.6;
interface types { resource descriptor { is-same-object: func(other: borrow<descriptor>) -> bool; } }
interface preopens {
  use types.{descriptor};
  get-directories: func() -> list<tuple<descriptor, string>>;
}
`,
  'command.ts': `import { expect, hash } from "wasi-crypto";
import { exit, getArguments, getEnvironment, getStdout, initialCwd } from "wasi-cli";
import { getDirectories } from "wasi-filesystem";

export function print(text: string): void {
  getStdout().blockingWriteAndFlush(Uint8Array.wrap(String.UTF8.encode(text + "\\n")));
}

export namespace run {
  export function run(): bool {
    const args = getArguments();
    print("arguments " + args.join(" "));
    const cwd = initialCwd();
    print("in " + (cwd == null ? "no folder" : cwd));
    const variables = getEnvironment();
    for (let i = 0; i < variables.length; i++) print(variables[i].item0 + "=" + variables[i].item1);
    const folders = getDirectories();
    for (let i = 0; i < folders.length; i++) print("folder " + folders[i].item1);
    const digest = new Uint8Array(32);
    expect(hash("SHA-256", String.UTF8.encode("abc"), digest), "hashing");
    print("digest " + digest[0].toString(16));
    const how = args.length > 1 ? args[1] : "";
    if (how == "exit") exit(false);
    if (how == "trap") unreachable();
    return how != "fail";
  }
}
`,
  'linked.ts': `import { twice } from "example-command";
export namespace run {
  export function run(): bool { return twice(21) == 42; }
}
`,
  'library.ts': 'export function digestOf(): u32 { return 1; }\n',
  'host.mjs': 'export const twice = (x) => 2 * x;\n',
};

async function make(name: 'command' | 'linked' | 'library'): Promise<void> {
  const args = ['componentize', `${name}.ts`, '--wit', 'wit', '--world', name, '--out', `${name}.wasm`];
  const { code, stdout, stderr } = await wasiCryptoGen(args, { cwd: folder });
  if (code !== 0) throw new Error(stdout + stderr);
}

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['command', 'linked', 'library'] as const) await make(name);
  cpSync(join(folder, 'wit'), join(folder, 'data'), { recursive: true });
});

/** In a process, since it prints. */
function run(...args: readonly string[]): Promise<Outcome> {
  return asProcess(['run', ...args], { cwd: folder, env: { SECRET: 'of this process' } });
}

const told = 'in no folder\ndigest ba\n';

describe('a component that exports wasi:cli/run', () => {
  it('gets its arguments, and the variables and folders that are named, and no others', async () => {
    expect(await run('--env', 'LEVEL=3', '--dir', 'data:/data', 'command.wasm', 'one', '--two')).toEqual({
      code: 0,
      stdout: 'arguments command.wasm one --two\nin no folder\nLEVEL=3\nfolder /data\ndigest ba\n',
      stderr: '',
    });
  });

  it.each([
    ['exit', 1, ''],
    ['fail', 1, ''],
    ['trap', 134, /^error: `command\.wasm` trapped: .*unreachable/],
  ] as const)('that ends by %s ends with %i, and the host is closed', async (how, code, stderr) => {
    const outcome = await run('--stats', 'command.wasm', how);
    expect([outcome.code, outcome.stdout]).toEqual([code, `arguments command.wasm ${how}\n${told}`]);
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.stderr).toMatch(/^used: \d+ calls, cost \d+; open in the end: 0 handles, 0 bytes$/m);
  });

  it('has the policy and the limits of the command line', async () => {
    const { code, stdout } = await run('--limits', 'callCost=1', 'command.wasm');
    expect(code).toBe(134);
    expect(stdout).toBe('arguments command.wasm\nin no folder\n');
  });

  it('gets other interfaces from modules that are linked', async () => {
    const missing = await wasiCryptoGen(['run', 'linked.wasm'], { cwd: folder });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain(
      'interface example:command/host: give it with `--link example:command/host=file.mjs`',
    );
    expect(await run('--link', 'example:command/host=host.mjs', 'linked.wasm')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

it('a component that is no program points to transpile', async () => {
  const { code, stderr } = await wasiCryptoGen(['run', 'library.wasm'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain('exports no `wasi:cli/run`, so it is no program');
  expect(stderr).toContain('`wasi-crypto-gen transpile library.wasm --out build`');
});
