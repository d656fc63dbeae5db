/** What one function says otherwise. */
import { everybody, type Difference } from './change.js';
import { keyOf } from './pairs.js';
import type { FunctionSurface, Slot } from './surface.js';

/** A type without the spelling of its dialect. */
export function normal(type: string): string {
  return type.replaceAll('_', '-').replaceAll('out list', 'list');
}

/** Whether two functions take and give the same: then they may be one, under another name. */
export function sameCalls(was: FunctionSurface, is: FunctionSurface): boolean {
  const text = ({ inputs, outputs }: FunctionSurface): string =>
    [...inputs, 'to', ...outputs].map((each) => (typeof each === 'string' ? each : normal(each.type))).join();
  return text(was) === text(is);
}

/** @param anotherAbi one is WITX, the other WIT: only what the definitions say is compared, not how it crosses */
export function functionChange(was: FunctionSurface, is: FunctionSurface, anotherAbi: boolean): Difference {
  const renamed: string[] = [];
  const details = [
    ...inputChanges(was.inputs, withoutRooms(is.inputs, was), renamed),
    ...outputChanges(was, is, anotherAbi),
    ...(normal(was.error ?? '') === normal(is.error ?? '') ? [] : [errorChange(was.error, is.error)]),
    ...was.traits.filter((each) => !is.traits.includes(each)).map((each) => `is no longer ${traitWords[each]}`),
    ...is.traits.filter((each) => !was.traits.includes(each)).map((each) => `is ${traitWords[each]}`),
  ];
  if (!anotherAbi && was.core !== is.core)
    details.push(`its core function is ${is.core ?? 'none'}, was ${was.core ?? 'none'}`);
  // Names of parameters are in no ABI.
  return { details: [...details, ...renamed], breaks: details.length > 0 ? everybody : [] };
}

const traitWords = { async: 'asynchronous', noreturn: 'one that never returns' } as const;

function errorChange(was: string | undefined, is: string | undefined): string {
  if (was === undefined) return `can fail now, with \`${is ?? ''}\``;
  if (is === undefined) return `can no longer fail (was \`${was}\`)`;
  return `fails with \`${is}\`, was \`${was}\``;
}

function inputChanges(old: readonly Slot[], now: readonly Slot[], renamed: string[]): readonly string[] {
  const details: string[] = [];
  const left = new Map(now.map((slot) => [keyOf(slot.name), slot]));
  const common: string[] = [];
  const gone: Slot[] = [];
  for (const was of old) {
    const key = keyOf(was.name);
    const is = left.get(key);
    if (is === undefined) {
      gone.push(was);
      continue;
    }
    left.delete(key);
    common.push(key);
    details.push(...slotChanges(was, is));
  }
  for (const was of gone) {
    const index = old.indexOf(was);
    const is = now[index];
    // In the same place, of the same type: another name for it.
    if (is !== undefined && left.get(keyOf(is.name)) === is && normal(is.type) === normal(was.type)) {
      left.delete(keyOf(is.name));
      renamed.push(`calls \`${was.name}\` now \`${is.name}\``);
      details.push(...slotChanges(was, is));
    } else details.push(`no longer takes \`${was.name}: ${was.type}\``);
  }
  for (const is of left.values()) details.push(`takes \`${is.name}: ${is.type}\`, too`);
  const orderOf = (slots: readonly Slot[]): string =>
    slots
      .map(({ name }) => keyOf(name))
      .filter((key) => common.includes(key))
      .join();
  if (orderOf(old) !== orderOf(now))
    details.push(`takes its parameters in another order: ${now.map(({ name }) => `\`${name}\``).join(', ')}`);
  return details;
}

function slotChanges(was: Slot, is: Slot): readonly string[] {
  const details: string[] = [];
  if (normal(was.type) !== normal(is.type)) details.push(`\`${is.name}\` is \`${is.type}\`, was \`${was.type}\``);
  if (was.handle !== is.handle && (is.handle === 'own' || was.handle === 'own'))
    details.push(
      is.handle === 'own'
        ? `takes \`${is.name}\` over: the guest's handle is gone after the call, even if it fails`
        : `only borrows \`${is.name}\`, which it took over before`,
    );
  return details;
}

function outputChanges(was: FunctionSurface, is: FunctionSurface, anotherAbi: boolean): readonly string[] {
  const details: string[] = [];
  const taken = new Set(is.inputs.map(({ name }) => keyOf(name)));
  const rooms = was.outputs.flatMap(({ room }) => (room === undefined || taken.has(keyOf(room)) ? [] : [room]));
  const before = anotherAbi ? withoutLengths(was.outputs) : was.outputs;
  const after = anotherAbi ? withoutLengths(is.outputs) : is.outputs;
  const text = (slots: readonly Slot[]): string => slots.map(({ type }) => type).join(', ') || 'nothing';
  if (normal(text(before)) !== normal(text(after))) details.push(`returns \`${text(after)}\`, was \`${text(before)}\``);
  if (rooms.length > 0 && is.outputs.every(({ room }) => room === undefined))
    details.push(
      `the guest can no longer say how much output it takes (${rooms.map((room) => `\`${room}\``).join(', ')})`,
    );
  return details;
}

/** A length that was one of an output's memory may be a parameter by itself. */
function withoutRooms(inputs: readonly Slot[], { outputs }: FunctionSurface): readonly Slot[] {
  const rooms = new Set(outputs.flatMap(({ room }) => (room === undefined ? [] : [keyOf(room)])));
  return inputs.filter(({ name }) => !rooms.has(keyOf(name)));
}

/** How much of the room was used is the length of a list elsewhere. */
function withoutLengths(outputs: readonly Slot[]): readonly Slot[] {
  const room = outputs.filter((each) => each.room !== undefined).length;
  if (room === 0) return outputs;
  const length = outputs.findIndex((each) => each.room === undefined && each.type === 'u32');
  return outputs.filter((_, index) => index !== length);
}
