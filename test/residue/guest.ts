/**
 * The process that is scanned: a guest that gives its host every secret of the plans on its input, uses it, wipes its
 * own memory and closes everything. It says `done` when nothing of them should be left.
 */
import { createWasiCrypto } from '../../runtime/index.js';
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { newMemory, PAGE, type Core } from '../guest/guest.js';
import { MASK, type Plan } from './planted.js';

declare const gc: () => void;

const INPUT = 1024;
const OUTPUT = 16 * 1024;
const OTHER = 32 * 1024;
const TEXT = 40 * 1024;
const RESULT = 512;

const shared = process.argv.includes('--shared');
const memory = newMemory({ initial: 1, ...(shared ? { maximum: 1, shared } : {}) });
const host = createWasiCrypto({ native: process.argv.includes('--native-off') ? 'off' : 'auto' });
host.attach(memory);
const functions = new Map<string, (...args: Core[]) => unknown>(
  Object.values(host.imports).flatMap((module) => Object.entries(module)),
);

function call(func: string, ...args: readonly Core[]): number {
  const errno = functions.get(func)?.(...args);
  if (errno !== CryptoErrno.Success) throw new Error(`${func}: ${String(errno)}`);
  return new DataView(memory.buffer).getUint32(RESULT, true);
}

function write(address: number, hex: string, mask: number): number {
  const bytes = new Uint8Array(memory.buffer, address);
  for (let index = 0; 2 * index < hex.length; index += 1)
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16) ^ mask;
  return hex.length / 2;
}

function text(value: string): readonly [number, number] {
  for (let index = 0; index < value.length; index += 1)
    new DataView(memory.buffer).setUint8(TEXT + index, value.charCodeAt(index));
  return [TEXT, value.length];
}

/** An optional handle in memory. */
function optional(handle: number | undefined, at: number): number {
  const view = new DataView(memory.buffer);
  view.setUint8(at, handle === undefined ? 1 : 0);
  if (handle !== undefined) view.setUint32(at + 4, handle, true);
  return at;
}

function open(algorithm: string, key?: number, options?: number): number {
  return call('symmetric_state_open', ...text(algorithm), optional(key, 520), optional(options, 528), RESULT);
}

/** Pulls an output in two parts, so that the first leaves a rest. */
function pull(output: number): number {
  const size = call('array_output_len', output, RESULT);
  const half = size >> 1;
  if (half > 0) call('array_output_pull', output, OUTPUT, half, RESULT);
  call('array_output_pull', output, OUTPUT + half, size - half, RESULT);
  return size;
}

function withNonce(use: (options: number) => void): void {
  const options = call('options_open', 1, RESULT);
  call('options_set', options, ...text('nonce'), OTHER + 1024, 12);
  use(options);
  call('options_close', options);
}

function run({ operation, algorithm, type, encoding, input, other }: Plan): void {
  const size = write(INPUT, input, MASK);
  const otherSize = write(OTHER, other, 0);
  switch (operation) {
    case 'import key': {
      const key = call('symmetric_key_import', ...text(algorithm), INPUT, size, RESULT);
      const state = algorithm.startsWith('HKDF') || algorithm.startsWith('HMAC') ? open(algorithm, key) : undefined;
      if (state !== undefined) call('symmetric_state_close', state);
      pull(call('symmetric_key_export', key, RESULT));
      call('symmetric_key_close', key);
      return;
    }
    case 'absorb': {
      const key = algorithm.startsWith('SHA')
        ? undefined
        : call('symmetric_key_generate', ...text(algorithm), optional(undefined, 528), RESULT);
      const state = open(algorithm, key);
      const half = size >> 1;
      call('symmetric_state_absorb', state, INPUT, half);
      const copy = call('symmetric_state_clone', state, RESULT);
      call('symmetric_state_absorb', state, INPUT + half, size - half);
      call('symmetric_state_absorb', copy, INPUT, size);
      for (const each of [state, copy]) call('symmetric_state_close', each);
      if (key !== undefined) call('symmetric_key_close', key);
      return;
    }
    case 'encrypt':
    case 'decrypt':
      withNonce((options) => {
        const key = call('symmetric_key_import', ...text(algorithm), OTHER, otherSize, RESULT);
        const state = open(algorithm, key, options);
        const outSize = operation === 'encrypt' ? size + 16 : size - 16;
        call(`symmetric_state_${operation}`, state, OUTPUT, outSize, INPUT, size, RESULT);
        call('symmetric_state_close', state);
        call('symmetric_key_close', key);
      });
      return;
    case 'derive': {
      const key = call('symmetric_key_import', ...text(algorithm), INPUT, size, RESULT);
      const state = open(algorithm, key);
      const expand = algorithm.replace('EXTRACT', 'EXPAND');
      const derived = call('symmetric_state_squeeze_key', state, ...text(expand), RESULT);
      const expanding = open(expand, derived);
      call('symmetric_state_squeeze', expanding, OUTPUT, 32);
      for (const each of [state, expanding]) call('symmetric_state_close', each);
      pull(call('symmetric_key_export', derived, RESULT));
      for (const each of [key, derived]) call('symmetric_key_close', each);
      return;
    }
    case 'import pair': {
      const pair = call('keypair_import', type, ...text(algorithm), INPUT, size, encoding, RESULT);
      pull(call('keypair_export', pair, encoding, RESULT));
      const secret = call('keypair_secretkey', pair, RESULT);
      pull(call('secretkey_export', secret, 1, RESULT));
      call('secretkey_close', secret);
      if (type === 0) {
        const state = call('signature_state_open', pair, RESULT);
        call('signature_close', call('signature_state_sign', state, RESULT));
        call('signature_state_close', state);
      }
      call('keypair_close', pair);
      return;
    }
    case 'import secret': {
      const secret = call('secretkey_import', type, ...text(algorithm), INPUT, size, encoding, RESULT);
      pull(call('secretkey_export', secret, encoding, RESULT));
      call('publickey_close', call('publickey_from_secretkey', secret, RESULT));
      call('secretkey_close', secret);
      return;
    }
    case 'agree': {
      const secret = call('secretkey_import', type, ...text(algorithm), INPUT, size, encoding, RESULT);
      const peer = call('publickey_import', type, ...text(algorithm), OTHER, otherSize, 1, RESULT);
      pull(call('kx_dh', peer, secret, RESULT));
      call('secretkey_close', secret);
      call('publickey_close', peer);
      return;
    }
  }
}

/** What a leak would be. */
const kept: Uint8Array[] = [];
let told = '';
for await (const chunk of process.stdin.setEncoding('utf8')) told += chunk as string;
for (const plan of JSON.parse(told) as readonly Plan[]) {
  for (let count = 0; count < 3; count += 1) {
    run(plan);
    if (process.argv.includes('--keep')) kept.push(new Uint8Array(memory.buffer).slice());
    new Uint8Array(memory.buffer, 0, PAGE).fill(0);
  }
}
host.close();
for (let count = 0; count < 4; count += 1) gc();
process.stdout.write('done\n');
// Until it is scanned.
setInterval(() => {}, 1_000_000);
