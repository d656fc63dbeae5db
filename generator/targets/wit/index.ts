/** The `wit` target: definitions in WITX, said in WIT. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { AstExtern, AstFile, AstInterface, AstPackageName, AstWorld } from '../../frontend/wit/ast.js';
import { shippedGroups } from '../../frontend/wit/files.js';
import { isVersion } from '../../frontend/wit/literals.js';
import { lowerWit } from '../../frontend/wit/lower.js';
import { allModules } from '../../model/kinds.js';
import type { Module, Name, Unit } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { checkUnit } from '../../model/rules/index.js';
import { banner, commented } from '../../print/header.js';
import { SourceFile, type Span } from '../../source/source.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { annotated, readAnnotations, type Annotations } from './annotations.js';
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
  emit: async ({ unit }, options, bag) => emit(unit, options, bag),
};

/** One file of the output. */
interface File {
  readonly path: string;
  /** What it was made from. */
  readonly source: SourceFile;
  readonly module: Module | undefined;
  readonly ast: AstFile;
}

function emit(unit: Unit, options: EmitOptions, bag: DiagnosticBag): FileMap {
  const words = new Words(unit, bag);
  const places = allModules(unit).map((module): Place => ({ module, name: words.name(module.name) }));
  const names = places.map(({ name }) => name.wire);
  const annotations = readAnnotations(options.annotations, names, bag);
  if (bag.hasErrors) return new Map();
  const id = annotations.package ?? packageOf(unit);
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
      path: names.includes('world') ? 'worlds.wit' : 'world.wit',
      source: options.annotations ?? id.span.file,
      module: undefined,
      ast: { package: id, items: worlds(places, annotations) },
    },
  ];
  check(files, bag);
  const label = unit.packages.map((each) => each.id).join(', ');
  const notes = ({ module }: File): readonly string[] => {
    const errata = unit.errata.filter((each) => each.module === module?.name.wire);
    return commented(banner({ source: module?.file, label, errata, options }));
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
  const said = new Map(places.map(({ module, name }) => [module, annotations.interfaces.get(name.wire)]));
  const declares = (module: Module, name: string): boolean =>
    said.get(module)?.items.some((each) => each.kind !== 'use' && each.name?.wire === name) ?? false;
  const conversion = new Conversion(unit, words, declares, bag);
  const made = places.map(({ module, name }) => {
    const docs = new Map([...module.types, ...module.funcs].map((each) => [words.name(each.name).wire, each.docs]));
    const annotation = said.get(module);
    const items = annotated(conversion.items(module), annotation, (of) => words.docs(docs.get(of.wire) ?? ''));
    return { module, name, annotation, items };
  });
  const homes = new Map(
    made.flatMap(({ name, items }) =>
      items.flatMap((each): [string, Name][] => (each.kind === 'type' ? [[each.name.wire, name]] : [])),
    ),
  );
  return made.map(({ module, name, annotation, items }) => ({
    kind: 'interface',
    name,
    docs: annotation === undefined || annotation.docs === '' ? words.docs(module.docs) : annotation.docs,
    gates: annotation?.gates ?? [],
    items: [...usesOf(items, homes), ...items],
  }));
}

/** A world that imports whatever has functions. */
function worlds(places: readonly Place[], annotations: Annotations): readonly AstWorld[] {
  if (annotations.worlds.length > 0) return annotations.worlds;
  const imported = places.filter(({ module }) => module.funcs.length > 0);
  const [first] = imported;
  if (first === undefined) return [];
  const items = imported.map(({ name }): AstExtern => ({
    kind: 'extern',
    direction: 'import',
    docs: '',
    gates: [],
    what: { kind: 'path', name: undefined, path: { package: undefined, name, span: name.span } },
  }));
  const name = nameOf('imports', first.name.span);
  return [{ kind: 'world', name, docs: 'All that guests may import.', gates: [], items }];
}

/** `wasi:crypto@0.10.0`, from what the names of the modules have in common, and the revision. */
function packageOf({ packages, sources }: Unit): AstPackageName {
  const [{ id, name = 'bindings' } = { id: '' }] = packages;
  const [first = 'bindings', ...rest] = name.split('-');
  const [file = new SourceFile('', '')] = sources;
  const span: Span = { file, start: 0, end: 0 };
  const version = /^\d+\.\d+$/.test(id) ? `${id}.0` : id;
  return {
    namespace: rest.length === 0 ? 'local' : first,
    name: rest.length === 0 ? first : rest.join('-'),
    version: isVersion(version) ? { text: version, span } : undefined,
    docs: '',
    commented: false,
    span,
  };
}

/** What is made is judged like any other WIT, and mistakes are told where they come from. */
function check(files: readonly File[], bag: DiagnosticBag): void {
  const made = [{ path: '', files, isDependency: false }];
  const { packages } = lowerWit([...made, ...shippedGroups(made, bag)], 'all', bag);
  if (bag.hasErrors) return;
  checkUnit({ dialect: 'wit', packages, sources: files.map(({ source }) => source), errata: [] }, bag);
}
