/** Functions with output of any length: SHAKE (FIPS 202, 6.2), cSHAKE (SP 800-185, 3), TurboSHAKE and KangarooTwelve (RFC 9861), BLAKE3. */
import type { Backend, KeccakBackend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { nobleHashes } from '../../backends/noble.js';
import { nobleBlake3Xof } from '../../backends/noble-blake.js';
import { nobleKeccak, nobleKt, nobleTurboShake } from '../../backends/noble-keccak.js';
import { blake3 } from '../../backends/webassembly/blake3.js';
import { kangarooTwelve, turboShake } from '../../backends/webassembly/keccak.js';
import { own } from '../../backends/webassembly/module.js';
import type { RunningXof, XofFunction } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import type { SymmetricOption } from '../../objects/option-table.js';
import type { KeyRule } from '../../objects/symmetric-rules.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { RESULT_COST } from '../../prices.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byBackends, byOpenssl, type SymmetricEntry } from './entry.js';

interface XofRules {
  /** Of squeezing without a length, in bytes. */
  readonly natural: number;
  readonly customized: boolean;
  /** Undefined: takes no key. One does not go with a customization. */
  readonly key?: KeyRule;
}

function xofAlgorithm(id: string, { natural, customized, key }: XofRules, xof: XofFunction): SymmetricAlgorithm {
  // Only squeezing without a length looks at `output_len`.
  const options: readonly SymmetricOption[] = customized ? ['context', 'output_len'] : ['output_len'];
  return {
    id,
    category: 'symmetric',
    key,
    nonce: undefined,
    options,
    requiredOptions: [],
    naturalOutput: natural,
    authenticated: undefined,
    open(setup) {
      const customization = setup.options.get('context');
      if (setup.key !== undefined && customization !== undefined) throw fail.UnsupportedOption;
      const { symmetricState } = setup.context.meter.accounts;
      symmetricState.spend(RESULT_COST + (customization?.length ?? 0));
      return new XofState(setup, xof.start({ key: setup.key?.bytes, customization }, symmetricState), false);
    },
  };
}

class XofState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #running: RunningXof;
  #squeezed: boolean;

  constructor(setup: StateSetup, running: RunningXof, squeezed: boolean) {
    super();
    this.setup = setup;
    this.#running = running;
    this.#squeezed = squeezed;
  }

  override absorb(data: Uint8Array): void {
    if (this.#squeezed) throw fail.InvalidOperation;
    this.#running.update(data);
  }

  /** Goes on where the last output ended. */
  override squeeze(out: Uint8Array): void {
    if (out.length === 0) return;
    this.#running.read(out);
    this.#squeezed = true;
  }

  override clone(): XofState {
    const running = this.#running.clone();
    return new XofState(this.clonedSetup(), running, this.#squeezed);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}

/** Best first. */
const keccaks: readonly KeccakBackend[] = [nativeSymmetric, nobleKeccak];
const strengths = [128, 256] as const;

/** One backend's function, made when it is first asked for. */
interface Source {
  readonly backend: Backend;
  make(): XofFunction;
}

/** @param sources best first */
function bySources(id: string, facts: AlgorithmFacts, rules: XofRules, sources: readonly Source[]): SymmetricEntry {
  const constantTime = rules.key === undefined ? 'no-secrets' : 'best-effort';
  return byBackends(
    id,
    facts,
    sources,
    (_, source) => xofAlgorithm(id, rules, source.make()),
    () => constantTime,
  );
}

/** A strength in bits needs twice as many of output. */
const natural = (strength: 128 | 256): number => strength / 4;

export const xofs: readonly SymmetricEntry[] = [
  ...strengths.map((strength) =>
    byOpenssl(
      `SHAKE-${strength}`,
      { tier: 'extra', approved: 'FIPS 202', vectors: ['nist'] },
      (id, backend) => xofAlgorithm(id, { natural: natural(strength), customized: false }, backend.shake(strength)),
      'no-secrets',
    ),
  ),
  ...strengths.map((strength) =>
    byBackends(
      `CSHAKE-${strength}`,
      { tier: 'optional', approved: 'SP 800-185', vectors: ['acvp', 'generated', 'nist'] },
      keccaks,
      (id, backend) => xofAlgorithm(id, { natural: natural(strength), customized: true }, backend.cshake(strength)),
      () => 'no-secrets',
    ),
  ),
  ...strengths.map((strength) =>
    bySources(
      `TURBOSHAKE-${strength}`,
      { tier: 'optional', vectors: ['kangarootwelve'] },
      { natural: natural(strength), customized: false },
      [
        { backend: own, make: () => turboShake(strength) },
        { backend: nobleHashes, make: () => nobleTurboShake(strength) },
      ],
    ),
  ),
  ...strengths.map((strength) =>
    bySources(
      `KT${strength}`,
      { tier: 'optional', vectors: ['kangarootwelve'] },
      { natural: natural(strength), customized: true },
      [
        { backend: own, make: () => kangarooTwelve(strength) },
        { backend: nobleHashes, make: () => nobleKt(strength) },
      ],
    ),
  ),
  bySources(
    'BLAKE3',
    { tier: 'optional', vectors: ['blake3'] },
    {
      natural: 32,
      customized: true,
      key: { required: false, minimum: 32, maximum: 32, generated: 32 },
    },
    [
      { backend: own, make: blake3 },
      { backend: nobleHashes, make: nobleBlake3Xof },
    ],
  ),
];
