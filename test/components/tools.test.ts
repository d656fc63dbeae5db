/** The optional peers: missing, of another version, of another kind. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { describe, expect } from 'vitest';
import { loadAsc } from '../../generator/components/guest-compiler.js';
import { loadJco, refusalOf } from '../../generator/components/jco.js';
import { it } from '../cli/command-line.js';

/** A package as npm would install it. */
async function install(folder: string, name: string, manifest: object): Promise<void> {
  const home = join(folder, 'node_modules', name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, type: 'module', ...manifest }));
  await writeFile(join(home, 'main.js'), 'export const answer = 42;\n');
}

const jco = '@bytecodealliance/jco';

/** Packages of folders above are found too: here there are none. */
const emptyFolder = parse(process.cwd()).root;

describe('jco', () => {
  it('is found where the project has it, without a warning for tested versions', async () => {
    const { version, warning, api } = await loadJco();
    expect(version).toMatch(/^1\.35\./);
    expect(warning).toBeUndefined();
    expect(api.transpile).toBeTypeOf('function');
  });

  it('is asked for when it is missing', async () => {
    await expect(loadJco([emptyFolder])).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `\`${jco}\` is needed to work with components, and is not installed`,
      hint: `npm install --save-dev ${jco}@1.35`,
    });
  });

  it('is looked for in the folders above, and in the next one', async ({ folder }) => {
    await install(folder, jco, { version: '1.35.7', exports: { '.': { default: './main.js' } } });
    const { api, version, warning } = await loadJco([emptyFolder, join(folder, 'some/folder/below')]);
    expect([{ ...api }, version, warning]).toEqual([{ answer: 42 }, '1.35.7', undefined]);
  });

  it.for(['1.36.0', '1.3.5', '2.0.0'])('of version %s is taken with a warning', async (version, { folder }) => {
    await install(folder, jco, { version, exports: { '.': { default: './main.js' } } });
    const { warning } = await loadJco([folder]);
    expect(warning).toMatchObject({
      code: 'untested-tool',
      severity: 'warning',
      message: `${jco} ${version} was never tested with this version of wasi-crypto-gen, 1.35 was`,
      hint: `npm install --save-dev ${jco}@1.35`,
    });
  });

  it('without the entry that is needed is refused', async ({ folder }) => {
    await install(folder, jco, { version: '0.1.0', main: 'main.js' });
    await expect(loadJco([folder])).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `\`${jco}\` 0.1.0 is not the one that is needed to work with components`,
    });
  });
});

describe('what jco throws', () => {
  it('is an answer when its parts say so, or trap', () => {
    expect(refusalOf(Object.assign(new Error('x'), { payload: 'no such world' }), true)).toBe('no such world');
    expect(refusalOf(new WebAssembly.RuntimeError('unreachable'), true)).toBe('jco trapped (unreachable)');
  });

  it('is an answer, whatever it is, when that jco was never tested', () => {
    expect(refusalOf(new TypeError('transpile is not a function'), false)).toBe('transpile is not a function');
  });

  it('is thrown on when it is something else', () => {
    for (const thrown of [new TypeError('a mistake'), 'text', undefined]) {
      let caught: unknown = 'nothing';
      try {
        refusalOf(thrown, true);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    }
  });
});

describe('the AssemblyScript compiler', () => {
  it('is found where the project has it', async () => {
    const { version, warning } = await loadAsc();
    expect(version).toMatch(/^0\.28\./);
    expect(warning).toBeUndefined();
  });

  it('is asked for when it is missing', async () => {
    await expect(loadAsc([emptyFolder])).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: '`assemblyscript` is needed to compile guests, and is not installed',
      hint: 'npm install --save-dev assemblyscript@0.28',
    });
  });
});
