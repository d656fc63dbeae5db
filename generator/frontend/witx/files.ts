/** Reads the files of a specification and those they use, each once. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { closest } from '../../diagnostics/suggest.js';
import type { FileReader } from '../../source/loader.js';
import { extensionOf, folderOf, joinPath, normalisePath, stemOf } from '../../source/path.js';
import { SourceFile, type Span } from '../../source/source.js';
import type { AstFile, AstItem, AstUseFile, AstUseNames } from './ast.js';
import { parseWitx } from './parse.js';

export interface WitxFile {
  readonly source: SourceFile;
  /** The file's name without folder and extension: `use … from $stem` finds it. */
  readonly stem: string;
  readonly folder: string;
  readonly ast: AstFile;
}

export interface WitxFiles {
  /** In the order of reading. */
  readonly all: readonly WitxFile[];
  /** The file a `use "path"` means; `undefined`: it could not be read. */
  target(use: AstUseFile): WitxFile | undefined;
}

/** All forms of a file, those in modules too. */
function allItems(ast: AstFile): readonly AstItem[] {
  return ast.items.flatMap((item) => (item.kind === 'module' ? [item, ...item.items] : [item]));
}

class FileSet implements WitxFiles {
  readonly all: WitxFile[] = [];
  readonly #reader: FileReader;
  readonly #bag: DiagnosticBag;
  readonly #byPath = new Map<string, WitxFile | undefined>();
  readonly #byUse = new Map<AstUseFile, string>();
  readonly #modules = new Set<string>();
  #followed = 0;

  constructor(reader: FileReader, bag: DiagnosticBag) {
    this.#reader = reader;
    this.#bag = bag;
  }

  target(use: AstUseFile): WitxFile | undefined {
    return this.#byPath.get(this.#byUse.get(use) ?? '');
  }

  /** An entry is a file or a folder. */
  addEntry(entry: string): void {
    const path = normalisePath(entry);
    const names = this.#reader.list(path);
    if (names === undefined) {
      this.#load(path, undefined);
      return;
    }
    const inside = names.filter((name) => extensionOf(name) === '.witx');
    if (inside.length > 0) for (const name of inside) this.#load(joinPath(entry, name), undefined);
    else if (names.some((name) => extensionOf(name) === '.wit'))
      this.#bag.report('unsupported-dialect', undefined, {
        path: entry,
        dialect: 'a folder of WIT files',
        among: 'WITX',
      });
    else this.#bag.report('empty-spec', undefined, { path: entry });
  }

  follow(): void {
    do {
      for (let file = this.all[this.#followed]; file !== undefined; file = this.all[this.#followed]) {
        this.#followed += 1;
        this.#followPaths(file);
      }
      for (const file of [...this.all]) this.#followNames(file);
    } while (this.#followed < this.all.length);
  }

  #followPaths(file: WitxFile): void {
    for (const item of allItems(file.ast)) {
      if (item.kind !== 'use-file') continue;
      const path = joinPath(file.folder, item.path);
      this.#byUse.set(item, path);
      this.#load(path, item.span);
    }
  }

  /** A module that no file declares is looked for in `<name>.witx` beside the file that uses it. */
  #followNames(file: WitxFile): void {
    const uses = allItems(file.ast).filter((item): item is AstUseNames => item.kind === 'use-names');
    for (const { from } of uses) {
      const path = joinPath(file.folder, `${from.wire}.witx`);
      if (!this.#modules.has(from.wire) && !this.#byPath.has(path) && this.#reader.read(path) !== undefined)
        this.#load(path, from.span);
    }
  }

  #load(path: string, span: Span | undefined): void {
    if (this.#byPath.has(path)) return;
    this.#byPath.set(path, undefined);
    if (extensionOf(path) === '.wit') {
      this.#bag.report('unsupported-dialect', span, { path, dialect: 'a WIT file', among: 'WITX' });
      return;
    }
    const text = this.#reader.read(path);
    if (text === undefined) {
      const near = closest(path.slice(path.lastIndexOf('/') + 1), this.#reader.list(folderOf(path)) ?? []);
      this.#bag.report(
        'file-not-found',
        span,
        { path },
        { hint: near === undefined ? undefined : `there is a \`${near}\` beside it` },
      );
    } else if (typeof text !== 'string') {
      this.#bag.report('file-unreadable', span, { path, why: text.why });
    } else {
      const source = new SourceFile(path, text);
      const file: WitxFile = { source, stem: stemOf(path), folder: folderOf(path), ast: parseWitx(source, this.#bag) };
      this.all.push(file);
      this.#byPath.set(path, file);
      this.#modules.add(file.stem);
      for (const item of file.ast.items) if (item.kind === 'module') this.#modules.add(item.name.wire);
    }
  }
}

export function readFiles(entries: readonly string[], reader: FileReader, bag: DiagnosticBag): WitxFiles {
  const files = new FileSet(reader, bag);
  for (const entry of entries) files.addEntry(entry);
  files.follow();
  return files;
}
