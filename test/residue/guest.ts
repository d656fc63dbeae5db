/**
 * The process that is scanned: a guest that gives its host every secret of the plans on its input, uses it, wipes its
 * own memory and closes everything. When nothing of them should be left it says which processes are to be scanned.
 */
import { createIsolatedWasiCrypto, type IsolatedWasiCrypto } from '../../runtime/isolated.js';
import { createWasiCrypto, type WasiCrypto } from '../../runtime/index.js';
import { AlgorithmType } from '../../generated/0.10/typescript-host/types.js';
import { newMemory } from '../guest/guest.js';
import { CoreCalls, INPUT, KEY, OTHER, TEXT, type Calls } from './calls.js';
import { componentCalls } from './component-calls.js';
import { MASK, type AsymmetricPlan, type Plan, type SymmetricPlan } from './planted.js';

declare const gc: () => void;

const says = (flag: string): boolean => process.argv.includes(flag);
const options = {
  policy: { unauthenticatedCiphers: true },
  native: says('--native-off') ? 'off' : 'auto',
} as const;

async function callsOf(host: WasiCrypto | IsolatedWasiCrypto): Promise<Calls> {
  if ('component' in host && says('--component')) return componentCalls(host);
  return new CoreCalls(host, newMemory({ initial: 1, ...(says('--shared') ? { maximum: 1, shared: true } : {}) }));
}

/** Whether it leaves what it should not: copies of its memory, or open handles where the host has a process of its own. */
const keeps = says('--keep');
/** OpenSSL wipes the keys of KeyObjects when those are collected: as this process does, the one of an isolated host collects before it is scanned. */
const collecting = {
  execArgv: ['--expose-gc'],
  module: 'data:text/javascript,setInterval(gc, 1); export default {};',
};
const host = says('--isolated') ? createIsolatedWasiCrypto({ ...options, ...collecting }) : createWasiCrypto(options);
const calls = await callsOf(host);
const { memory } = calls;

/** In a process of its own a host keeps what is not closed. */
function close(func: string, handle: number): void {
  if (!keeps || !('pid' in host)) calls.run(func, handle);
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

function keyOf({ algorithm, key }: SymmetricPlan): number | undefined {
  if (key === undefined) return undefined;
  const handle = calls.handle('symmetric_key_import', ...text(algorithm), KEY, write(KEY, key, MASK));
  calls.pull(calls.handle('symmetric_key_export', handle));
  return handle;
}

function optionsOf({ options, numbers, choosesSize, size }: SymmetricPlan): number {
  const handle = calls.handle('options_open', AlgorithmType.Symmetric);
  for (const [name, hex] of Object.entries(options))
    calls.run('options_set', handle, ...text(name), OTHER, write(OTHER, hex, MASK));
  for (const [name, value] of Object.entries(numbers))
    calls.run('options_set_u64', handle, ...text(name), BigInt(value));
  if (choosesSize && calls.component) calls.run('options_set_u64', handle, ...text('output_len'), BigInt(size));
  return handle;
}

/** Absorbs in two parts, where that is the same, and all of it in a clone. */
function absorb(state: number, { absorbed, countsParts }: SymmetricPlan): void {
  const size = write(INPUT, absorbed, MASK);
  if (size === 0) return;
  const copy = calls.handle('symmetric_state_clone', state);
  calls.run('symmetric_state_absorb', copy, INPUT, size);
  const first = countsParts ? size : size >> 1;
  calls.run('symmetric_state_absorb', state, INPUT, first);
  if (first < size) calls.run('symmetric_state_absorb', state, INPUT + first, size - first);
  close('symmetric_state_close', copy);
}

/** What a state gives, into so many bytes at most. */
function take(state: number, plan: SymmetricPlan, size: number): void {
  const { size: length } = plan;
  switch (plan.operation) {
    case 'squeeze':
      return calls.bytes('symmetric_state_squeeze', state, length);
    case 'squeeze tag':
      return calls.bytes('symmetric_tag_pull', calls.handle('symmetric_state_squeeze_tag', state), length);
    case 'squeeze key': {
      const squeezed = calls.handle('symmetric_state_squeeze_key', state, ...text(plan.target ?? ''));
      calls.pull(calls.handle('symmetric_key_export', squeezed));
      return close('symmetric_key_close', squeezed);
    }
    case 'encrypt':
      return calls.bytes('symmetric_state_encrypt', state, size + length, INPUT, size);
    case 'encrypt detached':
      return calls.bytes('symmetric_tag_pull', calls.encryptDetached(state, size, INPUT, size), length);
    case 'decrypt':
      return calls.decrypt(state, size - length, INPUT, size);
    case 'decrypt detached': {
      const sealed = size - length;
      return calls.bytes('symmetric_state_decrypt_detached', state, sealed, INPUT, sealed, INPUT + sealed, length);
    }
  }
}

/** The same by a batch; keys are squeezed one by one. */
function takeInBatch(state: number, plan: SymmetricPlan, size: number): void {
  const { operation, size: length } = plan;
  if (operation === 'squeeze key') return take(state, plan, size);
  const func = `batch_symmetric_state_${operation.replace(' ', '_')}`;
  const input = {
    squeeze: [],
    'squeeze tag': [],
    encrypt: [INPUT, size],
    'encrypt detached': [INPUT, size],
    decrypt: [INPUT, size],
    'decrypt detached': [INPUT, size - length, INPUT + size - length, length],
  }[operation];
  const tag = calls.batch(func, state, ...input);
  if (tag !== undefined) calls.bytes('symmetric_tag_pull', tag, length);
}

function useState(plan: SymmetricPlan, inBatch: boolean): void {
  const key = keyOf(plan);
  const options = optionsOf(plan);
  const state = calls.open(text(plan.algorithm), key, options);
  absorb(state, plan);
  (inBatch ? takeInBatch : take)(state, plan, write(INPUT, plan.message, MASK));
  close('symmetric_state_close', state);
  close('options_close', options);
  if (key !== undefined) close('symmetric_key_close', key);
}

function sign(pair: number, inBatch: boolean): void {
  const state = calls.handle('signature_state_open', pair);
  const output = inBatch ? calls.batch('batch_signature_state_sign', state) : undefined;
  if (output === undefined) close('signature_close', calls.handle('signature_state_sign', state));
  else calls.pull(output);
  close('signature_state_close', state);
}

/** Signs with a pair only where it is told to: what signs with hashes alone takes a second for one signature. */
function useKey({ operation, algorithm, type, encoding, input, other }: AsymmetricPlan, signs: boolean): void {
  const size = write(INPUT, input, MASK);
  const otherSize = write(OTHER, other, 0);
  switch (operation) {
    case 'import pair': {
      const pair = calls.handle('keypair_import', type, ...text(algorithm), INPUT, size, encoding);
      calls.pull(calls.handle('keypair_export', pair, encoding));
      const secret = calls.handle('keypair_secretkey', pair);
      calls.pull(calls.handle('secretkey_export', secret, 1));
      close('secretkey_close', secret);
      if (type === 0 && signs) sign(pair, calls.component);
      close('keypair_close', pair);
      return;
    }
    case 'import secret': {
      const secret = calls.handle('secretkey_import', type, ...text(algorithm), INPUT, size, encoding);
      calls.pull(calls.handle('secretkey_export', secret, encoding));
      close('publickey_close', calls.handle('publickey_from_secretkey', secret));
      close('secretkey_close', secret);
      return;
    }
    case 'agree': {
      const secret = calls.handle('secretkey_import', type, ...text(algorithm), INPUT, size, encoding);
      const peer = calls.handle('publickey_import', type, ...text(algorithm), OTHER, otherSize, 1);
      calls.pull(calls.handle('kx_dh', peer, secret));
      close('secretkey_close', secret);
      close('publickey_close', peer);
      return;
    }
    case 'decapsulate': {
      const secret = calls.handle('secretkey_import', type, ...text(algorithm), INPUT, size, encoding);
      calls.pull(calls.handle('kx_decapsulate', secret, OTHER, otherSize));
      close('secretkey_close', secret);
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
    if ('message' in plan) useState(plan, calls.component && count === 1);
    else useKey(plan, count === 0);
    if (keeps) kept.push(new Uint8Array(memory.buffer).slice());
    new Uint8Array(memory.buffer).fill(0);
  }
}
const scanned = [process.pid];
// A process that has ended cannot be scanned: everything in this one is closed already.
if ('pid' in host) {
  const { handles } = host.usage();
  if (handles > 0 !== keeps) throw new Error(`${handles} handles are open`);
  if (keeps) scanned.pop();
  scanned.push(host.pid);
  // Its timers have a turn once in 1 024.
  for (let count = 0; count < 5000; count += 1) host.usage();
} else host.close();
// The thread of password hashes ends, with its memory, a second after its last call.
await new Promise((resolve) => setTimeout(resolve, 1500));
for (let count = 0; count < 4; count += 1) gc();
process.stdout.write(JSON.stringify(scanned));
// Until it is scanned.
setInterval(() => {}, 1_000_000);
