/** The functions of `wasi_crypto_ext_bytes`, in constant time: outputs may share memory with inputs in any way. */
import { addBytes, compareBytes, isZeroBytes, selectBytes } from '../../backends/webassembly/bytes.js';
import { overlap, sameBytes, wipe } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import type { ByteOrder } from '../../numbers/context.js';
import { begin, requireSameSize, requireSize } from './sizes.js';

export function bytesHost(context: RuntimeContext) {
  return {
    bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
      begin(context, Math.max(a.length, b.length));
      return sameBytes(a, b);
    },

    bytesCompare(order: ByteOrder, a: Uint8Array, b: Uint8Array): number {
      requireSameSize(a, b);
      begin(context, a.length);
      return compareBytes(order === 'little', a, b);
    },

    bytesIsZero(a: Uint8Array): boolean {
      begin(context, a.length);
      return isZeroBytes(a);
    },

    bytesSelect(a: Uint8Array, b: Uint8Array, choice: boolean, out: Uint8Array): void {
      requireSameSize(a, b);
      requireSize(out, a.length);
      begin(context, a.length);
      if (!overlap(a, out) && !overlap(b, out)) {
        selectBytes(choice, a, b, out);
        return;
      }
      const apart = new Uint8Array(a.length);
      selectBytes(choice, a, b, apart);
      out.set(apart);
      wipe(apart);
    },

    bytesIncrement(order: ByteOrder, value: Uint8Array, out: Uint8Array): void {
      requireSize(out, value.length);
      begin(context, value.length);
      addBytes(order === 'little', value, undefined, 1, out);
    },

    bytesAdd(order: ByteOrder, a: Uint8Array, b: Uint8Array, out: Uint8Array): void {
      requireSameSize(a, b);
      requireSize(out, a.length);
      begin(context, a.length);
      addBytes(order === 'little', a, b, 0, out);
    },

    bytesWipe(out: Uint8Array): void {
      begin(context, out.length);
      wipe(out);
    },
  };
}
