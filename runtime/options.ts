/**
 * What the owner of a host can choose. Everything is judged when the host is made, and a choice that
 * is not understood is an error: a policy with a typing mistake must not allow more than was meant.
 */
import { defaultLimits, greatestLimits, type Limits } from './limits.js';
import type { CallEvent } from './events.js';
import { nativeObjection } from './backends/native/library.js';
import { providerObjection } from './backends/provider.js';
import { backendKinds, defaultRules, profiles, type PolicyRules } from './policy.js';
import type { RandomFill } from './random.js';
import { knownGroup } from './numbers/choice.js';
import { knownId } from './registry.js';
import { consoleReports } from './reports.js';
import type { ContextParts } from './context.js';
import type { KeyStore } from './secrets/key-store.js';
import { defaultQuota, greatestQuota, type Quota, type Tenant } from './secrets/tenant.js';

type Choices<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** What guests may use; see `PolicyRules` for each choice. */
export type PolicyOptions = Choices<PolicyRules>;

/** How much guests may make the host hold; see `Limits` for each choice. */
export type LimitOptions = Choices<Limits>;

export interface WasiCryptoOptions {
  readonly policy?: PolicyOptions | undefined;
  readonly limits?: LimitOptions | undefined;
  /**
   * Whether C code of this package calls OpenSSL where that is faster. `auto`: where it was built and loads; `off`:
   * never, as with `WASI_CRYPTO_NATIVE=off` in the environment; `required`: a host without it is not made.
   * Results are the same. Default: `auto`.
   */
  readonly native?: 'auto' | 'off' | 'required' | undefined;
  /**
   * Source of random bytes, for tests. Default: OpenSSL's. Every operation that draws is given it, but OpenSSL draws
   * for itself where `node:crypto` takes nothing else: RSA keys, nonces of ECDSA, salts of RSA-PSS, and what its
   * ML-KEM encapsulates.
   */
  readonly random?: RandomFill | undefined;
  /**
   * How long `keypair_generate` may take. `blocking`: until the key is there. `background`: RSA keys are
   * computed by threads of their own, one for each algorithm at most, and the guest gets `in_progress` until it asks again
   * after its host's event loop has turned. Such a thread cannot be stopped while OpenSSL computes: a process that exits
   * meanwhile waits for it, some seconds for RSA-4096. Default: `blocking`.
   */
  readonly keyGeneration?: 'blocking' | 'background' | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /**
   * Told what went wrong inside the host: the guest learns only `internal_error`,
   * `algorithm_failure` or `rng_error`. Default: name, code and place of the error to `console.error`,
   * without its message, which can quote secret bytes; 20 at once for all hosts of the process, one more every 10
   * seconds, and how many were left out.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
  /**
   * Told of each call of the guest when it has ended, for audits: see `CallEvent`. It must not call the guest. What it
   * throws goes to `onError`. Default: nobody is told, which costs nothing.
   */
  readonly onEvent?: ((event: CallEvent) => void) | undefined;
  readonly component?: ComponentOptions | undefined;
  /** The secrets manager for managed keys and external secrets. Default: none; its functions answer `unsupported_feature`. */
  readonly secrets?: SecretsOptions | undefined;
}

/** Where a guest's managed keys and external secrets are. */
export interface SecretsOptions {
  /** An open store: `openKeyStore` of `wasi-crypto-runtime/keys`. Several hosts may share it; closing it is the owner's. */
  readonly store: KeyStore;
  /** Whose keys these are: guests of one tenant share them, and see nothing of another's. 1 to 128 bytes of UTF-8, and no zeros. */
  readonly tenant: string;
  /** How much guests may keep in the store. */
  readonly quota?: Choices<Quota> | undefined;
  /** How many seconds managed keys may be used that a guest stores, since it cannot say. A whole number; default: for ever. */
  readonly keyLifetime?: number | undefined;
  /** The name of the keeper (`KeyKeeper`), such as an HSM, that makes the keys which guests generate. Default: they are made in the host. */
  readonly keeper?: string | undefined;
}

/** How components are answered. */
export interface ComponentOptions {
  /**
   * Whether components that were transpiled with `--import-bindings hybrid` call this host without jco's
   * JavaScript between. Default: true.
   */
  readonly fastPath?: boolean | undefined;
}

/** An option of `createWasiCrypto` that cannot be followed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /**
   * Stable: `unknown-option`, `invalid-option`, `unknown-profile`, `unknown-algorithm`, `native-unavailable`,
   * `fips-provider-missing`, `too-late`.
   */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The parts of a context, and what belongs to one ABI only. Errors: `ConfigurationError`. */
export function readOptions(options: WasiCryptoOptions): ContextParts & { readonly fastPath: boolean } {
  requireKnown('', options, [
    'policy',
    'limits',
    'native',
    'random',
    'keyGeneration',
    'clock',
    'onError',
    'onEvent',
    'component',
    'secrets',
  ]);
  return {
    rules: options.policy === undefined ? defaultRules : readPolicy(options.policy),
    native: readNative(orDefault(options.native, 'auto')),
    limits: readCounts('limits', options.limits, defaultLimits, greatestLimits),
    random: readFunction('random', options.random),
    backgroundKeys: readKeyGeneration(orDefault(options.keyGeneration, 'blocking')) === 'background',
    clock: readFunction('clock', options.clock) ?? Date.now,
    onError: readFunction('onError', options.onError) ?? ((error) => consoleReports.report(error)),
    onEvent: readFunction('onEvent', options.onEvent),
    secrets: options.secrets === undefined ? undefined : readSecrets(options.secrets),
    fastPath: options.component === undefined || readFastPath(options.component),
  };
}

/** Whether it may be used. */
function readNative(native: 'auto' | 'off' | 'required'): boolean {
  if (!['auto', 'off', 'required'].includes(native)) throw invalid('native', native, "'auto', 'off' or 'required'");
  const objection = native === 'required' ? nativeObjection() : undefined;
  if (objection !== undefined)
    throw new ConfigurationError('native-unavailable', `the native backend is required, but not there: ${objection}`);
  return native !== 'off';
}

function readFastPath(component: ComponentOptions): boolean {
  requireKnown('component', component, ['fastPath']);
  const fastPath = orDefault(component.fastPath, true);
  if (typeof fastPath !== 'boolean') throw invalid('component.fastPath', fastPath, 'true or false');
  return fastPath;
}

function readSecrets(secrets: SecretsOptions): Tenant {
  requireKnown('secrets', secrets, ['store', 'tenant', 'quota', 'keyLifetime', 'keeper']);
  const { store, tenant, keyLifetime, keeper } = secrets;
  // A class that two copies of this package define twice cannot be asked by `instanceof`.
  if (typeof store !== 'object' || store === null || typeof store.tenant !== 'function')
    throw invalid('secrets.store', store, 'what openKeyStore gave');
  if (
    typeof tenant !== 'string' ||
    tenant === '' ||
    Buffer.byteLength(tenant) > 128 ||
    /[\0\p{Surrogate}]/u.test(tenant)
  )
    throw invalid('secrets.tenant', tenant, 'a text of 1 to 128 bytes, and no zeros');
  if (keyLifetime !== undefined) requireCount('secrets.keyLifetime', keyLifetime, Number.MAX_SAFE_INTEGER);
  if (keeper !== undefined && typeof keeper !== 'string') throw invalid('secrets.keeper', keeper, 'a name');
  return store.tenant(tenant, {
    quota: readCounts('secrets.quota', secrets.quota, defaultQuota, greatestQuota),
    keyLifetime: keyLifetime === undefined ? undefined : BigInt(keyLifetime),
    keeper,
  });
}

function readPolicy(policy: PolicyOptions): PolicyRules {
  requireKnown('policy', policy, Object.keys(defaultRules));
  const rules: PolicyRules = {
    profile: orDefault(policy.profile, defaultRules.profile),
    requireProvider: orDefault(policy.requireProvider, defaultRules.requireProvider),
    algorithms: policy.algorithms === undefined ? undefined : [...readList('policy.algorithms', policy.algorithms)],
    keyExport: orDefault(policy.keyExport, defaultRules.keyExport),
    backends: policy.backends === undefined ? undefined : [...readList('policy.backends', policy.backends)],
    rsaMinimumBits: orDefault(policy.rsaMinimumBits, defaultRules.rsaMinimumBits),
    unauthenticatedCiphers: orDefault(policy.unauthenticatedCiphers, defaultRules.unauthenticatedCiphers),
    queries: orDefault(policy.queries, defaultRules.queries),
  };
  if (!profiles.includes(rules.profile)) {
    throw new ConfigurationError(
      'unknown-profile',
      `policy.profile is ${shown(rules.profile)}; it can be ${profiles.join(', ')}`,
    );
  }
  if (typeof rules.requireProvider !== 'boolean')
    throw invalid('policy.requireProvider', rules.requireProvider, 'true or false');
  const objection = rules.requireProvider ? providerObjection() : undefined;
  if (objection !== undefined) {
    throw new ConfigurationError(
      'fips-provider-missing',
      `policy.requireProvider wants OpenSSL's FIPS provider, but ${objection}: start Node with OPENSSL_CONF naming a configuration that loads it (docs/fips.md)`,
    );
  }
  for (const id of rules.algorithms ?? []) {
    if (typeof id !== 'string' || (knownId(id) === undefined && knownGroup(id) === undefined))
      throw new ConfigurationError('unknown-algorithm', `policy.algorithms names ${shown(id)}, which is no algorithm`);
  }
  for (const kind of rules.backends ?? [])
    if (!backendKinds.includes(kind)) throw invalid('policy.backends', kind, `a list of ${backendKinds.join(', ')}`);
  if (rules.keyExport !== 'unmanaged' && rules.keyExport !== 'never')
    throw invalid('policy.keyExport', rules.keyExport, "'unmanaged' or 'never'");
  requireCount('policy.rsaMinimumBits', rules.rsaMinimumBits, 2 ** 20);
  if (typeof rules.unauthenticatedCiphers !== 'boolean')
    throw invalid('policy.unauthenticatedCiphers', rules.unauthenticatedCiphers, 'true or false');
  if (!['all', 'names', 'none'].includes(rules.queries))
    throw invalid('policy.queries', rules.queries, "'all', 'names' or 'none'");
  return rules;
}

/** Numbers by name. */
function readCounts<T extends { readonly [Name in keyof T]: number }>(
  where: string,
  chosen: Choices<T> | undefined,
  defaults: T,
  greatest: T,
): T {
  if (chosen === undefined) return defaults;
  requireKnown(where, chosen, Object.keys(defaults));
  const names = Object.keys(defaults) as unknown as readonly (keyof T & string)[];
  const read = Object.fromEntries(names.map((name) => [name, orDefault(chosen[name], defaults[name])])) as unknown as T;
  for (const name of names) requireCount(`${where}.${name}`, read[name], greatest[name]);
  return read;
}

/** Only `undefined` asks for the default: `null` is nothing that can be followed. */
function orDefault<T>(chosen: T | undefined, fallback: T): T {
  return chosen === undefined ? fallback : chosen;
}

function readKeyGeneration(value: 'blocking' | 'background'): 'blocking' | 'background' {
  if (value !== 'blocking' && value !== 'background')
    throw invalid('keyGeneration', value, "'blocking' or 'background'");
  return value;
}

export function readFunction<F extends (...args: never[]) => unknown>(
  name: string,
  value: F | undefined,
): F | undefined {
  if (value !== undefined && typeof value !== 'function') throw invalid(name, value, 'a function');
  return value;
}

function readList<T extends string>(name: string, value: readonly T[]): readonly T[] {
  if (!isList(value)) throw invalid(name, value, 'an array');
  return value;
}

/** `Array.isArray` makes read-only lists `any[]`. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

export function requireKnown(where: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null)
    throw invalid(where === '' ? 'the options' : where, given, 'an object');
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const full = where === '' ? name : `${where}.${name}`;
    throw new ConfigurationError(
      'unknown-option',
      `there is no option ${full}; ${where === '' ? 'the options' : `those of ${where}`} are ${known.join(', ')}`,
    );
  }
}

function requireCount(name: string, value: number, greatest: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > greatest)
    throw invalid(name, value, `a whole number from 0 to ${greatest}`);
}

export function invalid(name: string, value: unknown, expected: string): ConfigurationError {
  return new ConfigurationError('invalid-option', `${name} is ${shown(value)}; it must be ${expected}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
