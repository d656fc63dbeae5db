/**
 * What people decide about definitions in WIT: a WIT file whose declarations take the place of those that the rules
 * make, by interface and name. What has no comment of its own keeps that of the definitions.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type {
  AstInterface,
  AstPackageName,
  AstUse,
  AstMember,
  AstTypedef,
  AstFunc,
  AstWorld,
} from '../../frontend/wit/ast.js';
import { parseWit } from '../../frontend/wit/parse.js';
import type { Name } from '../../model/model.js';
import type { SourceFile } from '../../source/source.js';

type Declaration = AstTypedef | AstFunc;

export interface Annotations {
  readonly package: AstPackageName | undefined;
  readonly interfaces: ReadonlyMap<string, AstInterface>;
  /** Instead of the world of all interfaces. */
  readonly worlds: readonly AstWorld[];
}

const none: Annotations = { package: undefined, interfaces: new Map(), worlds: [] };

/**
 * Reads annotations. Mistakes go to the bag.
 *
 * @param interfaces the names that interfaces have
 */
export function readAnnotations(
  file: SourceFile | undefined,
  interfaces: readonly string[],
  bag: DiagnosticBag,
): Annotations {
  if (file === undefined) return none;
  const ast = parseWit(file, bag);
  const found = new Map<string, AstInterface>();
  const worlds: AstWorld[] = [];
  for (const item of ast.items) {
    if (item.kind === 'world') worlds.push(item);
    else if (item.kind === 'interface') {
      const name = item.name.wire;
      const params = { what: 'interface', name, place: 'the definitions' };
      if (!interfaces.includes(name))
        bag.report('unknown-name', item.name.span, params, { hint: bag.suggest(() => didYouMean(name, interfaces)) });
      else if (found.has(name)) bag.report('duplicate-name', item.name.span, { what: 'interface', name });
      else found.set(name, item);
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

/**
 * An interface with what people decided about it.
 *
 * @param made what the rules make, in order
 * @param docsOf the comment of the definitions
 */
export function annotated(
  made: readonly Declaration[],
  said: AstInterface | undefined,
  docsOf: (name: Name) => string,
): readonly (Declaration | AstUse)[] {
  const items = said?.items.filter(isKept) ?? [];
  const declared = items.filter((each) => each.kind !== 'use');
  const complete = (item: Declaration): Declaration => (item.docs === '' ? { ...item, docs: docsOf(item.name) } : item);
  const byName = new Map(declared.map((each) => [each.name.wire, complete(each)]));
  const placed = made.map((each) => byName.get(each.name.wire) ?? each);
  const names = new Set(made.map((each) => each.name.wire));
  const others = declared.filter((each) => !names.has(each.name.wire)).map(complete);
  const all = [...others.filter(isType), ...placed.filter(isType), ...placed.filter(isFunc), ...others.filter(isFunc)];
  return [...items.filter((each) => each.kind === 'use'), ...all];
}

function isKept(item: AstMember): item is Exclude<AstMember, { kind: 'broken' }> {
  return item.kind !== 'broken';
}

function isType(item: Declaration): item is AstTypedef {
  return item.kind === 'type';
}

function isFunc(item: Declaration): item is AstFunc {
  return item.kind === 'func';
}
