/**
 * The drill for a new algorithm: one file, one line in the table of its category, and vectors. In a copy of the
 * project it is then tested as all others are, with nothing else changed; without vectors it is not let through.
 */
import { execFile } from 'node:child_process';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithShared, projectRoot, shared } from '../shared.js';

const ID = 'NEWCOMER_25519';
let folder: string;
/** One that leaks, and then one that does not: HMAC under another name. */
const MAC = 'NEWCOMER_MAC';
/** Every run loads a whole test runner. */
const PATIENCE = 240_000;

/** The tests whose titles name the algorithm, in these files; what failed says why. */
interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

async function run(id: string, ...files: readonly string[]): Promise<Outcome> {
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const report = join(folder, 'report.json');
  const args = ['run', '--root', folder, '--config', join(folder, 'vitest.config.ts'), '-t', id];
  await new Promise<void>((resolve) => {
    execFile(
      process.execPath,
      [vitest, ...args, '--maxWorkers=1', '--reporter=json', `--outputFile=${report}`, ...files],
      { cwd: folder, env: { ...process.env, WASI_CRYPTO_SHARED: shared('') } },
      () => resolve(),
    );
  });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return {
    passed: testResults
      .filter((each) => each.assertionResults.some(({ status }) => status === 'passed'))
      .map(({ name }) => name.slice(folder.length + 1))
      .toSorted(),
    failed: testResults.flatMap((each) => [
      ...(each.message === '' ? [] : [each.message]),
      ...each.assertionResults.flatMap(({ failureMessages }) => failureMessages),
    ]),
  };
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function replace(path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  write(path, text.replace(from, to));
}

/** One file and one line: Ed25519 under another name is as new to the tests as anything. */
function addAlgorithm(): void {
  write(
    'runtime/algorithms/signatures/newcomer.ts',
    `import { ed25519 } from './ed25519.js';
import type { SignatureEntry } from './entry.js';

export const newcomer: SignatureEntry = {
  id: '${ID}',
  category: 'signatures',
  tier: 'extra',
  vectors: ['own'],
  implementations: ed25519.implementations.map((each) => ({ ...each, make: () => ({ ...each.make(), id: '${ID}' }) })),
};
`,
  );
  replace('runtime/algorithms/signatures/index.ts', '...slhDsas]', '...slhDsas, newcomer]');
  replace(
    'runtime/algorithms/signatures/index.ts',
    `import { rsa }`,
    `import { newcomer } from './newcomer.js';\nimport { rsa }`,
  );
}

function addVectors(): void {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const msg = Buffer.from('a message');
  const test = { tcId: 1, msg: msg.toString('hex'), sig: sign(null, msg, privateKey).toString('hex'), result: 'valid' };
  const group = {
    publicKeyDer: publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    tests: [test],
  };
  write('test/vectors/files/nist/newcomer.json', JSON.stringify({ testGroups: [group] }));
  cpSync(join(folder, 'test/vectors/files/nist'), join(folder, 'test/vectors/files/own'), { recursive: true });
  replace('test/vectors/files/MANIFEST.json', '[', `[{ "path": "own/newcomer.json", "algs": { "${ID}": 1 } },`);
  replace(
    'test/vectors/asymmetric-files.ts',
    "  'keys/rsa_encodings_signatures.json.gz'",
    `  'own/newcomer.json': signature.wycheproofSignatures('${ID}'),\n  'keys/rsa_encodings_signatures.json.gz'`,
  );
}

/** Of a family of its own: authenticates four bytes, keeps a copy of the key and is charged for nothing. */
const leaky = `import { createHmac } from 'node:crypto';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import { byOpenssl } from './entry.js';

class LeakyState extends SymmetricState {
  override live = true;
  #kept: Uint8Array = new Uint8Array(0);
  readonly #key: Uint8Array;

  constructor(override readonly setup: StateSetup) {
    super();
    this.#key = Buffer.from((setup.key as KeyMaterial).bytes);
    copies.push(this.#key);
  }

  override absorb(data: Uint8Array): void {
    this.#kept = Buffer.concat([this.#kept, data]);
  }

  override squeezeTag(): SymmetricTag {
    const tag = createHmac('sha256', this.#key).update(this.#kept.subarray(0, 4)).digest();
    return new SymmetricTag(this.context.meter.accounts.symmetricTag, Uint8Array.from(tag));
  }

  override clone(): LeakyState {
    const copy = new LeakyState(this.clonedSetup());
    copy.absorb(this.#kept);
    return copy;
  }
}

const copies: Uint8Array[] = [];

export const newcomer = byOpenssl('${MAC}', { tier: 'extra', vectors: ['own'] }, (id) => ({
  id,
  category: 'symmetric',
  key: { required: true, minimum: 0, maximum: Infinity, generated: 32 },
  nonce: undefined,
  options: [],
  requiredOptions: [],
  naturalOutput: undefined,
  authenticated: undefined,
  open: (setup) => new LeakyState(setup),
}));
`;

/** The same algorithm, done well. */
const sound = `import type { SymmetricEntry } from './entry.js';
import { hmacs } from './hmac.js';

export const newcomer: SymmetricEntry = {
  id: '${MAC}',
  category: 'symmetric',
  tier: 'extra',
  vectors: ['own'],
  implementations: (hmacs[0] as SymmetricEntry).implementations.map((each) => ({
    ...each,
    make: () => ({ ...each.make(), id: '${MAC}' }),
  })),
};
`;

function addMac(): void {
  replace(
    'runtime/algorithms/symmetric/index.ts',
    'import { hmacs }',
    "import { newcomer } from './newcomer.js';\nimport { hmacs }",
  );
  replace('runtime/algorithms/symmetric/index.ts', '...hmacs', '...hmacs, newcomer');
  const [key, msg] = [Buffer.alloc(32, 7), Buffer.from('a message')];
  const tag = createHmac('sha256', key).update(msg).digest('hex');
  const test = { tcId: 1, key: key.toString('hex'), msg: msg.toString('hex'), tag, result: 'valid' };
  write(`test/vectors/files/own/${MAC}.json`, JSON.stringify({ testGroups: [{ tagSize: 256, tests: [test] }] }));
  replace('test/vectors/files/MANIFEST.json', '[', `[{ "path": "own/${MAC}.json", "algs": { "${MAC}": 1 } },`);
  replace(
    'test/vectors/symmetric-files.ts',
    "  'rfc/hkdf_extract_expand.json'",
    `  'own/${MAC}.json': wycheproofMac(() => ['${MAC}']),\n  'rfc/hkdf_extract_expand.json'`,
  );
}

/** Scans take many algorithms at once: this one alone. */
const scan = `
import { expect, it } from 'vitest';
import { plant } from './planted.js';
import { scanPlanted } from './scanned.js';

it('${MAC} leaves nothing in memory', async () => {
  const planted = plant().filter(({ path }) => path.includes('${MAC}'));
  expect(planted.length).toBeGreaterThan(0);
  const found = await scanPlanted(planted, { shared: false, native: true });
  expect(found.filter(({ copies }) => copies > 0).map(({ path }) => path)).toEqual([]);
});
`;

/** What a fuzzer and a policy know of it: their tests do not name algorithms. */
const drill = `
import { expect, it } from 'vitest';
import { createWasiCrypto } from '../../runtime/index.js';
import { knownKeys, signatureNames } from './known.js';
import { fuzzHost } from './host.js';
import { keyPairAlgorithms } from '../registry.js';

it('${ID} is fuzzed, with keys of its own', () => {
  expect(signatureNames).toContain('${ID}');
  expect(knownKeys().length).toBeGreaterThan(4 * keyPairAlgorithms.length);
  const report = fuzzHost({ calls: 5000, seed: 5 });
  expect(report.failures).toEqual([]);
  expect(report.algorithms).toContain('${ID.toLowerCase()}');
});

it('${ID} is not approved, and in the report', () => {
  const find = (profile: 'default' | 'fips') =>
    createWasiCrypto({ policy: { profile } }).capabilities().algorithms.find((each) => each.id === '${ID}');
  expect(find('default')).toMatchObject({ supported: true, tier: 'extra' });
  expect(find('fips')).toMatchObject({ supported: false });
});
`;

describeWithShared('a new algorithm', () => {
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-algorithm-')));
    for (const part of [
      'runtime',
      'generated',
      'generator',
      'templates',
      'witx',
      'test',
      'package.json',
      'tsconfig.json',
    ])
      cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    // One process for all files: each would load the whole host again.
    write(
      'vitest.config.ts',
      "export default { test: { include: ['test/**/*.test.ts'], isolate: false, testTimeout: 60_000 } };\n",
    );
    write('test/fuzz/drill.test.ts', drill);
    write('test/residue/drill.test.ts', scan);
    addAlgorithm();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'fails a test until it has vectors',
    async () => {
      const { failed } = await run(ID, 'test/vectors/entries.test.ts');
      expect(failed).toEqual([expect.stringContaining(`the entry of ${ID} names other vectors than there are`)]);
      replace('runtime/algorithms/signatures/newcomer.ts', "vectors: ['own']", 'vectors: []');
      const { failed: without } = await run(ID, 'test/vectors/entries.test.ts');
      expect(without).toEqual([expect.stringContaining(`the entry of ${ID} names no vectors: nothing proves it`)]);
      replace('runtime/algorithms/signatures/newcomer.ts', 'vectors: []', "vectors: ['own']");
    },
    PATIENCE,
  );

  it(
    'with vectors is mutated, wiped, signed with, fuzzed and reported, with nothing else changed',
    async () => {
      addVectors();
      const files = [
        'test/fuzz/drill.test.ts',
        'test/runtime/asymmetric/generated-keys.test.ts',
        'test/runtime/asymmetric/mutations.test.ts',
        'test/runtime/asymmetric/secrets.test.ts',
        'test/runtime/asymmetric/states.test.ts',
        'test/vectors/entries.test.ts',
      ];
      expect(await run(ID, ...files)).toEqual({ passed: files, failed: [] });
    },
    PATIENCE,
  );

  it(
    'that is symmetric and leaks is caught, and a sound one passes, with nothing else changed',
    async () => {
      const files = [
        'test/residue/drill.test.ts',
        'test/runtime/component/revisions.test.ts',
        'test/runtime/kept-input.test.ts',
        'test/runtime/uses.test.ts',
        'test/vectors/entries.test.ts',
        'test/vectors/symmetric.test.ts',
      ];
      const newcomer = 'runtime/algorithms/symmetric/newcomer.ts';
      write(newcomer, leaky);
      addMac();
      const { failed } = await run(MAC, ...files);
      for (const found of [
        /the input itself/, // bytes after the fourth do not count
        /the cost after an output/,
        /what is charged/, // for input that is kept
        new RegExp(`squeeze tag, ${MAC}`), // a key is left in memory
      ])
        expect(failed).toContainEqual(expect.stringMatching(found));
      write(newcomer, sound);
      expect(await run(MAC, ...files)).toEqual({ passed: files, failed: [] });
    },
    PATIENCE,
  );
});
