/** What the owner of a host allows its guests. Everything refused answers `prohibited_operation`. */
import type { Algorithm } from './contracts/algorithms.js';
import type { AlgorithmEntry, Implementation } from './algorithms/descriptor.js';
import type { Backend, BackendKind, ConstantTime } from './backends/backend.js';
import { foldName } from './names.js';

/**
 * - `default`: everything this host has, but for ciphers without authentication
 * - `no-fallback`: only what OpenSSL does, through `node:crypto` or the native backend. Of the extension's arithmetic:
 *   all that is public, and what is secret only where it takes a constant time
 * - `fips`: only algorithms that NIST approved, done by OpenSSL. Whether OpenSSL keeps to its FIPS provider is
 *   another matter: `requireProvider` demands it.
 */
export type Profile = 'default' | 'no-fallback' | 'fips';

export const profiles: readonly Profile[] = ['default', 'no-fallback', 'fips'];
export const backendKinds: readonly BackendKind[] = ['native', 'openssl', 'hash-wasm', 'libsodium', 'noble', 'own'];

export interface PolicyRules {
  readonly profile: Profile;
  /**
   * Whether a host is made only where OpenSSL keeps to a FIPS provider. The choice of algorithms is the profile's:
   * without `fips`, guests may also use what is not approved, and what other libraries do.
   */
  readonly requireProvider: boolean;
  /** The only ids allowed; undefined: all those of the profile. */
  readonly algorithms: readonly string[] | undefined;
  /**
   * Whether secret and symmetric keys may be exported: `unmanaged` allows it for keys that no secrets manager holds, and for
   * those that the owner of its store has marked as exportable.
   */
  readonly keyExport: 'unmanaged' | 'never';
  /** The only backends allowed, whether they could do more or not; undefined: all those of the profile. */
  readonly backends: readonly BackendKind[] | undefined;
  /** Smallest RSA modulus, in bits. */
  readonly rsaMinimumBits: number;
  /** CBC and CTR, which detect no change of the ciphertext. */
  readonly unauthenticatedCiphers: boolean;
  /**
   * What guests learn of the host when they ask (`wasi_crypto_ext_query`). `all`: what they may use, on what sort of
   * backend, and what is claimed of its time. `names`: only what they may use. `none`: nothing, the call is refused.
   */
  readonly queries: 'all' | 'names' | 'none';
}

export const defaultRules: PolicyRules = {
  profile: 'default',
  requireProvider: false,
  algorithms: undefined,
  keyExport: 'unmanaged',
  backends: undefined,
  rsaMinimumBits: 2048,
  unauthenticatedCiphers: false,
  queries: 'all',
};

/** Both call the same library. */
const byOpenssl: readonly BackendKind[] = ['native', 'openssl'];

export class Policy {
  readonly rules: PolicyRules;
  readonly #listed: ReadonlySet<string | undefined> | undefined;
  readonly #native: boolean;

  /** @param native whether the native backend may be used */
  constructor(rules: PolicyRules, native: boolean) {
    this.rules = rules;
    this.#native = native;
    this.#listed = rules.algorithms === undefined ? undefined : new Set(rules.algorithms.map(foldName));
  }

  /** Why nothing of a backend may be used, for people, before anything of it is tried, which loads it; undefined: it may. */
  backendObjection({ kind, also = kind }: Backend): string | undefined {
    if (kind === 'native' && !this.#native) return 'turned off by the option native';
    const { backends } = this.rules;
    if (backends === undefined || (backends.includes(kind) && backends.includes(also))) return undefined;
    return 'not in the list of allowed backends';
  }

  /** Why this implementation may not be used, for people; undefined: it may, if its backend may. */
  objection(entry: AlgorithmEntry, implementation: Implementation, algorithm: Algorithm): string | undefined {
    const { rules } = this;
    const { kind } = implementation.backend;
    if (this.#listed !== undefined && !this.#listed.has(foldName(entry.id)))
      return 'not in the list of allowed algorithms';
    if (rules.profile !== 'default' && !byOpenssl.includes(kind))
      return `the profile ${rules.profile} allows OpenSSL only`;
    if (rules.profile === 'fips' && entry.approved === undefined)
      return 'not an approved algorithm, as the profile fips demands';
    if (algorithm.authenticated === false && !rules.unauthenticatedCiphers) return 'a cipher without authentication';
    if (algorithm.modulusBits !== undefined && algorithm.modulusBits < rules.rsaMinimumBits)
      return `an RSA modulus under ${rules.rsaMinimumBits} bits`;
    return undefined;
  }

  /** Why guests may not compute with numbers and in groups, for people; undefined: they may. @param group of a name, if it is about one */
  arithmeticObjection(group?: string): string | undefined {
    if (this.rules.profile === 'fips') return 'arithmetic by itself is not approved, as the profile fips demands';
    if (group !== undefined && this.#listed !== undefined && !this.#listed.has(foldName(group)))
      return 'not in the list of allowed algorithms';
    return undefined;
  }

  /** Whether secrets may be computed with where that takes a time that depends on them. */
  allowsForSecrets(claim: ConstantTime): boolean {
    return claim !== 'variable' || this.rules.profile === 'default';
  }

  /** Whether keys' bytes may leave the host, if their terms let them. */
  allowsExport(): boolean {
    return this.rules.keyExport === 'unmanaged';
  }
}
