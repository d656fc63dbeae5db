/** A file that is there and cannot be taken. */
export interface Unreadable {
  /** Ends the sentence "cannot read `path`: …". */
  readonly why: string;
}

/** Access to definition files, by path. The command line reads the disk; tests read a Map. */
export interface FileReader {
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): string | Unreadable | undefined;
  /** The names of the files in a folder (not below it), sorted; `undefined` when it is no folder. */
  list(path: string): readonly string[] | undefined;
}

/** Definitions that are in memory: paths with `/`, and their text. */
export function memoryReader(files: ReadonlyMap<string, string>): FileReader {
  return {
    read: (path) => files.get(path),
    list: (path) => {
      const folder = path === '.' ? '' : `${path}/`;
      const inside = [...files.keys()].filter((each) => each.startsWith(folder)).map((each) => each.slice(folder.length));
      const names = inside.filter((each) => !each.includes('/')).sort();
      return inside.length === 0 ? undefined : names;
    },
  };
}
