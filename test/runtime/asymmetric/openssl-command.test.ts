/** Keys, signatures and shared secrets, against the `openssl` command in both directions. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped } from './probes.js';

function hasCommand(): boolean {
  try {
    return /^OpenSSL 3/.test(
      execFileSync('openssl', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return false;
  }
}

interface Scheme {
  readonly id: string;
  /** For `openssl genpkey`. */
  readonly key: readonly string[];
  /** For `openssl dgst` and `pkeyutl`; undefined for messages that are not hashed first. */
  readonly hash: string | undefined;
  readonly options: readonly string[];
  readonly form: Form;
}

const rsa = (bits: number): readonly string[] => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
const curve = (name: string): readonly string[] => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const pss = (salt: number): readonly string[] => [
  '-sigopt',
  'rsa_padding_mode:pss',
  '-sigopt',
  `rsa_pss_saltlen:${salt}`,
];

const schemes: readonly Scheme[] = [
  { id: 'Ed25519', key: ['-algorithm', 'ED25519'], hash: undefined, options: [], form: Form.Raw },
  { id: 'Ed448', key: ['-algorithm', 'ED448'], hash: undefined, options: [], form: Form.Raw },
  { id: 'ECDSA_P521_SHA512', key: curve('P-521'), hash: 'sha512', options: [], form: Form.Der },
  { id: 'ECDSA_P256_SHA256', key: curve('P-256'), hash: 'sha256', options: [], form: Form.Der },
  { id: 'ECDSA_P384_SHA384', key: curve('P-384'), hash: 'sha384', options: [], form: Form.Der },
  { id: 'ECDSA_K256_SHA256', key: curve('secp256k1'), hash: 'sha256', options: [], form: Form.Der },
  { id: 'RSA_PKCS1_2048_SHA256', key: rsa(2048), hash: 'sha256', options: [], form: Form.Raw },
  { id: 'RSA_PKCS1_2048_SHA384', key: rsa(2048), hash: 'sha384', options: [], form: Form.Raw },
  { id: 'RSA_PKCS1_2048_SHA512', key: rsa(2048), hash: 'sha512', options: [], form: Form.Raw },
  { id: 'RSA_PKCS1_3072_SHA384', key: rsa(3072), hash: 'sha384', options: [], form: Form.Raw },
  { id: 'RSA_PKCS1_4096_SHA512', key: rsa(4096), hash: 'sha512', options: [], form: Form.Raw },
  { id: 'RSA_PSS_2048_SHA256', key: rsa(2048), hash: 'sha256', options: pss(32), form: Form.Raw },
  { id: 'RSA_PSS_2048_SHA384', key: rsa(2048), hash: 'sha384', options: pss(48), form: Form.Raw },
  { id: 'RSA_PSS_3072_SHA512', key: rsa(3072), hash: 'sha512', options: pss(64), form: Form.Raw },
];

const exchanges = [
  ['X25519', ['-algorithm', 'X25519']],
  ['P256-SHA256', curve('P-256')],
  ['P384-SHA384', curve('P-384')],
  ['X448', ['-algorithm', 'X448']],
  ['P521-SHA512', curve('P-521')],
] as const;

(hasCommand() ? describe : describe.skip)('the openssl command', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(file(name), bytes);
    return file(name);
  };
  const get = (name: string): Uint8Array => Uint8Array.from(readFileSync(file(name)));
  const run = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const signArguments = (scheme: Scheme): string[] =>
    scheme.hash === undefined
      ? ['pkeyutl', '-sign', '-rawin', '-inkey', file('key.pem'), '-in', file('message'), '-out', file('signature')]
      : [
          'dgst',
          `-${scheme.hash}`,
          ...scheme.options,
          '-sign',
          file('key.pem'),
          '-out',
          file('signature'),
          file('message'),
        ];
  const verifyArguments = (scheme: Scheme): string[] =>
    scheme.hash === undefined
      ? [
          'pkeyutl',
          '-verify',
          '-rawin',
          '-pubin',
          '-inkey',
          file('public.pem'),
          '-in',
          file('message'),
          '-sigfile',
          file('signature'),
        ]
      : [
          'dgst',
          `-${scheme.hash}`,
          ...scheme.options,
          '-verify',
          file('public.pem'),
          '-signature',
          file('signature'),
          file('message'),
        ];

  for (const scheme of schemes) {
    it(`${scheme.id}: its keys and signatures are good here, and ours there`, () => {
      const { id, form } = scheme;
      const message = new TextEncoder().encode(`a message for ${id}`);
      put('message', message);
      const a = new Asymmetric(new Guest());

      run('genpkey', ...scheme.key, '-out', file('key.pem'));
      run('pkey', '-in', file('key.pem'), '-pubout', '-out', file('public.pem'));
      run(...signArguments(scheme));
      const publicKey = a.publickeyImport(id, get('public.pem'), Public.Pem);
      a.verifyMessage(publicKey, id, message, get('signature'), form);
      expect(errnoOf(() => a.verifyMessage(publicKey, id, flipped(message, 0), get('signature'), form))).toBe(
        'VerificationFailed',
      );
      const imported = a.keypairImport(id, get('key.pem'), Pair.Pem);
      expect(a.keypairExport(imported, Pair.Pem)).toEqual(get('key.pem'));
      expect(a.publickeyExport(a.keypairPublickey(imported), Public.Pem)).toEqual(get('public.pem'));

      const generated = a.keypairGenerate(id);
      put('key.der', a.keypairExport(generated, Pair.Pkcs8));
      run('pkey', '-inform', 'DER', '-in', file('key.der'), '-check', '-noout');
      put('public.pem', a.publickeyExport(a.keypairPublickey(generated), Public.Pem));
      run('pkey', '-pubin', '-in', file('public.pem'), '-pubcheck', '-noout');
      const signed = a.signatureImport(id, a.signMessage(generated, message), Form.Raw);
      put('signature', a.signatureExport(signed, form));
      run(...verifyArguments(scheme));
      put('message', flipped(message, 1));
      expect(() => run(...verifyArguments(scheme))).toThrow();
    });
  }

  for (const [id, key] of exchanges) {
    it(`${id}: both sides get the same secret`, () => {
      const a = new Asymmetric(new Guest());
      run('genpkey', ...key, '-out', file('key.pem'));
      run('pkey', '-in', file('key.pem'), '-pubout', '-out', file('public.pem'));
      const ours = a.keypairGenerate(id);
      put('ours.pem', a.publickeyExport(a.keypairPublickey(ours), Public.Pem));
      run('pkeyutl', '-derive', '-inkey', file('key.pem'), '-peerkey', file('ours.pem'), '-out', file('secret'));
      expect(a.dh(a.publickeyImport(id, get('public.pem'), Public.Pem), a.keypairSecretkey(ours))).toEqual(
        get('secret'),
      );

      put('our-key.pem', a.keypairExport(ours, Pair.Pem));
      run('pkeyutl', '-derive', '-inkey', file('our-key.pem'), '-peerkey', file('public.pem'), '-out', file('secret'));
      const theirs = a.keypairImport(id, get('key.pem'), Pair.Pem);
      expect(a.dh(a.keypairPublickey(ours), a.keypairSecretkey(theirs))).toEqual(get('secret'));
    });
  }
});
