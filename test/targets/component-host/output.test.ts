import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { componentHost } from '../../../generator/targets/component-host/index.js';
import { template, templateFiles } from '../../../generator/targets/component-host/templates.js';
import { emit, load, plannedUnit, typeErrors } from '../../generated.js';
import { describeWithShared, projectRoot, shared } from '../../shared.js';
import { hostSignatures, jcoSignatures, type Signatures } from './jco-types.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const everything = here('cases/everything.wit');
const ecosystem = here('cases/ecosystem.wit');
const emitted = (entry: string, label = 'everything'): Promise<ReadonlyMap<string, string>> =>
  emit(componentHost, plannedUnit(label, entry));

describe('component-host output', () => {
  it('of one of everything compiles under the strictest options and is as recorded', async () => {
    const files = await emitted(everything);
    expect(typeErrors(files)).toEqual([]);
    for (const name of [
      'types-interface.ts',
      'values-interface.ts',
      'sink.ts',
      'everything.ts',
      'types.ts',
      'kinds.ts',
      'index.ts',
    ]) {
      await expect(files.get(name)).toMatchFileSnapshot(here(`cases/everything/${name}`));
    }
  });

  it('of several packages has a folder for each, compiles, and is as recorded', async () => {
    const files = await emitted(ecosystem, 'ecosystem');
    expect(typeErrors(files)).toEqual([]);
    expect([...files.keys()].filter((path) => path.includes('/')).toSorted()).toEqual([
      'ecosystem/audit.ts',
      'ecosystem/later.ts',
      'ecosystem/service.ts',
      'ecosystem/store.ts',
      'ecosystem/types.ts',
      'filesystem/preopens.ts',
      'filesystem/types-interface.ts',
      'filesystem/types.ts',
      'http/outgoing-handler.ts',
      'http/types-interface.ts',
      'http/types.ts',
      'io/error.ts',
      'io/poll.ts',
      'io/streams.ts',
      'io/types.ts',
    ]);
    for (const name of ['ecosystem/later.ts', 'filesystem/types.ts', 'io/streams.ts', 'index.ts']) {
      await expect(files.get(name)).toMatchFileSnapshot(here(`cases/ecosystem/${name}`));
    }
  });

  it('leaves out of hosts what cannot be passed yet; calling it is an error that says so', async () => {
    const files = await emitted(ecosystem, 'ecosystem');
    expect(files.get('ecosystem/later.ts')).not.toMatch(/^ {2}(watch|feed)\(/m);
    const { bindComponent } = (await load(files, 'index.ts')) as {
      bindComponent(
        hosts: object,
        options: object,
      ): { readonly imports: Readonly<Record<string, Readonly<Record<string, () => unknown>>>> };
    };
    const { imports } = bindComponent({}, { onError: console.error });
    expect(() => imports['test:ecosystem/later']?.['watch']?.()).toThrow(
      expect.objectContaining({ code: 'no-bindings' }),
    );
    expect(() => imports['test:ecosystem/later']?.['constructorOf']?.()).toThrow(/absent/);
  });

  it('is the same whenever it is made', async () => {
    expect(await emitted(ecosystem)).toEqual(await emitted(ecosystem));
  });

  it.each(['.ts', ''] as const)('imports with the ending %j when asked to', async (importSuffix) => {
    const files = await emit(componentHost, plannedUnit('ecosystem', ecosystem), { importSuffix });
    const endings = new Set(
      [...files.values()].flatMap((text) =>
        [...text.matchAll(/from '(\.[^']*)'/g)].map(([, path]) => /\.\w+$/.exec(path ?? '')?.[0] ?? ''),
      ),
    );
    expect([...endings]).toEqual([importSuffix]);
  });

  it('does nothing when it is imported', async () => {
    const files = await emitted(everything);
    const before = Reflect.ownKeys(globalThis).length;
    expect(await load(files, 'index.ts')).toHaveProperty('bindComponent');
    expect(Reflect.ownKeys(globalThis)).toHaveLength(before);
  });
});

describe('what component-host output may import', () => {
  it('is exported by the template it is said to be in', () => {
    for (const symbol of Object.values(template)) {
      const file = templateFiles.find(({ name }) => name === symbol.from);
      const text = readFileSync(`${projectRoot}templates/${file?.folder}/${symbol.from}.ts`, 'utf8');
      const exported = ts
        .createSourceFile('template.ts', text, ts.ScriptTarget.ES2023, true)
        .statements.filter((each) => /^export /.test(each.getText()));
      expect(
        exported.some((each) =>
          new RegExp(`\\b(class|const|function|interface|type) ${symbol.name}\\b`).test(each.getText()),
        ),
        symbol.name,
      ).toBe(true);
    }
  });
});

/** What differs, as `function: jco | host`. */
function differences(jco: Signatures, host: Signatures): readonly string[] {
  const names = [...new Set([...jco.keys(), ...host.keys()])].toSorted();
  return names
    .filter((name) => jco.get(name) !== host.get(name))
    .map(
      (name) => `${name.slice(name.indexOf('#') + 1)}: ${jco.get(name) ?? 'nothing'} / ${host.get(name) ?? 'nothing'}`,
    );
}

describe('host interfaces agree with the types of jco', () => {
  it("but for destructors, which are the bindings' own, and `take`", async () => {
    const jco = await jcoSignatures(`${projectRoot}witx/0.11`);
    const host = hostSignatures(await emitted(`${projectRoot}witx/0.11`, '0.11'));
    expect(jco.size).toBe(86);
    const differing = differences(jco, host);
    const destructors = differing.filter((each) => /^\w+Close: \(\w+: resource \w+\): void \/ nothing$/.test(each));
    expect(destructors).toHaveLength(11);
    const taking = differing.filter((each) => !destructors.includes(each));
    expect(taking.map((each) => each.slice(0, each.indexOf(':'))).toSorted()).toEqual([
      'arrayOutputPull',
      'externalSecretReplace',
      'externalSecretStore',
      'keypairId',
      'keypairStoreManaged',
      'symmetricKeyId',
      'symmetricKeyStoreManaged',
      'symmetricStateDecrypt',
      'symmetricStateDecryptDetached',
      'symmetricStateEncrypt',
      'symmetricStateEncryptDetached',
      'symmetricStateOptionsGet',
      'symmetricStateSqueeze',
      'symmetricTagPull',
    ]);
    for (const each of taking) {
      const [left, right] = each.slice(each.indexOf(':') + 2).split(' / ');
      expect(right?.replace(/, take: function\)/, ')')).toBe(left);
    }
  });

  it('in everything else but members of resources, results that are returned, and lists of fixed length', async () => {
    const differing = differences(await jcoSignatures(everything), hostSignatures(await emitted(everything)));
    await expect(`${differing.join('\n')}\n`).toMatchFileSnapshot(here('cases/everything/differences-to-jco.txt'));
  });
});

describeWithShared('component-host output of the definitions of upstream', () => {
  it('compiles, and says what that of our own says', async () => {
    const files = await emitted(shared('spec/wit-0.11'), 'upstream');
    expect(typeErrors(files)).toEqual([]);
    const ours = hostSignatures(await emitted(`${projectRoot}witx/0.11`, '0.11'));
    const theirs = hostSignatures(files);
    expect(theirs.size).toBeGreaterThan(60);
    for (const [name, signature] of theirs) expect([name, signature]).toEqual([name, ours.get(name)]);
  });
});
