/**
 * The process that is scanned: a guest that gives its host every secret of the plans on its input, uses it, wipes its
 * own memory and closes everything. It says `done` when nothing of them should be left.
 */
import { createWasiCrypto } from '../../runtime/index.js';
import { AlgorithmType, CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { newMemory, PAGE, type Core } from '../guest/guest.js';
import { MASK, type AsymmetricPlan, type Plan, type SymmetricPlan } from './planted.js';

declare const gc: () => void;

/** Where things lie in memory. */
const RESULT = 512;
const OPTIONAL_KEY = 520;
const OPTIONAL_OPTIONS = 528;
const KEY = 1024;
const INPUT = 2048;
const OUTPUT = 16 * 1024;
const OTHER = 32 * 1024;
const TEXT = 40 * 1024;

const shared = process.argv.includes('--shared');
const memory = newMemory({ initial: 1, ...(shared ? { maximum: 1, shared } : {}) });
const host = createWasiCrypto({
  policy: { unauthenticatedCiphers: true },
  native: process.argv.includes('--native-off') ? 'off' : 'auto',
});
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

/** Pulls an output in two parts, so that the first leaves a rest. */
function pull(output: number): void {
  const size = call('array_output_len', output, RESULT);
  const half = size >> 1;
  if (half > 0) call('array_output_pull', output, OUTPUT, half, RESULT);
  call('array_output_pull', output, OUTPUT + half, size - half, RESULT);
}

function keyOf({ algorithm, key }: SymmetricPlan): number | undefined {
  if (key === undefined) return undefined;
  const handle = call('symmetric_key_import', ...text(algorithm), KEY, write(KEY, key, MASK), RESULT);
  pull(call('symmetric_key_export', handle, RESULT));
  return handle;
}

function optionsOf({ options, numbers }: SymmetricPlan): number {
  const handle = call('options_open', AlgorithmType.Symmetric, RESULT);
  for (const [name, hex] of Object.entries(options))
    call('options_set', handle, ...text(name), OTHER, write(OTHER, hex, MASK));
  for (const [name, value] of Object.entries(numbers)) call('options_set_u64', handle, ...text(name), BigInt(value));
  return handle;
}

/** Absorbs in two parts, where that is the same, and all of it in a clone. */
function absorb(state: number, { absorbed, countsParts }: SymmetricPlan): void {
  const size = write(INPUT, absorbed, MASK);
  if (size === 0) return;
  const copy = call('symmetric_state_clone', state, RESULT);
  call('symmetric_state_absorb', copy, INPUT, size);
  const first = countsParts ? size : size >> 1;
  call('symmetric_state_absorb', state, INPUT, first);
  if (first < size) call('symmetric_state_absorb', state, INPUT + first, size - first);
  call('symmetric_state_close', copy);
}

function useState(plan: SymmetricPlan): void {
  const key = keyOf(plan);
  const options = optionsOf(plan);
  const state = call(
    'symmetric_state_open',
    ...text(plan.algorithm),
    optional(key, OPTIONAL_KEY),
    optional(options, OPTIONAL_OPTIONS),
    RESULT,
  );
  absorb(state, plan);
  const size = write(INPUT, plan.message, MASK);
  const { size: length } = plan;
  switch (plan.operation) {
    case 'squeeze':
      call('symmetric_state_squeeze', state, OUTPUT, length);
      break;
    case 'squeeze tag':
      call('symmetric_tag_pull', call('symmetric_state_squeeze_tag', state, RESULT), OUTPUT, length, RESULT);
      break;
    case 'squeeze key': {
      const squeezed = call('symmetric_state_squeeze_key', state, ...text(plan.target ?? ''), RESULT);
      pull(call('symmetric_key_export', squeezed, RESULT));
      call('symmetric_key_close', squeezed);
      break;
    }
    case 'encrypt':
      call('symmetric_state_encrypt', state, OUTPUT, size + length, INPUT, size, RESULT);
      break;
    case 'encrypt detached': {
      const tag = call('symmetric_state_encrypt_detached', state, OUTPUT, size, INPUT, size, RESULT);
      call('symmetric_tag_pull', tag, OTHER, length, RESULT);
      break;
    }
    case 'decrypt':
      call('symmetric_state_decrypt', state, OUTPUT, size - length, INPUT, size, RESULT);
      break;
    case 'decrypt detached': {
      const sealed = size - length;
      call('symmetric_state_decrypt_detached', state, OUTPUT, sealed, INPUT, sealed, INPUT + sealed, length, RESULT);
      break;
    }
  }
  call('symmetric_state_close', state);
  call('options_close', options);
  if (key !== undefined) call('symmetric_key_close', key);
}

/** Signs with a pair only where it is told to: what signs with hashes alone takes a second for one signature. */
function useKey({ operation, algorithm, type, encoding, input, other }: AsymmetricPlan, signs: boolean): void {
  const size = write(INPUT, input, MASK);
  const otherSize = write(OTHER, other, 0);
  switch (operation) {
    case 'import pair': {
      const pair = call('keypair_import', type, ...text(algorithm), INPUT, size, encoding, RESULT);
      pull(call('keypair_export', pair, encoding, RESULT));
      const secret = call('keypair_secretkey', pair, RESULT);
      pull(call('secretkey_export', secret, 1, RESULT));
      call('secretkey_close', secret);
      if (type === 0 && signs) {
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
    case 'decapsulate': {
      const secret = call('secretkey_import', type, ...text(algorithm), INPUT, size, encoding, RESULT);
      pull(call('kx_decapsulate', secret, OTHER, otherSize, RESULT));
      call('secretkey_close', secret);
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
    if ('message' in plan) useState(plan);
    else useKey(plan, count === 0);
    if (process.argv.includes('--keep')) kept.push(new Uint8Array(memory.buffer).slice());
    new Uint8Array(memory.buffer, 0, PAGE).fill(0);
  }
}
host.close();
// The thread of password hashes ends, with its memory, a second after its last call.
await new Promise((resolve) => setTimeout(resolve, 1500));
for (let count = 0; count < 4; count += 1) gc();
process.stdout.write('done\n');
// Until it is scanned.
setInterval(() => {}, 1_000_000);
