/**
 * The typed functions of `symmetric.ts` and `asymmetric.ts` for components: calls go through a relay, a
 * real component between jco and the test.
 */
import {
  AlgorithmType,
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import { pascal } from '../../generator/model/name.js';
import type { RelayGuest } from '../components-relay/relay.js';
import type { AsymmetricCalls, SymmetricCalls } from '../vectors/guests.js';
import { typeOf } from '../registry.js';
import type { OptionInput } from './common.js';
import { CallFailed, type ErrnoName } from './guest.js';
import type { StateInput } from './symmetric.js';

interface ErrnoVariant {
  readonly tag: string;
}

/** Calls a function; throws `CallFailed` for an error. Handles are numbers. */
export class ComponentGuest {
  readonly #relay: RelayGuest;

  constructor(relay: RelayGuest) {
    this.#relay = relay;
  }

  call(func: string, ...args: readonly unknown[]): unknown {
    return unwrapped(func, this.#relay.call(func, ...args));
  }

  drop(kind: string, handle: number): void {
    this.#relay.drop(kind, handle);
  }
}

/** Every result of wasi-crypto is a value or an errno. */
function unwrapped(func: string, result: unknown): unknown {
  const { tag, val } = result as { readonly tag: string; readonly val?: unknown };
  if (tag === 'ok') return val;
  throw new CallFailed(func, errnoName(val as ErrnoVariant));
}

export function errnoName({ tag }: ErrnoVariant): ErrnoName {
  return pascal(tag.split('-')) as ErrnoName;
}

/** The name of a number of an enum, as WIT spells it. */
function named(values: Readonly<Record<string, number>>, value: number): string {
  const found = Object.entries(values).find(([, each]) => each === value)?.[0];
  if (found === undefined) throw new Error(`no case ${value}`);
  return found.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
}

export class ComponentSymmetric implements SymmetricCalls {
  readonly guest: ComponentGuest;

  constructor(guest: ComponentGuest) {
    this.guest = guest;
  }

  /** A state squeezes the size that was chosen when it was opened. */
  readonly anyLength: boolean = false;

  keyImport(algorithm: string, raw: Uint8Array): number {
    return this.#handle('symmetric-key-import', algorithm, raw);
  }

  keyExport(key: number): Uint8Array {
    return drained(this.guest, this.#handle('symmetric-key-export', key));
  }

  keyClose(key: number): void {
    this.guest.call('symmetric-key-close', key);
  }

  open(algorithm: string, key?: number, options?: number): number {
    return this.#handle('symmetric-state-open', algorithm, key, options);
  }

  openToSqueeze(algorithm: string, key: number, size: number): number {
    return this.#withOptions({ output_len: BigInt(size) }, (options) => this.open(algorithm, key, options));
  }

  withState<T>({ algorithm, key: raw, options, squeezes }: StateInput, calls: (state: number) => T): T {
    const all = squeezes === undefined ? options : { ...options, output_len: BigInt(squeezes) };
    return this.#withOptions(all, (set) => {
      const key = raw === undefined ? undefined : this.keyImport(algorithm, raw);
      try {
        const state = this.open(algorithm, key, set);
        try {
          return calls(state);
        } finally {
          this.close(state);
        }
      } finally {
        // Either way ends a key; components are free to choose.
        if (key !== undefined) this.guest.drop('symmetric-key', key);
      }
    });
  }

  clone(state: number): number {
    return this.#handle('symmetric-state-clone', state);
  }

  close(state: number): void {
    this.guest.call('symmetric-state-close', state);
  }

  absorb(state: number, data: Uint8Array): void {
    this.guest.call('symmetric-state-absorb', state, data);
  }

  /** Natural output may be longer than what is asked for, never shorter: then the output is one that cannot be had. */
  squeeze(state: number, length: number): Uint8Array {
    const output = this.#bytes('symmetric-state-squeeze', state);
    if (output.length < length) throw new Error(`${output.length} bytes of output instead of ${length}`);
    return output.subarray(0, length);
  }

  squeezeTag(state: number): number {
    return this.#handle('symmetric-state-squeeze-tag', state);
  }

  squeezeKey(state: number, algorithm: string): number {
    return this.#handle('symmetric-state-squeeze-key', state, algorithm);
  }

  maxTagLen(state: number): number {
    return this.#handle('symmetric-state-max-tag-len', state);
  }

  encrypt(state: number, data: Uint8Array): Uint8Array {
    return this.#bytes('symmetric-state-encrypt', state, data);
  }

  encryptDetached(state: number, data: Uint8Array): { readonly ciphertext: Uint8Array; readonly tag: number } {
    const [ciphertext, tag] = this.guest.call('symmetric-state-encrypt-detached', state, data) as [Uint8Array, number];
    return { ciphertext, tag };
  }

  decrypt(state: number, data: Uint8Array, outLength = Math.max(0, data.length - this.maxTagLen(state))): Uint8Array {
    return this.#bytes('symmetric-state-decrypt', state, data, outLength);
  }

  decryptDetached(state: number, data: Uint8Array, tag: Uint8Array): Uint8Array {
    return this.#bytes('symmetric-state-decrypt-detached', state, data, tag);
  }

  ratchet(state: number): void {
    this.guest.call('symmetric-state-ratchet', state);
  }

  tagLen(tag: number): number {
    return this.#handle('symmetric-tag-len', tag);
  }

  tagPull(tag: number): Uint8Array {
    return this.#bytes('symmetric-tag-pull', tag);
  }

  tagVerify(tag: number, expected: Uint8Array): void {
    this.guest.call('symmetric-tag-verify', tag, expected);
  }

  #withOptions<T>(input: OptionInput | undefined, calls: (options: number | undefined) => T): T {
    if (input === undefined) return calls(undefined);
    const options = this.#handle('options-open', 'symmetric');
    try {
      for (const [name, value] of Object.entries(input))
        this.guest.call(value instanceof Uint8Array ? 'options-set' : 'options-set-u64', options, name, value);
      return calls(options);
    } finally {
      this.guest.call('options-close', options);
    }
  }

  #handle(func: string, ...args: readonly unknown[]): number {
    return this.guest.call(func, ...args) as number;
  }

  #bytes(func: string, ...args: readonly unknown[]): Uint8Array {
    return this.guest.call(func, ...args) as Uint8Array;
  }
}

export class ComponentAsymmetric implements AsymmetricCalls {
  readonly guest: ComponentGuest;

  constructor(guest: ComponentGuest) {
    this.guest = guest;
  }

  keypairImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#handle(
      'keypair-import',
      named(AlgorithmType, type),
      algorithm,
      encoded,
      named(KeypairEncoding, encoding),
    );
  }

  keypairExport(keypair: number, encoding: number): Uint8Array {
    return this.#output('keypair-export', keypair, named(KeypairEncoding, encoding));
  }

  keypairPublickey(keypair: number): number {
    return this.#handle('keypair-publickey', keypair);
  }

  keypairSecretkey(keypair: number): number {
    return this.#handle('keypair-secretkey', keypair);
  }

  keypairClose(keypair: number): void {
    this.guest.call('keypair-close', keypair);
  }

  publickeyImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#handle(
      'publickey-import',
      named(AlgorithmType, type),
      algorithm,
      encoded,
      named(PublickeyEncoding, encoding),
    );
  }

  publickeyExport(publicKey: number, encoding: number): Uint8Array {
    return this.#output('publickey-export', publicKey, named(PublickeyEncoding, encoding));
  }

  publickeyVerify(publicKey: number): void {
    this.guest.call('publickey-verify', publicKey);
  }

  publickeyFromSecretkey(secretKey: number): number {
    return this.#handle('publickey-from-secretkey', secretKey);
  }

  publickeyClose(publicKey: number): void {
    this.guest.call('publickey-close', publicKey);
  }

  secretkeyImport(algorithm: string, encoded: Uint8Array, encoding: number, type: number = typeOf(algorithm)): number {
    return this.#handle(
      'secretkey-import',
      named(AlgorithmType, type),
      algorithm,
      encoded,
      named(SecretkeyEncoding, encoding),
    );
  }

  secretkeyExport(secretKey: number, encoding: number): Uint8Array {
    return this.#output('secretkey-export', secretKey, named(SecretkeyEncoding, encoding));
  }

  secretkeyClose(secretKey: number): void {
    this.guest.call('secretkey-close', secretKey);
  }

  signatureImport(algorithm: string, encoded: Uint8Array, encoding: number): number {
    return this.#handle('signature-import', algorithm, encoded, named(SignatureEncoding, encoding));
  }

  signatureExport(signature: number, encoding: number): Uint8Array {
    return this.#output('signature-export', signature, named(SignatureEncoding, encoding));
  }

  signatureClose(signature: number): void {
    this.guest.call('signature-close', signature);
  }

  verifyOpen(publicKey: number): number {
    return this.#handle('signature-verification-state-open', publicKey);
  }

  verifyUpdate(state: number, part: Uint8Array): void {
    this.guest.call('signature-verification-state-update', state, part);
  }

  verify(state: number, signature: number): void {
    this.guest.call('signature-verification-state-verify', state, signature);
  }

  verifyClose(state: number): void {
    this.guest.call('signature-verification-state-close', state);
  }

  signMessage(keypair: number, message: Uint8Array): Uint8Array {
    const state = this.#handle('signature-state-open', keypair);
    try {
      this.guest.call('signature-state-update', state, message);
      const signature = this.#handle('signature-state-sign', state);
      try {
        return this.signatureExport(signature, SignatureEncoding.Raw);
      } finally {
        this.guest.drop('signature', signature);
      }
    } finally {
      this.guest.call('signature-state-close', state);
    }
  }

  verifyMessage(
    publicKey: number,
    algorithm: string,
    message: Uint8Array,
    encoded: Uint8Array,
    encoding: number = SignatureEncoding.Raw,
  ): void {
    const state = this.verifyOpen(publicKey);
    try {
      this.verifyUpdate(state, message);
      const signature = this.signatureImport(algorithm, encoded, encoding);
      try {
        this.verify(state, signature);
      } finally {
        this.signatureClose(signature);
      }
    } finally {
      this.verifyClose(state);
    }
  }

  dh(publicKey: number, secretKey: number): Uint8Array {
    return this.#output('kx-dh', publicKey, secretKey);
  }

  encapsulate(publicKey: number): { readonly secret: Uint8Array; readonly encapsulated: Uint8Array } {
    const [secret, encapsulated] = this.guest.call('kx-encapsulate', publicKey) as [number, number];
    return { secret: drained(this.guest, secret), encapsulated: drained(this.guest, encapsulated) };
  }

  decapsulate(secretKey: number, encapsulated: Uint8Array): Uint8Array {
    return this.#output('kx-decapsulate', secretKey, encapsulated);
  }

  #handle(func: string, ...args: readonly unknown[]): number {
    return this.guest.call(func, ...args) as number;
  }

  #output(func: string, ...args: readonly unknown[]): Uint8Array {
    return drained(this.guest, this.#handle(func, ...args));
  }
}

function drained(guest: ComponentGuest, output: number): Uint8Array {
  return guest.call('array-output-pull', output) as Uint8Array;
}
