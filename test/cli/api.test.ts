import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import * as api from '../../generator/index.js';
import { it } from './command-line.js';
import { smallDefinition, types, writeDefinition, writePackage } from './small-project.js';

const { check, ConfigurationError, generate, targets } = api;

describe('the library', () => {
  it('exports its functions, an error, and types', () => {
    expect(Object.keys(api).sort()).toEqual([
      'ConfigurationError',
      'bundleWit',
      'check',
      'componentize',
      'defineConfig',
      'diff',
      'generate',
      'guestNeeds',
      'inspect',
      'targets',
      'transpile',
    ]);
  });

  it('lists targets', async () => {
    const found = await targets();
    expect(found.find((target) => target.id === 'typescript-host')).toEqual({
      id: 'typescript-host',
      summary: expect.any(String),
      onRequest: false,
      dialects: ['witx'],
    });
  });

  it('generates, tells what it did, and checks', async ({ folder }) => {
    await writePackage(folder);
    await writeDefinition(folder);
    const spec = join(folder, 'definitions');
    const out = join(folder, 'out');
    const { ok, folders } = await generate({ spec, targets: ['typescript-host'], out, header: 'A licence' });
    expect(ok).toBe(true);
    expect(folders).toHaveLength(1);
    expect(folders[0]).toMatchObject({
      folder: out,
      label: 'definitions',
      targets: ['typescript-host'],
      removed: [],
      unchanged: [],
      obstacles: [],
      diagnostics: [],
    });
    expect(folders[0]?.written).toEqual([...(folders[0]?.files.keys() ?? [])].sort().concat('manifest.json'));
    expect(await readFile(join(out, types), 'utf8')).toBe(folders[0]?.files.get(types));
    expect(await check({ out })).toMatchObject({
      ok: true,
      folders: [{ folder: out, regenerated: false, findings: [] }],
    });
    expect(await check({ out, full: true })).toMatchObject({
      ok: true,
      folders: [{ regenerated: true, findings: [] }],
    });
    await appendFile(join(out, types), '//');
    expect(await check({ out })).toMatchObject({
      ok: false,
      folders: [{ findings: [{ path: types, kind: 'edited' }] }],
    });
  });

  it('gives the files alone in a dry run', async ({ folder }) => {
    await writeDefinition(folder);
    const { folders } = await generate({
      spec: join(folder, 'definitions'),
      targets: ['typescript-host'],
      out: join(folder, 'out'),
      dryRun: true,
    });
    expect(folders[0]?.files.get(types)).toContain('Forbidden');
    expect(await readdir(folder)).toEqual(['definitions']);
  });

  it('returns mistakes in definitions as diagnostics with places', async ({ folder }) => {
    await writeDefinition(folder, smallDefinition.replace('(error $errno)', '(error $erno)'));
    const { ok, folders } = await generate({ spec: join(folder, 'definitions'), out: join(folder, 'out') });
    expect(ok).toBe(false);
    const [diagnostic] = folders[0]?.diagnostics ?? [];
    expect(diagnostic).toMatchObject({
      code: 'unknown-name',
      severity: 'error',
      hint: expect.stringContaining('$errno'),
    });
    expect(diagnostic?.span?.file.position(diagnostic.span.start).line).toBe(7);
  });

  it('throws mistakes in its use', async ({ folder }) => {
    await expect(generate({ spec: join(folder, 'absent') })).rejects.toBeInstanceOf(ConfigurationError);
    await expect(generate({ spec: '0.10', targets: ['absent'], out: folder })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'there is no target `absent`',
    });
    await expect(check({ out: folder })).rejects.toMatchObject({
      name: 'ConfigurationError',
      hint: expect.stringContaining('generate'),
    });
  });
});

/** As from JavaScript, without types. */
const called: readonly (readonly [what: string, call: () => unknown, message: string, hint?: string])[] = [
  [
    'an option nobody knows',
    () => generate({ sepc: '0.10' } as object),
    '`generate` has no option `sepc`',
    'did you mean `spec`?',
  ],
  [
    'an option of another type',
    () => generate({ spec: '0.10', targets: 'c-guest' } as object),
    '`targets` that `generate` is given should be a list of targets, and is the text `c-guest`',
  ],
  [
    'a choice that is none',
    () => generate({ spec: '0.10', failOn: 'all' } as object),
    '`failOn` that `generate` is given should be one of `breaking`, `any`, and is the text `all`',
  ],
  ['nothing for options', () => check(null as never), 'what `check` is given should be an object, and is `null`'],
  [
    'a number for a folder',
    () => check({ out: 3 } as never),
    '`out` that `check` is given should be a text, and is `3`',
  ],
  ['no definitions', () => api.inspect({} as never), '`inspect` needs `spec`'],
  ['one of two', () => api.diff({ old: '0.10' } as never), '`diff` needs `now`'],
  ['no ids', () => api.guestNeeds({ guest: 'a.wasm' } as never), '`guestNeeds` needs `ids`'],
  [
    'a runtime that is none',
    () => api.componentize({ wit: 'wit', guest: 'a.ts', out: 'a.wasm', runtime: 'full' } as never),
    '`runtime` that `componentize` is given should be one of `incremental`, `minimal`, `stub`, and is the text `full`',
  ],
  [
    'a map of something else',
    () => api.transpile({ component: 'a.wasm', out: 'out', map: { 'a:b/*': 1 } } as never),
    '`map["a:b/*"]` that `transpile` is given should be a text, and is `1`',
  ],
  ['no folder', () => api.bundleWit({ world: 'w' } as never), '`bundleWit` needs `wit`'],
];

describe('the library says what is wrong with', () => {
  it.for(called)('%s', async ([, call, message, hint]) => {
    const wrong = async (): Promise<void> => void (await call());
    await expect(wrong()).rejects.toMatchObject({ name: 'ConfigurationError', message, ...(hint && { hint }) });
  });
});
