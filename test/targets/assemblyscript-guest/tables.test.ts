/** The tables the target decides with, checked against what they are about. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../../generator/generate.js';
import { readUnit } from '../../../generator/frontend/read.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import {
  AREA_SIZE as CANONICAL_AREA_SIZE,
  canonical,
  canonicalFiles,
} from '../../../generator/targets/assemblyscript-guest/component/canonical.js';
import { recipesFor, type Recipes } from '../../../generator/targets/assemblyscript-guest/recipes.js';
import { reservedGlobals } from '../../../generator/targets/assemblyscript-guest/reserved.js';
import { AREA_SIZE, template } from '../../../generator/targets/assemblyscript-guest/templates.js';
import { emit, plainOptions, plannedUnit } from '../../generated.js';
import { compile } from './asc.js';
import { newestOfEach } from '../../revisions.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const templateText = (file: string): string =>
  readFileSync(here(`../../../templates/assemblyscript-guest/${file}.ts`), 'utf8');

describe('files that are copied', () => {
  const paths = readdirSync(here('../../../templates/assemblyscript-guest'), { recursive: true, encoding: 'utf8' });
  it.each(paths.filter((path) => path.endsWith('.ts')))('%s imports no name twice', (path) => {
    const imports = templateText(path.slice(0, -3)).matchAll(/^import \{([^}]*)\} from/gm);
    const names = [...imports].flatMap(([, list = '']) => list.match(/\w+/g) ?? []);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('what generated code of components may import', () => {
  it.each(Object.values(canonical).map(({ name, from }) => [name, from]))('%s is exported by %s', (name, from) => {
    const source = canonicalFiles.find(([file]) => file === from)?.[1] ?? '';
    expect(templateText(source)).toMatch(new RegExp(`^export (class|const|function|type) ${name}\\b`, 'm'));
  });

  it('has a result area of the size that calls reckon with', () => {
    expect(templateText('canonical/memory')).toContain(`memory.data(${CANONICAL_AREA_SIZE}, 16)`);
  });
});

describe('what generated code may import', () => {
  it.each(Object.values(template).map(({ name, from }) => [name, from]))('%s is exported by %s', (name, from) => {
    expect(templateText(from)).toMatch(new RegExp(`^export (class|const|function) ${name}\\b`, 'm'));
  });

  it('has a result area of the size that calls reckon with', () => {
    expect(templateText('memory')).toContain(`memory.data(${AREA_SIZE}, 16)`);
  });
});

const recipes = recipesFor('wasi-crypto') as Recipes;
const extension = recipesFor('wasi-crypto-ext') as Recipes;

describe('recipes', () => {
  it.each(newestOfEach)('are exported and call what they are said to, from $dialect', async (newest) => {
    const { dialect, revision, path } = newest;
    const files = await emit(assemblyscriptGuest, plannedUnit(revision, path));
    const guest = `
      import { ArrayOutput, Keypair, Publickey, Secretkey, SecretsManager, SymmetricKey } from "wasi-crypto";
      import * as all from "wasi-crypto";
      export function run(b: Uint8Array, key: SymmetricKey, pair: Keypair, pk: Publickey, sk: Secretkey, manager: SecretsManager): void {
        ${recipes.exports.map((name) => callOf(name)).join('\n        ')}
      }`;
    const { wasm, messages } = await compile(files, guest, ['--runtime', 'stub']);
    expect(messages).toBe('');
    const imports = WebAssembly.Module.imports(await WebAssembly.compile(wasm)).filter(
      ({ module, name }) => /^wasi[_:]/.test(module) && !name.startsWith('[resource-drop]'),
    );
    expect(imports.map(({ name }) => name.replaceAll('-', '_')).sort()).toEqual(
      [...recipes.functions, ...recipes.functionsOf[dialect]].sort(),
    );
  });

  it.each(['witx', 'wit'] as const)('of the extension call what they are said to, from %s', async (dialect) => {
    const files = await emit(assemblyscriptGuest, plannedUnit(dialect, here(`../../../witx/extension-0.1/${dialect}`)));
    const guest = `
      import * as all from "wasi-crypto-ext";
      import { ByteOrder, Element, ElementFormat, Group, Modulus, Residue, Scalar, Secrecy } from "wasi-crypto-ext";
      export function run(a: Uint8Array, b: Uint8Array, group: Group, e: Element, s: Scalar, m: Modulus, x: Residue): u64 {
        const elements: Array<Element> = [e], scalars: Array<Scalar> = [s];
        ${extension.exports.map((name) => `all.${name}(${extensionCalls[name] ?? 'a, b'});`).join('\n        ')}
        return 0;
      }`;
    const { wasm, messages } = await compile(files, guest, ['--runtime', 'stub']);
    expect(messages).toBe('');
    const imports = WebAssembly.Module.imports(await WebAssembly.compile(wasm)).filter(({ module }) =>
      /^wasi[_:]/.test(module),
    );
    const names = imports.map(({ name }) => name.replace(/^\[.*\]/, '').replaceAll(/[-.]/g, '_'));
    expect(names.sort()).toEqual([...extension.functions, ...extension.functionsOf[dialect]].sort());
  });

  it('are left out, with a warning, when the definitions lack something they call', async () => {
    const witx =
      '(module $wasi_ephemeral_crypto_symmetric (typename $e (enum (@witx tag u16) $success)) (@interface func (export "f") (result $error (expected (error $e)))))';
    const { files, codes } = await emitted(witx);
    expect(codes).toEqual(['no-guest-recipes']);
    expect([...files.keys()].filter((path) => /recipes|dialect/.test(path))).toEqual([]);
    expect(files.get('wasi-crypto/index.ts')).not.toContain('recipes');
  });
});

/** The arguments of the recipes of the extension that take other things than two buffers. */
const extensionCalls: Readonly<Record<string, string>> = {
  pad: '8, a, b',
  unpad: '8, b',
  randomIndex: '7',
  randomBytes: 'a',
  wipe: 'a',
  decodeScalar: 'group, Secrecy.Secret, a',
  reduceToScalar: 'group, Secrecy.Secret, a',
  randomScalar: 'group, Secrecy.Secret',
  hashToScalar: 'group, Secrecy.Secret, a, b',
  addScalars: 'group, Secrecy.Secret, s, s',
  subScalars: 'group, Secrecy.Secret, s, s',
  mulScalars: 'group, Secrecy.Secret, s, s',
  negScalar: 'group, Secrecy.Secret, s',
  invertScalar: 'group, Secrecy.Secret, s',
  encodeScalar: 's, a',
  decodeElement: 'group, a',
  hashToElement: 'group, a, b',
  encodeToElement: 'group, a, b',
  mapToElement: 'group, a',
  addElements: 'group, e, e',
  subElements: 'group, e, e',
  mulElement: 'group, e, s',
  mulBase: 'group, s',
  sumOfProducts: 'group, elements, scalars',
  encodeElement: 'e, ElementFormat.Compressed, a',
  importResidue: 'm, ByteOrder.BigEndian, a',
  reduceToResidue: 'm, ByteOrder.BigEndian, a',
  randomResidue: 'm',
  exportResidue: 'x, ByteOrder.BigEndian, a',
  addResidues: 'm, x, x',
  subResidues: 'm, x, x',
  mulResidues: 'm, x, x',
  squareResidue: 'm, x',
  inverseResidue: 'm, x',
  sqrtResidue: 'm, x',
  expResidue: 'm, x, a',
  selectResidue: 'm, x, x, true',
};

/** A call of a recipe, with arguments of the right types. */
function callOf(name: string): string {
  const args: Readonly<Record<string, string>> = {
    hash: '"a", b, b',
    mac: '"a", key, b, b',
    macVerify: '"a", key, b, b',
    seal: '"a", key, b, b, b, b',
    sealFresh: '"a", key, b, b, b, b',
    open: '"a", key, b, b, b, b',
    sign: 'pair, b, b',
    verify: '"a", pk, b, b',
    hkdf: '"a", b, b, b, b',
    hkdfExtract: '"a", b, b',
    hkdfExpand: '"a", key, b, b',
    passwordHash: '"a", b, 0, 0, b',
    passwordVerify: '"a", b, 0, 0, b',
    dh: 'pk, sk, b',
    encapsulate: 'pk, b, b',
    decapsulate: 'sk, b, b',
    keyById: 'manager, all.AlgorithmType.Symmetric, b',
    keyByName: 'manager, all.AlgorithmType.Symmetric, "a"',
    idOfName: '"a", b',
    rotate: 'manager, all.AlgorithmType.Signatures, "a", b',
    readAll: 'changetype<ArrayOutput>(1)',
  };
  if (args[name] === undefined) throw new Error(`the test has no call of ${name}`);
  return `all.${name}(${args[name]});`;
}

async function emitted(
  witx: string,
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly codes: readonly string[] }> {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'test', entries: ['test.witx'] }, memoryReader(new Map([['test.witx', witx]])), bag);
  if (unit === undefined) throw new Error(bag.all.map((each) => each.message).join('\n'));
  const planned = planUnit(unit, bag);
  const files = await assemblyscriptGuest.emit(planned, plainOptions, bag);
  return { files, codes: bag.all.map((each) => each.code) };
}

describe('a call that needs more of the result area than there is', () => {
  it('stays a raw import, with a warning and a comment', async () => {
    const params = Array.from({ length: 9 }, (_, index) => `(param $p${index} $opt_h)`).join(' ');
    const witx = `
      (typename $e (enum (@witx tag u16) $success))
      (typename $h (handle))
      (typename $t (enum (@witx tag u8) $some $none))
      (typename $opt_h (variant (@witx tag $t) (case $some $h) (case $none)))
      (module $m (@interface func (export "h_many") ${params} (result $error (expected (error $e)))))`;
    const { files, codes } = await emitted(witx);
    expect(codes).toEqual(['no-guest-method']);
    expect(files.get('m/classes/h.ts')).toContain(
      '// `h_many` is a raw import only: its optional parameters need 72 bytes of the result area, which has 64.',
    );
    expect(files.get('m/raw/m.ts')).toContain('export declare function h_many(');
  });
});

describe('reserved names', () => {
  it('are all that the standard library of asc declares', () => {
    const library = readFileSync(here('../../../node_modules/assemblyscript/std/assembly/index.d.ts'), 'utf8');
    const declared = [
      ...library.matchAll(/^declare (?:abstract )?(?:function|class|const|let|var|type|namespace|interface) (\w+)/gm),
    ].map(([, name]) => name as string);
    expect(declared.length).toBeGreaterThan(100);
    // What begins so is no name a definition can become.
    const possible = declared.filter((name) => !/^(_|ASC_)/.test(name) && !name.includes('_'));
    expect(possible.filter((name) => !reservedGlobals.has(name))).toEqual([]);
  });
});
