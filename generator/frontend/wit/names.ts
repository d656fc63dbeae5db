/**
 * Nothing has the name of its neighbour. The component model tells names apart without their case
 * (Explainer.md, "strongly-unique"), and what is behind a feature that is off has its name all the
 * same, so this looks at what is written.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Name } from '../../model/model.js';
import type { AstBody, AstFunc, AstMember, AstTypedef, AstWorldItem } from './ast.js';

/** A name, and what it is the name of. */
export interface Named {
  readonly what: string;
  readonly name: Name;
}

export class NameCheck {
  readonly #bag: DiagnosticBag;

  constructor(bag: DiagnosticBag) {
    this.#bag = bag;
  }

  /** Names that must differ; `of` says whose they are. */
  distinct(names: readonly Named[], of?: string): void {
    const byWire = new Map<string, Named>();
    const byFold = new Map<string, Named>();
    for (const each of names) {
      const { wire, span } = each.name;
      const fold = wire.toLowerCase();
      const [same, similar] = [byWire.get(wire), byFold.get(fold)];
      const first = same ?? similar;
      const related =
        first === undefined
          ? []
          : [
              {
                message:
                  first.what === each.what
                    ? 'first declared here'
                    : `here it is ${/^[aeio]/.test(first.what) ? 'an' : 'a'} ${first.what}`,
                span: first.name.span,
              },
            ];
      if (same !== undefined)
        this.#bag.report(
          'duplicate-name',
          span,
          { what: each.what, name: wire, ...(of === undefined ? {} : { of }) },
          { related },
        );
      else if (similar !== undefined)
        this.#bag.report(
          'colliding-name',
          span,
          { what: each.what, name: wire, other: similar.name.wire },
          { related },
        );
      byWire.set(wire, same ?? each);
      byFold.set(fold, similar ?? each);
    }
  }

  /** The names of an interface: types, used ones among them, and functions. */
  interface(items: readonly AstMember[]): void {
    this.distinct(items.flatMap(namesOf));
    this.#inside(items);
  }

  /** What a world imports and declares is in one space, what it exports in another. */
  world(items: readonly AstWorldItem[]): void {
    const externs = (direction: string): readonly Named[] =>
      items.flatMap((item) => {
        if (item.kind !== 'extern' || item.direction !== direction) return [];
        const name = item.what.kind === 'func' ? item.what.func.name : item.what.name;
        return name === undefined ? [] : [{ what: direction, name }];
      });
    this.distinct([...items.flatMap(namesOf), ...externs('import')]);
    this.distinct(externs('export'));
    this.#inside(items);
    for (const item of items) {
      if (item.kind !== 'extern') continue;
      if (item.what.kind === 'inline') this.interface(item.what.items);
      else if (item.what.kind === 'func') this.#params(item.what.func, false);
    }
  }

  #inside(items: readonly (AstMember | AstWorldItem)[]): void {
    for (const item of items) {
      if (item.kind === 'type') this.#typedef(item);
      else if (item.kind === 'func') this.#params(item, false);
    }
  }

  #typedef({ name, body }: AstTypedef): void {
    if (body.kind === 'resource') this.#resource(name, body);
    else this.distinct(membersOf(body), name.wire);
  }

  #resource(name: Name, body: Extract<AstBody, { kind: 'resource' }>): void {
    const funcs = body.funcs.filter((each) => each.kind === 'func');
    this.distinct(
      funcs.filter((each) => each.form === 'constructor').map((each) => ({ what: 'constructor', name: each.name })),
      name.wire,
    );
    const members = funcs.filter((each) => each.form !== 'constructor');
    this.distinct(
      members.map((each) => ({ what: 'function', name: each.name })),
      name.wire,
    );
    for (const { name: member } of members) {
      // `[method]r.r` is not strongly unique beside `r`.
      if (member.wire.toLowerCase() === name.wire.toLowerCase()) {
        this.#bag.report(
          'resource-member-name',
          member.span,
          { name: name.wire },
          { related: [{ message: 'the resource is declared here', span: name.span }] },
        );
      }
    }
    for (const func of funcs) this.#params(func, func.form === 'plain');
  }

  #params(func: AstFunc, isMethod: boolean): void {
    this.distinct(
      func.params.map((each) => ({ what: 'parameter', name: each.name })),
      func.name.wire,
    );
    const self = isMethod ? func.params.find((each) => each.name.wire.toLowerCase() === 'self') : undefined;
    if (self !== undefined) {
      const hint = 'a method has a parameter of this name already: its resource';
      this.#bag.report(
        'duplicate-name',
        self.name.span,
        { what: 'parameter', name: self.name.wire, of: func.name.wire },
        { hint },
      );
    }
  }
}

function namesOf(item: AstMember | AstWorldItem): readonly Named[] {
  if (item.kind === 'type') return [{ what: 'type', name: item.name }];
  if (item.kind === 'func') return [{ what: 'function', name: item.name }];
  return item.kind === 'use' ? item.names.map((each) => ({ what: 'used name', name: each.local })) : [];
}

function membersOf(body: AstBody): readonly Named[] {
  switch (body.kind) {
    case 'record':
      return body.fields.map((each) => ({ what: 'field', name: each.name }));
    case 'flags':
      return body.flags.map((each) => ({ what: 'flag', name: each.name }));
    case 'enum':
    case 'variant':
      return body.cases.map((each) => ({ what: 'case', name: each.name }));
    case 'alias':
    case 'resource':
      return [];
  }
}
