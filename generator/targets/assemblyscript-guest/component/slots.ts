/**
 * Core values and memory. A value that becomes several core values goes through memory: it is written
 * there as it always is, and this says which core value stands where (CanonicalABI.md, "Flattening").
 */
import { flatten } from '../../../abi/canonical.js';
import type { CanonicalPass, CoreType, ListPass, SinglePass, SumPass } from '../../../abi/plan.js';
import { block, type Code } from '../../../print/as-file.js';

/** The core values of a value in memory, as expressions. What the value does not use is expected to be 0. */
export function readSlots(pass: CanonicalPass, at: string, offset = 0): readonly string[] {
  const load = (type: string, more = 0): string =>
    `load<${type}>(${at}${offset + more === 0 ? '' : `, ${offset + more}`})`;
  switch (pass.shape) {
    case 'single':
      return [load(storedType(pass))];
    case 'text':
      return [load('u32'), load('u32', 4)];
    case 'sequence':
      if (pass.length === undefined) return [load('u32'), load('u32', 4)];
      return items(pass, pass.length).flatMap((each) => readSlots(each.pass, at, offset + each.offset));
    case 'product':
      return pass.parts.flatMap((each) => readSlots(each.pass, at, offset + each.offset));
    case 'sum': {
      const tag = load(pass.repr);
      // Each payload once, whatever the number of core values.
      const payloads = pass.cases.flatMap(({ pass: own, tag: number }): readonly Payload[] =>
        own === undefined
          ? []
          : [{ number, types: flatten(own), slots: readSlots(own, at, offset + pass.payloadOffset) }],
      );
      return [
        tag,
        ...flatten(pass)
          .slice(1)
          .map((wanted, index) => readJoined(payloads, index, wanted, tag)),
      ];
    }
  }
}

/** What a case holds, as core values. */
interface Payload {
  readonly number: number;
  readonly types: readonly CoreType[];
  readonly slots: readonly string[];
}

interface Spot {
  readonly pass: CanonicalPass;
  readonly offset: number;
}

/** Where the elements of a list of fixed length stand. */
function items({ element, stride }: ListPass<CanonicalPass>, length: number): readonly Spot[] {
  return Array.from({ length }, (_, index) => ({ pass: element, offset: index * stride }));
}

/** The core value at one place of a payload, which the cases have in their own ways. */
function readJoined(payloads: readonly Payload[], index: number, wanted: CoreType, tag: string): string {
  const byText = new Map<string, number[]>();
  for (const { number, types, slots } of payloads) {
    const own = types[index];
    if (own === undefined) continue;
    const text = widened(slots[index] ?? '0', own, wanted);
    byText.set(text, [...(byText.get(text) ?? []), number]);
  }
  const [[last = '0'] = [], ...others] = [...byText].sort(([, left], [, right]) => right.length - left.length);
  return others.reduceRight(
    (rest, [text, numbers]) => `(${numbers.map((each) => `${tag} == ${each}`).join(' || ')} ? ${text} : ${rest})`,
    last,
  );
}

/** Writes the core values of a value to memory. */
export function writeSlots(pass: CanonicalPass, slots: readonly string[], at: string, offset = 0): readonly Code[] {
  const store = (type: string, value = '0', more = 0): string =>
    `store<${type}>(${at}, ${value}${offset + more === 0 ? '' : `, ${offset + more}`});`;
  switch (pass.shape) {
    case 'single': {
      const type = storedType(pass);
      return [store(type, pass.size < 4 ? `<${type}>${slots[0]}` : slots[0])];
    }
    case 'text':
      return [store('u32', slots[0]), store('u32', slots[1], 4)];
    case 'sequence':
      if (pass.length === undefined) return [store('u32', slots[0]), store('u32', slots[1], 4)];
      return inOrder(items(pass, pass.length), slots, at, offset);
    case 'product':
      return inOrder(pass.parts, slots, at, offset);
    case 'sum': {
      const [tag = '0', ...payload] = slots;
      return [
        store(pass.repr, `<${pass.repr}>${tag}`),
        ...writeJoined(pass, tag, payload, at, offset + pass.payloadOffset),
      ];
    }
  }
}

/** Writes the payload of a value: those of cases that look the same at once. */
function writeJoined(
  pass: SumPass<CanonicalPass>,
  tag: string,
  payload: readonly string[],
  at: string,
  offset: number,
): readonly Code[] {
  const joined = flatten(pass).slice(1);
  const byText = new Map<string, { readonly code: readonly Code[]; readonly numbers: number[] }>();
  for (const { pass: each, tag: number } of pass.cases) {
    if (each === undefined) continue;
    const own = flatten(each).map((wanted, index) => narrowed(payload[index] ?? '0', joined[index] ?? wanted, wanted));
    const code = writeSlots(each, own, at, offset);
    const known = byText.get(JSON.stringify(code));
    if (known === undefined) byText.set(JSON.stringify(code), { code, numbers: [number] });
    else known.numbers.push(number);
  }
  // Where only one can be meant, it may as well be written for the cases without any.
  const alone = byText.size === 1;
  return [...byText.values()].map(({ code, numbers }) =>
    alone ? code : block(`if (${numbers.map((each) => `${tag} == ${each}`).join(' || ')})`, code),
  );
}

function inOrder(parts: readonly Spot[], slots: readonly string[], at: string, offset: number): readonly Code[] {
  let next = 0;
  return parts.flatMap((each) => {
    const count = flatten(each.pass).length;
    next += count;
    return writeSlots(each.pass, slots.slice(next - count, next), at, offset + each.offset);
  });
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
function storedType(pass: SinglePass): string {
  switch (pass.how) {
    case 'scalar':
      if (pass.scalar.startsWith('s')) return pass.scalar.replace('s', 'i');
      if (pass.scalar.startsWith('f')) return pass.scalar;
      return `u${pass.size * 8}`;
    case 'bool':
      return 'u8';
    case 'enum':
    case 'flags':
      return pass.repr;
    case 'handle':
      return 'u32';
  }
}
