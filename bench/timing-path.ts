/** One secret-dependent path. `prepare` puts an input of a class in place; `run` is what is timed. */
export interface Path {
  readonly name: string;
  readonly classes: readonly [string, string];
  /** By what the number of samples is divided, where a run takes long. */
  readonly slow?: number;
  prepare(kind: 0 | 1): void;
  run(): unknown;
}
