/** Finished files by their path, with `/`, below an output folder. */
export type FileMap = ReadonlyMap<string, string>;
