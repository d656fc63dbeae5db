import { describe, expect, it } from 'vitest';
import {
  hashText,
  isInside,
  isIntact,
  isManifest,
  parseManifest,
  manifestFormat,
  printManifest,
  type Manifest,
  type ManifestProblem,
} from '../../generator/project/manifest.js';

const hash = hashText('anything');

const manifest: Manifest = {
  format: 2,
  version: '1.2.3',
  spec: { path: '../definitions' },
  targets: ['typescript-host', 'assemblyscript-guest'],
  options: { header: { file: '../licence.txt', sha256: hash }, importSuffix: '.js' },
  inputs: { 'b.witx': hash, 'a.witx': hash, '../shared/c.witx': hash },
  outputs: { 'typescript-host/z.ts': hash, 'typescript-host/Z.ts': hash, 'assemblyscript-guest/a.ts': hash },
};

/** The problem of a manifest with one value replaced. */
function problemWith(change: (json: Record<string, unknown>) => void): ManifestProblem {
  const json = JSON.parse(printManifest(manifest)) as Record<string, unknown>;
  change(json);
  const parsed = parseManifest(JSON.stringify(json));
  if (isManifest(parsed)) throw new Error('the manifest was accepted');
  return parsed;
}

describe('printing', () => {
  it('sorts, ends in a line feed and has no time or absolute path', () => {
    const checksum = /"checksum": "([0-9a-f]{64})"/.exec(printManifest(manifest))?.[1];
    expect(printManifest(manifest)).toBe(`{
  "about": "Written by wasi-crypto-gen: how the files beside it were made. Do not edit; run \`wasi-crypto-gen check\` or \`generate\`.",
  "format": 2,
  "generator": {
    "name": "wasi-crypto-gen",
    "version": "1.2.3"
  },
  "spec": {
    "path": "../definitions"
  },
  "targets": [
    "assemblyscript-guest",
    "typescript-host"
  ],
  "options": {
    "header": {
      "file": "../licence.txt",
      "sha256": "${hash}"
    },
    "importSuffix": ".js"
  },
  "inputs": {
    "../shared/c.witx": "${hash}",
    "a.witx": "${hash}",
    "b.witx": "${hash}"
  },
  "outputs": {
    "assemblyscript-guest/a.ts": "${hash}",
    "typescript-host/Z.ts": "${hash}",
    "typescript-host/z.ts": "${hash}"
  },
  "checksum": "${checksum}"
}
`);
  });

  it('does not depend on the order things were recorded in', () => {
    const shuffled = {
      ...manifest,
      targets: [...manifest.targets].reverse(),
      inputs: Object.fromEntries(Object.entries(manifest.inputs).reverse()),
    };
    expect(printManifest(shuffled)).toBe(printManifest(manifest));
  });

  it('is read back', () => {
    const parsed = parseManifest(printManifest(manifest));
    expect(isManifest(parsed)).toBe(true);
    expect(printManifest(parsed as Manifest)).toBe(printManifest(manifest));
  });
});

it('tells when it was changed by hand', () => {
  const text = printManifest(manifest);
  const read = (edited: string): boolean => {
    const parsed = parseManifest(edited);
    return isManifest(parsed) && isIntact(parsed, edited);
  };
  expect(read(text)).toBe(true);
  expect(read(text.replaceAll('\n', '\r\n'))).toBe(true);
  expect(read(text.replace('"importSuffix": ".js"', '"importSuffix": ".ts"'))).toBe(false);
  expect(read(text.replace('    "typescript-host"\n', '    "markdown"\n'))).toBe(false);
});

describe('reading', () => {
  it('knows other programs’ files', () => {
    expect(parseManifest('{"name": "My web app", "icons": []}')).toEqual({
      problem: 'it is not a manifest of wasi-crypto-gen',
      foreign: true,
    });
    expect(parseManifest('not even JSON')).toEqual({ problem: 'it is not JSON', foreign: true });
    expect(parseManifest('[]')).toMatchObject({ foreign: true });
  });

  it('names the conflict marks of version control', () => {
    const text = printManifest(manifest).replace('  "format"', '<<<<<<< ours\n  "format"');
    expect(parseManifest(text)).toEqual({
      problem: 'it is not JSON (it has conflict marks of version control)',
      foreign: false,
    });
  });

  it('refuses formats it does not know', () => {
    const newer = manifestFormat + 1;
    expect(problemWith((json) => (json.format = newer))).toEqual({
      problem: `it was written by wasi-crypto-gen 1.2.3 in format ${newer}, and this version reads formats up to ${manifestFormat}`,
      foreign: false,
    });
    for (const none of [0, 1.5, '1', null])
      expect(problemWith((json) => (json.format = none)).problem).toContain(`in format ${JSON.stringify(none)}`);
  });

  it('takes choices, which older formats have not', () => {
    const choices = {
      world: 'w',
      features: 'all',
      include: ['a'],
      exclude: ['b'],
      eol: 'crlf',
      lint: 'disable',
      errno: { a: 'b' },
    } as const;
    const chosen: Manifest = { ...manifest, format: 4, options: { ...manifest.options, choices } };
    const text = printManifest(chosen);
    expect(parseManifest(text)).toMatchObject({ format: 4, options: { choices } });
    expect(isIntact(parseManifest(text) as Manifest, text)).toBe(true);
    for (const wrong of [{ eol: 'cr' }, { lint: 1 }, { world: 1 }, { include: 'a' }, { features: [1] }, { errno: [1] }])
      expect(problemWith((json) => (json.options = { header: null, importSuffix: '.js', ...wrong })).problem).toContain(
        'should be',
      );
  });

  it('takes format 1, which had a fingerprint; it is not what would be written now', () => {
    const old = printManifest(manifest)
      .replace('"format": 2', '"format": 1')
      .replace('"version": "1.2.3"', `"version": "1.2.3",\n    "fingerprint": "${hash}"`);
    const parsed = parseManifest(old) as Manifest;
    expect(parsed.format).toBe(1);
    expect(printManifest(parsed)).toBe(printManifest(manifest));
    expect(isIntact(parsed, old)).toBe(false);
  });

  const outside = [
    '../evil.ts',
    'a/../../evil.ts',
    '/etc/passwd',
    'C:/evil.ts',
    'a\\..\\..\\evil.ts',
    'a//b.ts',
    './a.ts',
    'a/./b.ts',
    'a/..',
    '',
    'x\u0000.ts',
    'x.ts:stream',
    'manifest.json',
  ];
  it.each(outside)('refuses the output path %j', (path) => {
    expect(isInside(path)).toBe(false);
    expect(problemWith((json) => (json.outputs = { [path]: hash })).problem).toContain('`outputs` names');
  });

  it('allows inputs above their folder, but no absolute ones', () => {
    expect(problemWith((json) => (json.inputs = { '/a.witx': hash })).problem).toContain('`inputs` names "/a.witx"');
  });

  it.each<[string, (json: Record<string, unknown>) => void, string]>([
    [
      'a hash that is none',
      (json) => (json.outputs = { 'a.ts': 'abc' }),
      '`outputs` has a value that is no SHA-256 hash',
    ],
    ['a target with a path', (json) => (json.targets = ['../x']), '`targets` has the impossible name "../x"'],
    ['targets that are no array', (json) => (json.targets = {}), '`targets` should be an array'],
    [
      'an absolute spec',
      (json) => (json.spec = { path: '/definitions' }),
      '`spec.path` should be a relative path with `/`',
    ],
    [
      'a revision with a path',
      (json) => (json.spec = { revision: '../../0.10' }),
      '`spec.revision` has the impossible name "../../0.10"',
    ],
    [
      'a revision with a longer path',
      (json) => (json.spec = { revision: 'extension-0.1/wit/wit' }),
      '`spec.revision` has the impossible name "extension-0.1/wit/wit"',
    ],
    [
      'an unknown suffix',
      (json) => (json.options = { header: null, importSuffix: '.mjs' }),
      '`options.importSuffix` should be one of .js, .ts, none',
    ],
    ['no outputs', (json) => delete json.outputs, '`outputs` should be an object'],
  ])('refuses %s', (_, change, problem) => {
    expect(problemWith(change)).toEqual({ problem, foreign: false });
  });
});

it('hashes text whatever its line ends', () => {
  expect(hashText('a\r\nb\r\n')).toBe(hashText('a\nb\n'));
  expect(hashText('a\nb')).not.toBe(hashText('a\nb\n'));
});
