/** Which items may stand where. */
import type { Place } from './shapes.js';

export type ItemKind =
  | 'header'
  | 'package'
  | 'top-use'
  | 'interface'
  | 'world'
  | 'use'
  | 'type'
  | 'func'
  | 'static'
  | 'constructor'
  | 'extern'
  | 'include';

const allowed: { readonly [P in Place]: readonly ItemKind[] } = {
  file: ['header', 'package', 'top-use', 'interface', 'world'],
  package: ['top-use', 'interface', 'world'],
  interface: ['use', 'type', 'func'],
  world: ['use', 'type', 'extern', 'include'],
  resource: ['func', 'static', 'constructor'],
};

const places: { readonly [P in Place]: string } = {
  file: 'at the top of a file',
  package: 'in a package',
  interface: 'in an interface',
  world: 'in a world',
  resource: 'in a resource',
};

const forms: { readonly [K in ItemKind]: string } = {
  header: 'the name of the package',
  package: 'a package',
  'top-use': 'a `use` without names',
  interface: 'an interface',
  world: 'a world',
  use: 'a `use` with names',
  type: 'type',
  func: 'function',
  static: 'static function',
  constructor: 'a constructor',
  extern: '',
  include: '`include`',
};

const named: readonly ItemKind[] = ['type', 'func', 'static'];

function hintFor(kind: ItemKind, place: Place): string | undefined {
  if (kind === 'header')
    return place === 'file' ? 'it stands first in a file' : 'it stands first in a file, and ends with `;`';
  if (kind === 'package') return 'packages with braces stand at the top of a file, not in each other';
  if (kind === 'static' || kind === 'constructor') return 'it belongs into a `resource name { … }`';
  if (kind === 'extern' || kind === 'include') return 'worlds import, export and include';
  if (kind === 'top-use') return 'write which names are used: `use path.{name};`';
  if (kind === 'interface')
    return place === 'world'
      ? 'write `import name: interface { … }`, or declare it outside and import it'
      : 'interfaces stand beside each other: is a `}` missing before it?';
  if (kind === 'world') return 'worlds and interfaces stand beside each other: is a `}` missing before it?';
  if (place === 'world') return 'write `import name: func();` or `export name: func();`';
  if (place === 'resource') return 'put it beside the resource, in its interface';
  return kind === 'use'
    ? 'here `use` names an interface: `use path as name;`'
    : 'put it into an `interface name { … }`';
}

/** Why an item cannot stand in a place; `undefined` when it can. `name` is its own, of an import or export the keyword. */
export function misplaced(
  kind: ItemKind,
  place: Place,
  name: string,
  isFirst: boolean,
): { form: string; place: string; hint: string | undefined } | undefined {
  const late = kind === 'header' && !isFirst;
  if (allowed[place].includes(kind) && !late) return undefined;
  const form = kind === 'extern' || named.includes(kind) ? `${forms[kind]} \`${name}\``.trim() : forms[kind];
  return { form, place: late && place === 'file' ? 'after other items' : places[place], hint: hintFor(kind, place) };
}
