/** What a call that fails leaves in the buffers that the guest gave for results: over the plans of all functions that have such. */
import { describe, expect, it } from 'vitest';
import { bind, CryptoErrno, fail as failures10 } from '../../generated/0.10/typescript-host/index.js';
import { isPlanned, type CallPlan, type ParamPlan } from '../../generator/abi/plan.js';
import { camel } from '../../generator/model/name.js';
import { fail, isFailure } from '../../runtime/failures.js';
import { byFailure, clears } from '../../runtime/hosts/errnos.js';
import { plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';

const SIZE = 48;
const WRITTEN = 0xaa;

const isOutput = ({ pass }: ParamPlan): boolean => pass.how === 'buffer' && pass.access === 'out';
const plans: readonly CallPlan[] = [...plannedUnit('0.10', `${projectRoot}witx/0.10`).plans.values()]
  .filter(isPlanned)
  .filter(({ params }) => params.some(isOutput));

/** Calls a function whose method writes to all that it is given, and then throws; returns what is left in each output. */
function failedCall(
  plan: CallPlan,
  thrown: unknown,
): { readonly errno: unknown; readonly outputs: readonly Uint8Array[] } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const method = (...args: readonly unknown[]): never => {
    for (const arg of args) if (arg instanceof Uint8Array) arg.fill(WRITTEN);
    throw thrown;
  };
  const host = new Proxy({}, { get: () => method });
  const failures = byFailure(failures10);
  const bound = bind(new Proxy({}, { get: () => host }), {
    fewerParameters: true,
    onError: () => undefined,
    failureOf: (each) => (isFailure(each) ? failures[each.index] : each),
    clears,
  });
  bound.memory.attach(memory);
  const outputs: number[] = [];
  let next = 1024;
  const place = (): number => (next += SIZE) - SIZE;
  const core = plan.params.flatMap((param): readonly (number | bigint)[] => {
    const { pass } = param;
    if (pass.how === 'handle') {
      const kind = camel(pass.kind.name.words) as keyof typeof bound.handles;
      return [bound.handles[kind].insert({ live: true, release: () => undefined })];
    }
    if (isOutput(param)) outputs.push(next);
    return param.core.map(({ type, name }) => (type === 'i64' ? 0n : name.endsWith('len') ? SIZE : place()));
  });
  const results = plan.outs.map(place);
  const functions = bound.imports[plan.module.name.wire as keyof typeof bound.imports] as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => unknown>
  >;
  return {
    errno: functions[plan.func.name.wire]?.(...core, ...results),
    outputs: outputs.map((start) => new Uint8Array(memory.buffer, start, SIZE)),
  };
}

const empty = new Uint8Array(SIZE);
const written = new Uint8Array(SIZE).fill(WRITTEN);

describe('outputs of a call that failed', () => {
  it('belong to the functions that have always had some', () => {
    expect(plans.map(({ func }) => func.name.wire)).toContain('symmetric_state_decrypt');
    expect(plans.length).toBeGreaterThanOrEqual(8);
  });

  it.each(plans.map((plan) => [plan.func.name.wire, plan] as const))('of %s', (_, plan) => {
    const cases = [
      [new Error('a bug'), CryptoErrno.InternalError, empty],
      [fail.AlgorithmFailure, CryptoErrno.AlgorithmFailure, empty],
      [fail.InvalidTag, CryptoErrno.InvalidTag, empty],
      [fail.InvalidLength, CryptoErrno.InvalidLength, written],
    ] as const;
    for (const [thrown, errno, left] of cases) {
      const call = failedCall(plan, thrown);
      expect(call.errno).toBe(errno);
      expect(call.outputs.length).toBeGreaterThan(0);
      for (const output of call.outputs) expect(output).toEqual(left);
    }
  });
});
