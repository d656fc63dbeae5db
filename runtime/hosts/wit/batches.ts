/**
 * The batch interfaces: the same call for many states, one after another. An entry that fails
 * stops no other. A component cannot be given nothing in place of a tag or an array output, so a failed
 * entry carries an inert one, whose every use is an `invalid_operation`.
 */
import { takeBytes } from '../../blocks.js';
import { copyOf } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import { fail, isFailure } from '../../failures.js';
import { signaturesHost } from '../../interfaces/signatures.js';
import { symmetricHost } from '../../interfaces/symmetric.js';
import { ArrayOutput } from '../../objects/array-outputs.js';
import type { Signature, SignatureState, SignatureVerificationState } from '../../objects/signatures.js';
import type { SymmetricState } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import { naturalOutput } from './natural-output.js';

const nothing = new Uint8Array(0);

/** Stands for an array output that a failed entry did not give. */
class InertOutput extends ArrayOutput {
  constructor() {
    super(takeBytes(0));
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
  constructor() {
    super(takeBytes(0));
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
  #left: number;

  constructor(context: RuntimeContext) {
    this.#left = context.limits.messageBytes;
  }

  take(size: number): Uint8Array {
    if (size > this.#left) throw fail.Overflow;
    this.#left -= size;
    return new Uint8Array(size);
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
  return {
    batchSignatureStateSign(states: readonly SignatureState[]): readonly (readonly [ArrayOutput, E])[] {
      requireBatch(context, states);
      return states.map((state) => {
        const { value, errno } = entry(context, errnos, () => {
          const signature = host.signatureStateSign(state);
          const output = new ArrayOutput(copyOf(signature.raw));
          signature.release();
          return output;
        });
        return [value ?? new InertOutput(), errno];
      });
    },

    batchSignatureStateVerify(inputs: readonly (readonly [SignatureVerificationState, Signature])[]): readonly E[] {
      requireBatch(
        context,
        inputs.map(([state]) => state),
      );
      return inputs.map(
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
  const bytes = (make: () => Uint8Array): readonly [Uint8Array, E] => {
    const { value, errno } = entry(context, errnos, make);
    return [value ?? nothing, errno];
  };
  return {
    batchSymmetricStateSqueeze(states: readonly SymmetricState[]): readonly (readonly [Uint8Array, E])[] {
      requireBatch(context, states);
      const room = new Room(context);
      return states.map((state) =>
        bytes(() => {
          const out = room.take(naturalOutput(state, context.limits.messageBytes));
          host.symmetricStateSqueeze(state, out);
          return out;
        }),
      );
    },

    batchSymmetricStateSqueezeTag(states: readonly SymmetricState[]): readonly (readonly [SymmetricTag, E])[] {
      requireBatch(context, states);
      return states.map((state) => {
        const { value, errno } = entry(context, errnos, () => host.symmetricStateSqueezeTag(state));
        return [value ?? new InertTag(), errno];
      });
    },

    batchSymmetricStateEncrypt(batch: readonly Message[]): readonly (readonly [Uint8Array, E])[] {
      requireBatch(
        context,
        batch.map(([state]) => state),
      );
      const room = new Room(context);
      return batch.map(([state, data]) =>
        bytes(() => {
          state.requireEncryption();
          const out = room.take(data.length + host.symmetricStateMaxTagLen(state));
          return out.subarray(0, host.symmetricStateEncrypt(state, out, data));
        }),
      );
    },

    batchSymmetricStateEncryptDetached(batch: readonly Message[]): readonly (readonly [Uint8Array, SymmetricTag, E])[] {
      requireBatch(
        context,
        batch.map(([state]) => state),
      );
      const room = new Room(context);
      return batch.map(([state, data]) => {
        const { value, errno } = entry(context, errnos, () => {
          state.requireEncryption();
          const out = room.take(data.length);
          return [out, host.symmetricStateEncryptDetached(state, out, data)] as const;
        });
        return [...(value ?? ([nothing, new InertTag()] as const)), errno];
      });
    },

    batchSymmetricStateDecrypt(batch: readonly Message[]): readonly (readonly [Uint8Array, E])[] {
      requireBatch(
        context,
        batch.map(([state]) => state),
      );
      const room = new Room(context);
      return batch.map(([state, data]) =>
        bytes(() => {
          const length = data.length - host.symmetricStateMaxTagLen(state);
          if (length < 0) throw fail.InvalidTag;
          const out = room.take(length);
          return out.subarray(0, host.symmetricStateDecrypt(state, out, data));
        }),
      );
    },

    batchSymmetricStateDecryptDetached(batch: readonly Detached[]): readonly (readonly [Uint8Array, E])[] {
      requireBatch(
        context,
        batch.map(([state]) => state),
      );
      const room = new Room(context);
      return batch.map(([state, data, rawTag]) =>
        bytes(() => {
          const out = room.take(data.length);
          return out.subarray(0, host.symmetricStateDecryptDetached(state, out, data, rawTag));
        }),
      );
    },
  };
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
