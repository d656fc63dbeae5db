/** Generated TypeScript is laid out as prettier would, which is asked about all of it here, and by no run that can do without. */
import { describe, expect, it, vi } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../generator/frontend/read.js';
import { generate } from '../../generator/generate.js';
import { layOut } from '../../generator/print/layout.js';
import { diskReader } from '../../generator/source/disk.js';
import { memoryReader, type FileReader } from '../../generator/source/loader.js';
import { targets } from '../../generator/targets/index.js';
import { plainOptions } from '../generated.js';
import { projectRoot } from '../shared.js';

const written: string[] = [];
// What emitters write, before it has a layout.
vi.mock(import('../../generator/print/format.js'), async (original) => ({
  ...(await original()),
  formatTypeScript: (text: string) => {
    written.push(text);
    return Promise.resolve(text);
  },
}));
const { byPrettier } = await import('../../generator/print/format.js');

const patience = 240_000;
const hosts = targets.filter(({ id }) => ['typescript-host', 'component-host'].includes(id));

/** The TypeScript that is written for hosts; none for definitions with errors. */
async function emitted(entry: string, reader: FileReader): Promise<readonly string[]> {
  const request = { label: 'x', entries: [entry] };
  const read = readUnit(request, reader, new DiagnosticBag(), { features: 'all' });
  const fitting = hosts.filter(({ dialects }) => read !== undefined && dialects.includes(read.dialect));
  written.length = 0;
  await generate({ ...request, targets: fitting, options: plainOptions, features: 'all' }, reader);
  return written.splice(0);
}

/** Compares where there is a layout, and says for how many files there is none. */
async function compare(entry: string, reader: FileReader): Promise<{ readonly laid: number; readonly left: number }> {
  let [laid, left] = [0, 0];
  for (const text of await emitted(entry, reader)) {
    const mine = layOut(text);
    if (mine === undefined) left += 1;
    else {
      laid += 1;
      expect(mine, entry).toBe(await byPrettier(text));
    }
  }
  return { laid, left };
}

function definitionsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => /\.witx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The same definitions with names of other lengths. */
function renamed(text: string, random: () => number): string {
  const words = new Map<string, string>();
  const more = (name: string): string => {
    // A pointer and its length have one name.
    const base = name.replace(/_(?:ptr|len|max_len)$/, '');
    const given =
      words.get(base) ?? Array.from({ length: Math.floor(random() * 6) }, () => 'wider'.slice(random() * 4));
    const word = typeof given === 'string' ? given : given.join('_');
    words.set(base, word);
    return word;
  };
  if (text.includes('(typename'))
    return text.replace(/(\$|\(export ")(?=[a-z])([a-z0-9_]+)/g, (_, before: string, name: string) => {
      const word = more(name);
      return `${before}${word === '' ? '' : `${word}_`}${name}`;
    });
  const declared =
    /\b(?:record|variant|enum|flags|resource|type|interface) ([a-z][a-z0-9-]*)|(?<![\w%-])([a-z][a-z0-9-]*)(?=: )/g;
  const names = new Set([...text.matchAll(declared)].map(([, type, other]) => type ?? other ?? ''));
  return text.replace(/(?<![\w"%/:-])[a-z][a-z0-9-]*(?![\w"/-])/g, (name) => {
    const word = names.has(name) ? more(name).replaceAll('_', '-') : '';
    return word === '' ? name : `${word}-${name}`;
  });
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the layout', () => {
  const shipped = [...new Set(definitionsBelow(join(projectRoot, 'witx')).map(dirname))];

  it.each(shipped)('knows every form that %s needs', { timeout: patience }, async (folder) => {
    const { laid, left } = await compare(folder, diskReader);
    expect(left).toBe(0);
    expect(laid).toBeGreaterThan(1);
  });

  it('is prettier’s for all definitions of the tests', { timeout: patience }, async () => {
    const all = { laid: 0, left: 0 };
    for (const path of definitionsBelow(join(projectRoot, 'test'))) {
      const { laid, left } = await compare(path, diskReader);
      all.laid += laid;
      all.left += left;
    }
    expect(all.laid).toBeGreaterThan(400);
    // What is left to prettier is an exception.
    expect(all.left).toBeLessThan(all.laid / 15);
  });

  it.each(['test/abi/cases/everything.witx', 'test/abi/canonical/everything.wit'])(
    'is prettier’s for names of any length: %s',
    { timeout: patience },
    async (path) => {
      const text = readFileSync(join(projectRoot, path), 'utf8');
      let laid = 0;
      for (let seed = 1; seed <= 30; seed += 1)
        laid += (await compare(path, memoryReader(new Map([[path, renamed(text, randomOf(seed))]])))).laid;
      expect(laid).toBeGreaterThan(60);
    },
  );

  it('leaves to prettier what it does not know', () => {
    for (const line of ['const x = "text";', 'const x = `text`;', "const x = '\\n';", 'const x = () => { go(); };'])
      expect(layOut(`${line}\n`), line).toBeUndefined();
    expect(layOut(`const x = ${'y'.repeat(120)} + 1;\n`)).toBeUndefined();
    expect(layOut('/* a\n     b */\n')).toBeUndefined();
  });
});
