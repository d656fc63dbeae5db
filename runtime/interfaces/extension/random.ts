/** The functions of `wasi_crypto_ext_random`. What they give is the caller's to write to the guest, and to wipe. */
import { compareBytes } from '../../backends/webassembly/bytes.js';
import { newBytes } from '../../blocks.js';
import { wipe } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import { fail } from '../../failures.js';
import type { ByteOrder } from '../../numbers/context.js';
import { begin } from './sizes.js';

/** At least half of all candidates are below the bound: a source that never gives one is none. */
const MOST_DRAWS = 200;

export function randomHost(context: RuntimeContext) {
  const below = (order: ByteOrder, bound: Uint8Array): Uint8Array<ArrayBuffer> => {
    begin(context, bound.length, 4);
    const littleEndian = order === 'little';
    const zeros = littleEndian
      ? bound.length - 1 - bound.findLastIndex((byte) => byte !== 0)
      : bound.findIndex((byte) => byte !== 0);
    const length = zeros < 0 ? 0 : bound.length - zeros;
    if (length === 0) throw fail.NoResult;
    // Later the guest's memory may have grown, which ends the view.
    const limit = newBytes(length);
    limit.set(littleEndian ? bound.subarray(0, length) : bound.subarray(zeros));
    const out = newBytes(bound.length);
    const first = littleEndian ? length - 1 : 0;
    const mask = 2 ** (32 - Math.clz32(limit[first] as number)) - 1;
    for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
      const candidate = context.random.bytes(length);
      candidate[first] = (candidate[first] as number) & mask;
      const isBelow = compareBytes(littleEndian, candidate, limit) < 0;
      if (isBelow) out.set(candidate, littleEndian ? 0 : zeros);
      wipe(candidate);
      if (isBelow) return out;
    }
    throw fail.RngError;
  };

  return {
    randomBytes(length: number): Uint8Array<ArrayBuffer> {
      begin(context, length);
      return context.random.bytes(length);
    },

    randomBelow: below,

    randomBelowU64(bound: bigint): bigint {
      const bytes = newBytes(8);
      const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
      view.setBigUint64(0, bound);
      const found = below('big', bytes);
      const number = new DataView(found.buffer, found.byteOffset, 8).getBigUint64(0);
      wipe(found);
      return number;
    },
  };
}
