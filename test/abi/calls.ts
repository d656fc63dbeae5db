/** Random calls that are mostly legal: a property over calls that all fault would prove nothing. */
import type {
  AddressPass,
  BufferPass,
  CallPlan,
  CorePass,
  EnumPass,
  FlagsPass,
  HandlePass,
  ListPass,
  SinglePass,
  TextPass,
} from '../../generator/abi/plan.js';

export const PAGE = 65_536;

export type Random = () => number;

/** xorshift32: one seed makes one call, the same everywhere. */
export function random(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let count = 0; count < 8; count += 1) next();
  return next;
}

export interface RandomCall {
  readonly core: readonly (number | bigint)[];
  readonly image: Uint8Array;
}

/** @param kindOf the kind number of a handle kind, by its wire name; each has two live handles, 0 and 1 */
export function randomCall(plan: CallPlan, next: Random, kindOf: (wire: string) => number): RandomCall {
  const call = new CallMaker(next, kindOf);
  const params = plan.params.flatMap((param) =>
    call.core(
      param.pass,
      param.core.map((each) => each.type),
    ),
  );
  const outs = plan.outs.map((out) => call.pointer(out.pass.size));
  return { core: [...params, ...outs], image: call.image };
}

class CallMaker {
  readonly image = new Uint8Array(PAGE);
  readonly #view = new DataView(this.image.buffer);
  readonly #next: Random;
  readonly #kindOf: (wire: string) => number;
  #free = 8;

  constructor(next: Random, kindOf: (wire: string) => number) {
    this.#next = next;
    this.#kindOf = kindOf;
    for (let at = 0; at < PAGE; at += 4) this.#view.setUint32(at, next(), true);
  }

  /** True once in `times`. */
  #rarely(times: number): boolean {
    return this.#next() % times === 0;
  }

  #allocate(size: number): number {
    const at = this.#free + (this.#next() % 7);
    this.#free = at + size;
    return this.#free < PAGE - 64 ? at : 8;
  }

  pointer(size: number): number {
    if (this.#rarely(40)) return this.#next() | 0;
    if (this.#rarely(40)) return PAGE - (this.#next() % (size + 4));
    return this.#allocate(size);
  }

  core(pass: CorePass, types: readonly string[]): readonly (number | bigint)[] {
    switch (pass.shape) {
      case 'text':
      case 'buffer':
      case 'sequence':
        return this.#range(pass);
      case 'product':
      case 'sum': {
        const at = this.pointer(pass.size);
        if (at >= 0 && at + pass.size <= PAGE) this.#place(pass, at);
        return [at];
      }
      case 'single':
        return [this.#single(pass, types[0])];
    }
  }

  #single(pass: SinglePass | AddressPass, type: string | undefined): number | bigint {
    switch (pass.how) {
      case 'scalar':
      case 'bool':
      case 'address':
        if (type === 'i64') return BigInt.asIntN(64, (BigInt(this.#next()) << 32n) | BigInt(this.#next()));
        if (type !== 'i32') return this.#next() / 3;
        return pass.how === 'scalar' && pass.scalar === 'char' && !this.#rarely(8)
          ? this.#next() % 0xd800
          : this.#next() | 0;
      case 'enum':
      case 'flags':
      case 'handle': {
        const value = this.#word(pass);
        return type === 'i64' ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
      }
    }
  }

  #word(pass: EnumPass | FlagsPass | HandlePass): bigint {
    if (this.#rarely(16)) return (BigInt(this.#next()) << 32n) | BigInt(this.#next());
    if (pass.how === 'enum') return BigInt(this.#next() % pass.cases.length);
    if (pass.how === 'flags') return BigInt(this.#next()) & ((1n << BigInt(pass.flags.length)) - 1n);
    return BigInt(((this.#kindOf(pass.kind.name.wire) << 28) | (this.#next() % 2)) >>> 0);
  }

  #range(pass: TextPass | BufferPass | ListPass<CorePass>): readonly [number, number] {
    const stride = pass.how === 'string' ? 1 : pass.stride;
    const length = this.#rarely(30) ? this.#next() | 0 : this.#next() % 6;
    const size = length >= 0 && length < 6 ? length * stride : stride;
    const at = this.pointer(size);
    const fits = at >= 0 && at + size <= PAGE;
    if (fits && pass.how === 'string' && !this.#rarely(10))
      for (let index = 0; index < size; index += 1) this.image[at + index] = 97 + (this.#next() % 26);
    if (fits && pass.how === 'list')
      for (let index = 0; index < length && index < 6; index += 1) this.#place(pass.element, at + index * stride);
    return [at, length];
  }

  #place(pass: CorePass, at: number): void {
    switch (pass.shape) {
      case 'single':
        this.#placeSingle(pass, at);
        return;
      case 'text':
      case 'buffer':
      case 'sequence': {
        const [pointer, length] = this.#range(pass);
        this.#bytes(at, 4, BigInt(pointer));
        this.#bytes(at + 4, 4, BigInt(length));
        return;
      }
      case 'product':
        for (const part of pass.parts) this.#place(part.pass, at + part.offset);
        return;
      case 'sum': {
        const payload = pass.cases[this.#tag(at, pass.repr, pass.cases.length)]?.pass;
        if (payload !== undefined) this.#place(payload, at + pass.payloadOffset);
        return;
      }
    }
  }

  /** What is not written stays as random as memory is. */
  #placeSingle(pass: SinglePass | AddressPass, at: number): void {
    switch (pass.how) {
      case 'enum':
      case 'flags':
      case 'handle':
        this.#bytes(at, pass.size, this.#word(pass));
        return;
      case 'scalar':
        if (pass.scalar === 'char' && !this.#rarely(8)) this.#bytes(at, 4, BigInt(this.#next() % 0xd800));
        return;
      case 'bool':
      case 'address':
        return;
    }
  }

  #tag(at: number, repr: 'u8' | 'u16' | 'u32' | 'u64', count: number): number {
    const tag = this.#rarely(16) ? this.#next() : this.#next() % count;
    this.#bytes(at, { u8: 1, u16: 2, u32: 4, u64: 8 }[repr], BigInt(tag));
    return tag;
  }

  #bytes(at: number, size: number, value: bigint): void {
    for (let index = 0; index < size; index += 1) this.image[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
}
