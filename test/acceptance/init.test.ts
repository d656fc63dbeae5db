/**
 * New projects, as `init` of the installed package writes them in an empty folder, are built and tested as they stand. The two
 * packages stand there as they are published (`packages.test.ts` packs and installs them); what projects install besides is
 * that of this project, so that no network is needed.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { version } from '../../generator/package-root.js';
import { projectTemplates, type TemplateName } from '../../generator/project/scaffold.js';
import { builtMain, it } from '../cli/command-line.js';
import { describeUnless, projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 240_000 });

const run = promisify(execFile);
const ours = ['wasi-crypto-gen', 'wasi-crypto-runtime'];

/** Puts both packages into a folder's `node_modules`, of the sources as they are, with what projects need beside them. */
async function install(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(projectRoot, 'node_modules')))
    if (name !== '.bin' && !ours.includes(name))
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  const packages = resolve(await builtMain(), '../../../packages');
  for (const name of ours) cpSync(join(packages, name), join(modules, name), { recursive: true });
  const main = join(modules, 'wasi-crypto-gen/dist/generator/cli/main.js');
  const bin = join(modules, '.bin');
  mkdirSync(bin);
  for (const name of readdirSync(join(projectRoot, 'node_modules/.bin')))
    symlinkSync(join(projectRoot, 'node_modules/.bin', name), join(bin, name));
  const command = join(bin, 'wasi-crypto-gen');
  rmSync(command, { force: true });
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(command, 0o755);
  return main;
}

it.for(Object.keys(projectTemplates) as TemplateName[])(
  'a new project builds and its tests pass: %s',
  async (template, { folder }) => {
    const main = await install(folder);
    await run(process.execPath, [main, 'init', 'demo', '--template', template, '--yes'], { cwd: folder });
    const demo = join(folder, 'demo');
    // Where `npm install` puts it.
    symlinkSync(join(folder, 'node_modules'), join(demo, 'node_modules'));
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(demo, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const wanted = { ...dependencies, ...devDependencies };
    for (const name of ours) expect([`^${version}`, undefined]).toContain(wanted[name]);
    expect(wanted['wasi-crypto-gen']).toBeDefined();
    for (const name of Object.keys(wanted)) expect(existsSync(join(folder, 'node_modules', name)), name).toBe(true);
    const { stdout } = await run('npm', ['test', '--silent'], {
      cwd: demo,
      env: { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), FORCE_COLOR: '0' },
    });
    expect(stdout).toMatch(/pass 1\b/);
    expect(stdout).toMatch(/fail 0\b/);
    if (template === 'guest-component')
      expect(readFileSync(join(demo, 'bindings/wasi-crypto/index.ts'), 'utf8')).toContain('export');
  },
);

/** Of util-linux: gives a program a terminal, and ends as it ends. */
const scriptMissing =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true
    ? undefined
    : 'skipped: no `script` of util-linux, which makes a terminal';

/** Answers each question once it is there. */
async function atTerminal(folder: string, answers: readonly (readonly [question: RegExp, answer: string])[]) {
  const command = `'${process.execPath}' '${await builtMain()}' init`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const left = [...answers];
  let [seen, fresh] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    fresh += text;
    const [next] = left;
    if (next?.[0].test(fresh) !== true) return;
    left.shift();
    fresh = '';
    child.stdin.write(next[1]);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, seen };
}

describeUnless(scriptMissing, 'init at a terminal', () => {
  it('asks for the folder, the template and the name, and offers something for each', async ({ folder }) => {
    const { code, seen } = await atTerminal(folder, [
      [/Folder\?/, 'demo\r'],
      [/Template\?/, 'host\r'],
      [/Name of the package\? \(demo\)/, '\r'],
    ]);
    expect(code).toBe(0);
    expect(seen).toContain('next: cd demo && npm install && npm test');
    expect(existsSync(join(folder, 'demo/src/host.js'))).toBe(true);
  });

  it.for([
    ['an answer that is no template', 'guest\r', 'there is no template `guest`'],
    ['the end of input', '\u0004', 'nothing was written'],
  ] as const)('ends with 2 and writes nothing at %s', async ([, answer, message], { folder }) => {
    const { code, seen } = await atTerminal(folder, [
      [/Folder\?/, '\r'],
      [/Template\?/, answer],
    ]);
    expect([code, seen]).toEqual([2, expect.stringContaining(message)]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
