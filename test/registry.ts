/**
 * The algorithms of this host that this machine has, by what they can do: what tests and benchmarks run
 * over. A list of ids is for tests of these particular algorithms.
 */
import type { Category } from '../runtime/contracts/algorithms.js';
import { AlgorithmType } from '../generated/0.10/typescript-host/types.js';
import { RuntimeContext } from '../runtime/context.js';
import { foldName } from '../runtime/names.js';
import type { AsymmetricAlgorithm } from '../runtime/objects/asymmetric-keys.js';
import { readOptions } from '../runtime/options.js';
import { entries } from '../runtime/registry.js';

const context = new RuntimeContext(readOptions({ policy: { unauthenticatedCiphers: true } }));
/** By name. */
export const { algorithms } = context;
const supported = new Set(algorithms.report().flatMap(({ id, supported: here }) => (here ? [id] : [])));

/** What entries say of those that this machine has. */
export const supportedEntries = entries.filter(({ id }) => supported.has(id));

function idsIn(category: Category): readonly string[] {
  return idsOf(supportedEntries.filter((each) => each.category === category));
}

/** For titles and calls. */
export function idsOf(found: readonly { readonly id: string }[]): readonly string[] {
  return found.map(({ id }) => id);
}

export const symmetricAlgorithms = idsIn('symmetric').map((id) => algorithms.symmetric(id));
export const authenticatedCiphers = symmetricAlgorithms.filter(({ authenticated }) => authenticated === true);

export const signatures = idsIn('signatures').map((id) => algorithms.signature(id));
export const keyExchanges = idsIn('key-exchange').map((id) => algorithms.keyExchange(id));
export const diffieHellmans = keyExchanges.filter(({ kind }) => kind === 'diffie-hellman');

/** What takes longer has a test of its own. */
const QUICK_USE = 200_000_000;

/** Of algorithms whose keys take long to make, the first of each kind of keys; of others those that do not take long to use. */
export function withQuickKeys<A extends AsymmetricAlgorithm>(found: readonly A[]): readonly A[] {
  return found
    .filter(({ keys }) => !isSlow(keys))
    .filter(
      ({ keys }, index) => !hasSlowKeys(keys) || found.findIndex((each) => each.keys.kind === keys.kind) === index,
    );
}

function isSlow({ prices }: AsymmetricAlgorithm['keys']): boolean {
  return prices.useSecret >= QUICK_USE;
}

export function hasSlowKeys(keys: AsymmetricAlgorithm['keys']): boolean {
  return keys.generateInBackground !== undefined || isSlow(keys);
}

/** All that have key pairs, but for what `withQuickKeys` leaves out. */
export const keyPairAlgorithms: readonly AsymmetricAlgorithm[] = withQuickKeys<AsymmetricAlgorithm>([
  ...signatures,
  ...keyExchanges,
]);

const exchangeNames = new Set(keyExchanges.map(({ id }) => foldName(id)));

/** What the functions for key pairs take with this name. */
export function typeOf(name: string): typeof AlgorithmType.Signatures | typeof AlgorithmType.KeyExchange {
  return exchangeNames.has(foldName(name)) ? AlgorithmType.KeyExchange : AlgorithmType.Signatures;
}
