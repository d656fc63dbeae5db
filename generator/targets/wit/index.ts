/** The `wit` target: definitions in WITX, said in WIT. */
import type { PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type {
  AstExtern,
  AstFile,
  AstFunc,
  AstGates,
  AstInterface,
  AstPackageName,
  AstTypedef,
  AstUse,
  AstWorld,
} from '../../frontend/wit/ast.js';
import { shippedGroups } from '../../frontend/wit/files.js';
import { isVersion } from '../../frontend/wit/literals.js';
import { lowerWit } from '../../frontend/wit/lower.js';
import { allModules } from '../../model/kinds.js';
import type { Module, Name, Type, TypeDecl, Unit } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { checkUnit } from '../../model/rules/index.js';
import { moduleTypes, walk } from '../../model/visit.js';
import { banner, commented } from '../../print/header.js';
import { SourceFile, type Span } from '../../source/source.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { annotated, readAnnotations, type Annotations, type SaidInterface } from './annotations.js';
import { Conversion } from './convert.js';
import { printFile } from './print.js';
import { usesOf } from './uses.js';
import { Words } from './words.js';

export const wit: Target = {
  id: 'wit',
  summary: 'the same definitions in WIT, by rules and a file of annotations',
  dialects: ['witx'],
  onRequest: true,
  takesAnnotations: true,
  needsNoAbi: true,
  emit: async (planned, options, bag) => emit(planned, options, bag),
};

/** One file of the output. */
interface File {
  readonly path: string;
  /** What it was made from. */
  readonly source: SourceFile;
  readonly module: Module | undefined;
  readonly ast: AstFile;
}

function emit({ unit, read }: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): FileMap {
  const words = new Words(read, bag);
  const places = allModules(unit).map((module): Place => ({ module, name: words.name(module.name) }));
  const names = places.map(({ name }) => name.wire);
  const chosen = new Set(allModules(unit).flatMap(({ funcs }) => funcs));
  const all = new Map(
    allModules(read).map(({ name, funcs }) => [
      words.name(name).wire,
      new Set(funcs.filter((func) => !chosen.has(func)).map((func) => words.name(func.name).wire)),
    ]),
  );
  const annotations = readAnnotations(options.annotations, all, bag);
  if (bag.hasErrors) return new Map();
  const left = new Set([...all.keys()].filter((name) => !names.includes(name)));
  const id = annotations.package ?? packageOf(unit, words);
  const files = [
    ...interfaces(unit, places, annotations, words, bag).map((ast, index): File => {
      const { module, name } = places[index] as Place;
      return {
        path: `${name.wire}.wit`,
        source: module.file,
        module,
        ast: { package: undefined, items: [ast] },
      };
    }),
    {
      // Comments may stand before `package` in one file only, and every file has some (WIT.md, "Package declaration").
      path: `${free('world', names)}.wit`,
      source: options.annotations ?? id.span.file,
      module: undefined,
      ast: { package: id, items: worlds(places, annotations, left) },
    },
  ];
  check(files, bag);
  const label = unit.packages.map((each) => each.id).join(', ');
  const notes = ({ module }: File): readonly string[] => {
    const errata = unit.errata.filter((each) => each.module === module?.name.wire);
    return commented(banner({ source: module?.file, label, errata, options: { ...options, lint: 'none' } }));
  };
  return new Map(files.map((file) => [file.path, printFile(file.ast, notes(file))]));
}

/** An interface and what it is made from. */
interface Place {
  readonly module: Module;
  readonly name: Name;
}

function interfaces(
  unit: Unit,
  places: readonly Place[],
  annotations: Annotations,
  words: Words,
  bag: DiagnosticBag,
): readonly AstInterface[] {
  const saidOf = (module: Module): SaidInterface | undefined =>
    annotations.interfaces.get(words.name(module.name).wire);
  const conversion = new Conversion(unit, words, (module, name) => saidOf(module)?.items.get(name), bag);
  const made = places.map(({ module, name }) => {
    const docs = new Map([...module.types, ...module.funcs].map((each) => [words.name(each.name).wire, each.docs]));
    const said = saidOf(module);
    if (said !== undefined) reportNearMisses(said, [...docs.keys()], bag);
    const items = annotated(conversion.items(module), said, (of) => words.docs(docs.get(of.wire) ?? ''));
    return { module, name, said, items };
  });
  const homes = made.flatMap(({ name, items }) =>
    items.flatMap((each): Home[] => (each.kind === 'type' ? [[each.name.wire, name]] : [])),
  );
  const declared = new Set(homes.map(placed));
  return made.map(({ module, name, said, items }) => {
    const gates = said?.ast.gates ?? [];
    // Modules may have types of one name: what a module refers to is known.
    const used = typesUsed(module).map((decl): Home => [words.name(decl.name).wire, words.name(decl.module.name)]);
    const uses = usesOf(items, new Map([...homes, ...used.filter((each) => declared.has(placed(each)))]));
    return {
      kind: 'interface',
      name,
      docs: said === undefined || said.ast.docs === '' ? words.docs(module.docs) : said.ast.docs,
      gates,
      items: withoutNamesakes([...uses, ...items], said, bag).map((each) =>
        each.gates.length === 0 ? { ...each, gates: unstable(gates) } : each,
      ),
    };
  });
}

/** What is new may be; what has nearly the name of a function was hardly meant to stand beside it. */
function reportNearMisses(said: SaidInterface, known: readonly string[], bag: DiagnosticBag): void {
  const open = known.filter((name) => !said.items.has(name));
  for (const [name, item] of said.items) {
    if (item.kind !== 'func' || known.includes(name)) continue;
    const hint = bag.suggest(() => didYouMean(name, open));
    if (hint !== undefined) bag.report('near-miss-in-annotations', item.name.span, { name }, { hint });
  }
}

/** The name of a type, and the interface that declares it. */
type Home = readonly [type: string, home: Name];

function placed([type, home]: Home): string {
  return `${home.wire} ${type}`;
}

/** What a module refers to, and what that refers to in turn; the nearest last. */
function typesUsed(module: Module): readonly TypeDecl[] {
  const found = new Set<TypeDecl>();
  const enter = (type: Type): void => {
    walk(type, (part) => part.kind === 'ref' && found.add(part.decl));
  };
  moduleTypes(module).forEach(enter);
  for (const decl of found) enter(decl.type);
  return [...found].reverse();
}

/** Without functions that are called as a type is: in WIT they are of one kind of name. */
function withoutNamesakes(
  items: readonly (AstTypedef | AstFunc | AstUse)[],
  said: SaidInterface | undefined,
  bag: DiagnosticBag,
): readonly (AstTypedef | AstFunc | AstUse)[] {
  const types = new Set(
    items.flatMap((each) => {
      if (each.kind === 'use') return each.names.map(({ local }) => local.wire);
      return each.kind === 'type' ? [each.name.wire] : [];
    }),
  );
  return items.filter((each) => {
    if (each.kind !== 'func' || !types.has(each.name.wire) || said?.items.get(each.name.wire)?.kind === 'func')
      return true;
    const why = 'a type has this name, and an interface has each name once';
    bag.report('no-wit', each.name.span, { name: each.name.wire, why });
    return false;
  });
}

/** What all that belongs to an interface, or refers to it, has to repeat. */
function unstable(gates: AstGates): AstGates {
  return gates.filter(({ kind }) => kind === 'unstable');
}

/** A name that none of the interfaces has. */
function free(name: string, interfaces: readonly string[]): string {
  const numbered = interfaces.map((_, index) => `${name}-${index + 2}`);
  return [name, ...numbered].find((each) => !interfaces.includes(each)) ?? name;
}

/**
 * A world that imports whatever has functions.
 *
 * @param left interfaces that were not chosen
 */
function worlds(places: readonly Place[], annotations: Annotations, left: ReadonlySet<string>): readonly AstWorld[] {
  const names = places.map((each) => each.name.wire);
  if (annotations.worlds.length > 0)
    return annotations.worlds.map((world) => ({
      ...world,
      items: world.items.filter((item) => {
        const path = item.kind === 'extern' && item.what.kind === 'path' ? item.what.path : undefined;
        return path === undefined || path.package !== undefined || !left.has(path.name.wire);
      }),
    }));
  const imported = places.filter(({ module }) => module.funcs.length > 0);
  const [first] = imported;
  if (first === undefined) return [];
  const items = imported.map(({ name }): AstExtern => ({
    kind: 'extern',
    direction: 'import',
    docs: '',
    gates: unstable(annotations.interfaces.get(name.wire)?.ast.gates ?? []),
    what: { kind: 'path', name: undefined, path: { package: undefined, name, span: name.span } },
  }));
  const name = nameOf(free('imports', names), first.name.span);
  return [{ kind: 'world', name, docs: 'All that guests may import.', gates: [], items }];
}

/** `wasi:crypto@0.10.0`, from what the names of the modules have in common, and the revision. */
function packageOf({ packages, sources }: Unit, words: Words): AstPackageName {
  const [{ id, name = 'bindings' } = { id: '' }] = packages;
  const [first = 'bindings', ...rest] = name.split('-');
  const [file = new SourceFile('', '')] = sources;
  const span: Span = { file, start: 0, end: 0 };
  const version = /^\d+\.\d+$/.test(id) ? `${id}.0` : id;
  return {
    namespace: rest.length === 0 ? 'local' : words.label([first]),
    name: words.label(rest.length === 0 ? [first] : rest),
    version: isVersion(version) ? { text: version, span } : undefined,
    docs: '',
    commented: false,
    span,
  };
}

/** What is made is judged like any other WIT, and mistakes are told where they come from. */
function check(files: readonly File[], bag: DiagnosticBag): void {
  const made = [{ path: '', files, isDependency: false }];
  const groups = [...made, ...shippedGroups(made, bag)];
  const { packages } = lowerWit(groups, 'all', bag);
  if (bag.hasErrors) return;
  checkUnit({ dialect: 'wit', packages, sources: files.map(({ source }) => source), errata: [] }, bag);
  // What is not gated needs nothing that is.
  lowerWit(groups, [], bag);
}
