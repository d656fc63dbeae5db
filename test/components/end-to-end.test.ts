/** What a guest author does, with commands only: AssemblyScript and WIT in, JavaScript out, and it runs on this package. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { builtMain, it, asProcess } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 120_000 });

const files = {
  'wit/app.wit': `package example:digests@1.0.0;

world app {
  import wasi:crypto/wasi-ephemeral-crypto-common@0.11.0;
  import wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0;
  import example:words/book@2.0.0;

  export digest-of: func(message: list<u8>) -> list<u8>;
  export greet: func(name: string) -> string;
}
`,
  'wit/deps/words/book.wit': 'package example:words@2.0.0;\n\ninterface book { greeting: func() -> string; }\n',
  'assembly/index.ts': `import { expect, hash } from "wasi-crypto";
import { greeting } from "example-words";
import { exclaimed } from "exclaim";

export function digestOf(message: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  expect(hash("SHA-256", message, digest), "hashing");
  return digest;
}

export function greet(name: string): string {
  return exclaimed(greeting() + " " + name);
}
`,
  'node_modules/exclaim/index.ts': 'export function exclaimed(text: string): string { return text + "!"; }\n',
  // For a core module: not for this.
  'asconfig.json': '{ "entries": ["assembly/core.ts"], "options": { "exportStart": "_start", "importMemory": true } }',
  'package.json': '{ "type": "module" }',
  'words.js': "export const greeting = () => 'grüß dich,';\n",
  'main.js': `import { digestOf, greet } from './js/app.js';

console.log(Buffer.from(digestOf(new Uint8Array(200_000).fill(7))).toString('hex'));
console.log(greet('wörld 🔑'));
`,
};

it('a guest that imports wasi-crypto and other packages becomes a component that runs', async ({ folder }) => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const home = join(folder, 'node_modules/wasi-crypto-gen');
  await mkdir(home);
  const built = resolve(await builtMain(), '../../..');
  await symlink(built, join(home, 'dist'));
  await symlink(join(built, 'packages/wasi-crypto-runtime'), join(folder, 'node_modules/wasi-crypto-runtime'));
  cpSync(join(projectRoot, 'package.json'), join(home, 'package.json'));

  const made = await asProcess(['componentize', 'assembly/index.ts', '--wit', 'wit', '--out', 'app.component.wasm'], {
    cwd: folder,
  });
  const { length } = await readFile(join(folder, 'app.component.wasm')).catch(() => ({ length: 0 }));
  expect(made).toEqual({
    code: 0,
    stdout: `app.component.wasm: ${length} bytes example:digests/app@1.0.0\n`,
    stderr: '',
  });
  const transpiled = await asProcess(
    ['transpile', 'app.component.wasm', '--out', 'js', '--map', 'example:words/book=../words.js'],
    { cwd: folder },
  );
  expect(transpiled).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('imports ../words.js, wasi-crypto-runtime/component\n'),
    stderr: '',
  });

  const ran = await promisify(execFile)(process.execPath, ['main.js'], { cwd: folder });
  const digest = createHash('sha256').update(new Uint8Array(200_000).fill(7)).digest('hex');
  expect(ran).toEqual({ stdout: `${digest}\ngrüß dich, wörld 🔑!\n`, stderr: '' });
});
