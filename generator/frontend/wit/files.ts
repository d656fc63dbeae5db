/**
 * Finds and reads the files of packages (WIT.md, "Filesystem structure"): the files of a folder make
 * one package, and `deps` in it holds those that it needs, a file or a folder each. What is in none
 * of them may come with this package.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { closest } from '../../diagnostics/suggest.js';
import { shippedReader } from '../../shipped.js';
import type { FileReader } from '../../source/loader.js';
import { extensionOf, folderOf, joinPath, normalisePath } from '../../source/path.js';
import { SourceFile } from '../../source/source.js';
import type { AstFile } from './ast.js';
import { parseWit } from './parse.js';
import { shippedFolders } from './shipped.js';

export interface WitFile {
  readonly source: SourceFile;
  readonly ast: AstFile;
}

/** The files of one package, perhaps with others nested in them. */
export interface WitGroup {
  /** The folder or file, as messages show it. */
  readonly path: string;
  readonly files: readonly WitFile[];
  readonly isDependency: boolean;
}

class GroupReader {
  readonly groups: WitGroup[] = [];
  readonly #reader: FileReader;
  readonly #bag: DiagnosticBag;
  readonly #seen = new Set<string>();

  constructor(reader: FileReader, bag: DiagnosticBag) {
    this.#reader = reader;
    this.#bag = bag;
  }

  addEntry(entry: string): void {
    const path = normalisePath(entry);
    const names = this.#reader.list(path);
    if (names === undefined) {
      this.#add(path, [path], false);
      return;
    }
    const inside = names.filter((name) => extensionOf(name) === '.wit');
    if (inside.length === 0) this.#bag.report('empty-spec', undefined, { path: entry });
    this.#add(
      path,
      inside.map((name) => joinPath(path, name)),
      false,
    );
    this.#addDependencies(joinPath(path, 'deps'));
  }

  #addDependencies(deps: string): void {
    for (const name of this.#reader.list(deps) ?? []) {
      const path = joinPath(deps, name);
      if (extensionOf(name) === '.wit') this.#add(path, [path], true);
      else if (extensionOf(name) === '.wasm') this.#bag.report('binary-package', undefined, { path });
    }
    for (const name of this.#reader.folders(deps)) {
      const inside = this.addDependency(joinPath(deps, name));
      if (inside === 0 && !name.startsWith('.'))
        this.#bag.report('empty-spec', undefined, { path: joinPath(deps, name) });
    }
  }

  /** Adds a folder that holds one package; returns how many files it has. */
  addDependency(path: string): number {
    const folder = normalisePath(path);
    const inside = (this.#reader.list(folder) ?? []).filter((each) => extensionOf(each) === '.wit');
    this.#add(
      folder,
      inside.map((each) => joinPath(folder, each)),
      true,
    );
    return inside.length;
  }

  #add(path: string, paths: readonly string[], isDependency: boolean): void {
    const files = paths.flatMap((each) => this.#read(each) ?? []);
    if (files.length > 0) this.groups.push({ path, files, isDependency });
  }

  #read(path: string): WitFile | undefined {
    if (this.#seen.has(path)) return undefined;
    this.#seen.add(path);
    if (extensionOf(path) === '.witx') {
      this.#bag.report('unsupported-dialect', undefined, { path, dialect: 'a WITX file', among: 'WIT' });
      return undefined;
    }
    const text = this.#reader.read(path);
    if (text === undefined) {
      const near = closest(path.slice(path.lastIndexOf('/') + 1), this.#reader.list(folderOf(path)) ?? []);
      this.#bag.report(
        'file-not-found',
        undefined,
        { path },
        { hint: near === undefined ? undefined : `there is a \`${near}\` beside it` },
      );
      return undefined;
    }
    if (typeof text !== 'string') {
      this.#bag.report('file-unreadable', undefined, { path, why: text.why });
      return undefined;
    }
    const source = new SourceFile(path, text);
    return { source, ast: parseWit(source, this.#bag) };
  }
}

export function readGroups(entries: readonly string[], reader: FileReader, bag: DiagnosticBag): readonly WitGroup[] {
  const groups = new GroupReader(reader, bag);
  for (const entry of entries) groups.addEntry(entry);
  return [...groups.groups, ...shippedGroups(groups.groups, bag)];
}

/** The packages that others need, as far as they come with this one. */
export function shippedGroups(groups: readonly WitGroup[], bag: DiagnosticBag): readonly WitGroup[] {
  const shipped = new GroupReader(shippedReader, bag);
  for (const folder of shippedFolders(groups.flatMap((each) => each.files.map((file) => file.ast))))
    shipped.addDependency(folder);
  return shipped.groups;
}
