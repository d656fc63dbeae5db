/** Access to definition files, by path. The command line reads the disk; tests read a Map. */
export interface FileReader {
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): string | undefined;
  /** The names of the files in a folder (not below it), sorted; `undefined` when it is no folder. */
  list(path: string): readonly string[] | undefined;
}
