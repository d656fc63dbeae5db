/** HKDF (RFC 5869), in its two steps. */
import { newBytes } from '../../blocks.js';
import type { KeyRule, SymmetricRules } from '../../objects/symmetric-rules.js';
import { fail } from '../../failures.js';
import { ByteCollector } from '../../bytes.js';
import type { HmacFunction } from '../../contracts/primitives.js';
import { KeyMaterial, SymmetricKey } from '../../objects/symmetric-keys.js';
import { RESULT_COST } from '../../prices.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import type { SymmetricOption } from '../../objects/option-table.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

/** What both steps are. */
abstract class HkdfStep implements SymmetricAlgorithm {
  readonly id: string;
  readonly category = 'symmetric';
  readonly nonce = undefined;
  readonly options: readonly SymmetricOption[] = [];
  readonly requiredOptions: readonly SymmetricOption[] = [];
  abstract readonly naturalOutput: number | undefined;
  readonly authenticated = undefined;
  readonly hmac: HmacFunction;
  abstract readonly key: KeyRule;

  constructor(id: string, hmac: HmacFunction) {
    this.id = id;
    this.hmac = hmac;
  }

  abstract open(setup: StateSetup): SymmetricState;
}

/** The key is the input keying material, of any size; what is absorbed is the salt. */
class HkdfExtract extends HkdfStep {
  readonly naturalOutput = undefined;
  readonly key: KeyRule;

  constructor(id: string, hmac: HmacFunction) {
    super(id, hmac);
    this.key = { required: true, minimum: 0, maximum: Infinity, generated: hmac.length };
  }

  override open(setup: StateSetup): SymmetricState {
    return new ExtractState(this, setup, collectorFor(setup));
  }
}

/** The key is the pseudorandom key, of the hash's size at least; what is absorbed is the info. */
class HkdfExpand extends HkdfStep {
  /** Only squeezing without a length looks at it. */
  override readonly options = ['output_len'] as const;
  readonly naturalOutput: number;
  readonly key: KeyRule;

  constructor(id: string, hmac: HmacFunction) {
    super(id, hmac);
    this.naturalOutput = hmac.length;
    this.key = { required: true, minimum: hmac.length, maximum: Infinity, generated: undefined };
  }

  override open(setup: StateSetup): SymmetricState {
    return new ExpandState(this, setup, collectorFor(setup));
  }
}

function collectorFor({ context }: StateSetup): ByteCollector {
  return new ByteCollector(context.limits.messageBytes, context.meter.accounts.symmetricState);
}

class ExtractState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #step: HkdfExtract;
  readonly #salt: ByteCollector;

  constructor(step: HkdfExtract, setup: StateSetup, salt: ByteCollector) {
    super();
    this.setup = setup;
    this.#step = step;
    this.#salt = salt;
  }

  override absorb(data: Uint8Array): void {
    this.#salt.append(data);
  }

  override squeezeKey(target: SymmetricRules): SymmetricKey {
    if (!(target instanceof HkdfExpand) || target.hmac.name !== this.#step.hmac.name) throw fail.InvalidOperation;
    const key = this.key as KeyMaterial;
    this.account.spend(RESULT_COST + this.#salt.length + key.length);
    // RFC 5869, 2.2: the salt is HMAC's key. None is the same as an empty one.
    const salted = this.#step.hmac.key(this.#salt.view());
    try {
      const derived = newBytes(this.#step.hmac.length);
      salted.write(key.bytes, derived);
      return new SymmetricKey(new KeyMaterial(key.account, target, derived, key.terms));
    } finally {
      salted.wipe();
    }
  }

  override clone(): ExtractState {
    const salt = this.#salt.clone();
    return new ExtractState(this.#step, this.clonedSetup(), salt);
  }

  protected override dispose(): void {
    this.#salt.wipe();
    super.dispose();
  }
}

/** RFC 5869, 2.3: the counter is one byte. */
const MOST_BLOCKS = 255;
/** Cost of a block beside its info: what HMAC takes for the block before and the counter. */
const BLOCK_COST = 500;

class ExpandState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #step: HkdfExpand;
  readonly #info: ByteCollector;

  constructor(step: HkdfExpand, setup: StateSetup, info: ByteCollector) {
    super();
    this.setup = setup;
    this.#step = step;
    this.#info = info;
  }

  override absorb(data: Uint8Array): void {
    this.#info.append(data);
  }

  /** Every call starts with the first byte. */
  override squeeze(out: Uint8Array): void {
    const { hmac } = this.#step;
    if (out.length > MOST_BLOCKS * hmac.length) throw fail.InvalidLength;
    // Every block hashes all of the info again.
    const blocks = Math.ceil(out.length / hmac.length);
    this.account.spend(RESULT_COST + blocks * (BLOCK_COST + this.#info.length));
    (this.key as KeyMaterial).prepared(hmac.key).expand(this.#info.view(), out);
  }

  override clone(): ExpandState {
    const info = this.#info.clone();
    return new ExpandState(this.#step, this.clonedSetup(), info);
  }

  protected override dispose(): void {
    this.#info.wipe();
    super.dispose();
  }
}

/** Approval is no fact of a family: it holds for these hashes. */
const approved: AlgorithmFacts = { tier: 'required', approved: 'SP 800-56C', vectors: ['rfc', 'wycheproof'] };

const extra: AlgorithmFacts = { tier: 'extra', approved: 'SP 800-56C', vectors: ['wycheproof'] };

export const hkdfs: readonly SymmetricEntry[] = [
  byOpenssl('HKDF-EXTRACT/SHA-256', approved, (id, { hmac }) => new HkdfExtract(id, hmac('sha256', 32, 64))),
  byOpenssl('HKDF-EXTRACT/SHA-512', approved, (id, { hmac }) => new HkdfExtract(id, hmac('sha512', 64, 128))),
  byOpenssl('HKDF-EXPAND/SHA-256', approved, (id, { hmac }) => new HkdfExpand(id, hmac('sha256', 32, 64))),
  byOpenssl('HKDF-EXPAND/SHA-512', approved, (id, { hmac }) => new HkdfExpand(id, hmac('sha512', 64, 128))),
  byOpenssl('HKDF-EXTRACT/SHA-384', extra, (id, { hmac }) => new HkdfExtract(id, hmac('sha384', 48, 128))),
  byOpenssl('HKDF-EXPAND/SHA-384', extra, (id, { hmac }) => new HkdfExpand(id, hmac('sha384', 48, 128))),
];
