/** `--annotations`: what people say where the rules of target `wit` leave something open. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';

const definitions = `(typename $errno (enum (@witx tag u16) $success $bad))
(typename $size (@witx usize))
(module $store
  (@interface func (export "peek")
    (param $at (@witx pointer (@witx pointer u8)))
    (result $error (expected (error $errno)))))
`;
const decisions = 'package my:store@1.0.0;\ninterface store {\n  peek: func() -> result<list<u8>, errno>;\n}\n';

function run(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  return wasiCryptoGen(args, { cwd });
}

async function writeFiles(folder: string): Promise<void> {
  await writeFile(join(folder, 'store.witx'), definitions);
  await writeFile(join(folder, 'decisions.wit'), decisions);
}

const make = ['generate', 'store.witx', '--target', 'wit', '--out', 'made'];
const made = (folder: string): Promise<string> => readFile(join(folder, 'made/wit/store.wit'), 'utf8');

describe('annotations', () => {
  it('are read, recorded, and remembered', async ({ folder }) => {
    await writeFiles(folder);
    expect(await run(folder, ...make)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning[no-wit]: WIT has no `peek`: it holds an address') as string,
    });
    expect(await made(folder)).not.toContain('peek');
    const annotated = await run(folder, ...make, '--annotations', 'decisions.wit');
    expect(annotated.code).toBe(0);
    expect(annotated.stderr).not.toContain('no-wit');
    expect(await made(folder)).toContain('  peek: func() -> result<list<u8>, errno>;\n');
    expect(await run(folder, 'check', '--out', 'made')).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'decisions.wit'), decisions.replace('list<u8>', 'string'));
    expect(await run(folder, 'check', '--out', 'made')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/stale +wit\/store\.wit +annotations changed: \.\.\/decisions\.wit/) as string,
    });
    expect(await run(folder, 'generate', '--out', 'made')).toMatchObject({ code: 0 });
    expect(await made(folder)).toContain('result<string, errno>');
    expect(await run(folder, 'check', '--out', 'made')).toMatchObject({ code: 0 });
  });

  it('are not needed for what is made of the output, whose folder is told', async ({ folder }) => {
    await writeFiles(folder);
    await run(folder, ...make);
    expect(await run(folder, 'generate', 'made', '--target', 'component-host', '--out', 'host')).toMatchObject({
      code: 2,
      stderr: 'error: folder `made` has no definitions itself\nhint: say `made/wit`\n',
    });
    expect(await run(folder, 'generate', 'made/wit', '--target', 'component-host', '--out', 'host')).toMatchObject({
      code: 0,
    });
  });

  it('stand in a configuration, seen from there', async ({ folder }) => {
    await writeFiles(folder);
    const config = { outputs: [{ spec: 'store.witx', targets: ['wit'], annotations: 'decisions.wit', out: 'made' }] };
    await writeFile(join(folder, 'wasi-crypto.config.json'), JSON.stringify(config));
    expect(await run(folder, 'generate')).toMatchObject({ code: 0 });
    expect(await made(folder)).toContain('peek');
    expect(await run(folder, 'check')).toMatchObject({ code: 0 });
    await writeFile(
      join(folder, 'wasi-crypto.config.json'),
      JSON.stringify(config).replace('"annotations":"decisions.wit",', ''),
    );
    expect(await run(folder, 'check')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('configuration changed: annotations') as string,
    });
  });

  it('that add a function with nearly the name of another are told', async ({ folder }) => {
    await writeFiles(folder);
    await writeFile(join(folder, 'decisions.wit'), decisions.replace('peek:', 'peak: func();\n  peek:'));
    const args = [...make, '--annotations', 'decisions.wit'];
    expect((await run(folder, ...args)).stderr).not.toContain('near-miss');
    await writeFile(join(folder, 'decisions.wit'), decisions.replace('peek:', 'peak:'));
    const { stderr } = await run(folder, ...args);
    expect(stderr).toContain('warning[near-miss-in-annotations]');
    expect(stderr).toMatch(/the definitions have no function `peak`[^]*did you mean `peek`\?/);
  });

  it('belong to one output: beside all of them they are a mistake', async ({ folder }) => {
    await writeFiles(folder);
    const config = { annotations: 'decisions.wit', outputs: [{ spec: 'store.witx', targets: ['wit'], out: 'made' }] };
    await writeFile(join(folder, 'wasi-crypto.config.json'), JSON.stringify(config));
    expect(await run(folder, 'generate')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/config-unknown-key[^]*hint: it stands in an output/) as string,
    });
  });

  it('that have a mistake say where, and nothing is written', async ({ folder }) => {
    await writeFiles(folder);
    await writeFile(join(folder, 'decisions.wit'), 'interface stor {}\n');
    const { code, stderr } = await run(folder, ...make, '--annotations', 'decisions.wit');
    expect(code).toBe(3);
    expect(stderr).toMatch(/error\[unknown-name\][^]*--> decisions\.wit:1:11[^]*did you mean `store`\?/);
    await expect(made(folder)).rejects.toThrow('ENOENT');
  });

  it.for([
    ['that is not there', ['--annotations', 'decision.wit'], 'cannot read the file of annotations `decision.wit`'],
    [
      'where no target reads it',
      ['--annotations', 'decisions.wit', '--target', 'markdown'],
      'no target that reads one',
    ],
  ] as const)('of a file %s is a wrong use', async ([, more, message], { folder }) => {
    await writeFiles(folder);
    const args = more.length > 2 ? ['generate', 'store.witx', '--out', 'made'] : make;
    expect(await run(folder, ...args, ...more)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });

  it('that a manifest names outside of its project are not read', async ({ folder }) => {
    await writeFiles(folder);
    await run(folder, ...make, '--annotations', 'decisions.wit');
    const path = join(folder, 'made/manifest.json');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('"../decisions.wit"', '"../../../../../etc/hostname"'),
    );
    await rm(join(folder, 'decisions.wit'));
    expect(await run(folder, 'generate', '--out', 'made')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/lies outside of its project[^]*--annotations/) as string,
    });
  });
});
