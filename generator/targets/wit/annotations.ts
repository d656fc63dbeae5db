/**
 * What people decide about definitions in WIT: a WIT file whose declarations take the place of those that the rules
 * make, by interface and name. What has no comment of its own keeps that of the definitions.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { AstInterface, AstPackageName, AstUse, AstTypedef, AstFunc, AstWorld } from '../../frontend/wit/ast.js';
import { parseWit } from '../../frontend/wit/parse.js';
import type { Name } from '../../model/model.js';
import type { SourceFile } from '../../source/source.js';

type Declaration = AstTypedef | AstFunc;

/** What an interface declares, or uses, by some name. */
export type Said = Declaration | AstUse;

export interface Annotations {
  readonly package: AstPackageName | undefined;
  readonly interfaces: ReadonlyMap<string, SaidInterface>;
  /** Instead of the world of all interfaces. */
  readonly worlds: readonly AstWorld[];
}

export interface SaidInterface {
  readonly ast: AstInterface;
  readonly uses: readonly AstUse[];
  /** By name; the local one of what is used. */
  readonly items: ReadonlyMap<string, Said>;
}

const none: Annotations = { package: undefined, interfaces: new Map(), worlds: [] };

/**
 * Reads annotations. Mistakes go to the bag.
 *
 * @param interfaces the names that interfaces have, and the functions of each that were not chosen
 */
export function readAnnotations(
  file: SourceFile | undefined,
  interfaces: ReadonlyMap<string, ReadonlySet<string>>,
  bag: DiagnosticBag,
): Annotations {
  if (file === undefined) return none;
  const ast = parseWit(file, bag);
  const found = new Map<string, SaidInterface>();
  const worlds: AstWorld[] = [];
  for (const item of ast.items) {
    if (item.kind === 'world') worlds.push(item);
    else if (item.kind === 'interface') {
      const name = item.name.wire;
      const params = { what: 'interface', name, place: 'the definitions' };
      const left = interfaces.get(name);
      if (left === undefined) {
        const hint = bag.suggest(() => didYouMean(name, [...interfaces.keys()]));
        bag.report('unknown-name', item.name.span, params, { hint });
      } else if (found.has(name)) bag.report('duplicate-name', item.name.span, { what: 'interface', name });
      else found.set(name, readInterface(item, left, bag));
    } else if (item.kind !== 'broken') {
      const span = item.kind === 'package' ? item.id.span : item.path.span;
      const form = item.kind === 'package' ? 'a nested package' : 'a `use` of this kind';
      bag.report(
        'misplaced-form',
        span,
        { form, place: 'in annotations' },
        { hint: 'here stand interfaces and worlds' },
      );
    }
  }
  return { package: ast.package, interfaces: found, worlds };
}

function readInterface(ast: AstInterface, left: ReadonlySet<string>, bag: DiagnosticBag): SaidInterface {
  const uses: AstUse[] = [];
  const items = new Map<string, Said>();
  for (const item of ast.items) {
    if (item.kind === 'broken' || (item.kind === 'func' && left.has(item.name.wire))) continue;
    if (item.kind === 'use') uses.push(item);
    for (const name of item.kind === 'use' ? item.names.map(({ local }) => local) : [item.name]) {
      if (items.has(name.wire)) bag.report('duplicate-name', name.span, { what: item.kind, name: name.wire });
      items.set(name.wire, item);
    }
  }
  return { ast, uses, items };
}

/**
 * An interface with what people decided about it.
 *
 * @param made what the rules make, in order
 * @param docsOf the comment of the definitions
 */
export function annotated(
  made: readonly Declaration[],
  said: SaidInterface | undefined,
  docsOf: (name: Name) => string,
): readonly (Declaration | AstUse)[] {
  if (said === undefined) return made;
  const complete = (item: Declaration): Declaration => (item.docs === '' ? { ...item, docs: docsOf(item.name) } : item);
  const declared = new Map(
    [...said.items].flatMap(([name, item]) => (item.kind === 'use' ? [] : [[name, complete(item)] as const])),
  );
  const kept = made.filter(({ name }) => said.items.get(name.wire)?.kind !== 'use');
  // A type and a function of WITX may have one name.
  const placed = [...new Set(kept.map((each) => declared.get(each.name.wire) ?? each))];
  const others = [...declared.values()].filter((each) => !placed.includes(each));
  const all = [...others.filter(isType), ...placed.filter(isType), ...placed.filter(isFunc), ...others.filter(isFunc)];
  return [...said.uses, ...all];
}

function isType(item: Declaration): item is AstTypedef {
  return item.kind === 'type';
}

function isFunc(item: Declaration): item is AstFunc {
  return item.kind === 'func';
}
