/** A hostile guest of wasi-crypto's own modules, with damaged keys, and hosts of which some keep all keys to themselves. */
import type { CallPlan } from '../../generator/abi/plan.js';
import { AlgorithmType, CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import type { Random } from '../abi/calls.js';
import { numbersOf } from '../guest/uses.js';
import { algorithms, hasSlowKeys, symmetricAlgorithms } from '../registry.js';
import { fuzz, HostileGuest, surfaceOf, type FuzzOptions, type FuzzReport, type Surface } from './hostile-guest.js';
import { ciphers, exchangeNames, knownKeys, optionNames, signatureNames, symmetricNames } from './known.js';

/** Every random byte of some contexts: found in guest memory, it is a secret that got out. */
const MARKER = 0xc7;

/** Those that open a state without a nonce. */
const nonceless = symmetricAlgorithms.filter(({ nonce }) => nonce?.absent !== 'refused');

/** Making an RSA key takes longer than ten thousand other calls. */
const slowSigners = signatureNames.filter((name) => hasSlowKeys(algorithms.signature(name).keys));
const keyMakers = [
  ...signatureNames
    .filter((name) => !slowSigners.includes(name))
    .map((name) => [AlgorithmType.Signatures, name] as const),
  ...exchangeNames.map((name) => [AlgorithmType.KeyExchange, name] as const),
];

export function fuzzHost(options: FuzzOptions): FuzzReport {
  const surface = surfaceOf('0.10', CryptoErrno);
  const keys = knownKeys();
  return fuzz(options, surface, (next, report) => new CryptoGuest(surface, keys, next, report));
}

class CryptoGuest extends HostileGuest {
  readonly #next: Random;
  readonly #plans: readonly CallPlan[];
  /** Those that need no secrets manager, of which these hosts have none. */
  readonly #useful: readonly CallPlan[];
  readonly #keys: readonly Uint8Array[];
  readonly #secret: boolean;

  constructor(surface: Surface, keys: readonly Uint8Array[], next: Random, report: FuzzReport) {
    const secret = next() % 2 === 0;
    super(surface, next, report, secret ? MARKER : undefined, {
      // Costs of password hashes are among what it chooses.
      limits: { handles: 200, messageBytes: 100_000, callCost: 10_000_000 },
      policy: { unauthenticatedCiphers: true, keyExport: secret ? 'never' : 'unmanaged' },
    });
    this.#next = next;
    this.#plans = surface.plans;
    this.#useful = surface.plans.filter(
      (plan) =>
        !plan.params.some((param) => param.pass.how === 'handle' && param.pass.kind.name.wire === 'secrets_manager'),
    );
    this.#keys = keys;
    this.#secret = secret;
  }

  protected override nextPlan(): CallPlan {
    return this.choose(this.chance(6) ? this.#plans : this.#useful);
  }

  protected override judgeRun(): void {
    if (this.#secret && this.bytes().includes(Buffer.alloc(16, MARKER)))
      this.fail('a secret of the host stands in guest memory');
  }

  /** Objects that random calls would hardly ever put together: a cipher with key and nonce, a signing state. */
  protected override prepare(): void {
    const id = this.choose(ciphers);
    const memory = this.bytes();
    memory.write(id, 64);
    memory.write('nonce', 100);
    memory.writeUInt8(1, 8);
    this.guest.raw('symmetric_key_generate', 64, id.length, 8, 32);
    this.guest.raw('options_open', 1, 36);
    const [key, options] = [this.word(32), this.word(36)];
    const nonce = algorithms.symmetric(id).nonce?.minimum ?? 0;
    this.guest.raw('options_set', options, 100, 5, 110, nonce);
    this.bytes().fill(0, 8, 24);
    this.bytes().writeUInt32LE(key, 12);
    this.bytes().writeUInt32LE(options, 20);
    if (this.guest.raw('symmetric_state_open', 64, id.length, 8, 16, 40) === CryptoErrno.Success)
      this.known('symmetric_state').push(this.word(40));
    this.guest.raw('symmetric_key_close', key);
    this.guest.raw('options_close', options);
    this.#prepareNonceless();
    const [type, name] = this.#rather(keyMakers, ([, each]) => each);
    this.bytes().write(name, 64);
    this.bytes().writeUInt8(1, 8);
    if (this.guest.raw('keypair_generate', type, 64, name.length, 8, 32) !== CryptoErrno.Success) return;
    this.report.algorithms.add(name.toLowerCase());
    const pair = this.word(32);
    this.known('keypair').push(pair);
    if (type === AlgorithmType.Signatures && this.guest.raw('signature_state_open', pair, 40) === CryptoErrno.Success)
      this.known('signature_state').push(this.word(40));
    if (this.guest.raw('keypair_publickey', pair, 40) === CryptoErrno.Success)
      this.known('publickey').push(this.word(40));
  }

  /** A state of anything that needs no nonce, with a key and costs where it needs them. */
  #prepareNonceless(): void {
    const algorithm = this.#rather(nonceless, ({ id }) => id);
    const { id, key } = algorithm;
    const memory = this.bytes();
    memory.write(id, 64);
    this.guest.raw('options_open', 1, 36);
    const options = this.word(36);
    for (const [name, value] of Object.entries(numbersOf(algorithm))) {
      memory.write(name, 100);
      this.guest.raw('options_set_u64', options, 100, name.length, value);
    }
    const keyed =
      key?.required === true &&
      this.guest.raw('symmetric_key_import', 64, id.length, 128, key.generated ?? key.minimum, 32) ===
        CryptoErrno.Success;
    const handle = this.word(32);
    this.bytes().fill(0, 8, 24);
    this.bytes().writeUInt8(keyed ? 0 : 1, 8);
    this.bytes().writeUInt32LE(handle, 12);
    this.bytes().writeUInt32LE(options, 20);
    if (this.guest.raw('symmetric_state_open', 64, id.length, 8, 16, 40) === CryptoErrno.Success) {
      this.known('symmetric_state').push(this.word(40));
      this.report.algorithms.add(id.toLowerCase());
    }
    this.guest.raw('options_close', options);
    if (keyed) this.guest.raw('symmetric_key_close', handle);
  }

  protected override text(func: string, param: string): string {
    if (param === 'name') return this.choose(optionNames);
    const names = func.startsWith('symmetric') ? symmetricNames : this.chance(2) ? signatureNames : exchangeNames;
    const quick = func === 'keypair_generate' ? names.filter((each) => !slowSigners.includes(each)) : names;
    return this.#rather(quick, (name) => name);
  }

  /** Half of the time one with which no call has succeeded yet. */
  #rather<T>(all: readonly T[], nameOf: (each: T) => string): T {
    const unused = all.filter((each) => !this.report.algorithms.has(nameOf(each).toLowerCase()));
    return this.choose(unused.length > 0 && this.chance(2) ? unused : all);
  }

  protected override content(param: string, length: number): Uint8Array {
    if (param === 'encoded' || param === 'encapsulated_secret') return this.damaged(this.choose(this.#keys));
    if (param === 'raw' || param === 'value')
      return this.noise(this.choose([12, 16, 32, 0, 24, 64, this.#next() % 200]));
    return this.noise(this.chance(30) ? this.#next() % 30_000 : length);
  }
}
