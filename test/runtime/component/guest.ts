/** A guest that is a component of wasi-crypto 0.11, and what its calls returned. */
import { createWasiCrypto, type WasiCrypto, type WasiCryptoOptions } from '../../../runtime/index.js';
import { relayComponent, type RelayGuest, type RelayOptions } from '../../components-relay/relay.js';
import { projectRoot } from '../../shared.js';

export const definitions = `${projectRoot}witx/0.11`;

/** The two paths of a call: jco's trampolines, and core functions. */
export const paths = ['js', 'hybrid'] as const;

export interface Fixture {
  readonly crypto: WasiCrypto;
  readonly guest: RelayGuest;
  /** What the owner of the host was told. */
  readonly reported: unknown[];
}

export async function fixture(options: RelayOptions, runtime: WasiCryptoOptions = {}): Promise<Fixture> {
  const component = await relayComponent(definitions, options);
  const reported: unknown[] = [];
  const crypto = createWasiCrypto({ onError: (error) => reported.push(error), ...runtime });
  return { crypto, guest: component.instantiate(crypto.component), reported };
}

interface Result {
  readonly tag: string;
  readonly val?: unknown;
}

/** The value of a call that must succeed. */
export function ok<T = number>(result: unknown): T {
  const { tag, val } = result as Result;
  if (tag !== 'ok') throw new Error(`the call failed: ${JSON.stringify(val)}`);
  return val as T;
}

/** How a call ended: `success`, or its errno. */
export function errno(result: unknown): string {
  const { tag, val } = result as Result;
  return tag === 'ok' ? 'success' : (val as { readonly tag: string }).tag;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A state of authenticated encryption with a key of zeros and the given nonce. */
export function aeadState(guest: RelayGuest, nonce: Uint8Array = new Uint8Array(12)): number {
  const key = ok(guest.call('symmetric-key-import', 'AES-256-GCM', new Uint8Array(32)));
  const options = ok(guest.call('options-open', 'symmetric'));
  ok(guest.call('options-set', options, 'nonce', nonce));
  const state = ok(guest.call('symmetric-state-open', 'AES-256-GCM', key, options));
  guest.drop('symmetric-key', key);
  guest.drop('options', options);
  return state;
}
