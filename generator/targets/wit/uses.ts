/** The `use` lines of an interface: what it takes from others. */
import type { AstBody, AstFunc, AstType, AstTypedef, AstUse } from '../../frontend/wit/ast.js';
import type { Name } from '../../model/model.js';

/** The names of types that a declaration has. */
function namesIn(item: AstTypedef | AstFunc): readonly Name[] {
  return item.kind === 'func' ? signature(item) : inBody(item.body);
}

function inBody(body: AstBody): readonly Name[] {
  switch (body.kind) {
    case 'alias':
      return inType(body.type);
    case 'record':
      return body.fields.flatMap(({ type }) => inType(type));
    case 'variant':
      return body.cases.flatMap(({ payload }) => inTypes(payload));
    case 'resource':
      return body.funcs.flatMap((each) => (each.kind === 'func' ? signature(each) : []));
    case 'flags':
    case 'enum':
      return [];
  }
}

function signature({ params, result }: AstFunc): readonly Name[] {
  return [...params.flatMap(({ type }) => inType(type)), ...inTypes(result)];
}

function inTypes(...types: readonly (AstType | undefined)[]): readonly Name[] {
  return types.flatMap((each) => (each === undefined ? [] : inType(each)));
}

function inType(type: AstType): readonly Name[] {
  switch (type.kind) {
    case 'name':
    case 'own':
    case 'borrow':
      return [type.name];
    case 'builtin':
    case 'error-context':
      return [];
    case 'list':
      return inType(type.element);
    case 'option':
    case 'future':
    case 'stream':
      return inTypes(type.payload);
    case 'result':
      return inTypes(type.ok, type.error);
    case 'tuple':
      return inTypes(...type.items);
    case 'map':
      return inTypes(type.key, type.value);
  }
}

/**
 * One `use` for each interface that something is taken from.
 *
 * @param homes the interfaces where a type of a name is declared
 */
export function usesOf(
  items: readonly (AstTypedef | AstFunc | AstUse)[],
  homes: ReadonlyMap<string, Name>,
): readonly AstUse[] {
  const own = new Set(
    items.flatMap((each) => {
      if (each.kind === 'use') return each.names.map(({ local }) => local.wire);
      return each.kind === 'type' ? [each.name.wire] : [];
    }),
  );
  const taken = new Map<string, { readonly home: Name; readonly names: Map<string, Name> }>();
  for (const name of items.flatMap((each) => (each.kind === 'use' ? [] : namesIn(each)))) {
    const home = homes.get(name.wire);
    // What is declared nowhere is the front end's to report.
    if (own.has(name.wire) || home === undefined) continue;
    const from = taken.get(home.wire) ?? { home, names: new Map<string, Name>() };
    if (!from.names.has(name.wire)) from.names.set(name.wire, name);
    taken.set(home.wire, from);
  }
  return [...taken.values()].map(({ home, names }) => ({
    kind: 'use',
    path: { package: undefined, name: home, span: home.span },
    names: [...names.values()].map((name) => ({ name, local: name })),
    gates: [],
  }));
}
