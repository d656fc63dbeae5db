/** What one declared type says otherwise. */
import type { Dialect } from '../model/model.js';
import { everybody, type Difference } from './change.js';
import { normal } from './functions.js';
import { keyOf } from './pairs.js';
import { SOME_FIRST, type Member, type TypeSurface } from './surface.js';

/** @param anotherAbi one is WITX, the other WIT: numbers and sizes mean nothing then */
export function typeChange(was: TypeSurface, is: TypeSurface, dialect: Dialect, anotherAbi: boolean): Difference {
  const heads = anotherAbi ? [kindOf(was), kindOf(is)] : [was.type, is.type];
  const members = memberChanges(was, is);
  const details = [
    ...(normal(heads[0] ?? '') === normal(heads[1] ?? '') ? [] : [`is \`${is.type}\`, was \`${was.type}\``]),
    ...members.details,
  ];
  const resized = !anotherAbi && was.size !== is.size && was.size !== undefined && is.size !== undefined;
  if (resized) details.push(`takes ${bytes(is.size)}, was ${bytes(was.size)}`);
  // Types of components are what they consist of: one that grew is another one. Preview 1 passes numbers.
  const harmless = dialect === 'witx' && !anotherAbi && !resized && members.onlyAppended && heads[0] === heads[1];
  return { details, breaks: details.length === 0 || harmless ? [] : everybody };
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

/** `enum`, and of a variant that holds nothing, too; other names of a type: what it is. */
function kindOf({ type, members }: TypeSurface): string {
  if (members.length === 0) return type.replace(SOME_FIRST, '');
  const kind = type.replace(/ .*/, '');
  return kind === 'variant' && members.every((each) => each.type === undefined) ? 'enum' : kind;
}

function memberChanges(
  was: TypeSurface,
  is: TypeSurface,
): { readonly details: readonly string[]; readonly onlyAppended: boolean } {
  const numbered = !is.type.startsWith('record');
  const place = (index: number): string => (numbered ? ` (${index})` : '');
  const before = indexes(was.members);
  const after = indexes(is.members);
  const details: string[] = [];
  let onlyAppended = numbered;
  const renamedTo = new Set<string>();
  was.members.forEach((member, index) => {
    const key = keyOf(member.name);
    if (after.has(key)) return;
    onlyAppended = false;
    const successor = is.members[index];
    const takesPlace =
      was.members.length === is.members.length && successor !== undefined && !before.has(keyOf(successor.name));
    if (takesPlace) renamedTo.add(keyOf(successor.name));
    details.push(
      takesPlace ? `calls \`${member.name}\` now \`${successor.name}\`` : `loses \`${member.name}\`${place(index)}`,
    );
  });
  is.members.forEach((member, index) => {
    const key = keyOf(member.name);
    const old = before.get(key);
    if (old === undefined) {
      if (renamedTo.has(key)) return;
      const last = is.members.slice(index).every((each) => !before.has(keyOf(each.name)));
      if (!last) onlyAppended = false;
      details.push(`has \`${member.name}\`${place(index)}${last ? '' : ' in between'}, too`);
      return;
    }
    const earlier = was.members[old];
    if (normal(earlier?.type ?? '') !== normal(member.type ?? '')) {
      onlyAppended = false;
      details.push(`\`${member.name}\` is \`${member.type ?? 'empty'}\`, was \`${earlier?.type ?? 'empty'}\``);
    }
  });
  const moved = is.members.filter((member, index) => {
    const old = before.get(keyOf(member.name));
    return old !== undefined && old !== index;
  });
  if (moved.length > 0) {
    onlyAppended = false;
    const [first] = moved;
    const key = keyOf(first?.name ?? '');
    const others = moved.length === 1 ? '' : ` and ${moved.length - 1} more`;
    details.push(
      numbered
        ? `other numbers: \`${first?.name ?? ''}\` is ${after.get(key) ?? 0}, was ${before.get(key) ?? 0}${others}`
        : `other places: \`${first?.name ?? ''}\`${others}`,
    );
  }
  return { details, onlyAppended };
}

function indexes(members: readonly Member[]): ReadonlyMap<string, number> {
  return new Map(members.map(({ name }, index) => [keyOf(name), index]));
}
