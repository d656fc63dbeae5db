/** Codes for messages: states are those of HMAC, CMAC and KMAC; HMAC and CMAC also have their keys in common. */
import { takeBytes } from '../../blocks.js';
import type { OperationContext } from '../../contracts/context.js';
import type { MacFunction, Running } from '../../contracts/primitives.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import type { KeyRule } from '../../objects/symmetric-rules.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import type { SymmetricAlgorithm } from '../descriptor.js';

export function macAlgorithm(id: string, key: KeyRule, mac: MacFunction): SymmetricAlgorithm {
  const prepare = (bytes: Uint8Array): ReturnType<MacFunction['key']> => mac.key(bytes);
  return {
    id,
    category: 'symmetric',
    key,
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: undefined,
    open(setup) {
      const { symmetricState } = setup.context.meter.accounts;
      return new MacState(setup, mac.length, (setup.key as KeyMaterial).prepared(prepare).start(symmetricState));
    },
  };
}

/** Errors: `overflow`. @param length of a code, in bytes */
export function tagOf(running: Running, length: number, { meter }: OperationContext): SymmetricTag {
  const tag = takeBytes(length);
  running.write(tag);
  return new SymmetricTag(meter.accounts.symmetricTag, tag);
}

export class MacState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #length: number;
  readonly #running: Running;

  constructor(setup: StateSetup, length: number, running: Running) {
    super();
    this.setup = setup;
    this.#length = length;
    this.#running = running;
  }

  override absorb(data: Uint8Array): void {
    this.#running.update(data);
  }

  override squeezeTag(): SymmetricTag {
    return tagOf(this.#running, this.#length, this.context);
  }

  override clone(): MacState {
    const running = this.#running.clone();
    return new MacState(this.clonedSetup(), this.#length, running);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}
