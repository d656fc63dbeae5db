/** Which targets are meant, by their ids. */
import { didYouMean } from '../diagnostics/suggest.js';
import type { Dialect } from '../model/model.js';
import type { Target } from '../targets/target.js';
import { ConfigurationError } from './errors.js';

/** @throws ConfigurationError when there is no such target, or it does not take definitions of this kind */
export function chooseTargets(
  targets: readonly Target[],
  ids: readonly string[] | undefined,
  dialect: Dialect,
): readonly Target[] {
  const possible = targets.filter((target) => target.dialects.includes(dialect));
  const known = targets.map((target) => `${target.id} (${target.dialects.join(' and ').toUpperCase()})`).join(', ');
  if (possible.length === 0)
    throw new ConfigurationError(
      `no target can be made from ${dialect.toUpperCase()} definitions yet`,
      `targets are ${known}`,
    );
  if (ids === undefined) return possible.filter(({ onRequest }) => onRequest !== true);
  const chosen = new Set<Target>();
  for (const id of ids) {
    const target = targets.find((each) => each.id === id);
    const names = targets.map((each) => each.id);
    if (target === undefined)
      throw new ConfigurationError(
        `there is no target \`${id}\``,
        didYouMean(id, names) ?? `targets are ${names.join(', ')}`,
      );
    if (!possible.includes(target)) {
      throw new ConfigurationError(
        `target \`${id}\` cannot be made from ${dialect.toUpperCase()} definitions`,
        `it takes ${target.dialects.join(' and ').toUpperCase()}`,
      );
    }
    chosen.add(target);
  }
  return [...chosen];
}
