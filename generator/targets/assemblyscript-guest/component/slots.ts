/**
 * Core values and memory. A value that becomes several core values goes through memory: it is written
 * there as it always is, and this says which core value stands where (CanonicalABI.md, "Flattening").
 */
import { flatten } from '../../../abi/canonical.js';
import { coreOfRepr, coreOfScalar } from '../../../abi/layout.js';
import type { CoreType, Pass } from '../../../abi/plan.js';
import { block, type Code } from '../../../print/as-file.js';

/** The core values of a value in memory, as expressions. What the value does not use is expected to be 0. */
export function readSlots(pass: Pass, at: string, offset = 0): readonly string[] {
  const load = (type: string, more = 0): string =>
    `load<${type}>(${at}${offset + more === 0 ? '' : `, ${offset + more}`})`;
  switch (pass.how) {
    case 'record':
      return pass.fields.flatMap((each) => readSlots(each.pass, at, offset + each.offset));
    case 'tuple':
      return pass.items.flatMap((each) => readSlots(each.pass, at, offset + each.offset));
    case 'list':
      if (pass.length === undefined) return [load('u32'), load('u32', 4)];
      return Array.from({ length: pass.length }, (_, index) =>
        readSlots(pass.element, at, offset + index * pass.stride),
      ).flat();
    case 'option':
    case 'variant': {
      const tag = load(pass.repr);
      return [
        tag,
        ...flatten(pass)
          .slice(1)
          .map((wanted, index) => readJoined(casesOf(pass), index, wanted, tag, at, offset + pass.payloadOffset)),
      ];
    }
    case 'string':
      return [load('u32'), load('u32', 4)];
    default:
      return [load(storedType(pass))];
  }
}

/** The core value at one place of a payload, which the cases have in their own ways. */
function readJoined(
  cases: readonly (Pass | undefined)[],
  index: number,
  wanted: CoreType,
  tag: string,
  at: string,
  offset: number,
): string {
  const byText = new Map<string, number[]>();
  cases.forEach((pass, number) => {
    const own = pass === undefined ? undefined : flatten(pass)[index];
    if (pass === undefined || own === undefined) return;
    const text = widened(readSlots(pass, at, offset)[index] ?? '0', own, wanted);
    byText.set(text, [...(byText.get(text) ?? []), number]);
  });
  const [[last = '0'] = [], ...others] = [...byText].sort(([, left], [, right]) => right.length - left.length);
  return others.reduceRight(
    (rest, [text, numbers]) => `(${numbers.map((each) => `${tag} == ${each}`).join(' || ')} ? ${text} : ${rest})`,
    last,
  );
}

/** Writes the core values of a value to memory. */
export function writeSlots(pass: Pass, slots: readonly string[], at: string, offset = 0): readonly Code[] {
  const store = (type: string, value = '0', more = 0): string =>
    `store<${type}>(${at}, ${value}${offset + more === 0 ? '' : `, ${offset + more}`});`;
  switch (pass.how) {
    case 'record':
      return inOrder(pass.fields, slots, at, offset);
    case 'tuple':
      return inOrder(pass.items, slots, at, offset);
    case 'list':
      if (pass.length === undefined) return [store('u32', slots[0]), store('u32', slots[1], 4)];
      return inOrder(
        Array.from({ length: pass.length }, (_, index) => ({ pass: pass.element, offset: index * pass.stride })),
        slots,
        at,
        offset,
      );
    case 'option':
    case 'variant': {
      const [tag = '0', ...payload] = slots;
      const joined = flatten(pass).slice(1);
      const byText = new Map<string, { readonly code: readonly Code[]; readonly numbers: number[] }>();
      casesOf(pass).forEach((each, number) => {
        if (each === undefined) return;
        const own = flatten(each).map((wanted, index) =>
          narrowed(payload[index] ?? '0', joined[index] ?? wanted, wanted),
        );
        const code = writeSlots(each, own, at, offset + pass.payloadOffset);
        const known = byText.get(JSON.stringify(code));
        if (known === undefined) byText.set(JSON.stringify(code), { code, numbers: [number] });
        else known.numbers.push(number);
      });
      const alone = byText.size === 1;
      return [
        store(pass.repr, `<${pass.repr}>${tag}`),
        // Where only one can be meant, it may as well be written for the cases without any.
        ...[...byText.values()].map(({ code, numbers }) =>
          alone ? code : block(`if (${numbers.map((each) => `${tag} == ${each}`).join(' || ')})`, code),
        ),
      ];
    }
    case 'string':
      return [store('u32', slots[0]), store('u32', slots[1], 4)];
    default: {
      const type = storedType(pass);
      return [store(type, pass.size < 4 ? `<${type}>${slots[0]}` : slots[0])];
    }
  }
}

function inOrder(
  parts: readonly { readonly pass: Pass; readonly offset: number }[],
  slots: readonly string[],
  at: string,
  offset: number,
): readonly Code[] {
  let next = 0;
  return parts.flatMap((each) => {
    const count = flatten(each.pass).length;
    next += count;
    return writeSlots(each.pass, slots.slice(next - count, next), at, offset + each.offset);
  });
}

function casesOf(pass: Extract<Pass, { how: 'option' | 'variant' }>): readonly (Pass | undefined)[] {
  if (pass.how === 'variant') return pass.cases.map((each) => each.pass);
  return pass.someTag === 1 ? [undefined, pass.payload] : [pass.payload, undefined];
}

/** Where cases differ, integers and floats share a core value (CanonicalABI.md, `join`). */
function widened(value: string, from: CoreType, to: CoreType): string {
  if (from === to) return from === 'i32' ? `<u32>${value}` : value;
  const bits =
    from === 'f32' ? `reinterpret<u32>(${value})` : from === 'f64' ? `reinterpret<u64>(${value})` : `<u32>${value}`;
  return to === 'i64' ? `<u64>${bits}` : bits;
}

function narrowed(value: string, from: CoreType, to: CoreType): string {
  if (from === to) return value;
  if (to === 'f64') return `reinterpret<f64>(${value})`;
  const word = from === 'i64' ? `<u32>${value}` : value;
  return to === 'f32' ? `reinterpret<f32>(${word})` : word;
}

/** The type by which a single value is read and written. */
function storedType(pass: Pass): string {
  switch (pass.how) {
    case 'scalar':
      if (pass.scalar.startsWith('s')) return pass.scalar.replace('s', 'i');
      if (pass.scalar.startsWith('f')) return pass.scalar;
      return coreOfScalar(pass.scalar) === 'i64' ? 'u64' : `u${pass.size * 8}`;
    case 'bool':
      return 'u8';
    case 'enum':
    case 'flags':
      return coreOfRepr(pass.repr) === 'i64' ? 'u64' : pass.repr;
    default:
      return 'u32';
  }
}
