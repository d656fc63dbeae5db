import type { Dialect } from '../model/model.js';

/** An output language, as a user sees it. */
export interface TargetSummary {
  /** Its name in options, and of its folder in the output. */
  readonly id: string;
  readonly summary: string;
  /** The languages of definitions it can be made from. */
  readonly dialects: readonly Dialect[];
  /** It is made only where it is named. */
  readonly onRequest: boolean;
}

/** Every target this version has, in the order of the documentation. */
export async function listTargets(): Promise<readonly TargetSummary[]> {
  const { targets } = await import('../targets/index.js');
  return targets.map(({ id, summary, dialects, onRequest = false }) => ({ id, summary, dialects, onRequest }));
}
