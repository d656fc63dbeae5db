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
  /** The names of the folders in a folder, sorted; none when it is no folder. */
  folders(path: string): readonly string[];
}

/** Definitions that are in memory: paths with `/`, and their text. */
export function memoryReader(files: ReadonlyMap<string, string>): FileReader {
  const below = (path: string): readonly string[] => {
    const folder = path === '.' ? '' : `${path}/`;
    return [...files.keys()].filter((each) => each.startsWith(folder)).map((each) => each.slice(folder.length));
  };
  return {
    read: (path) => files.get(path),
    list: (path) => {
      const inside = below(path);
      return inside.length === 0 ? undefined : inside.filter((each) => !each.includes('/')).sort();
    },
    folders: (path) =>
      [
        ...new Set(below(path).flatMap((each) => (each.includes('/') ? [each.slice(0, each.indexOf('/'))] : []))),
      ].sort(),
  };
}
