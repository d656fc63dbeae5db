/**
 * New projects, as `init` of the packed package writes them in an empty folder, are built and tested as they stand. What they
 * install besides is that of this project, so that no network is needed.
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
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { version } from '../../generator/package-root.js';
import { projectTemplates, type TemplateName } from '../../generator/project/scaffold.js';
import { builtMain, it } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 240_000 });

const run = promisify(execFile);

/** Puts the package into a folder's `node_modules` from its tarball, with what it and its projects need beside it. */
async function install(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'wasi-crypto-gen');
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(projectRoot, 'node_modules')))
    if (name !== '.bin' && name !== 'wasi-crypto-gen')
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: projectRoot,
  });
  await run('tar', ['-xzf', join(folder, stdout.trim()), '--strip-components=1', '-C', own]);
  // What is tested is the sources as they are, whatever `npm run build` made when.
  rmSync(join(own, 'dist'), { recursive: true, force: true });
  cpSync(dirname(dirname(dirname(await builtMain()))), join(own, 'dist'), { recursive: true });
  const main = join(own, 'dist/generator/cli/main.js');
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
    expect(wanted['wasi-crypto-gen']).toBe(`^${version}`);
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
