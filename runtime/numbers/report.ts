/** What the capability report says of numbers and groups: for each function who computes it, and in what time. */
import type { ElementOperation, ModularArithmetic, ResidueOperation } from '../backends/arithmetic/arithmetic.js';
import { bigints } from '../backends/arithmetic/bigint-residues.js';
import { groups, type GroupFacts } from '../backends/arithmetic/groups.js';
import type { Backend, BackendKind, ConstantTime } from '../backends/backend.js';
import { isFailure } from '../failures.js';
import type { Policy } from '../policy.js';
import { groupArithmetic, modularArithmetic, type Arithmetic } from './choice.js';

/** One function, as the extension names it. */
export interface FunctionReport {
  readonly name: string;
  /** Name and version of what computes it. */
  readonly backend: string;
  readonly kind: BackendKind;
  readonly constantTime: ConstantTime;
  /**
   * Whether it takes secrets; what is always public is not counted as one. Elements and messages carry no mark: what is
   * done with them is never refused, and only `constantTime` tells.
   */
  readonly secrets: boolean;
}

/** One line of the report. */
export interface ArithmeticReport {
  /** The group, or the kind of number. */
  readonly id: string;
  readonly module: 'numbers' | 'group';
  /** Whether a guest of this context can use it. */
  readonly supported: boolean;
  /** Why it is not supported. */
  readonly reason?: string;
  readonly functions: readonly FunctionReport[];
}

const PROHIBITED = 'the policy allows nothing that has it';

/** Moduli that stand for their kind; backends differ in which sizes they take secret exponents of. */
const kinds: readonly (readonly [string, number, number])[] = [
  ['residue, odd modulus of 512 to 10 000 bits', 256, 0xff],
  ['residue, odd modulus of another size', 32, 0xff],
  ['residue, even modulus', 32, 0xfe],
];

export function arithmeticReport(policy: Policy): readonly ArithmeticReport[] {
  return [...numbersReport(policy), ...groups.map((facts) => groupReport(policy, facts))];
}

export function numbersReport(policy: Policy): readonly ArithmeticReport[] {
  return [
    ...kinds.map(([id, length, last]) =>
      line(policy, id, 'numbers', undefined, () => {
        const arithmetic = modularArithmetic(policy, new Uint8Array(length).fill(0xff).with(-1, last));
        const functions = [
          ...residueFunctions(policy, arithmetic, 'residue', residueNames),
          ...plain(arithmetic.backends.import, plainResidues),
        ];
        arithmetic.release();
        return (last & 1) === 1
          ? functions
          : functions.map((each) => ({ ...each, constantTime: 'no-secrets' as const, secrets: false }));
      }),
    ),
    line(policy, 'bignum', 'numbers', undefined, () => {
      if (policy.backendObjection(bigints) !== undefined) return undefined;
      return plain(
        bigints,
        bignumNames.map((name) => `bignum_${name}`),
      );
    }),
  ];
}

/** Tries out what computes in the group. */
export function groupReport(policy: Policy, facts: GroupFacts): ArithmeticReport {
  return line(policy, facts.name, 'group', facts.name, () => groupFunctions(policy, groupArithmetic(policy, facts)));
}

const bignumNames: readonly string[] = [
  ...['open', 'import', 'export', 'bit_len', 'close'],
  ...['add', 'sub', 'mul', 'gcd', 'div_rem', 'shift', 'compare', 'is_probable_prime', 'generate_prime'],
];

/** Functions that have no secrets, or compute nothing; a test holds them to the definitions. */
const plainResidues: readonly string[] = [
  ...['modulus_import', 'modulus_width', 'modulus_close', 'residue_open', 'residue_close'],
];
const plainGroups: readonly string[] = [
  ...['group_open', 'group_element_len', 'group_scalar_len', 'group_close', 'scalar_open', 'scalar_close'],
  ...['element_open', 'element_generator', 'element_close', 'element_mul_public'],
];

/** Functions of elements that take the time of another operation. */
const likeOthers: readonly (readonly [string, ElementOperation])[] = [
  ['element_encode_to_group', 'hash'],
  ['element_sub', 'add'],
  ['element_neg', 'add'],
  ['element_clear_cofactor', 'add'],
  ['element_in_subgroup', 'mul'],
];

const residueNames: readonly ResidueOperation[] = [
  ...(['import', 'reduce', 'random', 'export', 'add', 'sub', 'mul', 'square'] as const),
  ...(['inverse', 'sqrt', 'exp', 'equal', 'select'] as const),
];

/** Functions of scalars, and the operations that they are. */
const scalarNames: readonly (readonly [string, ResidueOperation])[] = [
  ['decode', 'import'],
  ['encode', 'export'],
  ['reduce', 'reduce'],
  ['random', 'random'],
  ['hash', 'reduce'],
  ['add', 'add'],
  ['sub', 'sub'],
  ['mul', 'mul'],
  ['neg', 'sub'],
  ['invert', 'inverse'],
  ['equal', 'equal'],
];

/** Operations that have a scalar among their operands, and refuse a secret one. */
const withScalar: ReadonlySet<ElementOperation> = new Set(['mul', 'mul_base']);

function reported(policy: Policy, name: string, backend: Backend, claim: ConstantTime): FunctionReport {
  return {
    name,
    backend: backend.name,
    kind: backend.kind,
    constantTime: claim,
    secrets: policy.allowsForSecrets(claim),
  };
}

function plain({ name: backend, kind }: Backend, names: readonly string[]): readonly FunctionReport[] {
  return names.map((name) => ({ name, backend, kind, constantTime: 'no-secrets', secrets: false }));
}

function residueFunctions(
  policy: Policy,
  { backends, claims }: ModularArithmetic,
  prefix: string,
  names: readonly (ResidueOperation | readonly [string, ResidueOperation])[],
): readonly FunctionReport[] {
  return names.map((each) => {
    const [name, operation] = typeof each === 'string' ? [each, each] : each;
    return reported(policy, `${prefix}_${name}`, backends[operation], claims[operation]);
  });
}

function groupFunctions(policy: Policy, { elements, scalars }: Arithmetic): readonly FunctionReport[] {
  const { backend, claims } = elements;
  return [
    ...residueFunctions(policy, scalars, 'scalar', scalarNames),
    ...(Object.entries(claims) as [ElementOperation, ConstantTime][]).map(([name, claim]) => ({
      ...reported(policy, `element_${name}`, backend, claim),
      ...(withScalar.has(name) ? {} : { secrets: true }),
    })),
    ...likeOthers.map(([name, operation]) => ({
      ...reported(policy, name, backend, claims[operation]),
      secrets: true,
    })),
    ...plain(backend, plainGroups),
  ];
}

function line(
  policy: Policy,
  id: string,
  module: ArithmeticReport['module'],
  group: string | undefined,
  functions: () => readonly FunctionReport[] | undefined,
): ArithmeticReport {
  const objection = policy.arithmeticObjection(group);
  const found = objection === undefined ? unlessProhibited(functions) : undefined;
  return found === undefined
    ? { id, module, supported: false, reason: objection ?? PROHIBITED, functions: [] }
    : { id, module, supported: true, functions: found };
}

function unlessProhibited<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
