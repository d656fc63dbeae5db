/**
 * The drill for a new algorithm: one file, one line in the table of its category, and vectors. In a copy of the
 * project it is then tested as all others are, with nothing else changed; without vectors it is not let through.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithShared, projectRoot, shared } from '../shared.js';

const ID = 'NEWCOMER_25519';
let folder: string;
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

async function run(...files: readonly string[]): Promise<Outcome> {
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const report = join(folder, 'report.json');
  const args = ['run', '--root', folder, '--config', join(folder, 'vitest.config.ts'), '-t', ID];
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
  replace('runtime/algorithms/signatures/index.ts', '...rsa]', '...rsa, newcomer]');
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
  const report = fuzzHost({ calls: 1500, seed: 5 });
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
    write('vitest.config.ts', "export default { test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 } };\n");
    write('test/fuzz/drill.test.ts', drill);
    addAlgorithm();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'fails a test until it has vectors',
    async () => {
      const { failed } = await run('test/vectors/entries.test.ts');
      expect(failed).toEqual([expect.stringContaining(`the entry of ${ID} names other vectors than there are`)]);
      replace('runtime/algorithms/signatures/newcomer.ts', "vectors: ['own']", 'vectors: []');
      const { failed: without } = await run('test/vectors/entries.test.ts');
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
      expect(await run(...files)).toEqual({ passed: files, failed: [] });
    },
    PATIENCE,
  );
});
