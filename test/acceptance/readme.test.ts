/**
 * What README and docs show is done as it stands there, from top to bottom in one folder: files that are named before
 * their text are written, lines of shells run, and JavaScript is TypeScript as well. Packages are linked instead of installed.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { builtMain, wasiCryptoGen } from '../cli/command-line.js';
import { describeUnless, projectRoot } from '../shared.js';
import { ascIn } from '../targets/assemblyscript-guest/asc.js';

vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);
const root = realpathSync(mkdtempSync(join(tmpdir(), 'readme-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A block of code, and the file that the line before it names. */
interface Block {
  readonly language: string;
  readonly text: string;
  readonly path: string | undefined;
  readonly heading: string;
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  for (const [, title, language = '', text = ''] of markdown.matchAll(/^#+ (.*)$|^```(\w*)\n([^]*?)^```$/gm)) {
    if (title !== undefined) {
      heading = title;
      continue;
    }
    const before = markdown.slice(0, markdown.indexOf(`\`\`\`${language}\n${text}`)).trimEnd();
    const [, path] = /`([\w./-]+\.\w+)`(?: \([^)]*\))?:$/.exec(before) ?? [];
    blocks.push({ language, text, path, heading });
  }
  return blocks;
}

const page = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const readme = blocksOf(page('README.md'));

/** The first hour of every reader, in order. */
const sections = [...new Set(readme.map(({ heading }) => heading))].filter(
  (heading) => !['Try it', 'Algorithms', 'Speed', 'The tree'].includes(heading),
);

const built = resolve(await builtMain(), '../../../packages');
const incomplete = existsSync(join(built, 'wasi-crypto-runtime/dist/runtime/index.d.ts'))
  ? undefined
  : 'skipped: dist/ is older than the sources, `npm run build` makes it anew';

/** Lines that are not for a test: what is installed is linked, and servers are not there. */
const elsewhere = /^npm (install|pkg)|^npx wasi-crypto-gen diff origin/;

/** Commands that write files and end: they, and the compiler of guests, run in this process, where they are loaded once. */
const here = /^(asc|wasi-crypto-gen (?:componentize|transpile|generate|check)) ([^|<>&$;*]*)$/;

/** Runs a line as a shell does, with the commands of linked packages on the path. */
async function shell(line: string): Promise<string> {
  const command = line.replace(/^npx /, '').replace(/ +#.*/, '');
  const [, name, rest = ''] = here.exec(command) ?? [];
  const args = [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  if (name === 'asc') {
    expect(await ascIn(root, args), line).toBe('');
    return '';
  }
  if (name !== undefined) {
    const { code, stdout, stderr } = await wasiCryptoGen([...name.split(' ').slice(1), ...args], { cwd: root });
    expect(code, `${line}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  }
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const { stdout } = await run('bash', ['-c', command], {
    cwd: root,
    env: { ...process.env, PATH: path },
  }).catch((error: Error & { readonly stdout?: string; readonly stderr?: string }) =>
    expect.fail(`${line}\n${error.stdout ?? ''}${error.stderr ?? ''}`),
  );
  return stdout;
}

const typescript = [
  '--strict',
  '--noEmit',
  '--target',
  'es2023',
  '--lib',
  'es2023,dom,esnext.disposable',
  '--types',
  'node',
];

async function typeCheck(paths: readonly string[]): Promise<void> {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const modules = ['--module', 'nodenext', '--skipLibCheck'];
  await run(process.execPath, [tsc, ...typescript, ...modules, ...paths], { cwd: root }).catch(
    (error: Error & { readonly stdout?: string }) => expect.fail(error.stdout),
  );
}

/** What a section does, line by line: all that its commands print. */
async function follow(blocks: readonly Block[]): Promise<string> {
  let printed = '';
  for (const { language, text, path } of blocks) {
    if (path !== undefined) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    if (language === 'sh')
      for (const line of text
        .replaceAll(/\\\n */g, '')
        .split('\n')
        .filter((each) => each !== '' && !elsewhere.test(each)))
        printed += await shell(line);
  }
  return printed;
}

/** What of a section must be seen. */
const seen: Readonly<Record<string, RegExp>> = {
  'First five minutes of a guest author': /^refused, as it must be\n$/m,
  'The same guest as a component': /Uint8Array\(32\)/,
  'First five minutes of a host author': /^refused, as it must be\n[^]*Uint8Array\(32\)/m,
  'Keys that outlive the guest': /name: 'signing'/,
  'First five minutes of a build engineer': /src\/bindings \[/,
};

describeUnless(incomplete, 'README, followed from top to bottom', () => {
  beforeAll(async () => {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    const link = (target: string, name: string): void => {
      mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
      symlinkSync(target, join(root, 'node_modules', name));
    };
    for (const name of ['wasi-crypto-gen', 'wasi-crypto-runtime']) link(join(built, name), name);
    for (const name of [
      'assemblyscript',
      '@assemblyscript/wasi-shim',
      '@bytecodealliance',
      'libsql',
      '@types',
      'typescript',
    ])
      link(join(projectRoot, 'node_modules', name), name);
    link('../assemblyscript/bin/asc.js', '.bin/asc');
    link('../typescript/bin/tsc', '.bin/tsc');
    writeFileSync(
      join(root, 'node_modules/.bin/wasi-crypto-gen'),
      `#!/bin/sh\nexec "${process.execPath}" "${await builtMain()}" "$@"\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  });

  it.each(sections)('%s', async (heading) => {
    const blocks = readme.filter((each) => each.heading === heading);
    const printed = await follow(blocks);
    const expected = seen[heading];
    if (expected !== undefined) expect(printed).toMatch(expected);
  });

  it('every part of it that must be seen is a part', () => {
    expect(Object.keys(seen).filter((heading) => !sections.includes(heading))).toEqual([]);
  });

  it('its programs are TypeScript, too, under its strict options', async () => {
    const programs = readme.filter(
      ({ path = '', language }) => language === 'js' || (path.endsWith('.ts') && !path.startsWith('assembly/')),
    );
    expect(programs.length).toBeGreaterThan(4);
    const paths = programs.map(({ path, text }) => {
      if (path === undefined) return expect.fail(`a program without a name:\n${text}`);
      const typed = path.replace(/\.js$/, '.ts');
      writeFileSync(
        join(root, typed),
        text
          .replace('(path)', '(path: string)')
          .replace('crypto.component)', 'crypto.component as unknown as ImportObject)')
          .replace('{ instantiate }', '{ instantiate, type ImportObject }'),
      );
      return typed;
    });
    await typeCheck(paths);
  });

  it('the page of the runtime shows the same host', () => {
    const [host] = readme.filter(({ path }) => path === 'host.js');
    const [shown] = blocksOf(page('docs/runtime.md')).filter(({ language }) => language === 'js');
    expect(shown?.text).toBe(host?.text.replace('build/guest.wasm', 'guest.wasm'));
  });

  it.each([
    ['Calls return errnos or results', 'unsupported_algorithm\n'],
    ["Buffers are the guest's own memory", /^[0-9a-f]+\n$/],
    ['Whole tasks are recipes', 'attack at dawn\n'],
  ])('the page on guests in AssemblyScript, %s', async (title, expected) => {
    const [block] = blocksOf(page('docs/guests-in-assemblyscript.md')).filter(
      ({ heading, language }) => heading === title && language === 'ts',
    );
    writeFileSync(join(root, 'shown.ts'), block?.text ?? '');
    const shim = '--config node_modules/@assemblyscript/wasi-shim/asconfig.json';
    const bindings = '--path node_modules/wasi-crypto-gen/generated/0.10/assemblyscript-guest';
    await shell(`asc shown.ts ${shim} ${bindings} --exportStart _start --outFile shown.wasm`);
    const printed = await shell('wasi-crypto-gen run shown.wasm');
    if (typeof expected === 'string') expect(printed).toBe(expected);
    else expect(printed).toMatch(expected);
  });

  it('the page on guests in AssemblyScript shows what `run` calls of a component', async () => {
    const shown = blocksOf(page('docs/guests-in-assemblyscript.md')).find(({ text }) => text.includes('namespace run'));
    const files = {
      'command.ts': shown?.text ?? '',
      'command/world.wit': 'package t:p;\nworld w { export wasi:cli/run@0.2.6; }',
      'command/deps/cli.wit': 'package wasi:cli@0.2.6;\ninterface run { run: func() -> result; }',
    };
    mkdirSync(join(root, 'command/deps'), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    await shell('wasi-crypto-gen componentize command.ts --wit command --out command.wasm');
    expect(await shell('wasi-crypto-gen run command.wasm')).toBe('');
  });

  it('the page of the command line makes a component of the definitions that the page about these has', async () => {
    const [definitions] = blocksOf(page('docs/definitions.md')).filter(({ language }) => language === 'witx');
    writeFileSync(join(root, 'vault.witx'), definitions?.text ?? '');
    const blocks = blocksOf(page('docs/command-line.md')).filter(
      ({ heading }) => heading === 'From WITX to a component',
    );
    expect(await follow(blocks)).toMatch(/^4$/m);
  });

  it('the page of the extension shows a core module and a component', async () => {
    const blocks = blocksOf(page('docs/extension.md')).filter(({ heading }) => heading === 'In a guest');
    const digest = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    expect(await follow(blocks)).toMatch(new RegExp(`^${digest}\nbelow 1000\ndone\n[^]*^32\n$`, 'm'));
  });

  it.each(['witx', 'wit'])('the page of the extension lists all recipes that there are for %s', (language) => {
    const index = page(`generated/extension-0.1/${language}/assemblyscript-guest/wasi-crypto-ext/index.ts`);
    const [, exported = ''] = /export \{([^}]*)\} from "\.\/recipes"/.exec(index) ?? [];
    const [, section = ''] = /^### Recipes\n([^]*?)^#/m.exec(page('docs/extension.md')) ?? [];
    const listed = [...section.matchAll(/^[ -] .*$/gm)].flatMap(([line]) => line.match(/(?<=`)\w+(?=`)/g) ?? []);
    expect(listed.toSorted()).toEqual(exported.match(/\w+/g)?.toSorted());
  });
});
