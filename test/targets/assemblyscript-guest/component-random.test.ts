/** Random types: a guest that gives everything back agrees with the plans on what its values are, as parameters and as results. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../../generator/abi/plan.js';
import { DiagnosticBag } from '../../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../../generator/frontend/read.js';
import { planUnit } from '../../../generator/generate.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit } from '../../generated.js';
import { compileWorld, instantiate } from './asc.js';
import { CanonicalHost, type Action, type Value } from './canonical-host.js';
import { valueOf } from './component-values.js';

const count = 60;

/** A type as WIT has it; those with a name are declared on the way. */
function typeText(depth: number, declare: (body: (name: string) => string) => string): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(
    'u8',
    's8',
    'u16',
    's16',
    'u32',
    's32',
    'u64',
    's64',
    'f32',
    'f64',
    'bool',
    'char',
    'string',
    'list<u8>',
  );
  if (depth === 0) return leaf;
  const inner = typeText(depth - 1, declare);
  const several = fc.array(inner, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    leaf,
    inner.map((type) => `list<${type}>`),
    fc.tuple(inner, fc.integer({ min: 1, max: 3 })).map(([type, length]) => `list<${type}, ${length}>`),
    inner.map((type) => `option<${type}>`),
    fc.tuple(inner, inner).map(([ok, error]) => `result<${ok}, ${error}>`),
    inner.map((error) => `result<_, ${error}>`),
    several.map((types) => `tuple<${types.join(', ')}>`),
    several.map((types) =>
      declare((name) => `record ${name} { ${types.map((type, index) => `f${index}: ${type}`).join(', ')} }`),
    ),
    several.map((types) =>
      declare((name) => `variant ${name} { none, ${types.map((type, index) => `c${index}(${type})`).join(', ')} }`),
    ),
    fc
      .integer({ min: 1, max: 300 })
      .map((cases) =>
        declare((name) => `enum ${name} { ${Array.from({ length: cases }, (_, index) => `c${index}`).join(', ')} }`),
      ),
    fc
      .integer({ min: 1, max: 32 })
      .map((flags) =>
        declare((name) => `flags ${name} { ${Array.from({ length: flags }, (_, index) => `f${index}`).join(', ')} }`),
      ),
  );
}

function definitions(): string {
  const declared: string[] = [];
  const declare = (body: (name: string) => string): string => {
    const name = `t${declared.length}`;
    declared.push(body(name));
    return name;
  };
  const types = fc.sample(typeText(3, declare), { numRuns: count, seed: 2026 });
  const funcs = types.map((type, index) => `g${index}: func(x: ${type}) -> ${type};`);
  const names = declared.map((_, index) => `t${index}`);
  return `package my:app;
    interface types { ${declared.join(' ')} ${funcs.join(' ')} }
    world w { use types.{${names.join(', ')}}; ${funcs.map((each) => `export ${each}`).join(' ')} }`;
}

let planned: PlannedUnit;
let plans: readonly CanonicalPlan[];
let call: (plan: CanonicalPlan, value: Value) => Value;
const seen: Value[] = [];

beforeAll(async () => {
  const bag = new DiagnosticBag();
  const unit = readUnit(
    { label: 'random', entries: ['random.wit'] },
    memoryReader(new Map([['random.wit', definitions()]])),
    bag,
  );
  if (unit === undefined) throw new Error(bag.all.map((each) => each.message).join('\n'));
  planned = planUnit(unit, bag);
  plans = (unit.packages[0]?.worlds?.[0]?.exports ?? []).flatMap((item) => {
    const plan = item.kind === 'func' ? planned.canonical.get(item.func) : undefined;
    return plan !== undefined && isCanonical(plan) ? [plan] : [];
  });
  const files = await emit(assemblyscriptGuest, planned);
  const world = files.get('worlds/w.ts') ?? '';
  const functions = [...world.matchAll(/Calls `guest\.(\w+)\(x: (.*)\): (.*)`\./g)].map(
    ([, name, type, result]) => `export function ${name}(x: ${type}): ${result} { return host.${name}(x); }`,
  );
  const guest = [
    ...[...world.matchAll(/^import \{[^}]*\} from "[^"]*";$/gm)].map(([line]) => line),
    'import * as host from "my-app";',
    ...functions,
  ].join('\n');
  const echo: Action = (value) => {
    seen.push(value);
    return value;
  };
  const host = new CanonicalHost(planned, Object.fromEntries(plans.map(({ wire }) => [wire, echo])));
  const instance = await instantiate(await compileWorld(files, 'w', guest), host.imports);
  host.attach(instance);
  instance.exports['_initialize']?.();
  call = (plan, value) => host.call(plan, plan.wire, value);
}, 120_000);

describe('values of random types', () => {
  it.each(Array.from({ length: count }, (_, index) => index))(
    'cross both boundaries and come back: type %i',
    (index) => {
      const plan = plans[index];
      const pass = plan?.params[0]?.pass;
      if (plan === undefined || pass === undefined) throw new Error('it has no plan');
      // What guests take for any buffer goes on as the bytes of an array.
      fc.assert(
        fc.property(valueOf(pass), (value) => {
          expect(call(plan, value)).toEqual(value);
          expect(seen.at(-1)).toEqual(value);
        }),
        { seed: index, numRuns: 40 },
      );
    },
  );
});
