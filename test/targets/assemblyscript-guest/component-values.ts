/** Random values of a type, as `CanonicalHost` has them. */
import fc from 'fast-check';
import type { CanonicalPass } from '../../../generator/abi/plan.js';
import type { Value } from './canonical-host.js';

export function valueOf(pass: CanonicalPass): fc.Arbitrary<Value> {
  switch (pass.how) {
    case 'scalar':
      return scalar(pass.scalar);
    case 'bool':
      return fc.boolean();
    case 'enum':
      return fc.nat(pass.cases.length - 1);
    case 'flags':
      return fc.nat(2 ** pass.flags.length - 1);
    case 'handle':
      return fc.integer({ min: 1, max: 1000 });
    case 'string':
      return fc.string({ unit: 'binary', maxLength: 20 });
    case 'list':
      return fc.array(
        valueOf(pass.element),
        pass.length === undefined ? { maxLength: 5 } : { minLength: pass.length, maxLength: pass.length },
      );
    case 'record':
    case 'tuple':
      return fc.tuple(...pass.parts.map((each) => valueOf(each.pass)));
    case 'option':
      return fc.array(valueOf(pass.some.pass), { maxLength: 1 });
    case 'variant':
    case 'result':
      return fc.oneof(
        ...pass.cases.map((each, index) =>
          each.pass === undefined ? fc.constant([index]) : fc.tuple(fc.constant(index), valueOf(each.pass)),
        ),
      );
  }
}

function scalar(name: string): fc.Arbitrary<Value> {
  switch (name) {
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 's64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'f32':
      return fc.float({ noNaN: true });
    case 'f64':
      return fc.double({ noNaN: true });
    case 'char':
      return fc.nat(0xd7ff);
    default: {
      const bits = Number(name.slice(1));
      return name.startsWith('s')
        ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
        : fc.integer({ min: 0, max: 2 ** bits - 1 });
    }
  }
}
