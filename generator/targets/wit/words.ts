/** Names of WITX as WIT writes them, also in the text of comments. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { isLabel } from '../../frontend/wit/literals.js';
import { allModules } from '../../model/kinds.js';
import type { Module, Name, Type, Unit } from '../../model/model.js';
import { kebab } from '../../model/name.js';

export class Words {
  /** By the spelling of WITX: what comments may speak of. */
  readonly #known = new Map<string, string>();
  readonly #bag: DiagnosticBag;
  /** By the WITX spelling, since a name that is used often is told once. */
  readonly #renamed = new Set<string>();
  readonly #taken: ReadonlySet<string>;

  constructor(unit: Unit, bag: DiagnosticBag) {
    this.#bag = bag;
    const names = allModules(unit).flatMap(namesOf);
    this.#taken = new Set(names.map(({ words }) => kebab(words)));
    for (const { wire, words } of names) this.#known.set(wire, this.label(words));
  }

  /** A label begins with a letter (Explainer.md, "Import and Export Definitions"). */
  label(words: readonly string[]): string {
    let label = kebab(words);
    if (isLabel(label)) return label;
    do label = `n${label}`;
    while (this.#taken.has(label));
    return label;
  }

  /** What a name of WITX is called. */
  name(name: Name): Name {
    const wire = this.label(name.words);
    const kept = kebab(name.words);
    if (wire !== kept && !this.#renamed.has(kept)) {
      this.#renamed.add(kept);
      this.#bag.report('renamed-in-wit', name.span, { name: name.wire, now: wire });
    }
    return { ...name, wire };
  }

  /** A comment: names in backquotes are written as they are here. */
  docs(text: string): string {
    return text.replace(/`[^`\n]*`/g, (quoted) => quoted.replace(/\w+/g, (word) => this.#known.get(word) ?? word));
  }
}

function namesOf({ name: own, types, funcs, constants }: Module): readonly Name[] {
  return [
    own,
    ...types.flatMap(({ name, type }) => [name, ...membersOf(type)]),
    ...constants.map(({ name }) => name),
    ...funcs.flatMap(({ name, params }) => [name, ...params.map((each) => each.name)]),
  ];
}

function membersOf(type: Type): readonly Name[] {
  if (type.kind === 'record') return type.fields.map(({ name }) => name);
  if (type.kind === 'flags') return type.flags.map(({ name }) => name);
  return type.kind === 'enum' || type.kind === 'variant' ? type.cases.map(({ name }) => name) : [];
}
