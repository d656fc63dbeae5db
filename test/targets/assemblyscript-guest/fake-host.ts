/** A host that computes nothing: it follows the plans, keeps a record of handles, and fails when told to. */
import { isPlanned, type CallPlan, type PlannedUnit } from '../../../generator/abi/plan.js';

type Core = number | bigint;
export type Import = (...core: Core[]) => Core | undefined;

export interface Call {
  readonly func: string;
  readonly core: readonly Core[];
}

/** Every size and number it returns. */
export const answer = 32;

/** What ends the life of a handle besides `*_close`. */
const pulls = new Set(['array_output_pull', 'symmetric_tag_pull']);

export class FakeHost {
  readonly imports: Record<string, Record<string, Import>> = {};
  readonly calls: Call[] = [];
  /** The kinds of live handles. */
  readonly live = new Map<number, string>();
  /** The calls that fail, by their index. */
  failAt: ReadonlySet<number> = new Set();
  #memory: WebAssembly.Memory | undefined;
  #next = 0x1000;

  constructor(planned: PlannedUnit) {
    for (const plan of planned.plans.values()) {
      if (isPlanned(plan))
        (this.imports[plan.module.name.wire] ??= {})[plan.func.name.wire] = (...core) => this.#call(plan, core);
    }
  }

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  get memory(): DataView {
    if (this.#memory === undefined) throw new Error('not attached');
    return new DataView(this.#memory.buffer);
  }

  #call(plan: CallPlan, core: readonly Core[]): Core | undefined {
    const index = this.calls.length;
    const func = plan.func.name.wire;
    this.calls.push({ func, core });
    if (this.failAt.has(index)) return 17;
    const handles = plan.params.flatMap((param) => {
      const at = plan.core.params.indexOf(param.core[0] as CallPlan['core']['params'][number]);
      return param.pass.how === 'handle' ? [Number(core[at])] : [];
    });
    for (const handle of handles)
      if (handle >= 0x1000 && !this.live.has(handle)) throw new Error(`${func} got the closed handle ${handle}`);
    if (func.endsWith('_close') || pulls.has(func)) this.live.delete(handles[0] ?? 0);
    plan.outs.forEach(({ pass }, out) => {
      const address = Number(core[plan.core.params.length - plan.outs.length + out]);
      if (pass.how === 'handle') {
        this.memory.setUint32(address, this.#next, true);
        this.live.set(this.#next, pass.kind.name.wire);
        this.#next += 1;
      } else if (pass.size === 8) this.memory.setBigUint64(address, BigInt(answer), true);
      else if (pass.size === 4) this.memory.setUint32(address, answer, true);
    });
    return plan.core.result === 'i64' ? 0n : plan.core.result === undefined ? undefined : 0;
  }
}
