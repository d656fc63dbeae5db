/**
 * New projects, as `init` of the installed package writes them in an empty folder, are built and tested as they stand. The two
 * packages stand there as they are published (`packages.test.ts` packs and installs them); what projects install besides is
 * that of this project, so that no network is needed.
 */
import { execFile } from 'node:child_process';
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
import { projectRoot } from '../shared.js';

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
