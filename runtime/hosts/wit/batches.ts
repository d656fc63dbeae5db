/**
 * The batch interfaces: the same call for many states, one after another. An entry that fails
 * stops no other. A component cannot be given nothing in place of a tag or an array output, so a failed
 * entry carries an inert one, whose every use is an `invalid_operation`.
 */
import { newBytes, takeBytes } from '../../blocks.js';
import { copyOf, wipe } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import { fail, isFailure } from '../../failures.js';
import type { Account } from '../../meter.js';
import { signaturesHost } from '../../interfaces/signatures.js';
import { symmetricHost } from '../../interfaces/symmetric.js';
import { ArrayOutput } from '../../objects/array-outputs.js';
import type { Signature, SignatureState, SignatureVerificationState } from '../../objects/signatures.js';
import type { SymmetricState } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import { naturalOutput } from './natural-output.js';

const nothing = new Uint8Array(0);

/** What entries of batches gave, until the guest has it. */
const outputs = new WeakSet<Uint8Array>();

/** Wipes bytes that the guest has, if they are of a batch. */
export function wipeOutput(bytes: Uint8Array): void {
  if (outputs.delete(bytes)) wipe(bytes);
}

/** Stands for an array output that a failed entry did not give. */
class InertOutput extends ArrayOutput {
  constructor(account: Account) {
    super(account, takeBytes(0));
  }

  override get length(): number {
    throw fail.InvalidOperation;
  }

  override pull(): number {
    throw fail.InvalidOperation;
  }
}

/** Stands for a tag that a failed entry did not give. */
class InertTag extends SymmetricTag {
  constructor(account: Account) {
    super(account, takeBytes(0));
  }

  override get length(): number {
    throw fail.InvalidOperation;
  }

  override pull(): number {
    throw fail.InvalidOperation;
  }

  override verify(): void {
    throw fail.InvalidOperation;
  }
}

/**
 * Room for the outputs of a batch, which the host holds until the guest has them all: entries can name
 * the same bytes of the guest again and again, so together they are no longer than one message may be.
 */
class Room {
  readonly #limit: number;
  readonly #account: Account;
  readonly #price: number;
  #taken = 0;
  #kept: number;

  /**
   * Errors: `overflow`.
   *
   * @param count of the objects that the batch makes, one an entry whatever becomes of it
   * @param price of each
   */
  constructor({ limits, meter }: RuntimeContext, count: number, price: number) {
    this.#limit = limits.messageBytes;
    this.#account = meter.batches;
    this.#price = price;
    this.#kept = count * price;
    this.#account.charge(this.#kept);
  }

  /** Errors: `overflow`. */
  take(size: number): Uint8Array {
    if (size > this.#limit - this.#taken) throw fail.Overflow;
    this.#account.charge(size);
    this.#taken += size;
    return newBytes(size);
  }

  /** An entry begins: what was kept for its object is free for it. */
  next(): void {
    this.#account.giveBack(this.#price);
    this.#kept -= this.#price;
  }

  /** The guest is about to get everything. */
  end(): void {
    this.#account.giveBack(this.#taken + this.#kept);
  }
}

/**
 * Judges a batch, then runs its entries in order. Errors are those of the whole batch: nothing has run.
 *
 * @param states one an entry
 * @param price of the object that each entry makes; 0: it makes none
 */
function runBatch<One, T>(
  context: RuntimeContext,
  batch: readonly One[],
  states: readonly { readonly algorithm: unknown }[],
  price: number,
  run: (one: One, room: Room) => T,
): readonly T[] {
  requireBatch(context, states);
  const room = new Room(context, batch.length, price);
  try {
    return batch.map((one) => {
      room.next();
      return run(one, room);
    });
  } finally {
    room.end();
  }
}

/** How a revision says in a batch how an entry ended. */
export interface BatchErrnos<E> {
  readonly success: E;
  /** By the failure's index. */
  readonly failed: readonly E[];
}

export function signaturesBatchHost<E>(context: RuntimeContext, errnos: BatchErrnos<E>) {
  const host = signaturesHost(context);
  const { arrayOutput } = context.meter.accounts;
  return {
    batchSignatureStateSign(states: readonly SignatureState[]): readonly (readonly [ArrayOutput, E])[] {
      return runBatch(context, states, states, arrayOutput.price, (state) => {
        const { value, errno } = entry(context, errnos, () => {
          const signature = host.signatureStateSign(state);
          try {
            return new ArrayOutput(arrayOutput, copyOf(signature.raw));
          } finally {
            signature.release();
          }
        });
        return [value ?? new InertOutput(arrayOutput), errno];
      });
    },

    batchSignatureStateVerify(inputs: readonly (readonly [SignatureVerificationState, Signature])[]): readonly E[] {
      return runBatch(
        context,
        inputs,
        inputs.map(([state]) => state),
        0,
        ([state, signature]) =>
          entry(context, errnos, () => host.signatureVerificationStateVerify(state, signature)).errno,
      );
    },
  };
}

type Message = readonly [SymmetricState, Uint8Array];
type Detached = readonly [SymmetricState, Uint8Array, Uint8Array];

export function symmetricBatchHost<E>(context: RuntimeContext, errnos: BatchErrnos<E>) {
  const host = symmetricHost(context);
  const { symmetricTag } = context.meter.accounts;
  /** A batch whose entries give bytes. */
  const bytesOf = <One>(
    batch: readonly One[],
    stateOf: (one: One) => SymmetricState,
    make: (one: One, room: Room) => Uint8Array,
  ): readonly (readonly [Uint8Array, E])[] =>
    runBatch(context, batch, batch.map(stateOf), 0, (one, room) => {
      const { value, errno } = entry(context, errnos, () => make(one, room));
      if (value !== undefined) outputs.add(value);
      return [value ?? nothing, errno];
    });
  return {
    batchSymmetricStateSqueeze(states: readonly SymmetricState[]): readonly (readonly [Uint8Array, E])[] {
      return bytesOf(
        states,
        (state) => state,
        (state, room) => {
          const out = room.take(naturalOutput(state, context.limits.messageBytes));
          host.symmetricStateSqueeze(state, out);
          return out;
        },
      );
    },

    batchSymmetricStateSqueezeTag(states: readonly SymmetricState[]): readonly (readonly [SymmetricTag, E])[] {
      return runBatch(context, states, states, symmetricTag.price, (state) => {
        const { value, errno } = entry(context, errnos, () => host.symmetricStateSqueezeTag(state));
        return [value ?? new InertTag(symmetricTag), errno];
      });
    },

    batchSymmetricStateEncrypt(batch: readonly Message[]): readonly (readonly [Uint8Array, E])[] {
      return bytesOf(batch, stateOf, ([state, data], room) => {
        state.requireEncryption();
        const out = room.take(data.length + host.symmetricStateMaxTagLen(state));
        return out.subarray(0, host.symmetricStateEncrypt(state, out, data));
      });
    },

    batchSymmetricStateEncryptDetached(batch: readonly Message[]): readonly (readonly [Uint8Array, SymmetricTag, E])[] {
      return runBatch(context, batch, batch.map(stateOf), symmetricTag.price, ([state, data], room) => {
        const { value, errno } = entry(context, errnos, () => {
          state.requireEncryption();
          const out = room.take(data.length);
          outputs.add(out);
          return [out, host.symmetricStateEncryptDetached(state, out, data)] as const;
        });
        return [...(value ?? ([nothing, new InertTag(symmetricTag)] as const)), errno];
      });
    },

    batchSymmetricStateDecrypt(batch: readonly Message[]): readonly (readonly [Uint8Array, E])[] {
      return bytesOf(batch, stateOf, ([state, data], room) => {
        // What has no tag may be padded: its message can be as long as what it is made from.
        const overhead = state.algorithm.authenticated === true ? host.symmetricStateMaxTagLen(state) : 0;
        const length = data.length - overhead;
        if (length < 0) throw fail.InvalidTag;
        const out = room.take(length);
        return out.subarray(0, host.symmetricStateDecrypt(state, out, data));
      });
    },

    batchSymmetricStateDecryptDetached(batch: readonly Detached[]): readonly (readonly [Uint8Array, E])[] {
      return bytesOf(batch, stateOf, ([state, data, rawTag], room) => {
        const out = room.take(data.length);
        return out.subarray(0, host.symmetricStateDecryptDetached(state, out, data, rawTag));
      });
    },
  };
}

function stateOf([state]: readonly [SymmetricState, ...unknown[]]): SymmetricState {
  return state;
}

/** A batch is one kind of work, on no more entries than a guest can hold handles. Judged before anything runs. */
function requireBatch({ limits }: RuntimeContext, states: readonly { readonly algorithm: unknown }[]): void {
  if (states.length > limits.handles) throw fail.Overflow;
  if (states.some((state) => state.algorithm !== states[0]?.algorithm)) throw fail.UnsupportedFeature;
}

/** Runs one entry: its value, or why there is none. */
function entry<T, E>(
  context: RuntimeContext,
  errnos: BatchErrnos<E>,
  run: () => T,
): { readonly value: T | undefined; readonly errno: E } {
  try {
    return { value: run(), errno: errnos.success };
  } catch (error) {
    const judged = context.judged(error);
    if (!isFailure(judged)) context.report(judged);
    const failure = isFailure(judged) ? judged : fail.InternalError;
    return { value: undefined, errno: errnos.failed[failure.index] as E };
  }
}
