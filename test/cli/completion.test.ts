/** What shells complete, asked as their scripts ask; and the scripts, by the shells that are there. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog.js';
import { listTargets } from '../../generator/project/targets.js';
import { describeUnless } from '../shared.js';
import { builtMain, it, wasiCryptoGen } from './command-line.js';

async function completions(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await wasiCryptoGen(['complete', '--', ...words]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0] ?? '');
}

describe('complete', () => {
  it.for<[string, readonly string[], readonly string[]]>([
    ['commands', ['com'], ['componentize', 'completion']],
    ['commands of commands', ['native', 'b'], ['build']],
    ['options', ['generate', '--imp'], ['--import-suffix']],
    ['values of options', ['generate', '--import-suffix', '.t'], ['.ts']],
    ['values behind `=`', ['check', '--format=j'], ['--format=json']],
    ['values behind `=`, as bash splits them', ['check', '--format', '=', 'j'], ['--format=json']],
    ['shipped definitions', ['generate', 'ext'], ['extension-0.1', 'extension-0.1/wit', 'extension-0.1/witx']],
    ['shipped definitions of one language', ['diff', 'ext'], ['extension-0.1/wit', 'extension-0.1/witx']],
    ['shipped definitions, again', ['diff', '0.9', '0.1'], ['0.10', '0.11']],
    ['codes', ['explain', 'unknown-w'], ['unknown-world']],
    ['shells', ['completion', 'z'], ['zsh']],
    ['nothing where a file stands', ['run', ''], []],
    ['nothing of ours behind a guest', ['run', 'guest.wasm', '--h'], []],
    ['nothing after an option that is unknown', ['generate', '--nonsense', '--fo'], ['--force', '--format']],
  ])('knows %s', async ([, words, expected]) => {
    expect([...(await completions(...words))].sort()).toEqual([...expected].sort());
  });

  it('knows all targets, and all codes', async () => {
    expect(await completions('generate', '--target', '')).toEqual((await listTargets()).map(({ id }) => id));
    expect(await completions('explain', '')).toEqual(Object.keys(catalog));
  });

  it('says what each is', async () => {
    const { stdout } = await wasiCryptoGen(['complete', '--', 'doc']);
    expect(stdout).toMatch(/^doctor\t\w+/);
  });
});

/** What a shell prints, with `wasi-crypto-gen` on its path. */
async function shell(folder: string, command: string, script: string): Promise<string> {
  const program = join(folder, 'wasi-crypto-gen');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${await builtMain()}" "$@"\n`);
  chmodSync(program, 0o755);
  const { stdout } = await promisify(execFile)(command, ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
  });
  return stdout;
}

const missing = (command: string): string | undefined =>
  spawnSync(command, ['-c', 'true']).error === undefined ? undefined : `skipped: no ${command}`;

describeUnless(missing('bash'), 'completion in bash', () => {
  it('completes words, and evaluates none of them', async ({ folder }) => {
    const script = `
      eval "$(wasi-crypto-gen completion bash)"
      COMP_WORDS=(wasi-crypto-gen generate '$(touch evil)' --imp) COMP_CWORD=3
      _wasi_crypto_gen
      printf '%s\\n' "\${COMPREPLY[@]}" *`;
    expect(await shell(folder, 'bash', script)).toBe('--import-suffix\nwasi-crypto-gen\n');
  });
});

describeUnless(missing('zsh'), 'completion in zsh', () => {
  it('completes words', async ({ folder }) => {
    const script = `
      _describe() { print -l "\${(@P)2}"; }
      eval "$(wasi-crypto-gen completion zsh)"
      words=(wasi-crypto-gen completion z) CURRENT=3
      _wasi_crypto_gen`;
    expect(await shell(folder, 'zsh', script)).toBe('zsh:\n');
  });
});

describeUnless(missing('fish'), 'completion in fish', () => {
  it('completes words', async ({ folder }) => {
    const script = 'wasi-crypto-gen completion fish | source; complete -C "wasi-crypto-gen completion z"';
    expect(await shell(folder, 'fish', script)).toBe('zsh\n');
  });
});
