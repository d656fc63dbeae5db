/** Random values of the types of a plan, as jco has them. */
import fc from 'fast-check';
import type { CanonicalPass, ScalarPass } from '../../../generator/abi/plan.js';
import { camel } from '../../../generator/model/name.js';

type Scalar = ScalarPass['scalar'];

/**
 * @param handles gives the value for a handle
 * @param texts gives those for texts
 */
export function valueOf(
  pass: CanonicalPass,
  handles: (kind: string) => fc.Arbitrary<unknown>,
  texts: fc.Arbitrary<string> = anyText,
): fc.Arbitrary<unknown> {
  const inner = (each: CanonicalPass): fc.Arbitrary<unknown> => valueOf(each, handles, texts);
  switch (pass.how) {
    case 'scalar':
      return scalar(pass.scalar);
    case 'bool':
      return fc.boolean();
    case 'string':
      return texts;
    case 'enum':
      return fc.constantFrom(...pass.cases.map((each) => each.name.wire));
    case 'flags':
      return fc.record(Object.fromEntries(pass.flags.map((each) => [camel(each.name.words), fc.boolean()])));
    case 'handle':
      return handles(pass.kind.name.wire);
    case 'list': {
      const size = pass.length === undefined ? { maxLength: 5 } : { minLength: pass.length, maxLength: pass.length };
      if (pass.element.how !== 'scalar') return fc.array(inner(pass.element), size);
      return numbers(pass.element.scalar, size);
    }
    case 'record':
      return fc.record(Object.fromEntries(pass.parts.map((each) => [camel(each.name.words), inner(each.pass)])));
    case 'tuple':
      return fc.tuple(...pass.parts.map((each) => inner(each.pass)));
    case 'option': {
      if (pass.some.pass.how !== 'option') return fc.option(inner(pass.some.pass), { nil: undefined });
      return fc.oneof(
        fc.constant({ tag: 'none' }),
        inner(pass.some.pass).map((val) => ({ tag: 'some', val })),
      );
    }
    case 'variant':
    case 'result':
      return fc.oneof(
        ...pass.cases.map(({ name, pass: payload }) =>
          payload === undefined
            ? fc.constant({ tag: name.wire })
            : inner(payload).map((val) => ({ tag: name.wire, val })),
        ),
      );
  }
}

/** The same value with other handles. Other objects than plain ones, and lists of numbers, stay what they are. */
export function withHandles(
  pass: CanonicalPass,
  value: unknown,
  exchange: (handle: unknown, ownership: 'own' | 'borrow', kind: string) => unknown,
): unknown {
  const inner = (each: CanonicalPass, part: unknown): unknown => withHandles(each, part, exchange);
  switch (pass.how) {
    case 'handle':
      return exchange(value, pass.ownership ?? 'own', pass.kind.name.wire);
    case 'list':
      return Array.isArray(value) ? value.map((each) => inner(pass.element, each)) : value;
    case 'tuple':
      return pass.parts.map((item, index) => inner(item.pass, (value as readonly unknown[])[index]));
    case 'record': {
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        pass.parts.map((field) => [camel(field.name.words), inner(field.pass, fields[camel(field.name.words)])]),
      );
    }
    case 'option':
      return pass.some.pass.how === 'option' || value === undefined ? value : inner(pass.some.pass, value);
    case 'variant':
    case 'result': {
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      const payload = pass.cases.find((each) => each.name.wire === tag)?.pass;
      return payload === undefined ? value : { tag, val: inner(payload, val) };
    }
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
    case 'string':
      return value;
  }
}

/** Everything UTF-8 can hold, of one, two, three and four bytes, and none of what it cannot. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', 'é', 'ÿ', 'Ā', '中', '😀', '\ufeff', '\0'), maxLength: 8 }),
);

function scalar(name: Scalar): fc.Arbitrary<unknown> {
  switch (name) {
    case 'f32':
      return fc.float({ noNaN: true });
    case 'f64':
      return fc.double({ noNaN: true });
    case 'char':
      return fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 's64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'usize':
    case 'char8':
      throw new Error(`${name} is not in WIT`);
    case 'u8':
    case 's8':
    case 'u16':
    case 's16':
    case 'u32':
    case 's32': {
      const bits = Number(name.slice(1));
      return name.startsWith('s')
        ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
        : fc.integer({ min: 0, max: 2 ** bits - 1 });
    }
  }
}

function numbers(
  name: Scalar,
  size: { readonly maxLength: number; readonly minLength?: number },
): fc.Arbitrary<unknown> {
  const options = { ...size, noNaN: true };
  switch (name) {
    case 'u8':
      return fc.uint8Array(size);
    case 's8':
      return fc.int8Array(size);
    case 'u16':
      return fc.uint16Array(size);
    case 's16':
      return fc.int16Array(size);
    case 'u32':
      return fc.uint32Array(size);
    case 's32':
      return fc.int32Array(size);
    case 'f32':
      return fc.float32Array(options);
    case 'f64':
      return fc.float64Array(options);
    case 'u64':
      return fc.bigUint64Array(size);
    case 's64':
      return fc.bigInt64Array(size);
    case 'char':
    case 'char8':
    case 'usize':
      return fc.array(scalar(name), size);
  }
}
