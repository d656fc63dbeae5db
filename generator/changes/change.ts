/** Changes of definitions, as data. */
/** Whoever has to be changed: built as they are, they do not work with what is built from the new definitions. */
export type Party = 'guests' | 'hosts';

export interface Change {
  /** `renamed`: or moved; `parameters`: they are called otherwise; `documented`: so is what is said of it. */
  readonly kind: 'added' | 'removed' | 'renamed' | 'changed' | 'parameters' | 'documented';
  readonly subject: 'package' | 'module' | 'world' | 'type' | 'constant' | 'function';
  /** The module it belongs to, as it is called now; undefined: it is one itself, or a package or world. */
  readonly module?: string;
  /** As it is called now, or was. */
  readonly name: string;
  /** What it was called, if it is called otherwise. */
  readonly was?: string;
  /** That it is the same is a guess. */
  readonly guessed?: boolean;
  /** A sentence each. */
  readonly details: readonly string[];
  /** Of a type: the functions that pass it. */
  readonly concerns?: readonly string[];
  readonly breaks: readonly Party[];
}

export interface Comparison {
  /** WITX against WIT: whatever the definitions say, everybody is built anew. */
  readonly anotherAbi: boolean;
  readonly changes: readonly Change[];
}

/** What one function or type says otherwise, before it is named. */
export interface Difference {
  readonly details: readonly string[];
  readonly breaks: readonly Party[];
}

export const everybody: readonly Party[] = ['guests', 'hosts'];
