/**
 * Tries the packed packages as users get them, from a registry and with whole package managers: `npm run packages:try`, or
 * `-- PnP` those whose titles have a word; `-- --list` prints the titles. What can be
 * tried without a network and in seconds is in `test/acceptance/packages.test.ts` and `test/engines/`.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { projectRoot } from '../shared.js';

const packages = join(projectRoot, 'dist/packages');
const tarball = (name: string): string => {
  const found = readdirSync(packages).find((each) => each.startsWith(`${name}-`) && each.endsWith('.tgz'));
  if (found === undefined) throw new Error(`${name} is not packed: npm run packages`);
  return join(packages, found);
};
const { positionals: wanted, values } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } });
const [runtime = '', generator = ''] =
  values.list === true ? [] : [tarball('wasi-crypto-runtime'), tarball('wasi-crypto-gen')];

const nodes = [20, 22, 24, 26];
const main = 'node_modules/wasi-crypto-gen/dist/generator/cli/main.js';

/** Runs commands of a shell. */
async function shell(folder: string, ...commands: readonly string[]): Promise<string> {
  const { npm_config_user_agent: _agent, ...env } = process.env;
  const output = await promisify(execFile)('sh', ['-c', commands.join(' && ')], {
    cwd: folder,
    env: { ...env, CI: 'true', NO_COLOR: '1', YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
    maxBuffer: 1 << 26,
  });
  return output.stdout;
}

function expecting(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`no ${pattern.source} in:\n${text}`);
}

/** A new project that takes both packages from their tarballs, those that others of its packages depend on included. */
async function project(folder: string, template: string): Promise<string> {
  await shell(
    folder,
    `node '${join(projectRoot, 'dist/generator/cli/main.js')}' init demo --template ${template} --yes`,
  );
  const demo = join(folder, 'demo');
  const path = join(demo, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, object>;
  const own = { 'wasi-crypto-runtime': `file:${runtime}` };
  const changed = {
    ...manifest,
    dependencies: own,
    devDependencies: { ...manifest['devDependencies'], 'wasi-crypto-gen': `file:${generator}` },
    resolutions: own,
    pnpm: { overrides: own },
  };
  writeFileSync(path, JSON.stringify(changed, undefined, 2));
  return demo;
}

/** A component that `run` runs, of what WASI 0.2 it exports alone. */
const program = 'export namespace run {\n  export function run(): bool {\n    return true;\n  }\n}\n';
const programWit = `package demo:program;

package wasi:cli@0.2.6 {
  interface run {
    run: func() -> result;
  }
}

world program {
  export wasi:cli/run@0.2.6;
}
`;

type Trial = readonly [title: string, run: (folder: string) => Promise<void>];

const npx: readonly Trial[] = nodes.map((version) => [
  `npx in an empty folder, Node ${version}`,
  async (folder) => {
    const command = `npx -y -p node@${version} -p '${runtime}' -p '${generator}' --`;
    expecting(await shell(folder, `${command} wasi-crypto-gen doctor`), new RegExp(`Node +${version}\\.`));
    await shell(folder, `${command} wasi-crypto-gen init demo --yes`, `${command} wasi-crypto-gen generate 0.11`);
    expecting(await shell(folder, `${command} wasi-crypto-gen check --full`), /up to date/);
  },
]);

const npm: readonly Trial[] = ['guest-core', 'guest-component', 'host', 'definitions'].map((template) => [
  `npm, ${template}, on Node ${nodes.join(', ')}`,
  async (folder) => {
    const demo = await project(folder, template);
    await shell(demo, 'npm install --no-audit --no-fund');
    for (const version of nodes)
      expecting(
        await shell(
          demo,
          `npx -y -p node@${version} -- node -p 'process.version' && npx -y -p node@${version} -- npm test`,
        ),
        passes,
      );
  },
]);

/** As Node 20 and later versions print it. */
const passes = /pass 1\b/;

const others: readonly Trial[] = [
  ...['guest-core', 'guest-component', 'host'].map((template): Trial => [
    `pnpm, ${template}`,
    async (folder) => {
      const demo = await project(folder, template);
      await shell(demo, 'npx -y pnpm@10 install');
      expecting(await shell(demo, 'npx -y pnpm@10 test'), passes);
    },
  ]),
  [
    'Yarn with node_modules, guest-core',
    async (folder) => {
      const demo = await project(folder, 'guest-core');
      writeFileSync(join(demo, '.yarnrc.yml'), 'nodeLinker: node-modules\n');
      writeFileSync(join(demo, 'yarn.lock'), '');
      await shell(demo, 'npx -y @yarnpkg/cli-dist@4 install');
      expecting(await shell(demo, 'npx -y @yarnpkg/cli-dist@4 test'), passes);
    },
  ],
  [
    'Yarn with PnP, guest-component',
    async (folder) => {
      const demo = await project(folder, 'guest-component');
      writeFileSync(join(demo, '.yarnrc.yml'), 'nodeLinker: pnp\n');
      writeFileSync(join(demo, 'yarn.lock'), '');
      await shell(demo, 'npx -y @yarnpkg/cli-dist@4 install');
      expecting(await shell(demo, 'npx -y @yarnpkg/cli-dist@4 test'), passes);
      expecting(
        await shell(demo, 'npx -y @yarnpkg/cli-dist@4 wasi-crypto-gen generate 0.10 --target typescript-host'),
        /written/,
      );
      mkdirSync(join(demo, 'program'));
      writeFileSync(join(demo, 'program/program.ts'), program);
      writeFileSync(join(demo, 'program/program.wit'), programWit);
      await shell(
        demo,
        'npx -y @yarnpkg/cli-dist@4 add -D @bytecodealliance/preview2-shim@0.26',
        'npx -y @yarnpkg/cli-dist@4 wasi-crypto-gen componentize program/program.ts --wit program --out program.wasm',
      );
      expecting(
        await shell(demo, 'npx -y @yarnpkg/cli-dist@4 wasi-crypto-gen run program.wasm && echo it ran'),
        /it ran/,
      );
    },
  ],
  [
    'Bun installs and runs, guest-core and guest-component',
    async (folder) => {
      const bun = 'npx -y bun@1';
      for (const template of ['guest-core', 'guest-component']) {
        const place = join(folder, template);
        mkdirSync(place);
        const demo = await project(place, template);
        await shell(demo, `${bun} install`, `${bun} run build`);
        if (template === 'guest-core')
          expecting(await shell(demo, `${bun} ${main} run build/guest.wasm`), /^sha256 2cf24dba/);
        else expecting(await shell(demo, `${bun} test test/component.test.js 2>&1`), /1 pass/);
      }
    },
  ],
  [
    'Deno runs, guest-core',
    async (folder) => {
      const demo = await project(folder, 'guest-core');
      await shell(demo, 'npm install --no-audit --no-fund', 'npm run build');
      expecting(await shell(demo, `npx -y deno@2 run -A ${main} run build/guest.wasm`), /^sha256 2cf24dba/);
    },
  ],
];

let failed = 0;
for (const [title, run] of [...npx, ...npm, ...others]) {
  if (wanted.length > 0 && !wanted.some((each) => title.includes(each))) continue;
  if (values.list === true) {
    console.log(title);
    continue;
  }
  const folder = mkdtempSync(join(tmpdir(), 'packages-try-'));
  const begin = Date.now();
  try {
    await run(folder);
    console.log(`ok      ${title} (${Math.round((Date.now() - begin) / 1000)} s)`);
  } catch (error) {
    failed += 1;
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    console.log(`FAILED  ${title}\n${[message, stdout, stderr].join('\n').trim().replace(/^/gm, '        ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = failed === 0 ? 0 : 1;
