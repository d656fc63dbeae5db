/**
 * `npm run bench:optional`: ids beyond the required and recommended ones, beside the best that a Node program could use
 * instead. The host's functions are called as a guest calls them, whole sequences with opening and closing, but from
 * JavaScript. Ratios are times as parts of the host's time: above 1 the host is faster.
 */
import { createHash, scryptSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gcmsiv, aessiv } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed448 } from '@noble/curves/ed448.js';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { cshake128, kt128, turboshake128 } from '@noble/hashes/sha3-addons.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { createBLAKE2b, createBLAKE3 } from 'hash-wasm';
import sodium from 'libsodium-wrappers';
import { AlgorithmType } from '../generated/0.10/typescript-host/types.js';
import { loadRuntime } from './guest-host.js';
import { KiB, messageOf, pattern } from './inputs.js';
import { machine } from './report.js';
import { contestant, measure, type Contestant } from './rounds.js';
import { size, time } from './rows.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean' },
    rounds: { type: 'string', default: '21' },
    milliseconds: { type: 'string', default: '16' },
  },
});
const pace = { rounds: Number(values.rounds), milliseconds: Number(values.milliseconds) };

await sodium.ready;
const compiled = { blake3: await createBLAKE3(), blake2b: await createBLAKE2b(512) };

/** The compiled runtime, as users have it. */
const { createWasiCrypto } = await loadRuntime(fileURLToPath(new URL('../dist', import.meta.url)));
const crypto = createWasiCrypto();
const memory = new WebAssembly.Memory({ initial: 64 });
crypto.attach(memory);
const bytes = new Uint8Array(memory.buffer);
const words = new DataView(memory.buffer);
type Call = (...core: readonly (number | bigint)[]) => number;
const functions = new Map(
  Object.values(crypto.imports).flatMap((module) => Object.entries(module as Record<string, Call>)),
);

/** A function of the host. What is measured calls it by itself, as a guest does: looking it up takes a third of what a short call does. */
function imported(name: string): Call {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`the host has no ${name}`);
  return found;
}

/** An errno other than success ends the benchmark. */
function must(errno: number): void {
  if (errno !== 0) throw new Error(`a call returned ${errno}`);
}

function call(name: string, ...core: readonly (number | bigint)[]): void {
  must(imported(name)(...core));
}

const optionsOpen = imported('options_open');
const optionsSet = imported('options_set');
const optionsClose = imported('options_close');
const stateOpen = imported('symmetric_state_open');
const stateAbsorb = imported('symmetric_state_absorb');
const stateSqueeze = imported('symmetric_state_squeeze');
const stateEncrypt = imported('symmetric_state_encrypt');
const stateClose = imported('symmetric_state_close');

let top = 64;
function room(size: number): number {
  const at = top;
  top += (size + 7) & ~7;
  return at;
}

const HOST = 'this host';

/** Bytes in guest memory, for good. */
function placed(given: Uint8Array): number {
  const at = room(given.length);
  bytes.set(given, at);
  return at;
}

/** A name, as address and length. */
const named = (text: string): readonly [number, number] => [placed(Buffer.from(text)), text.length];
/** A handle that may be missing. */
function option(handle: number | undefined, at = room(8)): number {
  words.setUint32(at, handle === undefined ? 1 : 0, true);
  words.setUint32(at + 4, handle ?? 0, true);
  return at;
}

const result = room(16);
const handleAt = (at = result): number => words.getUint32(at, true);
const none = option(undefined);

/** Opens a state, absorbs a message, squeezes and closes. */
function hashing(id: string, message: Uint8Array, length: number, set = none): Contestant {
  const [[name, nameLength], data, out] = [named(id), placed(message), room(length)];
  const dataLength = message.length;
  return contestant(HOST, () => {
    must(stateOpen(name, nameLength, none, set, result));
    const state = handleAt();
    must(stateAbsorb(state, data, dataLength));
    must(stateSqueeze(state, out, length));
    must(stateClose(state));
  });
}

/** A set of options that stays. */
function costs(numbers: Readonly<Record<string, bigint>>, salt: Uint8Array): number {
  call('options_open', AlgorithmType.Symmetric, result);
  const set = handleAt();
  for (const [name, value] of Object.entries(numbers)) call('options_set_u64', set, ...named(name), value);
  call('options_set', set, ...named('salt'), placed(salt), salt.length);
  return option(set);
}

/** Sets a nonce, opens a state with a key, encrypts and closes. */
function sealing(id: string, key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Contestant {
  const [[name, nameLength], [nonceName, nonceNameLength], nonceAt] = [named(id), named('nonce'), placed(nonce)];
  const [data, out, setOption] = [placed(message), room(message.length + 16), room(8)];
  call('symmetric_key_import', name, nameLength, placed(key), key.length, result);
  const keyOption = option(handleAt());
  return contestant(HOST, () => {
    must(optionsOpen(AlgorithmType.Symmetric, result));
    const set = handleAt();
    must(optionsSet(set, nonceName, nonceNameLength, nonceAt, nonce.length));
    must(stateOpen(name, nameLength, keyOption, option(set, setOption), result));
    const state = handleAt();
    must(stateEncrypt(state, out, message.length + 16, data, message.length, result));
    must(stateClose(state));
    must(optionsClose(set));
  });
}

/** Signs a short message and exports the signature. */
function signing(id: string, message: Uint8Array): Contestant {
  call('keypair_generate', AlgorithmType.Signatures, ...named(id), none, result);
  const [pair, data, out] = [handleAt(), placed(message), room(8192)];
  return contestant(HOST, () => {
    call('signature_state_open', pair, result);
    const state = handleAt();
    call('signature_state_update', state, data, message.length);
    call('signature_state_sign', state, result);
    call('signature_state_close', state);
    const signature = handleAt();
    call('signature_export', signature, 0, result);
    call('array_output_pull', handleAt(), out, 8192, result);
    call('signature_close', signature);
  });
}

/** Encapsulates and takes secret and ciphertext. */
function encapsulating(id: string): Contestant {
  call('keypair_generate', AlgorithmType.KeyExchange, ...named(id), none, result);
  call('keypair_publickey', handleAt(), result);
  const [publickey, out] = [handleAt(), room(4096)];
  return contestant(HOST, () => {
    call('kx_encapsulate', publickey, result, result + 4);
    const [secret, encapsulated] = [handleAt(), handleAt(result + 4)];
    call('array_output_pull', secret, out, 4096, result);
    call('array_output_pull', encapsulated, out, 4096, result);
  });
}

interface Comparison {
  readonly id: string;
  /** Of the message, in bytes. */
  readonly length: number;
  readonly contestants: () => readonly Contestant[];
}

const of = (length: number): Uint8Array => pattern(length, 7);
const [key16, key32, key64] = [of(16), of(32), of(64)];
const [nonce12, nonce16, nonce24] = [of(12), of(16), of(24)];

const sized = (id: string, contestants: (message: Uint8Array) => readonly Contestant[]): readonly Comparison[] =>
  [64, KiB, 64 * KiB].map((length) => ({ id, length, contestants: () => contestants(messageOf(length)) }));

const single = (id: string, contestants: () => readonly Contestant[]): Comparison => ({ id, length: 0, contestants });

const password = of(20);

const comparisons: readonly Comparison[] = [
  ...sized('AES-256-GCM-SIV', (message) => [
    sealing('AES-256-GCM-SIV', key32, nonce12, message),
    contestant('noble', () => gcmsiv(key32, nonce12).encrypt(message)),
  ]),
  ...sized('AES-256-SIV', (message) => [
    sealing('AES-256-SIV', key64, nonce12, message),
    contestant('noble', () => aessiv(key64, nonce12).encrypt(message)),
  ]),
  ...sized('XCHACHA20-POLY1305', (message) => [
    sealing('XCHACHA20-POLY1305', key32, nonce24, message),
    contestant('noble', () => xchacha20poly1305(key32, nonce24).encrypt(message)),
    contestant('libsodium', () =>
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(message, null, null, nonce24, key32),
    ),
  ]),
  ...sized('AEGIS-128L', (message) => [
    sealing('AEGIS-128L', key16, nonce16, message),
    contestant('libsodium', () => sodium.crypto_aead_aegis128l_encrypt(message, null, null, nonce16, key16)),
  ]),
  ...sized('AEGIS-256', (message) => [
    sealing('AEGIS-256', key32, key32, message),
    contestant('libsodium', () => sodium.crypto_aead_aegis256_encrypt(message, null, null, key32, key32)),
  ]),
  ...sized('ASCON-AEAD', (message) => [sealing('ASCON-AEAD', key16, nonce16, message)]),
  ...sized('BLAKE3', (message) => [
    hashing('BLAKE3', message, 32),
    contestant('noble', () => blake3(message)),
    contestant('hash-wasm', () => compiled.blake3.init().update(message).digest('binary')),
  ]),
  ...sized('BLAKE2B-512', (message) => [
    hashing('BLAKE2B-512', message, 64),
    contestant('node:crypto', () => createHash('blake2b512').update(message).digest()),
    contestant('noble', () => blake2b(message)),
    contestant('hash-wasm', () => compiled.blake2b.init().update(message).digest('binary')),
  ]),
  ...sized('CSHAKE-128', (message) => [
    hashing('CSHAKE-128', message, 32),
    contestant('noble', () => cshake128(message, { dkLen: 32 })),
  ]),
  ...sized('TURBOSHAKE-128', (message) => [
    hashing('TURBOSHAKE-128', message, 32),
    contestant('noble', () => turboshake128(message, { dkLen: 32 })),
  ]),
  ...sized('KT128', (message) => [hashing('KT128', message, 32), contestant('noble', () => kt128(message))]),
  single('ARGON2-ID-13', () => [
    hashing('ARGON2-ID-13', password, 32, costs({ memory_limit: 19n << 20n, ops_limit: 2n }, nonce16)),
    contestant('noble', () => nobleArgon2id(password, nonce16, { m: 19 * KiB, t: 2, p: 1 })),
  ]),
  single('SCRYPT', () => [
    hashing('SCRYPT', password, 32, costs({ memory_limit: 1n << 24n }, nonce16)),
    contestant('node:crypto', () => scryptSync(password, nonce16, 32, { N: 2 ** 14, r: 8, p: 1 })),
  ]),
  single('ML-KEM-768', () => {
    const { publicKey } = ml_kem768.keygen();
    return [encapsulating('ML-KEM-768'), contestant('noble', () => ml_kem768.encapsulate(publicKey))];
  }),
  single('ML-DSA-65', () => {
    const { secretKey } = ml_dsa65.keygen();
    return [signing('ML-DSA-65', password), contestant('noble', () => ml_dsa65.sign(password, secretKey))];
  }),
  single('Ed448', () => {
    const secret = ed448.utils.randomSecretKey();
    return [signing('Ed448', password), contestant('noble', () => ed448.sign(password, secret))];
  }),
];

const supported = new Set(crypto.capabilities().algorithms.flatMap(({ id, supported: here }) => (here ? [id] : [])));
console.log(machine().join('\n'));
for (const { id, length, contestants } of comparisons) {
  if (!supported.has(id) || (values.only !== undefined && !id.includes(values.only))) continue;
  const [host, ...others] = measure(contestants(), [HOST], pace);
  const ratios = others.map(({ name, ratios: { [HOST]: ratio } }) => `${name} ${(ratio?.median ?? NaN).toFixed(2)}`);
  console.log(
    `${id.padEnd(20)} ${size(length).padStart(7)}  ${time(host?.nanoseconds.median ?? NaN).padStart(9)}  ${ratios.join(', ')}`,
  );
}
