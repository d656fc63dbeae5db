/** What changed between two surfaces, and whom it breaks. */
import { spellingNote } from '../model/spelling.js';
import { everybody, type Change, type Comparison, type Party } from './change.js';
import { functionChange, sameCalls } from './functions.js';
import { keyOf, pair } from './pairs.js';
import type { FunctionSurface, ModuleSurface, Surface, TypeSurface, WorldSurface } from './surface.js';
import { typeChange } from './types.js';

/** A module's function, so that those which moved are found in others. */
interface Placed {
  readonly name: string;
  readonly module: ModuleSurface;
  readonly func: FunctionSurface;
}

export function compare(old: Surface, now: Surface): Comparison {
  const anotherAbi = old.dialect !== now.dialect;
  const modules = pair(old.modules, now.modules, sharesFunctions);
  const changes: Change[] = [];
  if (!anotherAbi && now.dialect === 'wit') changes.push(...packageChanges(old, now));
  for (const module of modules.added)
    changes.push({
      kind: 'added',
      subject: 'module',
      name: module.name,
      details: functionCount(module),
      breaks: module.functions.length === 0 ? [] : [implementers(module)],
    });
  for (const module of modules.removed)
    changes.push({
      kind: 'removed',
      subject: 'module',
      name: module.name,
      details: functionCount(module),
      breaks: module.functions.length === 0 ? [] : [callers(module)],
    });
  for (const { was, is, guessed } of modules.pairs) {
    if (guessed)
      changes.push({
        kind: 'renamed',
        subject: 'module',
        name: is.name,
        was: was.name,
        guessed,
        details: ['imports name it', ...[was, is].flatMap((each) => spellingNote(each.name) ?? [])],
        breaks: everybody,
      });
    changes.push(...documented('module', is.name, was, is));
    changes.push(...constantChanges(was, is));
  }
  const kept = modules.pairs;
  // A module that is new or gone is told as a whole; its types may have come from elsewhere, or gone there.
  changes.push(
    ...typeChanges(
      [...kept.flatMap(({ was, is }) => typesOf(was, is)), ...modules.removed.flatMap((each) => typesOf(each, each))],
      now.modules.flatMap((each) => typesOf(each, each)),
      new Set(modules.added),
      now,
      anotherAbi,
    ),
  );
  changes.push(
    ...functionChanges(
      kept.flatMap(({ was, is }) => placed(was, is)),
      kept.flatMap(({ is }) => placed(is, is)),
      anotherAbi,
    ),
    ...worldChanges(old.worlds, now.worlds, anotherAbi),
  );
  return {
    anotherAbi,
    changes: old.undocumented === true ? changes.filter(({ kind }) => kind !== 'documented') : changes,
  };
}

/** Functions of a module, under the name that it has now. */
function placed(module: ModuleSurface, as: ModuleSurface): readonly Placed[] {
  return module.functions.map((func) => ({ name: `${as.name}#${func.name}`, module: as, func }));
}

function implementers({ implementedBy }: ModuleSurface): Party {
  return implementedBy === 'host' ? 'hosts' : 'guests';
}

function callers({ implementedBy }: ModuleSurface): Party {
  return implementedBy === 'host' ? 'guests' : 'hosts';
}

function functionCount({ functions }: ModuleSurface): readonly string[] {
  if (functions.length === 0) return ['has types only'];
  return [`has ${functions.length === 1 ? 'one function' : `${functions.length} functions`}: ${listed(functions)}`];
}

/** The first few names. */
function listed(things: readonly { readonly name: string }[]): string {
  const names = things.slice(0, 8).map(({ name }) => `\`${name}\``);
  return names.join(', ') + (things.length > names.length ? ` and ${things.length - names.length} more` : '');
}

function sharesFunctions(was: ModuleSurface, is: ModuleSurface): boolean {
  const keys = new Set(is.functions.map(({ name }) => keyOf(name)));
  const shared = was.functions.filter(({ name }) => keys.has(keyOf(name))).length;
  return shared > 0 && shared * 2 >= Math.max(was.functions.length, is.functions.length);
}

function packageChanges(old: Surface, now: Surface): readonly Change[] {
  const unversioned = (id: string): string => id.replace(/@.*/, '');
  return now.packages.flatMap((name) => {
    const was = old.packages.find((each) => unversioned(each) === unversioned(name));
    if (was === undefined || was === name) return [];
    const details = ['guests import its interfaces by this version, and hosts have to offer them so'];
    return [{ kind: 'changed', subject: 'package', name, was, details, breaks: everybody } satisfies Change];
  });
}

function documented(
  subject: Change['subject'],
  name: string,
  was: { readonly docs?: string },
  is: { readonly docs?: string },
  module?: string,
): readonly Change[] {
  if (was.docs === is.docs) return [];
  return [{ kind: 'documented', subject, name, ...inModule(module), details: [], breaks: [] }];
}

function inModule(module: string | undefined): Pick<Change, 'module'> {
  return module === undefined ? {} : { module };
}

interface PlacedType {
  readonly name: string;
  readonly module: ModuleSurface;
  readonly type: TypeSurface;
}

function typesOf(module: ModuleSurface, as: ModuleSurface): readonly PlacedType[] {
  return module.types.map((type) => ({ name: `${as.name}#${type.name}`, module: as, type }));
}

function typeChanges(
  old: readonly PlacedType[],
  all: readonly PlacedType[],
  newModules: ReadonlySet<ModuleSurface>,
  now: Surface,
  anotherAbi: boolean,
): readonly Change[] {
  const same = pair(old, all, (was, is) => was.module === is.module && sameMembers(was.type, is.type));
  const loose = (each: PlacedType): { name: string; placed: PlacedType } => ({ name: each.type.name, placed: each });
  const moved = pair(same.removed.map(loose), same.added.map(loose), () => false);
  const subject = 'type';
  return [
    ...moved.added
      .filter(({ placed: { module } }) => !newModules.has(module))
      .map(({ placed: { module, type } }): Change => {
        return { kind: 'added', subject, module: module.name, name: type.name, details: [], breaks: [] };
      }),
    ...moved.removed.map(({ placed: { module, type } }): Change => {
      const details = ['code that names it does not compile'];
      return { kind: 'removed', subject, module: module.name, name: type.name, details, breaks: everybody };
    }),
    ...moved.pairs.flatMap(({ was, is }): readonly Change[] => {
      const { details, breaks } = typeChange(was.placed.type, is.placed.type, now.dialect, anotherAbi);
      const from = `${was.placed.module.name} ${was.name}`;
      // Preview 1 does not know where a type is declared; in components a resource is one of its interface.
      const nominal = now.dialect === 'wit' && !anotherAbi;
      return [
        {
          kind: 'renamed',
          subject,
          module: is.placed.module.name,
          name: is.name,
          was: from,
          details,
          breaks: nominal ? everybody : breaks,
        },
      ];
    }),
    ...same.pairs.flatMap(({ was, is, guessed }): readonly Change[] => {
      const { details, breaks } = typeChange(was.type, is.type, now.dialect, anotherAbi);
      const { name } = is.type;
      const module = is.module.name;
      if (guessed) return [{ kind: 'renamed', subject, module, name, was: was.type.name, guessed, details, breaks }];
      if (details.length === 0) return documented(subject, name, was.type, is.type, module);
      return [{ kind: 'changed', subject, module, name, details, concerns: usersOf(name, now), breaks }];
    }),
  ];
}

function sameMembers(was: TypeSurface, is: TypeSurface): boolean {
  const members = ({ members }: TypeSurface): string => members.map(({ name }) => keyOf(name)).join();
  return was.members.length > 0 && members(was) === members(is);
}

/** The functions that pass a type, also within others. */
function usersOf(type: string, { modules }: Surface): readonly string[] {
  const names = new Set([type]);
  const mentions = (text: string | undefined): boolean =>
    [...(text ?? '').matchAll(/\$([\w-]+)/g)].some(([, name]) => names.has(name ?? ''));
  const types = modules.flatMap((module) => module.types);
  for (let before = 0; before !== names.size;) {
    before = names.size;
    for (const each of types)
      if (mentions(each.type) || each.members.some((member) => mentions(member.type))) names.add(each.name);
  }
  return modules.flatMap(({ functions }) =>
    functions
      .filter(
        ({ inputs, outputs, error }) => mentions(error) || [...inputs, ...outputs].some((slot) => mentions(slot.type)),
      )
      .map(({ name }) => name),
  );
}

function constantChanges(was: ModuleSurface, is: ModuleSurface): readonly Change[] {
  const constants = pair(was.constants, is.constants, () => false);
  const base = { subject: 'constant', module: is.name } as const;
  return [
    ...constants.added.map(({ name }): Change => ({ ...base, kind: 'added', name, details: [], breaks: [] })),
    ...constants.removed.map(({ name }): Change => ({
      ...base,
      kind: 'removed',
      name,
      details: ['code that names it does not compile'],
      breaks: everybody,
    })),
    ...constants.pairs
      .filter(({ was: before, is: after }) => before.value !== after.value)
      .map(({ was: before, is: after }): Change => ({
        ...base,
        kind: 'changed',
        name: after.name,
        details: [`is ${after.value}, was ${before.value}`],
        breaks: everybody,
      })),
  ];
}

function functionChanges(old: readonly Placed[], now: readonly Placed[], anotherAbi: boolean): readonly Change[] {
  const sameModule = pair(old, now, (was, is) => was.module === is.module && sameCalls(was.func, is.func));
  // What went to another module keeps its name.
  const loose = (each: Placed): { name: string; placed: Placed } => ({ name: each.func.name, placed: each });
  const moved = pair(sameModule.removed.map(loose), sameModule.added.map(loose), () => false);
  const base = { subject: 'function' } as const;
  return [
    ...moved.added.map(({ placed: { module, func } }): Change => ({
      ...base,
      kind: 'added',
      module: module.name,
      name: func.name,
      details: [],
      breaks: [implementers(module)],
    })),
    ...moved.removed.map(({ placed: { module, func } }): Change => ({
      ...base,
      kind: 'removed',
      module: module.name,
      name: func.name,
      details: [],
      breaks: [callers(module)],
    })),
    ...moved.pairs.map(({ was, is }): Change => ({
      ...base,
      kind: 'renamed',
      module: is.placed.module.name,
      name: is.name,
      was: `${was.placed.module.name} ${was.name}`,
      details: ['stands in another module', ...functionChange(was.placed.func, is.placed.func, anotherAbi).details],
      breaks: everybody,
    })),
    ...sameModule.pairs.flatMap(({ was, is, guessed }): readonly Change[] => {
      const module = is.module.name;
      const { details, breaks } = functionChange(was.func, is.func, anotherAbi);
      const identity = { ...base, module, name: is.func.name };
      if (guessed) return [{ ...identity, kind: 'renamed', was: was.func.name, guessed, details, breaks: everybody }];
      if (details.length === 0) return documented('function', is.func.name, was.func, is.func, module);
      return [{ ...identity, kind: breaks.length === 0 ? 'parameters' : 'changed', details, breaks }];
    }),
  ];
}

function worldChanges(
  old: readonly WorldSurface[],
  now: readonly WorldSurface[],
  anotherAbi: boolean,
): readonly Change[] {
  const worlds = pair(old, now, () => false);
  const base = { subject: 'world' } as const;
  const unversioned = (id: string): string => id.replace(/@.*/, '');
  const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
    names.filter((name) => !others.some((other) => unversioned(other) === unversioned(name)));
  return [
    ...worlds.added.map(({ name }): Change => ({ ...base, kind: 'added', name, details: [], breaks: [] })),
    // WITX has no worlds to lose.
    ...(anotherAbi ? [] : worlds.removed).map(({ name }): Change => ({
      ...base,
      kind: 'removed',
      name,
      details: [],
      breaks: everybody,
    })),
    ...worlds.pairs.flatMap(({ was, is }): readonly Change[] => {
      const told: readonly (readonly [readonly string[], string, Party])[] = [
        [without(is.imports, was.imports), 'imports %, too: its hosts have to offer it', 'hosts'],
        [without(was.imports, is.imports), 'no longer imports %: guests that call it do not fit', 'guests'],
        [without(is.exports, was.exports), 'exports %, too: its guests have to implement it', 'guests'],
        [without(was.exports, is.exports), 'no longer exports %: hosts that call it find nothing', 'hosts'],
      ];
      const details = told.flatMap(([names, text]) => names.map((name) => text.replace('%', () => `\`${name}\``)));
      const breaks = [...new Set(told.flatMap(([names, , party]) => (names.length === 0 ? [] : [party])))].sort();
      return details.length === 0 ? [] : [{ ...base, kind: 'changed', name: is.name, details, breaks }];
    }),
  ];
}

/** How many changes there are of which kind, for a last line. */
export function totals({ changes }: Comparison): Readonly<Record<'changes' | Party | 'nobody', number>> {
  const breaking = (party: Party): number => changes.filter(({ breaks }) => breaks.includes(party)).length;
  return {
    changes: changes.length,
    guests: breaking('guests'),
    hosts: breaking('hosts'),
    nobody: changes.filter(({ breaks }) => breaks.length === 0).length,
  };
}

/** What makes a run fail: changes that break somebody, or any but those of documentation. */
export type FailOn = 'breaking' | 'any';
export const failOnChoices: readonly FailOn[] = ['breaking', 'any'];

export function fails({ changes }: Comparison, on: FailOn): boolean {
  return changes.some(({ kind, breaks }) => (on === 'breaking' ? breaks.length > 0 : kind !== 'documented'));
}
